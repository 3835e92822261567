"""The letters that head a glossary or an index, where Latin lines stand apart from Chinese ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

__all__ = ["OTHER_LETTER", "latin_letter", "letter_rows", "letter_slug"]

T = TypeVar("T")

OTHER_LETTER: Final = "#"
"""Heads what has no letter, at the end of all."""

_LATIN: Final = "西文 "


def latin_letter(letter: str) -> str:
    """Return what heads the Latin lines of a letter where they stand apart."""
    return letter if letter == OTHER_LETTER else f"{_LATIN}{letter}"


def letter_slug(letter: str) -> str:
    """Return a letter as a part of an id or a file name."""
    bare = letter.removeprefix(_LATIN)
    name = bare.lower() if bare.isascii() and bare.isalnum() else "other"
    return name if bare == letter else f"latin-{name}"


def letter_rows(places: Iterable[tuple[str, T]]) -> list[tuple[str, list[tuple[str, T]]]]:
    """Return letters with their places as rows of a jump bar, each with its label.

    There is one row, without a label, unless Latin lines stand apart.
    """
    places = list(places)
    if not any(letter.startswith(_LATIN) for letter, _ in places):
        return [("", places)]
    rows: dict[str, list[tuple[str, T]]] = {"中文": [], "西文": []}
    for letter, place in places:
        is_latin = letter.startswith(_LATIN) or letter == OTHER_LETTER
        rows["西文" if is_latin else "中文"].append((letter.removeprefix(_LATIN), place))
    return [(label, row) for label, row in rows.items() if row]
