"""The library's glossary: one entry a headword, with the fullest definitions of any book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..glossary import concept_key
from ..glossary.definitions import bigrams, overlap
from ..reference import ReferenceDefinition, ReferenceEntry
from .frame import clip, escape, render_forms, url
from .merging import BookEntries, BookReference, MergedEntry, merge_entries
from .pages import Line

__all__ = ["merge_glossary"]

_DEFINITIONS: Final = 2
_CANDIDATES: Final = 40
_LONGEST_DEFINITION: Final = 1500
_LONGEST_NAME: Final = 200
_COMPARED: Final = 300
_ALIKE: Final = 0.6
_BOOKS: Final = 100


@dataclass(frozen=True, slots=True)
class _Said:
    """A definition, and the book that holds it."""

    book: BookReference
    definition: ReferenceDefinition


def merge_glossary(books: Sequence[BookReference]) -> list[Line]:
    """Return the lines of the library's glossary."""
    sources = (BookEntries(book, book.reference.glossary, book.reference.see) for book in books)
    return [
        Line(
            headword=entry.headword[:_LONGEST_NAME],
            letter=entry.letter,
            sort=entry.sort,
            html=_render_entry(entry).encode(),
            names=[name[:_LONGEST_NAME] for name in (*entry.aliases, *entry.originals)],
            see=[(name[:_LONGEST_NAME], letter, sort) for name, letter, sort in entry.see],
        )
        for entry in merge_entries(sources, concept_key)
    ]


def _render_entry(entry: MergedEntry[ReferenceEntry]) -> str:
    forms = render_forms(entry.originals, entry.aliases)
    said = "".join(_render_definition(found) for found in _select(entry))
    places = " · ".join(
        f'<a href="{url(f"../{book.slug}/{own.page}", own.id)}">{clip(book.title)}</a>'
        + (f" <small>{own.mentions:,} 处</small>" if own.mentions else "")
        for book, own in entry.members[:_BOOKS]
    )
    more = len(entry.members) - _BOOKS
    if more > 0:
        places += f" · 另有 {more:,} 本书"
    return (
        f"<dt><dfn>{escape(entry.headword[:_LONGEST_NAME])}</dfn>{forms}</dt>\n"
        f'{said}<dd class="books">{places}</dd>'
    )


def _select(entry: MergedEntry[ReferenceEntry]) -> list[_Said]:
    """Return the fullest definitions, none of which says what a fuller one says."""
    # In a book the fullest stands first.
    candidates = sorted(
        (
            _Said(book, definition)
            for book, own in entry.members
            for definition in own.definitions[:_DEFINITIONS]
        ),
        key=lambda said: -min(len(said.definition.text), _LONGEST_DEFINITION),
    )
    chosen: list[_Said] = []
    for said in candidates[:_CANDIDATES]:
        if not any(_is_alike(said.definition.text, other.definition.text) for other in chosen):
            chosen.append(said)
            if len(chosen) == _DEFINITIONS:
                break
    return chosen


def _is_alike(text: str, fuller: str) -> bool:
    """Tell whether most of a text stands in a fuller one, as in the glossary of a book."""
    return overlap(*(bigrams(each[:_COMPARED]) for each in (text, fuller))) >= _ALIKE


def _render_definition(said: _Said) -> str:
    where = said.definition
    title = said.book.reference.chapters.get(where.chapter, "") or said.book.title
    address = url(f"../{said.book.slug}/{where.chapter}.html", where.anchor)
    text = clip(where.text, _LONGEST_DEFINITION)
    return f'<dd>{text} <a class="from" href="{address}">{clip(title)}</a></dd>\n'
