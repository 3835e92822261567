"""What a book leaves for the library: written from the model, and read back with no trust."""

from __future__ import annotations

import json

import pytest

from converter.model import (
    Book,
    Definition,
    FrontMatter,
    Glossary,
    GlossaryEntry,
    Index,
    IndexEntry,
    Locator,
    Mention,
    Post,
    SeeReference,
)
from converter.reference import parse_reference, render_reference

MENTION = Mention("tides", "p3-tides")
ENTRY = GlossaryEntry(
    id="gloss-da-chao",
    headword="大潮",
    letter="D",
    originals=("spring tide",),
    definitions=(
        Definition("日月**引力**同向时的涨潮，见[此处](https://example.org)", MENTION),
        Definition("", MENTION),
    ),
    mentions=(MENTION, Mention("port", "p1-port")),
    aliases=("朔望潮",),
)
SEE = SeeReference("朔望潮", "S", "gloss-da-chao", "大潮")
PERSON = IndexEntry(
    "people-ada",
    "Ada Reed",
    "A",
    ("艾达",),
    (Locator("tides", ("p3-tides", "p5-tides")), Locator("port", ())),
)


def make_book(**changes: object) -> Book:
    facts: dict[str, object] = {
        "slug": "sea",
        "title": "海",
        "language": "zh-CN",
        "original_language": "en",
        "creators": (),
        "chapters": tuple(
            Post(f"{slug}.md", slug, FrontMatter(title=title), ())
            for slug, title in (("tides", "潮汐"), ("port", "渔港"))
        ),
        "glossary": Glossary((ENTRY, SEE)),
        "indexes": (
            Index("people", (PERSON, SeeReference("艾达", "A", "people-ada", "Ada Reed"))),
        ),
    }
    return Book(**{**facts, **changes})  # type: ignore[arg-type]


def test_a_book_is_read_back() -> None:
    read = parse_reference(render_reference(make_book()))
    assert read.chapters == {"tides": "潮汐", "port": "渔港"}
    (entry,) = read.glossary
    assert (entry.id, entry.headword, entry.letter) == ("gloss-da-chao", "大潮", "D")
    assert (entry.originals, entry.aliases) == (("spring tide",), ("朔望潮",))
    assert (entry.mentions, entry.page) == (2, "glossary.html")
    (see,) = read.see
    assert (see.alias, see.letter, see.id) == ("朔望潮", "S", "gloss-da-chao")
    (index,) = read.indexes
    (name,) = index.entries
    assert (index.kind, name.headword, name.originals) == ("people", "Ada Reed", ("艾达",))
    assert name.page == "people.html"
    assert [(place.chapter, place.paragraphs, place.anchor) for place in name.locators] == [
        ("tides", 2, "p3-tides"),
        ("port", 0, ""),
    ]
    assert [line.alias for line in index.see] == ["艾达"]


def test_a_definition_is_plain_and_names_its_paragraph() -> None:
    (entry,) = parse_reference(render_reference(make_book())).glossary
    (said,) = entry.definitions
    assert said.text == "日月引力同向时的涨潮，见此处"
    assert (said.chapter, said.anchor) == ("tides", "p3-tides")


def test_pages_are_named_by_the_edition() -> None:
    text = render_reference(make_book(), {"gloss-da-chao": "glossary-2.html"})
    read = parse_reference(text)
    assert read.glossary[0].page == "glossary-2.html"
    assert read.indexes[0].entries[0].page == "people.html"


def test_the_sort_text_orders_by_sound_and_tone() -> None:
    words = ("通用", "Tong", "同样", "统一")
    entries = tuple(GlossaryEntry(f"g{word}", word, "T", (), (), ()) for word in words)
    read = parse_reference(render_reference(make_book(glossary=Glossary(entries))))
    ordered = sorted(read.glossary, key=lambda entry: entry.sort)
    assert [entry.headword for entry in ordered] == ["Tong", "同样", "统一", "通用"]


def test_the_file_is_compact_and_always_the_same() -> None:
    text = render_reference(make_book())
    assert text == render_reference(make_book())
    assert text.count("\n") == 1
    assert text.startswith('{"version":1,"chapters":[{"slug":"tides"')
    empty = render_reference(make_book(glossary=Glossary(), indexes=()))
    assert json.loads(empty)["glossary"] == []
    assert parse_reference(empty).glossary == ()


def test_hostile_text_survives_the_way(tmp_path) -> None:
    headword = "</script>\u2028\"'\ud800\x07<b>"
    entry = GlossaryEntry("g", headword, "#", (headword,), (), ())
    text = render_reference(make_book(glossary=Glossary((entry,))))
    (tmp_path / "reference.json").write_text(text, "utf-8")
    (read,) = parse_reference(text).glossary
    assert read.headword == "</script> \"'\ufffd\ufffd<b>"


def broken(**changes: object) -> str:
    document = json.loads(render_reference(make_book()))
    return json.dumps({**document, **changes})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        "[" * 100_000,
        broken(version=2),
        broken(chapters=3),
        broken(chapters=[{"slug": "a"}]),
        broken(glossary=[{"id": 3}]),
        broken(glossary=[None]),
        broken(see=["x"]),
        broken(indexes=[{"entries": []}]),
    ],
)
def test_another_file_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- whatever it says
        parse_reference(text)


@pytest.mark.parametrize("page", ["../x.html", "javascript:x", "a b.html", "x.htm", "", "A.html"])
def test_a_page_is_a_page_of_the_book(page: str) -> None:
    text = render_reference(make_book(), {"gloss-da-chao": page})
    with pytest.raises(ValueError, match="page"):
        parse_reference(text)
