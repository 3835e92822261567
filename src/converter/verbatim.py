"""What of a body is code or comment: there, tags and headings are no tags and headings."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

__all__ = ["Regions", "find_code", "find_comments", "find_quote_marks"]

_FENCE = re.compile(r"^[ \t]{0,12}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_SENTENCE = re.compile("[\u3400-\u9fff\u3000-\u303f]|.{60}")
_SHOWS_TAGS: Final = frozenset(
    "html htm xhtml xml svg markdown md mdx myst njk jinja django erb vue svelte jsx tsx php"
    " javascript js typescript ts text txt plaintext diff json".split()
)
"""Languages whose code may well have the tags of an original in it."""
_BACKTICKS = re.compile("`+")
_QUOTED_OPENER = re.compile(r"^ {0,3}> {0,3}<details\b", re.MULTILINE | re.IGNORECASE)
_QUOTE_MARK = re.compile(r"^( {0,3}>[ \t]?)[^\n]*(?:\n|\Z)", re.MULTILINE)
_LINE = re.compile(r"[^\n]+")


class Regions:
    """Stretches of the body in order, none inside another."""

    def __init__(self, regions: Iterable[tuple[int, int]] = ()) -> None:
        self.regions = sorted(regions)
        self._starts = [start for start, _ in self.regions]

    def __contains__(self, offset: int, /) -> bool:
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self.regions[index][1]

    def meet(self, start: int, end: int) -> bool:
        """Tell whether a region begins between two offsets."""
        index = bisect_left(self._starts, start)
        return index < len(self._starts) and self._starts[index] < end


def find_comments(body: str, code: Regions) -> Iterator[tuple[int, int]]:
    """Yield where comments are, line by line: their line breaks are not part of them.

    A comment that another one opens in is not closed: it stays as text.
    """
    floor = 0
    end = body.find("-->")
    while end >= 0:
        start = body.rfind("<!--", floor, end)
        # What has been looked at is not looked at again: posts may hold many ends and no start.
        floor = end + 3
        if start >= 0 and start not in code:
            yield from (line.span() for line in _LINE.finditer(body, start, floor))
        end = body.find("-->", floor)


def find_quote_marks(body: str) -> Iterator[tuple[int, int]]:
    """Yield the ``>`` that stand before the lines of originals inside of quotations."""
    floor = 0
    for opening in _QUOTED_OPENER.finditer(body):
        if opening.start() < floor:
            continue
        for mark in _QUOTE_MARK.finditer(body, opening.start()):
            if mark.start() != floor and floor > opening.start():
                break
            yield mark.span(1)
            floor = mark.end()
            if "</details" in mark.group().lower():
                break


def find_code(body: str) -> tuple[Regions, Regions, list[int]]:
    """Return the closed code fences, these with all code spans, and the fences without a like."""
    if "`" not in body and "~~~" not in body:
        return Regions(), Regions(), []
    fences, strays = _code_fences(body)
    blocks = Regions(fences)
    spans = [span for span in _code_spans(body) if span[0] not in blocks]
    return blocks, Regions([*fences, *spans]), strays


def _code_spans(body: str) -> Iterator[tuple[int, int]]:
    """Yield where code spans are; they end on their line, or they are a slip of the author."""
    first = body.find("`")
    while first >= 0:
        line_end = body.find("\n", first)
        line_end = len(body) if line_end < 0 else line_end
        runs = [match.span() for match in _BACKTICKS.finditer(body, first, line_end)]
        if len(runs) > 1:
            yield from _pair_backticks(runs)
        first = body.find("`", line_end)


def _pair_backticks(runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    following: dict[int, int] = {}
    partners: list[int] = []
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1] - runs[index][0]
        partners.append(following.get(length, -1))
        following[length] = index
    partners.reverse()
    index = 0
    while index < len(runs):
        partner = partners[index]
        if partner > 0:
            yield runs[index][0], runs[partner][1]
            index = partner
        index += 1


def _code_fences(body: str) -> tuple[list[tuple[int, int]], list[int]]:
    """Return the offsets of closed code fences, and of fences without their like.

    A fence that would swallow an original is a slip of the author, three stray backticks at two
    places of a post, unless its language shows that; so is one with a sentence behind it.
    """
    regions: list[tuple[int, int]] = []
    strays: list[int] = []
    opening: re.Match[str] | None = None
    for fence in _FENCE.finditer(body):
        closes = opening is not None and fence[1].startswith(opening[1])
        if _SENTENCE.search(fence[2]):
            strays.append(fence.start())
            closes = closes and "`" not in fence[2]
            end = fence.start() - 1
        else:
            closes = closes and not fence[2].strip()
            end = fence.end()
        if closes and opening is not None:
            if _swallows_original(body, opening, fence.start()):
                strays.append(opening.start())
                opening = fence if end == fence.end() else None
            else:
                regions.append((opening.start(), end))
                opening = None
        elif end == fence.end() and _may_open(fence, opening):
            opening = fence
    if opening is not None and _swallows_original(body, opening, len(body)):
        strays.append(opening.start())
    elif opening is not None and opening[2].strip():
        # Not closed, and code to the end: one more than there is tells so.
        regions.append((opening.start(), len(body) + 1))
    elif opening is not None:
        strays.append(opening.start())
    return regions, strays


def _may_open(fence: re.Match[str], before: re.Match[str] | None) -> bool:
    """Tell whether a fence opens code; one that does not close ``before`` may stand for it."""
    if before is None:
        return "`" not in fence[2] or fence[1][0] == "~"
    return (
        bool(fence[2].strip()) and fence[1][0] == before[1][0] and len(fence[1]) == len(before[1])
    )


def _swallows_original(body: str, opening: re.Match[str], end: int) -> bool:
    language = opening[2].split(None, 1)
    return (
        not (language and language[0].lower() in _SHOWS_TAGS)
        and body.find("\n<details", opening.end(), end) >= 0
    )
