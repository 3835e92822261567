"""The rows of the acceptance run can fail: each finds an EPUB that was broken on purpose."""

from __future__ import annotations

import io
import json
import subprocess
import tomllib
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from converter.model import OriginalsMode

from . import epub_rows
from .acceptance import ace, promises, with_mode
from .epub_rows import ROWS, Epub, Promise, apply
from .epubs import build, post, prose, sample

CHAPTER = "EPUB/text/001-who-controls.xhtml"
NAMES = ("text/001-who-controls.xhtml",)


def cover(size: tuple[int, int] = (1400, 2100), kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size).save(file, kind)
    return file.getvalue()


def made(mode: str = "notes", **changes: Any) -> Epub:
    """Return an EPUB of all that a book may have, with a footnote, as a library promises it."""
    value = sample()
    noted = post(
        "gpt-4",
        prose("河[^1]。"),
        prose("[^1]: 赫拉克利特。"),
        title="注",
        date="2025-01-03",
    )
    value = replace(value, chapters=(*value.chapters, noted))
    built = build(value, originals=OriginalsMode(mode), cover=cover())
    count = value.chapters[0].originals
    posts = tuple(zip(built.documents, (count, 0, 0), strict=True))
    return Epub(
        Path("book.epub"), built.data, replace(Promise("bilingual", mode, posts, 2), **changes)
    )


def changed(epub: Epub, changes: dict[str, Any]) -> Epub:
    """Return an EPUB with members in place of its own, without those that are None."""
    members = {name: data for name, data in (epub.members | changes).items() if data is not None}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return Epub(epub.path, file.getvalue(), epub.promise)


def broken(epub: Epub, member: str, old: str, new: str) -> Epub:
    text = epub.members[member].decode()
    assert old in text
    return changed(epub, {member: text.replace(old, new, 1).encode()})


def found(row: str, epub: Epub) -> list[str]:
    return list(apply(getattr(epub_rows, row), epub, Counter()))


CHECKED = [row.__name__ for row in ROWS if row.__name__ != "epubcheck"]


@pytest.mark.parametrize("mode", ["notes", "details", "inline", "none"])
@pytest.mark.parametrize("row", CHECKED)
def test_a_sound_book_passes(row, mode):
    assert found(row, made(mode)) == []


@pytest.mark.parametrize("row", CHECKED)
def test_no_row_raises_whatever_is_missing(row):
    whole = made()
    for name in whole.members:
        if name != "mimetype":
            found(row, changed(whole, {name: None}))
            found(row, changed(whole, {name: b"<"}))
    assert found(
        row, changed(whole, {"EPUB/content.opf": None, "EPUB/text/title.xhtml": b"<"})
    ) or (row in ("nothing_hidden", "sizes"))
    assert found(row, Epub(whole.path, b"no zip", whole.promise))


