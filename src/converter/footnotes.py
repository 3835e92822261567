"""Footnotes: ``[^1]`` in the text leads to the paragraph ``[^1]: …``, and that back to it.

A note stays where its author put it, as a paragraph of the post; the marks become links. A mark
without a note, and a note without a mark, are text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .markdown import Link
from .model import Block, Heading, Prose
from .verbatim import find_code

__all__ = ["Footnotes", "find_footnotes", "link_footnotes"]

_LABEL = r"\[\^([^\]\[\s^]{1,40})\]"
_REFERENCE = re.compile(_LABEL)
_NOTE = re.compile(rf" {{0,3}}{_LABEL}:[^\S\n]?")


@dataclass(frozen=True, slots=True)
class Footnotes:
    """Where the footnotes of a post are, as numbers of blocks by label.

    ``notes`` are the notes that a mark leads to, ``references`` the first prose with that mark.
    """

    notes: Mapping[str, int] = field(default_factory=dict)
    references: Mapping[str, int] = field(default_factory=dict)

    @property
    def targets(self) -> frozenset[int]:
        """The blocks that a link leads to."""
        return frozenset((*self.notes.values(), *self.references.values()))


def find_footnotes(blocks: Iterable[Block]) -> Footnotes:
    """Return the footnotes of a post that have both a note and a mark in its prose."""
    notes: dict[str, int] = {}
    references: dict[str, int] = {}
    for index, block in enumerate(blocks):
        if isinstance(block, Heading) or "[^" not in block.markdown:
            continue
        note = _NOTE.match(block.markdown)
        if note and isinstance(block, Prose):
            notes.setdefault(note[1], index)
        if isinstance(block, Prose):
            for reference in _find_references(block.markdown):
                references.setdefault(reference[1], index)
    both = notes.keys() & references.keys()
    return Footnotes(
        {label: index for label, index in notes.items() if label in both},
        {label: index for label, index in references.items() if label in both},
    )


def link_footnotes(
    markdown: str, index: int, footnotes: Footnotes, address: Callable[[int], str]
) -> Iterator[Link]:
    """Yield the links of a block in order; ``address`` gives a block's by its number."""
    if not footnotes.notes or "[^" not in markdown:
        return
    note = _NOTE.match(markdown)
    if note and footnotes.notes.get(note[1]) == index:
        place = address(footnotes.references[note[1]])
        yield Link(note.start(), note.end(), place, kind="cp-note", text=rf"\[{note[1]}\] ")
    for reference in _find_references(markdown):
        if reference[1] in footnotes.notes:
            place = address(footnotes.notes[reference[1]])
            yield Link(*reference.span(), place, kind="cp-noteref", text=rf"\[{reference[1]}\]")


def _find_references(markdown: str) -> Iterator[re.Match[str]]:
    """Yield the marks in a text, but not in code, nor the one that begins a note."""
    note = _NOTE.match(markdown)
    start = note.end() if note else 0
    code = find_code(markdown)[1]
    return (match for match in _REFERENCE.finditer(markdown, start) if match.start() not in code)
