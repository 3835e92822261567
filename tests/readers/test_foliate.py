"""EPUBs in foliate-js, the engine of Foliate and Readest: popups, pages, contents, colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from converter.model import Original, OriginalsMode
from converter.post import parse_post

from ..epubs import build, sample
from .library import documents, find, long_book, package

FIRST: Final = "EPUB/text/001-who-controls.xhtml"


def letters(text: str) -> str:
    """The letters and digits of a text, whatever marks it up or spaces it out."""
    return re.sub(r"[\W_]+", "", text)


def shows_something(reader: Any) -> bool:
    return bool(reader.text().strip() or reader.count("img, svg"))


# ---------------------------------------------------------------------------------------------
# Popups


@pytest.mark.parametrize("placement", ["paragraph", "document"])
def test_a_mark_opens_its_paragraphs_original(open_reader, placement) -> None:
    reader = open_reader("foliate", build(sample(), notes=placement).data)
    shown = []
    reader.go_to(FIRST)
    for number in range(1, 8):
        popup = reader.tap(f"#o{number}")
        assert (popup["type"], popup["hidden"], popup["back"]) == ("footnote", True, f"#r{number}")
        shown.append((" ".join(popup["text"].split()), popup["languages"]))
    assert shown == [
        ("※ Host: Why do tokens matter?", ["en"]),
        ("※ First paragraph. one two", ["en"]),
        ("※ First half.", ["en"]),
        ("※ 她说：“第二半。”", ["zh-Hans"]),
        ("※ [ __ ]", ["zh-CN"]),
        ("※ An original with nothing above.", ["en"]),
        ("※ （此处没有原文）", ["zh-CN"]),
    ]
    assert reader.problems == []


def test_the_manuals_marks_open_what_its_posts_say(open_reader, books, root) -> None:
    name = "01-why.md"
    source = (root / "docs" / "posts" / name).read_text("utf-8")
    originals = [
        block.markdown
        for block in parse_post(name, source).post.blocks
        if isinstance(block, Original)
    ]
    assert len(originals) > 10
    reader = open_reader("foliate", books["manual"].read_bytes())
    reader.go_to("EPUB/text/001-why.xhtml")
    for number, markdown in enumerate(originals, 1):
        popup = reader.tap(f"#o{number}")
        assert letters(popup["text"]) == letters(markdown)
        assert popup["languages"] == ["en"]
    assert reader.problems == []


def test_a_headword_opens_its_definition(open_reader) -> None:
    reader = open_reader("foliate", build(sample()).data)
    reader.go_to(FIRST)
    popup = reader.tap("glossary.xhtml#gloss-dai-bi")
    assert popup["text"].startswith("代币（Token） 文本的最小单位")
    assert "The unit that is billed." in popup["text"]
    assert reader.problems == []


@pytest.mark.parametrize("name", ["sample", "manual"])
def test_a_headword_is_linked_once_a_chapter_and_what_it_opens_defines_it(books, name) -> None:
    trees = documents(books[name].read_bytes())
    targets = {
        f"{document.removeprefix('text/')}#{element.get('id')}": element
        for document, tree in trees.items()
        for element in find(tree, "//*[@id]")
    }
    linked = 0
    for document, tree in trees.items():
        if not find(tree, "//*[@e:type='chapter']"):
            continue
        hrefs = [str(href) for href in find(tree, "//*[@role='doc-glossref']/@href")]
        assert len(set(hrefs)) == len(hrefs), document
        linked += len(hrefs)
        for href in hrefs:
            assert find(targets[href], ".//*[@e:type='glossdef']"), (document, href)
    assert linked > 2


# ---------------------------------------------------------------------------------------------
# Pages


def test_notes_take_no_page_from_the_text(open_reader) -> None:
    value = long_book()
    variants = ({"originals": OriginalsMode.NONE}, {"notes": "paragraph"}, {"notes": "document"})
    readers = [open_reader("foliate", build(value, **options).data) for options in variants]
    none, *notes = [reader.count_pages() for reader in readers]
    assert notes == [none, none]
    assert sum(none.values()) > 100
    assert [reader.problems for reader in readers] == [[], [], []]


@pytest.mark.parametrize("name", ["sample", "manual"])
def test_every_document_of_the_spine_opens(open_reader, books, name) -> None:
    epub = books[name].read_bytes()
    reader = open_reader("foliate", epub)
    assert len(reader.book["sections"]) == len(documents(epub))
    for index in range(len(reader.book["sections"])):
        reader.go_to(index)
        assert reader.pages() > 0
        assert shows_something(reader)
    assert reader.problems == []


# ---------------------------------------------------------------------------------------------
# Contents and metadata


def entries(contents: list[dict[str, Any]] | None, depth: int = 1) -> Iterator[tuple[Any, ...]]:
    for entry in contents or ():
        yield depth, entry["label"], entry["href"]
        yield from entries(entry["subitems"], depth + 1)


def test_it_finds_the_contents(open_reader) -> None:
    reader = open_reader("foliate", build(sample()).data)
    found = list(entries(reader.book["toc"]))
    start = next(i for i, (_, label, _) in enumerate(found) if label == "谁在控制 AI")
    assert [entry[:2] for entry in found[start : start + 5]] == [
        (1, "谁在控制 AI"),
        (2, "两段译文，一段原文"),
        (3, "一段译文，两段原文"),
        (2, "没有译文"),
        (1, "只有译文"),
    ]
    assert {(1, "术语表"), (1, "人物索引")} <= {entry[:2] for entry in found}
    for _, label, href in found[start:]:
        reader.go_to(href)
        assert label in reader.text()
    assert reader.problems == []


def test_it_finds_the_landmarks(open_reader) -> None:
    reader = open_reader("foliate", build(sample()).data)
    marks = [(*mark["type"], mark["label"]) for mark in reader.book["landmarks"]]
    wanted = [
        ("toc", "目录"),
        ("bodymatter", "正文"),
        ("glossary", "术语表"),
        ("index", "人物索引"),
    ]
    assert [mark for mark in marks if mark in wanted] == wanted
    assert len({label for _, label in marks}) == len(marks)
    for mark in reader.book["landmarks"]:
        reader.go_to(mark["href"])
        assert shows_something(reader)
    assert reader.problems == []


def test_it_reads_who_wrote_the_book_and_in_which_language(open_reader) -> None:
    metadata = open_reader("foliate", build(sample()).data).book["metadata"]
    assert (metadata["title"], metadata["language"]) == ("人工智能", "zh-CN")
    assert [author["name"] for author in metadata["author"]] == ["张三", "Lex Fridman"]


def test_it_reads_the_series(open_reader, books) -> None:
    """foliate-js takes name and position from calibre's two metas; without them a book that
    belongs to a collection is in a series without a name."""
    epub = books["manual"].read_bytes()
    name = find(package(epub), "string(//o:meta[@property='belongs-to-collection'])")
    series = open_reader("foliate", epub).book["metadata"]["belongsTo"]["series"]
    assert series == {"name": name, "position": 1}


# ---------------------------------------------------------------------------------------------
# Colours


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_readers_colours_and_font(open_reader, books, scheme) -> None:
    reader = open_reader("foliate", books["manual"].read_bytes(), color_scheme=scheme)
    for index, name in enumerate(reader.book["sections"]):
        reader.go_to(index)
        looks = reader.page.evaluate("reader.looks()")
        assert looks["backgrounds"] == ["rgba(0, 0, 0, 0)"], name
        assert looks["colours"] == [looks["colour"]], name
        assert looks["size"] == "16px", name
        assert looks["fonts"] == sorted({looks["font"], *looks["code"]}), name
