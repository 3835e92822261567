"""Footnotes: ``[^1]`` in the text leads to the paragraph ``[^1]: …``, and that back to it.

A note stays where its author put it, as a paragraph of the post; the marks become links. A mark
without a note, and a note without a mark, are text. Of a note in two languages a mark leads to the
one in its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .markdown import Link
from .model import Block, Original, Prose
from .verbatim import find_code

__all__ = ["Footnotes", "find_footnotes", "link_footnotes", "marks_in", "note_label"]

_LABEL = r"\[\^([^\]\[\s^]{1,40})\]"
_REFERENCE = re.compile(_LABEL)
_NOTE = re.compile(rf" {{0,3}}{_LABEL}:[^\S\n]?")


@dataclass(frozen=True, slots=True)
class Footnotes:
    """Where the footnotes of a post are, as numbers of blocks.

    ``notes`` are the notes of a label that a mark has, by their languages: a post may have each
    in two. ``references`` are the first prose with a mark that leads to a note, by the note's
    number; ``marked`` the first with a label, in whatever language.
    """

    notes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    references: Mapping[int, int] = field(default_factory=dict)
    marked: Mapping[str, int] = field(default_factory=dict)

    def note(self, label: str, language: str) -> int:
        """Return the note that a mark in a language leads to, -1 for none."""
        found = self.notes.get(label, {})
        return found.get(language, next(iter(found.values()), -1))

    def is_note(self, label: str, index: int) -> bool:
        """Tell whether a block is the note of a label."""
        return index in self.notes.get(label, {}).values()

    def reference(self, label: str, note: int) -> int:
        """Return the prose that a note leads back to."""
        return self.references.get(note, self.marked[label])

    @property
    def targets(self) -> frozenset[int]:
        """The blocks that a link leads to."""
        pairs = [(label, note) for label, notes in self.notes.items() for note in notes.values()]
        return frozenset(block for pair in pairs for block in (pair[1], self.reference(*pair)))


def find_footnotes(blocks: Sequence[Block]) -> Footnotes:
    """Return the footnotes of a post that have both a note and a mark in its prose."""
    notes: dict[str, dict[str, int]] = {}
    marks: list[tuple[str, str, int]] = []
    for index, block in enumerate(blocks):
        if not isinstance(block, Prose) or "[^" not in block.markdown:
            continue
        if label := note_label(block):
            notes.setdefault(label, {}).setdefault(_script(block), index)
        marks += [(label, _script(block), index) for label in marks_in(block)]
    both = {label for label, _, _ in marks if label in notes}
    footnotes = Footnotes({label: found for label, found in notes.items() if label in both})
    references: dict[int, int] = {}
    marked: dict[str, int] = {}
    for label, script, index in marks:
        if label in both:
            marked.setdefault(label, index)
            references.setdefault(footnotes.note(label, script), index)
    return replace(footnotes, references=references, marked=marked)


def note_label(block: Block) -> str:
    """Return the label of a block that is a note, nothing for any other."""
    note = _NOTE.match(block.markdown) if isinstance(block, Prose) else None
    return note[1] if note else ""


def marks_in(block: Prose) -> tuple[str, ...]:
    """Return the labels of the marks in a block."""
    return tuple(match[1] for match in _find_references(block.markdown))


def link_footnotes(
    block: Prose | Original,
    index: int,
    footnotes: Footnotes,
    address: Callable[[int], str],
    mark_id: Callable[[int], str] = lambda _: "",
) -> Iterator[Link]:
    """Yield the links of a block in order; ``address`` gives a block's by its number.

    ``mark_id`` is what identifies the first mark that leads to a note, by the note's number:
    where there is such an id, the note leads back to the mark, else to its paragraph.
    """
    markdown = block.markdown
    if not footnotes.notes or "[^" not in markdown:
        return
    note = _NOTE.match(markdown)
    if note and footnotes.is_note(note[1], index):
        mark = mark_id(index)
        place = f"#{mark}" if mark else address(footnotes.reference(note[1], index))
        yield Link(note.start(), note.end(), place, kind="cp-note", text=rf"\[{note[1]}\] ")
    seen: set[int] = set()
    for reference in _find_references(markdown):
        target = footnotes.note(reference[1], _script(block))
        if target >= 0:
            is_first = footnotes.references.get(target) == index and target not in seen
            seen.add(target)
            yield Link(
                *reference.span(),
                address(target),
                id=mark_id(target) if is_first else "",
                kind="cp-noteref",
                text=rf"\[{reference[1]}\]",
            )


def _script(block: Prose | Original) -> str:
    # A post's variants of Chinese are one language here.
    return block.language.partition("-")[0]


def _find_references(markdown: str) -> Iterator[re.Match[str]]:
    """Yield the marks in a text, but not in code, nor the one that begins a note."""
    note = _NOTE.match(markdown)
    start = note.end() if note else 0
    code = find_code(markdown)[1]
    return (match for match in _REFERENCE.finditer(markdown, start) if match.start() not in code)
