"""Where brackets, bold runs and what is not text stand in a line; each line is looked at once.

Lines are searched with ``str.find`` and ``str.count``: of the text of a post nine tenths are
neither bracket nor asterisk, and a regular expression looks at every character.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["BLANK", "BoldRuns", "blank_out", "bracket_pairs"]

BLANK: Final = "\0"
"""Stands for each character that is no text: code, a link's destination, a tag, a formula."""

_LONGEST: Final = 600
_DEEPEST: Final = 6
_LONGEST_BOLD: Final = 200
_STARS = re.compile(r"\*{3,}")
_MARKUP = re.compile(
    r"\\[^\w\s]"
    r"|(?P<tick>`+)[^`\n]{1,400}(?P=tick)(?!`)"
    r"|\]\([^()\n]{0,400}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\)"
    r"|</?[A-Za-z][^<>\n]{0,300}>"
    r"|&#?\w{1,32};"
    r"|\$\$[^$\n]{1,400}\$\$"
    r"|\$(?=[^\s$])[^$\n\u3000-\uffef]{0,200}[\\^_][^$\n\u3000-\uffef]{0,200}\$"
)


def blank_out(line: str) -> str:
    """Return a line of the same length without code, tags, entities, formulas, destinations.

    Runs of three asterisks become an underscore and two, those of more than four are blank.
    """
    if "`" in line or "<" in line or "](" in line or "\\" in line or "&" in line or "$" in line:
        line = _MARKUP.sub(_blank, line)
    return _STARS.sub(_part_stars, line) if "***" in line else line


def _blank(match: re.Match[str]) -> str:
    # The bracket of a link's text stays: what it closes is text.
    kept = "]" if match.group()[0] == "]" else ""
    return kept + BLANK * (len(match.group()) - len(kept))


def _part_stars(match: re.Match[str]) -> str:
    stars = match.group()
    if len(stars) == 3:
        return "_**"
    # A run of four closes where the next one opens.
    return stars if len(stars) == 4 else BLANK * len(stars)


def bracket_pairs(line: str) -> list[tuple[int, int]]:
    """Return opening bracket and end of each pair in the order of opening, both widths alike."""
    if "(" not in line and ")" not in line:
        opens, closes = "（", "）"
    elif "（" not in line and "）" not in line:
        opens, closes = "(", ")"
    else:
        return _nested_pairs(line)
    pairs = []
    start = line.find(opens)
    while start >= 0:
        end = line.find(closes, start + 1)
        following = line.find(opens, start + 1)
        if end < 0 or 0 <= following < end:
            return _nested_pairs(line)
        if end - start < _LONGEST:
            pairs.append((start, end + 1))
        start = following
    return pairs


def _offsets(line: str, mark: str) -> list[int]:
    found = []
    offset = line.find(mark)
    while offset >= 0:
        found.append(offset)
        offset = line.find(mark, offset + 1)
    return found


def _nested_pairs(line: str) -> list[tuple[int, int]]:
    marks = [(offset, True) for mark in "（(" for offset in _offsets(line, mark)]
    marks += [(offset, False) for mark in "）)" for offset in _offsets(line, mark)]
    marks.sort()
    stack: list[int] = []
    pairs: list[tuple[int, int]] = []
    for offset, opens in marks:
        if opens:
            stack.append(offset)
        elif stack:
            start = stack.pop()
            if len(stack) < _DEEPEST and offset - start < _LONGEST:
                pairs.append((start, offset + 1))
    pairs.sort()
    return pairs


class BoldRuns:
    """The ``**…**`` of a line, paired in sequence; asked from left to right."""

    __slots__ = ("_count", "_line", "_place", "_total")

    def __init__(self, line: str) -> None:
        self._line = line
        self._total = line.count("**")
        self._count = 0
        self._place = 0

    def before(self, offset: int) -> tuple[int, bool]:
        """Return where the run begins that ends at ``offset``, or is open there, or -1.

        The second value tells that it is open, and closed further on.
        """
        if offset < self._place or not self._total:
            return -1, False
        self._count += self._line.count("**", self._place, offset)
        self._place = offset
        is_open = self._count % 2 == 1
        if is_open and self._count >= self._total:
            return -1, False
        end = offset
        if not is_open:
            if not self._line.startswith("**", offset - 2):
                return -1, False
            end -= 2
        return self._line.rfind("**", max(0, offset - _LONGEST_BOLD), end), is_open
