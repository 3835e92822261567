"""The library as an OPDS catalog, which reading programs browse: static files, no server.

OPDS 1.2 (https://specs.opds.io/opds-1.2) is Atom and what most programs read; OPDS 2.0
(https://drafts.opds.io/opds-2.0) is JSON. Both say the same, each feed links its twin. A host may
serve the files as ``application/xml`` and ``application/json``: Thorium takes these types too,
and KOReader looks at the first character only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeAlias

from ..pinyin import slugify, sort_key, unique_slug
from .opds_atom import render_atom
from .opds_feed import NEVER, PAGE_SIZE, Catalog, EpubLink, Feed, Publication, entry_id
from .opds_json import render_json

__all__ = ["EpubLink", "Publication", "render_opds"]

_ROOT: Final = "opds/index"
_LONGEST_LINE: Final = 300
_LONGEST_SUMMARY: Final = 4000

_Sound: TypeAlias = tuple[str, str, str]
_Key: TypeAlias = tuple[_Sound, bool, int, _Sound, str, str]

# What XML cannot hold, and what nobody can read.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LANGUAGE = re.compile(
    "[A-Za-z]{2,3}(-[A-Za-z]{3})?(-[A-Za-z]{4})?(-[A-Za-z]{2}|-[0-9]{3})?(-[A-Za-z0-9]{5,8})*"
)
_INSTANT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_URI = re.compile("[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]+")


def render_opds(
    title: str, publications: Sequence[Publication], *, language: str
) -> Iterator[tuple[str, str]]:
    """Yield path below the library's root and text of each feed.

    ``language`` is that of the library, whose feeds have Chinese titles; a book has its own.
    Links hold wherever the library lies. The catalog starts at ``opds/index.xml`` and
    ``opds/index.json``; a book without an EPUB is in no feed, as an entry must have something to
    acquire, and a feed of nothing is not written.
    """
    books = [_tidy(book) for book in publications if book.epubs]
    catalog = _collect(_line(title) or "OPDS", books, _tag(language))
    for feed in _walk(catalog.root):
        for page in feed.pages():
            yield f"{page.stem}.xml", render_atom(catalog, page)
            yield f"{page.stem}.json", render_json(catalog, page)


def _walk(feed: Feed) -> Iterator[Feed]:
    yield feed
    for child in feed.feeds:
        yield from _walk(child)


def _collect(title: str, books: Sequence[Publication], language: str) -> Catalog:
    """Put the books on their shelves, each in an order that depends on nothing else."""
    listed = sorted(books, key=_by_title)
    newest = tuple(sorted(listed, key=lambda book: (book.published, book.updated), reverse=True))
    series = _shelve("opds/series", ((book.series, book) for book in listed if book.series))
    areas = _shelve("opds/areas", ((area, book) for book in listed for area in book.areas))
    feeds = (
        # The relation of https://specs.opds.io/opds-1.2#62-sorting-relations
        Feed(
            "opds/newest",
            "最近更新",
            "文章最新的书在前。",
            _ROOT,
            "http://opds-spec.org/sort/new",
            books=newest[:PAGE_SIZE],
        ),
        Feed(
            "opds/series", "按系列", f"{len(series)} 个系列。", _ROOT, feeds=tuple(series.values())
        ),
        Feed("opds/areas", "按领域", f"{len(areas)} 个领域。", _ROOT, feeds=tuple(areas.values())),
        Feed("opds/all", "全部书籍", f"{len(listed)} 本书。", _ROOT, books=tuple(listed)),
    )
    filled = tuple(feed for feed in feeds if feed.books or feed.feeds)
    root = Feed(_ROOT, title, f"{len(listed)} 本书。", feeds=filled)
    return Catalog(title, language, root, series, areas)


def _shelve(parent: str, named: Iterable[tuple[str, Publication]]) -> dict[str, Feed]:
    """Return a feed for each name, in the order of the names."""
    shelves: dict[str, list[Publication]] = {}
    for name, book in named:
        shelves.setdefault(name, []).append(book)
    feeds: dict[str, Feed] = {}
    taken: set[str] = set()
    for name in sorted(shelves, key=sort_key):
        slug = unique_slug(slugify(name), name, taken)
        taken.add(slug)
        books = tuple(shelves[name])
        feeds[name] = Feed(f"{parent}/{slug}", name, f"{len(books)} 本书。", parent, books=books)
    return feeds


def _by_title(book: Publication) -> _Key:
    # Volumes follow each other: as titles, 10 would stand before 2.
    series = sort_key(book.series or book.title)
    return series, book.volume == 0, book.volume, sort_key(book.title), book.slug, book.identifier


def _tidy(book: Publication) -> Publication:
    """Return a publication whose texts any format can hold, what is not valid left out."""
    named = replace(
        book,
        identifier=book.identifier
        if _URI.fullmatch(book.identifier)
        else entry_id(_clean(book.slug)),
        title=_line(book.title) or _line(book.slug),
        language=_tag(book.language),
        creators=_lines(book.creators),
        epubs=tuple(replace(epub, label=_line(epub.label) or "EPUB") for epub in book.epubs),
        published=_day(book.published),
        updated=book.updated if _INSTANT.fullmatch(book.updated) else NEVER,
        series=_line(book.series),
        areas=_lines(book.areas),
        subjects=_lines((*book.areas, *book.subjects)),
        publisher=_line(book.publisher),
    )
    summary = _clip(_clean(book.summary).strip(), _LONGEST_SUMMARY)
    return replace(named, summary=summary or _describe(named))


def _describe(book: Publication) -> str:
    volume = f"，第 {book.volume} 卷" if book.volume else ""
    facts = (
        f"{book.series}{volume}" if book.series else "",
        f"{book.posts:,} 篇文章" if book.posts else "",
        "、".join(book.areas[:5]),
    )
    return " · ".join(fact for fact in facts if fact) or "电子书"


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _line(text: str) -> str:
    return _clip(" ".join(_clean(text).split()), _LONGEST_LINE)


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in map(_line, texts) if line))


def _clip(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _tag(language: str) -> str:
    return language if _LANGUAGE.fullmatch(language) else ""


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
