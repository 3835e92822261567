"""The library's indexes: each name of any book, with the chapters in which it occurs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..names import name_key
from ..reference import ReferenceIndex, ReferenceLocator, ReferenceName
from .frame import clip, escape, render_forms, url
from .merging import BookEntries, BookReference, MergedEntry, merge_entries
from .pages import Line

__all__ = ["merge_index"]

_LONGEST_NAME: Final = 200
_MOST_BYTES: Final = 120_000
_DETAILS: Final = ((100, 200), (100, 0), (40, 0))
"""How many books an entry names, and how many chapters in all: the first that is not too long."""


def merge_index(books: Sequence[BookReference], kind: str) -> list[Line]:
    """Return the lines of the library's index of a kind."""
    found = ((book, _find_index(book, kind)) for book in books)
    sources = (BookEntries(book, index.entries, index.see) for book, index in found)
    return [
        Line(
            headword=entry.headword[:_LONGEST_NAME],
            letter=entry.letter,
            sort=entry.sort,
            html=_render_entry(entry),
            names=[name[:_LONGEST_NAME] for name in (*entry.aliases, *entry.originals)],
            see=[(name[:_LONGEST_NAME], letter, sort) for name, letter, sort in entry.see],
        )
        for entry in merge_entries(sources, name_key)
    ]


def _find_index(book: BookReference, kind: str) -> ReferenceIndex:
    empty = ReferenceIndex(kind, (), ())
    return next((index for index in book.reference.indexes if index.kind == kind), empty)


def _render_entry(entry: MergedEntry[ReferenceName]) -> bytes:
    forms = render_forms(entry.originals, entry.aliases)
    term = f"<dt><dfn>{escape(entry.headword[:_LONGEST_NAME])}</dfn>{forms}</dt>\n"
    html = b""
    for books, chapters in _DETAILS:
        html = (term + _render_books(entry, books, chapters)).encode()
        if len(html) <= _MOST_BYTES:
            break
    return html


def _render_books(entry: MergedEntry[ReferenceName], books: int, chapters: int) -> str:
    """Return the books of an entry; each shows as many of its chapters as all can."""
    count = sum(len(own.locators) for _, own in entry.members)
    each = count if count <= chapters else chapters // len(entry.members)
    rendered = [_render_book(book, own, each) for book, own in entry.members[:books]]
    if len(entry.members) > books:
        rendered.append(f'<dd class="book">另有 {len(entry.members) - books:,} 本书</dd>')
    return "\n".join(rendered)


def _render_book(book: BookReference, own: ReferenceName, chapters: int) -> str:
    address = url(f"../{book.slug}/{own.page}", own.id)
    items = [_render_locator(book, locator) for locator in own.locators[:chapters]]
    rest = len(own.locators) - chapters
    if rest > 0:
        items.append(f'<li><a href="{address}">{"另有" if items else "共"} {rest:,} 篇</a></li>')
    listed = "\n".join(items)
    places = f"\n<ul>\n{listed}\n</ul>" if items else ""
    return f'<dd class="book"><a href="{address}">{clip(book.title)}</a>{places}</dd>'


def _render_locator(book: BookReference, locator: ReferenceLocator) -> str:
    title = book.reference.chapters.get(locator.chapter, "") or locator.chapter
    address = url(f"../{book.slug}/{locator.chapter}.html", locator.anchor)
    count = f" <small>{locator.paragraphs:,} 段</small>" if locator.paragraphs else ""
    return f'<li><a href="{address}">{clip(title)}</a>{count}</li>'
