"""``duizhao.toml``: how a library groups, orders and names its books."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, get_type_hints

from .model import Edition, OriginalsMode, PdfDesign

__all__ = [
    "GROUPINGS",
    "LATIN_PLACES",
    "NOTE_PLACES",
    "BookSettings",
    "ConfigError",
    "Settings",
    "parse_settings",
]

GROUPINGS: Final = (
    "area", "category", "speaker", "channel", "author", "year", "folder", "none",
)  # fmt: skip
LATIN_PLACES: Final = ("together", "apart")
NOTE_PLACES: Final = ("paragraph", "document")

# By the name of a key, with its table where two tables have one of that name.
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "group_by": GROUPINGS,
    "latin": LATIN_PLACES,
    "originals": tuple(mode.value for mode in OriginalsMode),
    "notes": NOTE_PLACES,
    "editions": tuple(edition.value for edition in Edition),
    "pdf.page": ("a5", "a4", "phone"),
    "pdf.originals": ("beneath", "facing", "endnotes", "none"),
    "pdf.standard": ("ua-1", "a-2a", "a-3a", "none"),
}
# RFC 5646: language, script, region, variants.
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2}|-[0-9]{3})?"
    r"(-[A-Za-z0-9]{5,8}|-[0-9][A-Za-z0-9]{3}){0,2}"
)
_TABLES: Final = {
    "library": (
        "title",
        "identifier",
        "language",
        "original_language",
        "publisher",
        "translators",
        "rights",
    ),
    "books": ("group_by", "untitled", "max_posts", "titles", "slugs"),
    "posts": ("drafts", "exclude", "exclude_status"),
    "glossary": ("latin",),
    "epub": ("editions", "originals", "notes", "certified_by"),
}
_BOOKS: Final = "book"
_PDF: Final = "pdf"


_PDF_KEYS: Final = tuple(field.name for field in fields(PdfDesign))


class ConfigError(ValueError):
    """The configuration cannot be used; the message names the key and the mend."""


@dataclass(frozen=True, slots=True)
class BookSettings:
    """What ``[[book]]`` says of the book with a title; files are named from the posts' folder.

    What is empty is as for all books: no file, the library's publisher and translators.
    """

    title: str
    summary: str = ""
    publisher: str = ""
    translators: tuple[str, ...] = ()
    rights: str = ""
    cover: str = ""
    preface: str = ""
    afterword: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says; the defaults hold where it is silent."""

    title: str = "对照文库"
    identifier: str = ""
    """What no other library has, such as its address; empty for one that its title tells apart."""

    language: str = "zh-CN"
    original_language: str = "en"
    group_by: str = "area"
    untitled: str = "文集"
    max_posts: int = 200
    titles: Mapping[str, str] = field(default_factory=dict)
    """What a book is called whose posts name it otherwise."""

    slugs: Mapping[str, str] = field(default_factory=dict)
    drafts: bool = True
    exclude: tuple[str, ...] = ()
    exclude_status: tuple[str, ...] = ()
    latin: str = "together"
    """Where the glossary has what begins with a Latin letter: one of LATIN_PLACES."""

    originals: str = OriginalsMode.NOTES.value
    """How an EPUB has its originals: a value of OriginalsMode."""

    notes: str = "paragraph"
    """Where an EPUB has originals that are notes: one of NOTE_PLACES."""

    editions: tuple[str, ...] = (Edition.BILINGUAL.value,)
    """Which EPUBs there are of a book: values of Edition, the main one first."""

    publisher: str = ""
    translators: tuple[str, ...] = ()
    rights: str = ""
    certified_by: str = ""
    """Who vouches that the EPUBs are accessible."""

    books: tuple[BookSettings, ...] = ()
    pdf: PdfDesign = field(default_factory=PdfDesign)


