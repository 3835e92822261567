"""The parts of the library beside its books, all of them: the glossary and the indexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..model import INDEX_TITLES
from .frame import Section
from .glossary import merge_glossary
from .indexes import merge_index
from .merging import BookReference
from .pages import Line, render_folder

__all__ = ["SECTION_NAMES", "CollectedSection", "collect_sections", "render_sections"]

SECTION_NAMES: Final = ("glossary", *INDEX_TITLES)
"""The folders that may be written; no book has such a slug."""


@dataclass(frozen=True, slots=True)
class CollectedSection:
    """A section and its lines, ready to be printed."""

    section: Section
    lines: Sequence[Line]


def collect_sections(books: Sequence[BookReference]) -> list[CollectedSection]:
    """Return the sections that have entries, in the order of ``SECTION_NAMES``."""
    merged = [("glossary", "术语表", merge_glossary(books))]
    merged += [(kind, title, merge_index(books, kind)) for kind, title in INDEX_TITLES.items()]
    return [
        CollectedSection(Section(name, title, len(lines)), lines)
        for name, title, lines in merged
        if lines
    ]


def render_sections(
    title: str, collected: Sequence[CollectedSection]
) -> Iterator[tuple[str, str, str]]:
    """Yield the folder, the name and the text of each file of a library with this title."""
    sections = [each.section for each in collected]
    for each in collected:
        for name, text in render_folder(title, sections, each.section, each.lines):
            yield each.section.name, name, text