@pytest.mark.parametrize(
    ("row", "member", "old", "new", "message"),
    [
        ("originals", CHAPTER, 'class="cp-original" id="o1"', 'id="o1"', "6 originals of 7"),
        ("originals", CHAPTER, 'id="o2"', 'id="o1"', "an id comes twice"),
        ("notes", CHAPTER, 'href="#o1"', 'href="#o2"', "no mark leads to o1"),
        ("notes", CHAPTER, 'href="#r1"', 'href="#r2"', "do not lead to each other"),
        ("notes", CHAPTER, ' id="r1"', "", "do not lead to each other"),
        # The chapter has an original on its own: it excuses no other.
        ("notes", CHAPTER, 'id="o1" data-unit="1"', 'id="o1" data-unit="9"', "o1 belongs to no"),
        (
            "notes",
            CHAPTER,
            'id="o1" data-unit="1"',
            'id="o1" data-unit="2"',
            "mark of o1 is in ano",
        ),
        ("notes", "EPUB/text/003-gpt-4.xhtml", 'href="#m1-', 'href="#p1-', "do not lead to each"),
        ("links", CHAPTER, 'href="#r1"', 'href="#nowhere"', "nowhere"),
        ("metadata", "EPUB/content.opf", "dcterms:modified", "dcterms:moved", "modified never"),
        ("metadata", "EPUB/content.opf", 'schema:accessMode"', 'schema:x"', "no schema:accessMode"),
        ("metadata", "EPUB/content.opf", ' id="creator-1"', "", "has no role"),
        ("metadata", "EPUB/content.opf", "T08:00:00Z", "T08:00:00", "modified 2025"),
        ("languages", CHAPTER, ' lang="en" xml:lang="en"', ' lang="en"', "another xml:lang"),
        (
            "languages",
            CHAPTER,
            'id="o1" data-unit="1" lang="en" xml:lang="en"',
            'id="o1" data-unit="1"',
            "o1 has no language",
        ),
        ("nothing_hidden", CHAPTER, "<h1", '<h1 onload="x"', "a script or a style"),
        ("nothing_hidden", "EPUB/css/book.css", "dt {", "dt { display: none;", "display"),
        ("glossary", "EPUB/text/glossary.xhtml", "gloss-mo-xing", "gloss-dai-bi", "comes twice"),
        ("glossary", "EPUB/text/glossary.xhtml", ">模型</dfn>", ">代币</dfn>", "comes twice"),
        ("glossary", "EPUB/text/glossary.xhtml", ">模型</dfn>", "></dfn>", "not one headword"),
        ("first_only", "EPUB/text/002-plain.xhtml", "gloss-mo-xing", "gloss-dai-bi", "2 times"),
        ("navigation", "EPUB/toc.ncx", "text/002-plain", "text/001-who-controls", "other places"),
        ("navigation", "EPUB/nav.xhtml", '"bodymatter"', '"text"', "landmarks"),
        ("headings", CHAPTER, "</h1>", "</h1><h1>B</h1>", "h1 2 times"),
        ("headings", CHAPTER, "</h1>", "</h1><h3>B</h3>", "a level is skipped"),
        ("headings", "EPUB/text/003-gpt-4.xhtml", "<h1>注</h1>", "", "h1 0 times"),
        ("around", "EPUB/text/title.xhtml", "advice", "advise", "does not say how to read"),
        ("around", "EPUB/text/colophon.xhtml", "urn:uuid:", "urn:", "what identifies the book"),
        (
            "around",
            "EPUB/text/sources.xhtml",
            "2025-01-02",
            "2025",
            "lack the date of EPUB/text/002",
        ),
        (
            "around",
            "EPUB/text/sources.xhtml",
            'href="002-plain.xhtml"',
            'href=""',
            "lack 002-plain",
        ),
        ("around", "EPUB/text/sources.xhtml", "v=abc", "v=abd", "the sources lack https"),
        (
            "around",
            "EPUB/text/index-organizations.xhtml",
            "index-locator",
            "index-place",
            "no locator",
        ),
        ("cover", "EPUB/text/cover.xhtml", ' alt="封面：人工智能"', ' alt=""', "no alt"),
    ],
)
def test_a_row_finds_what_is_broken(row, member, old, new, message):
    problems = found(row, broken(made(), member, old, new))
    assert any(message in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("mode", "other", "message"),
    [
        ("details", "inline", "is a div in mode details"),
        ("inline", "details", "is a details in mode inline"),
        ("none", "inline", "and its translation too"),
        ("notes", "none", "originals of 7"),
        ("details", "none", "originals of 7"),
    ],
)
def test_a_mode_is_held_to_what_it_promises(mode, other, message):
    problems = found("originals", replace(made(other), promise=made(mode).promise))
    assert any(message in problem for problem in problems), problems


def test_a_folded_original_has_a_summary_and_follows_its_translation():
    folded = made("details")
    for old, new, message in (
        ("英文原文</summary>", "</summary>", "has no summary"),
        ('data-unit="1" lang', 'data-unit="8" lang', "belongs to no translation"),
    ):
        problems = found("originals", broken(folded, CHAPTER, old, new))
        assert any(message in problem for problem in problems), problems


def test_an_edition_of_the_originals_alone_has_none_besides():
    problems = found("originals", made("none", edition="original", posts=()))
    assert any("besides" in problem for problem in problems)


def test_the_glossary_is_as_large_as_the_manifest_says():
    assert found("glossary", made(terms=3)) == ["2 entries of 3"]


