"""What tells one cover from another: its colours, and the passages of its open spread."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Final

__all__ = ["Mark", "Palette", "leaves", "palette_for"]

Mark = tuple[float, float, float, float, bool]
"""A rectangle of the spread: place, width and height in pixels, and whether it is lit."""

_PAPER: Final = "f6f1e6"
_ROWS: Final = 9
_TOP: Final = 58.0
_PITCH: Final = 40.0
_LEFT: Final = 52.0
_RIGHT: Final = 528.0
_SQUARE: Final = 24.0
_STEP: Final = 34.0
_DASH: Final = 12.0
_GAP: Final = 15.0


@dataclass(frozen=True, slots=True)
class Palette:
    """A deep ground, the same behind the fold, two papers, and two tones of one accent."""

    ground: str
    fold: str
    accent: str
    glow: str
    paper: str = _PAPER
    shade: str = "ded6c6"

    @property
    def colours(self) -> dict[str, str]:
        """The colours by name."""
        return {
            "ground": self.ground,
            "fold": self.fold,
            "accent": self.accent,
            "glow": self.glow,
            "paper": self.paper,
            "shade": self.shade,
        }


# All grounds are dark enough for paper-white letters on grey e-ink, all accents stand out from
# the ground and from the paper there.
_PALETTES: Final = (
    Palette("1f3b57", "19314a", "d2502f", "f0b294"),
    Palette("22473c", "1b3a31", "d4722a", "eec08a"),
    Palette("562238", "471b2d", "cf7a2c", "efc08c"),
    Palette("2c2f6b", "24275a", "d9662f", "f2b98f"),
    Palette("7b2f22", "68271c", "c98a1e", "f2cf8e"),
    Palette("2a2d32", "212428", "c8452d", "eeb09a"),
    Palette("14505a", "10424b", "d4622c", "f2bb92"),
    Palette("4a3626", "3d2c1f", "cc6a2a", "efc193"),
)


def palette_for(title: str) -> Palette:
    """Return the colours of a title: those of all its volumes."""
    return _PALETTES[sha256(_bytes(title)).digest()[0] % len(_PALETTES)]


def leaves(title: str, volume: int) -> tuple[list[Mark], list[Mark]]:
    """Return the marks of both pages: passages side by side, one of them lit on both."""
    chance = Random(sha256(_bytes(f"{title}\n{volume}")).digest())  # noqa: S311 -- decides marks, no secrets
    passages = _passages(chance)
    lit = chance.randrange(len(passages))
    left: list[Mark] = []
    right: list[Mark] = []
    row = 0
    for number, rows in enumerate(passages):
        for line in range(rows):
            full = line < rows - 1
            y = _TOP + _PITCH * (row + line)
            left += _squares(chance, y, full=full, lit=number == lit)
            right += _dashes(chance, y, full=full, lit=number == lit)
        row += rows
    return left, right


def _passages(chance: Random) -> list[int]:
    """Return how many rows each passage has."""
    passages: list[int] = []
    while (rest := _ROWS - sum(passages)) > 0:
        rows = chance.choice((2, 2, 3))
        passages.append(rest if rest - rows < 2 else rows)
    return passages


def _squares(chance: Random, y: float, *, full: bool, lit: bool) -> list[Mark]:
    most = int((_RIGHT - _LEFT - _SQUARE) // _STEP) + 1
    count = most if full else chance.randint(4, most - 3)
    return [(_LEFT + _STEP * place, y, _SQUARE, _SQUARE, lit) for place in range(count)]


def _dashes(chance: Random, y: float, *, full: bool, lit: bool) -> list[Mark]:
    marks: list[Mark] = []
    x = _LEFT
    end = _RIGHT if full else _LEFT + chance.uniform(0.3, 0.75) * (_RIGHT - _LEFT)
    while True:
        wide = chance.choice((22.0, 34.0, 46.0, 46.0, 62.0, 78.0, 96.0))
        if x + wide > end and marks:
            return marks
        marks.append((x, y + (_SQUARE - _DASH) / 2, wide, _DASH, lit))
        x += wide + _GAP


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
