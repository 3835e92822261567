"""What a book leaves for the library's glossary and indexes: ``reference.json``, and its reading.

The file is UTF-8 JSON on one line, keys in this order, empty lists left out::

    {"version": 1,
     "chapters": [{"slug": "tides", "title": "潮汐"}, …],
     "glossary": [{"id": "gloss-da-chao", "headword": "大潮", "letter": "D", "sort": "da chao 42",
                   "page": "glossary.html", "mentions": 3,
                   "originals": ["spring tide"], "aliases": ["朔望潮"],
                   "definitions": [{"text": "…", "chapter": "tides", "anchor": "p3-tides"}]}, …],
     "see": [{"alias": "朔望潮", "letter": "S", "sort": "shuo wang chao 442",
              "id": "gloss-da-chao"}],
     "indexes": [{"kind": "people",
                  "entries": [{"id": "people-li-bai", "name": "李白", "letter": "L",
                               "sort": "li bai 32", "page": "people.html", "originals": ["Li Bai"],
                               "locators": [{"chapter": "tides", "paragraphs": 2,
                                             "anchor": "p3-tides"}]}],
                  "see": [{"alias": …, "letter": …, "sort": …, "id": …}]}]}

Titles, headwords and definitions are plain text. ``chapter`` is a slug of ``chapters``, ``anchor``
the id of a paragraph there, empty where only the front matter names the name; ``page`` is the web
page of the book that holds the entry ``id``. What sorts by ``sort`` stands as in the book: pinyin,
then tones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from .markdown import plain_text
from .model import Book, Definition, GlossaryEntry, Index, IndexEntry, SeeReference
from .pinyin import sort_key

__all__ = [
    "REFERENCE",
    "Reference",
    "ReferenceDefinition",
    "ReferenceEntry",
    "ReferenceIndex",
    "ReferenceLocator",
    "ReferenceName",
    "ReferenceSee",
    "parse_reference",
    "render_reference",
]

REFERENCE: Final = "reference.json"
"""The file's name in the folder of its book."""

_VERSION: Final = 1
_NO_PAGES: Final[Mapping[str, str]] = MappingProxyType({})
_PAGE = re.compile(r"[a-z0-9][a-z0-9-]{0,99}\.html")
# What neither UTF-8 nor HTML can hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_MARKUP = re.compile(r"[\\`*_\[\]<&~$\n]")


@dataclass(frozen=True, slots=True)
class ReferenceDefinition:
    """A definition as plain text, and the paragraph of the book that gives it."""

    text: str
    chapter: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """An entry of a book's glossary; ``mentions`` is their number, ``page`` where it stands."""

    id: str
    headword: str
    letter: str
    sort: str
    page: str
    mentions: int
    originals: tuple[str, ...]
    aliases: tuple[str, ...]
    definitions: tuple[ReferenceDefinition, ...]

    @property
    def other_names(self) -> tuple[str, ...]:
        """What may be the headword of the same entry in another book."""
        return self.aliases

    @property
    def weight(self) -> int:
        """How much the book uses the headword."""
        return self.mentions


@dataclass(frozen=True, slots=True)
class ReferenceSee:
    """A see-reference of a book, from an alias to the entry ``id``."""

    alias: str
    letter: str
    sort: str
    id: str


@dataclass(frozen=True, slots=True)
class ReferenceLocator:
    """In how many paragraphs of a chapter a name occurs, and the first of them."""

    chapter: str
    paragraphs: int
    anchor: str


@dataclass(frozen=True, slots=True)
class ReferenceName:
    """An entry of one of a book's indexes; in the file its headword is called ``name``."""

    id: str
    headword: str
    letter: str
    sort: str
    page: str
    originals: tuple[str, ...]
    locators: tuple[ReferenceLocator, ...]

    @property
    def aliases(self) -> tuple[str, ...]:
        """None: all other names of a name are its originals."""
        return ()

    @property
    def other_names(self) -> tuple[str, ...]:
        """What may be the headword of the same entry in another book."""
        return self.originals

    @property
    def weight(self) -> int:
        """How much the book uses the name."""
        return sum(max(locator.paragraphs, 1) for locator in self.locators)