def test_a_level_is_skipped_in_the_second_document_of_a_chapter_too():
    whole = made()
    text = whole.members["EPUB/text/003-gpt-4.xhtml"].decode()
    text = text.replace("</h1>", "</h1><h4>zu tief</h4>")
    assert found("headings", changed(whole, {"EPUB/text/003-gpt-4.xhtml": text.encode()})) == [
        "EPUB/text/003-gpt-4.xhtml: a level is skipped"
    ]


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (None, "no cover"),
        (b"", "no cover"),
        (b"no image", "no image"),
        (cover()[:3000], "no image"),
        (cover((1399, 2100)), "(1399, 2100)"),
        (cover(kind="PNG"), "PNG"),
        (cover() + b"\0" * 500_000, "bytes"),
    ],
)
def test_a_cover_that_is_none_is_a_finding(image, message):
    problems = found("cover", changed(made(), {"EPUB/images/cover.jpg": image}))
    assert any(message in problem for problem in problems), problems


def test_a_document_of_a_megabyte_and_a_zip_with_a_clock_are_findings():
    large = made().members[CHAPTER].replace(b"</body>", b"<p>" + b"a" * 10**6 + b"</p></body>")
    assert found("sizes", changed(made(), {CHAPTER: large}))
    assert found("archive", changed(made(), {"EPUB/Z.txt": b""}))


# ---------------------------------------------------------------------------------------------
# The run


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        ("", {}),
        ('[library]\ntitle = "x"\n', {}),
        ('[epub]\nnotes = "document"\n', {"notes": "document"}),
        ('[epub] # ours\noriginals = "inline"\ncertified_by = "x"\n[[book]]\ntitle = "y"\n',
         {"certified_by": "x"}),
        ('[epub]\n[library]\ntitle = "originals = 1"\n', {}),
    ],
)  # fmt: skip
def test_posts_with_a_table_of_their_own_are_taken(settings, kept):
    before, after = tomllib.loads(settings), tomllib.loads(with_mode(settings, "details"))
    assert after.pop("epub") == {"originals": "details", **kept}
    before.pop("epub", None)
    assert after == before


@pytest.mark.parametrize(
    "settings", ['epub = { originals = "none" }\n', 'epub.notes = "document"\n']
)
def test_a_configuration_that_cannot_be_changed_is_named(settings):
    with pytest.raises(ValueError, match=r"EPUBs|epub"):
        with_mode(settings, "notes")


def test_each_edition_is_promised_what_it_holds():
    book = {
        "epub": "a/a.epub",
        "glossary_entries": 3,
        "posts": [{"epub_documents": ["text/001.xhtml"], "originals": 7}],
        "epubs": [
            {"path": "a/a.epub", "edition": "bilingual"},
            {"path": "a/a-original.epub", "edition": "original"},
        ],
    }
    assert dict(promises({"books": [book]}, "inline")) == {
        "a/a.epub": Promise("bilingual", "inline", ((("text/001.xhtml",), 7),), 3),
        "a/a-original.epub": Promise("original", "none", (), 0),
    }


@pytest.mark.parametrize(
    ("report", "message"),
    [
        (None, "no report"),
        ("{", "none"),
        ({}, "no outcome"),
        ({"earl:result": {"earl:outcome": "fail"}}, "fail"),
        (
            {
                "earl:result": {"earl:outcome": "pass"},
                "assertions": [{"earl:result": {"earl:outcome": "fail"}}],
            },
            "fail",
        ),
        ({"earl:result": {"earl:outcome": "pass"}}, ""),
    ],
)
def test_what_ace_does_not_say_is_a_finding(report, message, tmp_path, monkeypatch):
    def run(*_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        if report is not None:
            (tmp_path / "book.ace").mkdir()
            said = report if isinstance(report, str) else json.dumps(report)
            (tmp_path / "book.ace" / "report.json").write_text(said, "utf-8")
        return subprocess.CompletedProcess([], 0, b"", b"")

    monkeypatch.setattr("tests.acceptance.subprocess.run", run)
    problems = list(ace([made()], tmp_path))
    assert [message in problem for problem in problems] == ([True] if message else [])
