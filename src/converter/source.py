"""The text of a file as it is parsed, and where in the file each of its characters stood.

Some of a file is cut out before it is read: carriage returns, comments, space on blank lines.
Findings and edits name places in the file, so whatever is cut leaves a note of where it was.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from .diagnostics import Diagnostic, Edit

__all__ = ["Source", "clean_source", "is_clean"]

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACES: Final = frozenset("\x0b\x0c\x85\u2028\u2029")
_RETURN = re.compile("\r(?=\n)")
_BYTE_ORDER_MARK: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Where in the text that is left something was cut, and how much was cut up to there."""

    places: list[int]
    lengths: list[int]

    def origin(self, offset: int) -> int:
        index = bisect_right(self.places, offset) - 1
        return offset + self.lengths[index] if index >= 0 else offset


@dataclass(frozen=True, slots=True)
class Source:
    """A text, and the cuts that led from a longer one to it, the last first."""

    text: str
    cuts: tuple[_Cuts, ...] = ()

    def without(self, spans: Iterable[tuple[int, int]]) -> Source:
        """Return the source less some stretches, which are in order and apart."""
        places: list[int] = []
        lengths: list[int] = []
        parts: list[str] = []
        total = kept = 0
        for start, end in spans:
            parts.append(self.text[kept:start])
            places.append(start - total)
            total += end - start
            lengths.append(total)
            kept = end
        if not total:
            return self
        parts.append(self.text[kept:])
        return Source("".join(parts), (_Cuts(places, lengths), *self.cuts))

    def origin(self, offset: int) -> int:
        """Return where in the whole text a character of this one stands."""
        for cuts in self.cuts:
            offset = cuts.origin(offset)
        return offset

    def restore(
        self, edits: Iterable[Edit], start: int = 0, *, with_cuts: bool = False
    ) -> tuple[Edit, ...]:
        """Return edits of this text as edits of the whole, which begins at ``start`` of another.

        There are none left if one of them would touch what was cut out, unless it may.
        """
        restored = []
        for edit in edits:
            last = self._behind(edit.end)
            is_insertion = edit.start == edit.end
            behind = is_insertion or with_cuts
            first = self._behind(edit.start) if behind else self.origin(edit.start)
            if not with_cuts and last - first != edit.end - edit.start:
                return ()
            restored.append(Edit(first + start, last + start, edit.text))
        return tuple(restored)

    def _behind(self, offset: int) -> int:
        """Return the place in the whole right behind the character before an offset."""
        return self.origin(offset - 1) + 1 if offset else self.origin(0)


def is_clean(text: str) -> bool:
    """Tell whether an edition can hold every character of a text."""
    return _CONTROL.search(text) is None


def clean_source(path: str, text: str, found: list[Diagnostic]) -> Source:
    """Return a file's text with Unix line ends and without what no edition can hold.

    Control characters, surrogates and noncharacters are replaced one by one.
    """
    source = Source(text)
    if text.startswith(_BYTE_ORDER_MARK):
        source = source.without([(0, 1)])
    if "\r" in text:
        source = source.without(match.span() for match in _RETURN.finditer(source.text))
        source = replace(source, text=source.text.replace("\r", "\n"))
    text = source.text
    if text.replace("\n", "").isprintable():
        return source
    first = _CONTROL.search(text)
    if first is None:
        return source
    line = text.count("\n", 0, first.start()) + 1
    column = first.start() - text.rfind("\n", 0, first.start())
    message = f"the text holds U+{ord(first.group()):04X}, which no edition can show"
    found.append(Diagnostic(path, line, column, "input.control-character", message))
    text = _CONTROL.sub(lambda m: " " if m.group() in _SPACES else "\ufffd", text)
    return replace(source, text=text)