@dataclass(frozen=True, slots=True)
class ReferenceIndex:
    """One of a book's indexes, as ``model.Index``."""

    kind: str
    entries: tuple[ReferenceName, ...]
    see: tuple[ReferenceSee, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """All that the file says; ``chapters`` maps slugs to titles."""

    chapters: Mapping[str, str]
    glossary: tuple[ReferenceEntry, ...]
    see: tuple[ReferenceSee, ...]
    indexes: tuple[ReferenceIndex, ...]


# ---------------------------------------------------------------------------------------------
# Model to text


def render_reference(book: Book, pages: Mapping[str, str] = _NO_PAGES) -> str:
    """Return the text of the file for a book, with a line break at its end.

    ``pages`` names the web page of an entry by its id, where that is not the page on which a
    short glossary or index begins, such as ``glossary.html``.
    """
    chapters = [
        {"slug": chapter.slug, "title": _plain(chapter.front_matter.title)}
        for chapter in book.chapters
    ]
    lines = book.glossary.lines
    document = {
        "version": _VERSION,
        "chapters": chapters,
        "glossary": [
            _entry_object(line, pages) for line in lines if isinstance(line, GlossaryEntry)
        ],
        "see": _see_objects(lines),
        "indexes": [_index_object(index, pages) for index in book.indexes],
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return _UNWRITABLE.sub("\ufffd", text) + "\n"


def _entry_object(entry: GlossaryEntry, pages: Mapping[str, str]) -> dict[str, Any]:
    return _without_empty(
        id=entry.id,
        headword=_plain(entry.headword),
        letter=entry.letter,
        sort=_sort_text(entry.headword),
        page=pages.get(entry.id, "glossary.html"),
        mentions=len(entry.mentions),
        originals=[_plain(original) for original in entry.originals],
        aliases=[_plain(alias) for alias in entry.aliases],
        definitions=[
            _definition_object(definition) for definition in entry.definitions if definition.text
        ],
    )


def _definition_object(definition: Definition) -> dict[str, Any]:
    return {
        "text": _plain_markdown(definition.text),
        "chapter": definition.mention.chapter,
        "anchor": definition.mention.anchor,
    }


def _index_object(index: Index, pages: Mapping[str, str]) -> dict[str, Any]:
    page = f"{index.kind}.html"
    return _without_empty(
        kind=index.kind,
        entries=[_name_object(entry, pages.get(entry.id, page)) for entry in index.entries],
        see=_see_objects(index.lines),
    )


def _name_object(entry: IndexEntry, page: str) -> dict[str, Any]:
    return _without_empty(
        id=entry.id,
        name=_plain(entry.name),
        letter=entry.letter,
        sort=_sort_text(entry.name),
        page=page,
        originals=[_plain(original) for original in entry.originals],
        locators=[
            {
                "chapter": locator.chapter,
                "paragraphs": len(locator.anchors),
                "anchor": next(iter(locator.anchors), ""),
            }
            for locator in entry.locators
        ],
    )


def _see_objects(lines: Iterable[object]) -> list[dict[str, str]]:
    return [
        {
            "alias": _plain(line.alias),
            "letter": line.letter,
            "sort": _sort_text(line.alias),
            "id": line.id,
        }
        for line in lines
        if isinstance(line, SeeReference)
    ]


def _without_empty(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 -- values of JSON
    return {name: value for name, value in fields.items() if value != []}


def _plain(text: str) -> str:
    return " ".join(_UNWRITABLE.sub("\ufffd", text).split())


def _plain_markdown(text: str) -> str:
    # A parser for each of a library's definitions is most of the work, and few have markup.
    return _plain(plain_text(text) if _MARKUP.search(text) else text)


def _sort_text(text: str) -> str:
    sounds, tones, *_ = sort_key(text)
    return f"{sounds} {tones}".strip()


# ---------------------------------------------------------------------------------------------
# Text to values


def parse_reference(text: str) -> Reference:
    """Return what a file says; raises ValueError if it is none, or of another version."""
    try:
        document = json.loads(text)
        if document["version"] != _VERSION:
            raise ValueError(f"version {document['version']!r}")
        return Reference(
            chapters={
                _text(chapter, "slug"): _text(chapter, "title") for chapter in document["chapters"]
            },
            glossary=tuple(_parse_entry(entry) for entry in document.get("glossary", ())),
            see=_parse_see(document),
            indexes=tuple(
                ReferenceIndex(
                    kind=_text(index, "kind"),
                    entries=tuple(_parse_name(entry) for entry in index.get("entries", ())),
                    see=_parse_see(index),
                )
                for index in document.get("indexes", ())
            ),
        )
    except (AttributeError, KeyError, RecursionError, TypeError) as error:
        raise ValueError(f"{REFERENCE}: {type(error).__name__}: {error}") from error


def _parse_entry(entry: Mapping[str, Any]) -> ReferenceEntry:
    return ReferenceEntry(
        id=_text(entry, "id"),
        headword=_text(entry, "headword"),
        letter=_text(entry, "letter"),
        sort=_text(entry, "sort"),
        page=_page(entry),
        mentions=int(entry["mentions"]),
        originals=_texts(entry, "originals"),
        aliases=_texts(entry, "aliases"),
        definitions=tuple(
            ReferenceDefinition(_text(said, "text"), _text(said, "chapter"), _text(said, "anchor"))
            for said in entry.get("definitions", ())
        ),
    )


def _parse_name(entry: Mapping[str, Any]) -> ReferenceName:
    return ReferenceName(
        id=_text(entry, "id"),
        headword=_text(entry, "name"),
        letter=_text(entry, "letter"),
        sort=_text(entry, "sort"),
        page=_page(entry),
        originals=_texts(entry, "originals"),
        locators=tuple(
            ReferenceLocator(
                _text(found, "chapter"), int(found["paragraphs"]), _text(found, "anchor")
            )
            for found in entry.get("locators", ())
        ),
    )


def _parse_see(holder: Mapping[str, Any]) -> tuple[ReferenceSee, ...]:
    return tuple(
        ReferenceSee(*(_text(line, name) for name in ("alias", "letter", "sort", "id")))
        for line in holder.get("see", ())
    )


def _page(entry: Mapping[str, Any]) -> str:
    page = _text(entry, "page")
    if not _PAGE.fullmatch(page):
        raise ValueError(f"{REFERENCE}: page {page[:40]!r}")
    return page


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def _texts(holder: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = tuple(holder.get(name, ()))
    if not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name} holds no texts")
    return values