def parse_settings(text: str) -> Settings:
    """Return the settings of a TOML text.

    Raises ConfigError for TOML that does not parse, an unknown key, or a value of a wrong
    type or out of range.
    """
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"the TOML does not parse: {error}") from error
    values: dict[str, object] = {}
    for table, content in tables.items():
        if table == _BOOKS:
            values["books"] = _read_books(content)
            continue
        if table not in _TABLES and table != _PDF:
            known = ", ".join((*_TABLES, _PDF, _BOOKS))
            raise ConfigError(f"unknown table [{table}]; known are {known}")
        if not isinstance(content, dict):
            raise ConfigError(f"{table} is {_kind(content)}; write {_wanted_table(table, content)}")
        if table == _PDF:
            values["pdf"] = PdfDesign(**_checked_table(table, content, _PDF_KEYS, PdfDesign))
        else:
            values |= _checked_table(table, content, _TABLES[table], Settings)
    return replace(Settings(), **values)  # type: ignore[arg-type]  # _checked compared the types


def _wanted_table(table: str, content: object) -> str:
    if isinstance(content, list) and content and isinstance(content[0], dict):
        return f"[{table}] once, with one bracket on either side"
    return f"a table [{table}] with keys such as {_TABLES.get(table, _PDF_KEYS)[0]}"


def _read_books(tables: object) -> tuple[BookSettings, ...]:
    if not isinstance(tables, list | dict):
        wish = "write a table [[book]] for each book, with its title"
        raise ConfigError(f"book is {_kind(tables)}; {wish}")
    if isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError("write each [[book]] with two brackets on either side")
    known = tuple(field.name for field in fields(BookSettings))
    books = []
    for table in tables:
        title = table.get("title")
        if title is None:
            raise ConfigError("a [[book]] needs the title of the book that it is about")
        if not isinstance(title, str) or not title.strip():
            what = "empty" if isinstance(title, str) else _kind(title)
            raise ConfigError(f"a [[book]] has a title that is {what}; it should be text")
        name = f"book {table['title']!r}"
        books.append(BookSettings(**_checked_table(name, table, known, BookSettings)))
    return tuple(books)


def _checked_table(
    name: str, table: Mapping[str, object], known: Sequence[str], owner: type
) -> dict[str, Any]:
    for key in table:
        if key not in known:
            message = f"unknown key {key!r} in [{name}]; known are {', '.join(known)}"
            raise ConfigError(message)
    types = get_type_hints(owner)
    return {key: _checked(f"{name}.{key}", key, value, types[key]) for key, value in table.items()}


def _checked(place: str, key: str, value: object, wanted: object) -> object:
    """Return a value as the field of the settings wants it."""
    if wanted is str and isinstance(value, str) and value.strip():
        _check_choice(place, key, value)
        if key.endswith("language") and not _LANGUAGE.fullmatch(value.strip()):
            raise ConfigError(f"{place} is {value!r}, no language tag like zh-CN")
        return value.strip()
    if wanted is bool and isinstance(value, bool):
        return value
    if wanted is int and isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if wanted == tuple[str, ...] and isinstance(value, list) and _are_texts(value):
        for text in value:
            _check_choice(place, key, text)
        if key in _CHOICES and not value:
            raise ConfigError(f"{place} is empty; choose from {', '.join(_CHOICES[key])}")
        return tuple(dict.fromkeys(text for text in value if text.strip()))
    if key in ("slugs", "titles") and isinstance(value, dict) and _are_texts(value.values()):
        return value
    if wanted is str and isinstance(value, str):
        raise ConfigError(f"{place} is empty; write a text or leave the key out")
    wish: dict[object, str] = {
        str: "text",
        bool: "true or false",
        int: "a number above 0",
        tuple[str, ...]: "a list of text",
    }
    raise ConfigError(
        f"{place} should be {wish.get(wanted, 'a table of text')}, not {_kind(value)}"
    )


def _kind(value: object) -> str:
    """Return what a value of TOML is called, a number or a truth value itself."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a table"
    return "a date"


def _check_choice(place: str, key: str, value: str) -> None:
    choices = _CHOICES.get(place) or _CHOICES.get(key, (value,))
    if value not in choices:
        raise ConfigError(f"{place} is {value!r}; choose one of {', '.join(choices)}")


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


_KEYS: Final = {key for keys in _TABLES.values() for key in keys}
assert {field.name for field in fields(Settings)} == {*_KEYS, "books", "pdf"}
