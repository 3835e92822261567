"""Footnotes: marks and notes find each other, in the model and in both editions."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from lxml import etree

from converter.book import PlannedPost, make_book, select_books
from converter.config import Settings
from converter.epub import EpubOptions, render_epub
from converter.footnotes import find_footnotes, link_footnotes
from converter.model import Book, Original, Prose
from converter.myst import render_myst
from converter.post import parse_post

from .epubs import EPUB_TYPE

NOTES = """\
---
title: 注
---
河[^1]，桥[^桥]，代码 `[^1]`，没有的[^9]。

<details>
<summary>Original English</summary>

A river[^1].

</details>

[^1]: 赫拉克利特。
[^桥]: 老桥[^1]。

[^x]: 没人用的注。
"""


def read(text: str) -> Book:
    post = parse_post("a.md", text).post
    (plan,), _ = select_books([PlannedPost("a.md", post.front_matter)], Settings())
    return make_book(plan, [post])


def links(text: str) -> list[list[tuple[str, str, str]]]:
    """Return for each block what its links cover, show and lead to."""
    blocks = parse_post("a.md", text).post.blocks
    notes = find_footnotes(blocks)
    return [
        [
            (block.markdown[link.start : link.end], link.text, link.href)
            for link in link_footnotes(block, index, notes, "#{}".format)
        ]
        for index, block in enumerate(blocks)
        if isinstance(block, Prose | Original)
    ]


def test_marks_lead_to_notes_and_notes_to_the_first_mark():
    assert links(NOTES) == [
        [("[^1]", r"\[1\]", "#2"), ("[^桥]", r"\[桥\]", "#3")],
        [("[^1]", r"\[1\]", "#2")],
        [("[^1]: ", r"\[1\] ", "#0")],
        [("[^桥]: ", r"\[桥\] ", "#0"), ("[^1]", r"\[1\]", "#2")],
        [],
    ]


@pytest.mark.parametrize(
    "body", ["河[^1]。\n", "[^1]: 注。\n", "`[^1]`\n\n[^1]: 注。\n", "[^a b]\n\n[^a b]: 注\n"]
)
def test_a_mark_or_a_note_alone_is_text(body):
    assert not any(links(f"---\ntitle: 注\n---\n{body}"))


def test_the_first_of_two_notes_with_one_label_counts():
    found = links("---\ntitle: 注\n---\n河[^1]。\n\n[^1]: 甲\n\n[^1]: 乙\n")
    assert [[href for _, _, href in block] for block in found] == [["#1"], ["#0"], []]


def test_a_mark_leads_to_the_note_in_its_language():
    body = (
        "A river[^1].\n\n一条河[^1]。\n\n[^1]: Of Heraclitus, and of nobody else.\n\n"
        "[^1]: 赫拉克利特的河。\n"
    )
    found = links(f"---\ntitle: 注\n---\n{body}")
    assert [[href for _, _, href in block] for block in found] == [["#2"], ["#3"], ["#0"], ["#1"]]
    # A note that is there in one language serves both.
    body = "A river[^1].\n\n一条河[^1]。\n\n[^1]: 赫拉克利特的河。\n"
    found = links(f"---\ntitle: 注\n---\n{body}")
    assert [[href for _, _, href in block] for block in found] == [["#2"], ["#2"], ["#0"]]


def test_a_note_has_no_speaker():
    assert [getattr(b, "speaker", "") for b in parse_post("a.md", NOTES).post.blocks] == [""] * 5


def test_the_web_edition_links_both_ways():
    page = render_myst(read(NOTES))["zhu.md"]
    assert r"河[\[1\]](<#p2-zhu>){.cp-noteref}" in page
    assert r"A river[\[1\]](<#p2-zhu>){.cp-noteref}." in page
    assert r"[\[1\]](<#p0-zhu>){.cp-note} 赫拉克利特。" in page
    assert r"没有的\[\^9\]" in page


def epub_texts(text: str) -> dict[str, str]:
    edition = render_epub(read(text), EpubOptions("urn:x", datetime(2026, 1, 1, tzinfo=UTC)))
    archive = zipfile.ZipFile(io.BytesIO(edition.data))
    names = [name for name in archive.namelist() if "/text/0" in name]
    return {name.rpartition("/")[2]: archive.read(name).decode() for name in names}


def test_the_epub_links_both_ways():
    (page,) = epub_texts(NOTES).values()
    ids = re.findall(r' id="([pm][^"]+)"', page)
    targets = re.findall(r'href="#([pm][^"]+)"', page)
    assert sorted(set(targets)) == sorted(ids) == ["m2-zhu", "m3-zhu", "p2-zhu", "p3-zhu"]


def test_a_note_of_the_epub_pops_up_and_leads_back_to_its_mark():
    (page,) = epub_texts(NOTES).values()
    root = etree.fromstring(page.encode())
    notes = {note.get("id"): note for note in root.findall(".//{*}aside[@class='cp-footnote']")}
    assert list(notes) == ["p2-zhu", "p3-zhu"]
    assert {note.get("role") for note in notes.values()} == {"doc-footnote"}
    marks = [a for a in root.iter("{*}a") if a.get("class") == "cp-noteref"]
    # The mark in an original leads there too, and that in the other note.
    assert [mark.get("href") for mark in marks] == ["#p2-zhu", "#p3-zhu", "#p2-zhu", "#p2-zhu"]
    for mark in marks:
        assert (mark.get(EPUB_TYPE), mark.get("role")) == ("noteref", "doc-noteref")
        note = notes[str(mark.get("href"))[1:]]
        assert note.get(EPUB_TYPE) == "footnote"
        (back,) = note.findall(".//{*}a[@class='cp-note']")
        assert (back.get(EPUB_TYPE), back.get("role")) == ("backlink", "doc-backlink")
        first = next(other for other in marks if other.get("href") == mark.get("href"))
        assert back.get("href") == f"#{first.get('id')}"


def test_a_note_whose_mark_is_in_a_link_is_a_paragraph():
    text = "---\ntitle: 注\n---\n[河[^1]](https://example.org/)。\n\n[^1]: 注。\n"
    (page,) = epub_texts(text).values()
    assert "<aside" not in page
    assert '<p id="p1-zhu"><a href="#p0-zhu" class="cp-note">' in page
    assert 'id="p0-zhu"' in page


def test_links_find_notes_in_another_document_of_a_long_chapter():
    filler = "\n\n".join(f"### 节{n}\n\n{'水' * 30_000}" for n in range(4))
    last_lines = "又是河[^1]。\n\n[^1]: 赫拉克利特。\n"
    pages = epub_texts(f"---\ntitle: 注\n---\n河[^1]。\n\n{filler}\n\n{last_lines}")
    first, last = "001-zhu.xhtml", f"001-zhu-{len(pages)}.xhtml"
    assert f'<a href="{last}#p10-zhu" class="cp-noteref" id="m10-zhu">' in pages[first]
    assert f'<div id="p10-zhu" class="cp-footnote"><p><a href="{first}#m10-zhu"' in pages[last]
    assert not re.search('aside|noteref" role', pages[last])
