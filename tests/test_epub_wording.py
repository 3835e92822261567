"""The program's own words: in Chinese for Chinese books, in English for all others."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from converter.epub import select_edition
from converter.epub.wording import Wording, wording_for
from converter.model import (
    Definition,
    Edition,
    Imprint,
    Index,
    IndexEntry,
    Locator,
    OriginalsMode,
    SeeReference,
)

from .epubs import (
    XML_LANG,
    book,
    book_of_many_names,
    build,
    chapter_document,
    documents,
    entry,
    find,
    glossary,
    heading,
    members,
    mention,
    original,
    post,
    prose,
    text,
)

_CJK = re.compile("[\u2e80-\u9fff\uff01-\uff60]+")


def english_book():
    """Return a book in English with originals in French, and everything that is around one."""
    chapter = post(
        "tides",
        heading(2, "On tides"),
        prose("The **tide** rises.", "en"),
        original("La marée monte.", "fr"),
        original("# ", "fr"),
        prose("The **tide** falls." + " It falls." * 30_000, "en"),
        heading(2, "An original alone"),
        original("Encore une phrase.", "fr"),
        title="Tides",
        date="2025-01-02",
        speakers=("Anna",),
        people=("Anna",),
        summary="All about it.",
        source_url="https://example.org/",
    )
    other = post("more", prose("No more.", "en"), title="More")
    term = entry(
        "tide",
        "T",
        mention("tides", 1),
        mention("tides", 4),
        mention("more", 0),
        id="gloss-tide",
        originals=("marée", "flux"),
        aliases=("flood", "ebb"),
        definitions=(Definition("What the sea does.", mention("tides", 1)),),
    )
    lines = (SeeReference("flood", "F", term.id, "tide"), term)
    locators = (
        Locator("tides", ("p1-tides", "p4-tides")),
        Locator("more", ()),
    )
    people = (
        SeeReference("Ann", "A", "people-anna", "Anna"),
        IndexEntry("people-anna", "Anna", "A", ("Anne", "Anka"), locators),
    )
    return book(
        chapter,
        other,
        glossary=glossary(lines, (chapter, other)),
        indexes=(Index("people", people),),
        title="The sea",
        language="en",
        original_language="fr",
        creators=tuple(f"Name {n}" for n in range(9)),
        imprint=Imprint("The sea", 2, "A summary.", "A house", ("Someone",), "CC0", "A certifier"),
    )


def said(epub) -> str:
    return "\n".join(
        data.decode() for name, data in members(epub).items() if not name.endswith((".css", ".jpg"))
    )


@pytest.mark.parametrize("mode", list(OriginalsMode))
@pytest.mark.parametrize("edition", list(Edition))
def test_a_book_in_another_language_has_no_chinese_words(mode, edition):
    epub = build(select_edition(english_book(), edition), originals=mode, cover=b"\xff\xd8\xff")
    assert set(_CJK.findall(said(epub))) == set()


def test_a_long_glossary_in_english_has_none_either():
    value = replace(book_of_many_names(), language="en", original_language="fr")
    lines = tuple(replace(line, letter="A") for line in value.glossary.lines)
    value = replace(value, glossary=replace(value.glossary, lines=lines))
    nav = documents(build(value))["nav.xhtml"]
    labels = " ".join(map(text, find(nav, "//h:a")))
    assert "Index of products" in labels
    assert "(continued)" in labels
    assert not re.search("续|索引|术语", labels)


def test_originals_are_called_by_their_language():
    epub = build(english_book())
    marks = find(chapter_document(epub), "//*[@role='doc-noteref']/@aria-label")
    assert marks[0] == "French original 1"
    assert "French originals: 3" in text(documents(epub)["text/colophon.xhtml"])
    assert "for its French original" in text(documents(epub)["text/title.xhtml"])


def test_the_title_page_gives_its_advice_in_sentences():
    advice = text(
        find(documents(build(english_book()))["text/title.xhtml"], "//*[@class='about advice']")[0]
    )
    assert advice == (
        "Tap ※ at the end of a paragraph for its French original, and ※ before that to come back. "
        "Tap a word with a dotted line for its definition."
    )


@pytest.mark.parametrize(
    ("tag", "chinese", "english"),
    [
        ("en-GB", "英文原文", "English original"),
        ("zh-Hant", "中文原文", "Chinese original"),
        ("fr", "法文原文", "French original"),
        ("ja", "日文原文", "Japanese original"),
        ("eo", "原文", "original"),
        ("", "原文", "original"),
    ],
)
def test_names_of_originals(tag, chinese, english):
    assert wording_for("zh-TW").original_label(tag) == chinese
    assert wording_for("de").original_label(tag) == english


@pytest.mark.parametrize(
    ("tag", "name"), [("zh-TW", "中文（繁体）"), ("en-GB", "英文"), ("zh", "中文"), ("eo", "eo")]
)
def test_names_of_languages(tag, name):
    assert wording_for("zh-CN").language_name(tag) == name


@pytest.mark.parametrize("field", [field.name for field in fields(Wording)])
def test_both_languages_have_the_same_places_to_fill(field):
    chinese, english = (getattr(wording_for(tag), field) for tag in ("zh", "en"))
    if isinstance(chinese, str):
        chinese, english = {"": chinese}, {"": english}
    assert chinese.keys() == english.keys()
    for key, words in chinese.items():
        assert words.count("{}") == english[key].count("{}"), key


def test_names_in_the_letters_of_the_book_are_not_foreign():
    epub = build(english_book())
    for name in ("text/glossary.xhtml", "text/index-people.xhtml"):
        assert not find(documents(epub)[name], "//h:body//*[@lang]")


def test_french_originals_are_in_french():
    asides = find(chapter_document(build(english_book())), "//h:aside")
    assert {aside.get(XML_LANG) for aside in asides if "marée" in text(aside)} == {"fr"}
