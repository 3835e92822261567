"""What its author surely meant as a gloss, but cannot be taken for one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from ..model import Gloss
from .scan import blank_out
from .wording import count_han

__all__ = ["GlossSlip", "find_gloss_slips"]

_BOLD_AND_BRACKET = re.compile(r"\*\*([^*\n]{1,400})\*\* ?[（(]")
_ORIGINAL = re.compile(r"\s?[A-Za-z][^：:（）()*\n]{1,80}[:：](?!//)(?!\d)")
_BOLD_ENDS = re.compile(r"\*\* ?[（(](?=\s?[A-Za-z])")
_EMPTY = re.compile(r"（\s?[:：]?\s?[）)]|\(\s?[:：]\s?[)）]")
_BRACKET = re.compile("[（()）\n]")
_SENTENCE_END = re.compile("[。？！?!].")
_LONGEST: Final = 600
_FARTHEST: Final = 4000
_LONGEST_HEADWORD: Final = 80
_MOST_HAN: Final = 24
_FEWEST_HAN: Final = 4
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class GlossSlip:
    """A mistake in a gloss: its code, where in the block it is, and what it is."""

    code: str
    offset: int
    message: str


def find_gloss_slips(markdown: str, glosses: Collection[Gloss]) -> Iterator[GlossSlip]:
    """Yield the slips of a block whose glosses are known.

    Only a bold headword with a Latin original and a colon in its bracket shows what was meant,
    or with a bracket that holds nothing at all.
    """
    if ("（" not in markdown and "(" not in markdown) or _all_taken(markdown, glosses):
        return
    ordered = sorted(glosses, key=lambda gloss: (gloss.start, gloss.end))
    ends = accumulate((gloss.end for gloss in ordered), max)
    taken = [(gloss.start, end) for gloss, end in zip(ordered, ends, strict=True)]
    for bold in _BOLD_AND_BRACKET.finditer(blank_out(markdown)):
        if _EMPTY.match(markdown, bold.end() - 1):
            message = f"the bracket behind `{bold[1].strip()[:30]}` holds nothing"
            yield GlossSlip("post.gloss-empty", bold.start(), message)
            continue
        original = _ORIGINAL.match(markdown, bold.end())
        before = bisect_left(taken, (bold.end(), 0)) - 1
        if original is None or (before >= 0 and bold.end() <= taken[before][1]):
            continue
        slip = _judge(markdown, bold, original.end())
        if slip is not None:
            yield slip


def _all_taken(markdown: str, glosses: Collection[Gloss]) -> bool:
    """Tell at a glance whether each bold run with such a bracket is the headword of a gloss."""
    ends: set[int] = set()
    for bold in _BOLD_ENDS.finditer(markdown):
        ends = ends or {gloss.headword_end for gloss in glosses}
        if bold.start() + 2 not in ends and _ORIGINAL.match(markdown, bold.end()):
            return False
    return _EMPTY.search(markdown) is None


def _judge(markdown: str, bold: re.Match[str], definition: int) -> GlossSlip | None:
    shown = f"`{bold[1].strip()[:30]}`"
    end = _closing(markdown, definition)
    if end < 0:
        message = f"the bracket behind {shown} does not close on its line"
        return GlossSlip("post.gloss-unclosed", bold.start(), message)
    text = markdown[definition:end].strip()
    if not text:
        return GlossSlip("post.gloss-empty", bold.start(), f"the gloss of {shown} defines nothing")
    if end - bold.end() > _LONGEST:
        message = f"the gloss of {shown} has {end - bold.end()} characters"
        return GlossSlip("post.gloss-long", bold.start(), message)
    headword = bold[1]
    is_sentence = _SENTENCE_END.search(headword) or len(headword) > _LONGEST_HEADWORD
    if (is_sentence or count_han(headword) > _MOST_HAN) and count_han(text) >= _FEWEST_HAN:
        message = f"{shown}… is a sentence, no headword"
        return GlossSlip("post.gloss-headword", bold.start(), message)
    return None


def _closing(markdown: str, start: int) -> int:
    """Return where the bracket closes that is open at ``start``; or -1."""
    depth = 1
    for mark in _BRACKET.finditer(markdown, start, start + _FARTHEST):
        if mark.group() == "\n":
            return -1
        depth += 1 if mark.group() in "（(" else -1
        if not depth:
            return mark.start()
        if depth > _DEEPEST:
            return -1
    return -1
