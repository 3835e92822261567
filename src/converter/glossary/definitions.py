"""Which definitions of a headword are worth printing: the fullest, and what differs from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from ..model import Definition
from .keys import has_han

__all__ = ["MOST_DEFINITIONS", "bigrams", "overlap", "select_definitions"]

MOST_DEFINITIONS: Final = 12
_NEAR: Final = 0.5
_SIGNS = re.compile(r"[\W_]+")


def select_definitions(
    definitions: Iterable[Definition], known: Iterable[str] = ()
) -> tuple[Definition, ...]:
    """Return the definitions that say something of their own, the fullest first, 12 at most.

    Those from originals, without a Chinese character, come after the others. One is dropped if
    half of its pairs of neighbouring characters stand in a known one or in one that is
    kept already. It is compared with no others, so the time is linear.
    """
    kept: list[Definition] = []
    pairs = [bigrams(text) for text in known][:MOST_DEFINITIONS]
    for definition in sorted(definitions, key=_fullest_first):
        own = bigrams(definition.text)
        if not any(overlap(own, other) >= _NEAR for other in pairs):
            kept.append(definition)
            pairs.append(own)
            if len(kept) == MOST_DEFINITIONS:
                break
    return tuple(kept)


def _fullest_first(definition: Definition) -> tuple[bool, int, str]:
    text = definition.text
    return (not has_han(text), -len(_SIGNS.sub("", text)), text)


def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters of a text, signs and spaces left out."""
    letters = _SIGNS.sub("", text).casefold()
    if len(letters) < 2:
        return frozenset((letters,))
    return frozenset(map("".join, pairwise(letters)))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return which share of the smaller set is in the larger one, from 0 to 1."""
    return len(one & other) / max(1, min(len(one), len(other)))
