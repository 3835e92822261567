"""Where in Markdown nothing can be linked: in code, formulas, addresses, links and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..markdown.math import find_formula

__all__ = ["find_barred"]

_SPECIAL = re.compile(
    r"""
    (?P<escape> \\. )
    | (?P<blank> \n[ \t]*\n )
    | (?P<code> `+ )
    | (?P<formula> \$ )
    | (?P<whole> <!--.{0,500}?--> | <[A-Za-z0-9/!?][^<>]{0,500}> | &\#?[A-Za-z0-9]{1,32};
        | \[\^[^\]\[\s^]{1,40}\]:? | (?:https?|ftp)://[!-~]* | (?:www\.|mailto:)[!-~]+ )
    | (?P<open> !?\[ )
    | (?P<link> \]\( )
    | (?P<close> \] )
    """,
    re.DOTALL | re.VERBOSE,
)
_RARE = re.compile(r"[\\`$<&\[]")
_RARE_WORDS: Final = ("://", "www.", "mailto:", "~~~")
_FENCE = re.compile(r"^[ \t>*+\-\d.)]*?(`{3,}|~{3,})(.*)$", re.MULTILINE)
_BACKTICKS = re.compile(r"`+|\n(?:[ \t]*\n)?")
_PARENTHESES = re.compile(r"\\.|[()\n]", re.DOTALL)


def find_barred(markdown: str) -> Iterator[tuple[int, int]]:
    """Yield, in order and apart, the stretches of a block in which nothing can be linked."""
    if not (_RARE.search(markdown) or any(word in markdown for word in _RARE_WORDS)):
        return
    start = 0
    stretches: list[tuple[int, int]] = []
    for fence_start, fence_end in (*_fences(markdown), (len(markdown), len(markdown))):
        _bar(markdown, start, fence_start, stretches)
        stretches.append((fence_start, fence_end))
        start = fence_end
    first, last = 0, 0
    for start, end in sorted(stretches):
        if start > last:
            if last > first:
                yield first, last
            first = start
        last = max(last, end)
    if last > first:
        yield first, last


def _fences(markdown: str) -> list[tuple[int, int]]:
    """Return the stretches of fenced code, wherever in a list or quotation it begins."""
    fences: list[tuple[int, int]] = []
    opener: re.Match[str] | None = None
    if "```" not in markdown and "~~~" not in markdown:
        return fences
    for fence in _FENCE.finditer(markdown):
        if opener is None:
            if "`" not in fence[2]:
                opener = fence
        elif fence[1].startswith(opener[1]) and not fence[2].strip():
            fences.append((opener.start(), fence.end()))
            opener = None
    if opener is not None:
        fences.append((opener.start(), len(markdown)))
    return fences


def _bar(text: str, start: int, limit: int, stretches: list[tuple[int, int]]) -> None:
    """Add the stretches between two offsets that hold code, formulas, links and the like.

    Backticks pair as far as the parser lets them, which may be a list's next item: so they are
    paired line by line besides.
    """
    code_ends = _code_ends(text, start, limit, stretches)
    brackets: list[int] = []
    position = start
    while match := _SPECIAL.search(text, position, limit):
        kind, opener, position = match.lastgroup, match.start(), match.end()
        end = opener
        match kind:
            case "code":
                end = code_ends.get(opener, opener)
            case "formula":
                formula = find_formula(text, opener)
                end = formula.end if formula is not None and formula.end <= limit else opener
            case "whole":
                end = position
            case "open":
                brackets.append(opener)
            case "link" | "close" if brackets:
                opener = brackets.pop()
                end = _destination_end(text, position, limit) if kind == "link" else opener
            case "blank":
                brackets.clear()
                position -= 1
        if end > opener:
            stretches.append((opener, end))
            position = max(position, end)


def _code_ends(
    text: str, start: int, limit: int, stretches: list[tuple[int, int]]
) -> dict[int, int]:
    """Return where the code ends that a run of backticks opens, by its offset.

    Code within a line is added to the stretches.
    """
    ends: dict[int, int] = {}
    line_ends: dict[int, int] = {}
    following: dict[int, int] = {}
    on_line: dict[int, int] = {}
    for match in reversed(list(_BACKTICKS.finditer(text, start, limit))):
        if match[0][0] == "\n":
            on_line.clear()
            if len(match[0]) > 1:
                following.clear()
            continue
        length = len(match[0])
        if length in following:
            ends[match.start()] = following[length]
        if length in on_line:
            line_ends[match.start()] = on_line[length]
        following[length] = on_line[length] = match.end()
    position = start
    for opener in reversed(line_ends):
        if opener >= position and text[opener - 1 : opener] != "\\":
            position = line_ends[opener]
            stretches.append((opener, position))
    return ends


def _destination_end(text: str, start: int, limit: int) -> int:
    """Return where a link's destination ends that begins at an offset, at the latest its line."""
    depth = 1
    for match in _PARENTHESES.finditer(text, start, limit):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0 or match[0] == "\n":
            return match.end()
    return limit
