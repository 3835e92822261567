"""Mending posts in place: the edits that findings bring, as far as they leave the post the same.

An edit is only a proposal. Text is taken over if it parses to the very same post, with less to
find in it; what fails that test is left to the author, and every other character is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .diagnostics import CODES, Diagnostic, Edit, Severity
from .model import Block, FrontMatter, Span
from .post import Parsed, parse_post

__all__ = ["Fixed", "fix_post"]

_LINE_BREAK = re.compile("\r\n?|\n")
_NOWHERE: Final = Span(0, 0)
_MOST_ROUNDS: Final = 8
_MOST_TRIALS: Final = 50
"""How many parts of a round's edits are tried where they cannot be made all at once."""
_MOST_CHARACTERS: Final = 5_000_000
"""How much is parsed in a round's trials, however long the post."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A post's text with what could be mended, how many findings that was, and those left."""

    text: str
    mended: int
    left: tuple[Diagnostic, ...]


def fix_post(path: str, text: str, codes: Collection[str] = CODES.keys()) -> Fixed:
    """Return a post mended of the findings with some codes; doing so again changes nothing.

    Rounds go on until one changes nothing: a mended tag may show what it has hidden. Real posts
    take one or two; one that does not come to rest is left as it is.
    """
    before = after = parse_post(path, text)
    mended = text
    for _ in range(_MOST_ROUNDS):
        proposals = [d for d in after.diagnostics if d.edits and d.code in codes]
        accepted = _Round(path, mended, after).accept(proposals) if proposals else None
        if accepted is None:
            count = len(before.diagnostics) - len(after.diagnostics)
            return Fixed(mended, count, after.diagnostics)
        mended, after = accepted
    return Fixed(text, 0, before.diagnostics)


class _Round:
    """The trials of one round: which of the proposals leave the post as it is."""

    def __init__(self, path: str, text: str, parsed: Parsed) -> None:
        self._path = path
        self._text = text
        self._content = _content(parsed)
        self._gravity = _gravity(parsed.diagnostics)
        self._trials = min(_MOST_TRIALS, _MOST_CHARACTERS // (len(text) + 1) + 1)
        self._taken: list[Diagnostic] = []
        self._best: tuple[str, Parsed] | None = None

    def accept(self, proposals: Sequence[Diagnostic]) -> tuple[str, Parsed] | None:
        """Return the text with all that can be mended at once, None if that is nothing."""
        self._try(proposals)
        return self._best

    def _try(self, proposals: Sequence[Diagnostic]) -> None:
        """Take proposals over together with those before, or else each half of them."""
        if self._trials == 0:
            return
        self._trials -= 1
        tried = [*self._taken, *proposals]
        text = _apply(self._text, (edit for found in tried for edit in found.edits))
        parsed = parse_post(self._path, text)
        gravity = _gravity(parsed.diagnostics)
        if gravity < self._gravity and _content(parsed) == self._content:
            self._best, self._taken, self._gravity = (text, parsed), tried, gravity
        elif len(proposals) > 1:
            middle = len(proposals) // 2
            self._try(proposals[:middle])
            self._try(proposals[middle:])


def _apply(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made, with line breaks like the nearest that stands there.

    Of two that overlap the first is made; the other waits for the next round.
    """
    has_returns = "\r" in text
    parts: list[str] = []
    position = 0
    for edit in sorted(set(edits)):
        if edit.start >= position:
            new = edit.text
            if "\n" in new and has_returns:
                new = new.replace("\n", _line_break(text, edit.end))
            parts += (text[position : edit.start], new)
            position = edit.end
    return "".join((*parts, text[position:]))


def _line_break(text: str, offset: int) -> str:
    """Return the line break behind an offset, or else the one before."""
    found = _LINE_BREAK.search(text, offset) or _LINE_BREAK.search(text)
    return found.group() if found else "\n"


def _content(parsed: Parsed) -> tuple[FrontMatter, tuple[Block, ...]]:
    """Return what a post says, wherever in its file it says it."""
    blocks = tuple(replace(block, span=_NOWHERE) for block in parsed.post.blocks)
    return parsed.post.front_matter, blocks


def _gravity(diagnostics: Iterable[Diagnostic]) -> tuple[int, int, int]:
    """Return the numbers of errors, warnings and infos."""
    severities = [found.severity for found in diagnostics]
    return (
        severities.count(Severity.ERROR),
        severities.count(Severity.WARNING),
        severities.count(Severity.INFO),
    )
