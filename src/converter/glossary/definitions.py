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
_NEAR: Final = 0.6
_SIGNS = re.compile(r"[\W_]+")
_FRAME = re.compile("^(?:是|即)?(?:指的?是?|意[为為])?(?:一[种種个個类類款项項家部位名])?|的")
"""What many definitions have in common, whatever they define: ``一种…的…``."""


def select_definitions(
    definitions: Iterable[Definition], known: Iterable[str] = ()
) -> tuple[Definition, ...]:
    """Return the definitions that say something of their own, the fullest first, 12 at most.

    Those from originals, without a Chinese character, come after the others. One is dropped if
    six tenths of its pairs of neighbouring characters, what all definitions say left out,
    stand in a known one or in one that is kept already. It is compared with no others, so the
    time is linear.
    """
    kept: list[Definition] = []
    pairs = [_telling_pairs(text) for text in known][:MOST_DEFINITIONS]
    for definition in sorted(definitions, key=_fullest_first):
        own = _telling_pairs(definition.text)
        if not any(overlap(own, other) >= _NEAR for other in pairs):
            kept.append(definition)
            pairs.append(own)
            if len(kept) == MOST_DEFINITIONS:
                break
    return tuple(kept)


def _fullest_first(definition: Definition) -> tuple[bool, int, str]:
    text = definition.text
    return (not has_han(text), -len(_SIGNS.sub("", text)), text)


def _telling_pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters in each stretch of what a definition says alone."""
    stretches = [part for part in _FRAME.split(_SIGNS.sub("", text).casefold()) if part]
    pairs = {"".join(pair) for part in stretches for pair in pairwise(part)}
    return frozenset(pairs) or frozenset(stretches)


def bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters of a text, signs and spaces left out."""
    letters = _SIGNS.sub("", text).casefold()
    if len(letters) < 2:
        return frozenset((letters,))
    return frozenset(map("".join, pairwise(letters)))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return which share of the smaller set is in the larger one, from 0 to 1."""
    return len(one & other) / max(1, min(len(one), len(other)))
