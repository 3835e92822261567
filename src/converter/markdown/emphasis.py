"""Emphasis as authors of Chinese mean it.

CommonMark decides by the characters around a run of asterisks whether it may open or close,
and that rule leaves ``**“引号”**文字`` unclosed because no space follows the quotation mark.
Here ``**`` pairs in sequence: an even number on a line opens and closes in turn; an odd number
falls back on "what space follows cannot open, what space precedes cannot close". Runs of one,
two and three asterisks are read in one pass over the paragraph, in linear time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from .math import find_formula

__all__ = ["asterisks", "push_emphasis"]

_RUNS = re.compile(r"\\.|`+|\*+|\n|\$", re.DOTALL)
_LONGEST_RUN: Final = 4
_TAGS: Final = {"strong": "**", "em": "*"}

Nesting = Literal[-1, 0, 1]
Actions = tuple[tuple[str, Nesting], ...]
"""The tokens that a run stands for, in order: (tag, nesting); an empty tag is a literal run."""


@dataclass(slots=True)
class _Mark:
    """One delimiter of ``tag`` in the run at ``position``; ``nesting`` is what became of it."""

    tag: str
    position: int
    length: int
    line: int
    can_open: bool
    can_close: bool
    inside_word: bool = False
    nesting: Nesting = 0


def asterisks(state: StateInline, silent: bool) -> bool:
    """Inline rule: replace a run of asterisks by the tokens that the paragraph gives it."""
    if silent or state.src[state.pos] != "*":
        return False
    # By text: an image's description is parsed in between, with the same environment.
    read: dict[str, dict[int, tuple[int, Actions]]] = state.env.setdefault("asterisks", {})
    if state.src not in read:
        read[state.src] = dict(_read_runs(state.src))
    runs = read[state.src]
    if state.pos not in runs:
        return False
    length, actions = runs[state.pos]
    for tag, nesting in actions:
        if tag:
            push_emphasis(state, tag, nesting)
        else:
            state.append_pending("*" * length)
    state.pos += length
    return True


def push_emphasis(state: StateInline, tag: str, nesting: Nesting) -> None:
    """Append an opener or closer of emphasis that need not be balanced.

    ``state.push`` keeps a stack of delimiters and fails at a closer without its opener.
    """
    if state.pending:
        state.pushPending()
    kind = f"{tag}_{'open' if nesting > 0 else 'close'}"
    state.tokens.append(Token(kind, tag, nesting, markup=_TAGS[tag]))
    state.tokens_meta.append(None)


def _read_runs(source: str) -> Iterator[tuple[int, tuple[int, Actions]]]:
    """Yield position, length and meaning of each run of asterisks outside code."""
    marks: list[_Mark] = []
    runs: list[tuple[int, int]] = []
    for position, length, line in _find_runs(source):
        before = source[position - 1 : position]
        after = source[position + length : position + length + 1]
        can_open = bool(after) and not after.isspace()
        can_close = bool(before) and not before.isspace()
        inside_word = (before + after).isascii() and before.isalnum() and after.isalnum()
        runs.append((position, length))
        alone = not (can_open or can_close)
        if length > _LONGEST_RUN or (alone and length == 1) or (inside_word and length != 2):
            continue
        tags = {1: ("em",), 2: ("strong",), 3: ("strong", "em"), 4: ("strong", "strong")}[length]
        marks += [
            _Mark(tag, position, length, line, can_open, can_close, inside_word) for tag in tags
        ]
    _pair_strong([mark for mark in marks if mark.tag == "strong"])
    _pair_em([mark for mark in marks if mark.tag == "em"])
    by_run: defaultdict[int, list[_Mark]] = defaultdict(list)
    for mark in marks:
        by_run[mark.position].append(mark)
    for position, length in runs:
        yield position, (length, _actions(by_run[position], length))


def _find_runs(source: str) -> Iterator[tuple[int, int, int]]:
    """Yield position, length and line of each run of asterisks that is text.

    That is: not escaped, not in code, not in a formula.
    """
    found = list(_RUNS.finditer(source))
    code_ends = _find_code_ends(found)
    line = skip_to = formula_end = 0
    for index, match in enumerate(found):
        text = match.group()
        if text == "\n":
            line += 1
        elif index < skip_to or match.start() < formula_end:
            continue
        elif text == "$":
            formula = find_formula(source, match.start())
            formula_end = formula.end if formula else 0
        elif text[0] == "`":
            skip_to = code_ends[index]
        elif text[0] == "*":
            yield match.start(), len(text), line


def _find_code_ends(found: Sequence[re.Match[str]]) -> dict[int, int]:
    """Return for the index of each run of backticks the index behind the run that closes it."""
    following: dict[int, int] = {}
    ends: dict[int, int] = {}
    for index in reversed(range(len(found))):
        text = found[index].group()
        if text[0] == "`":
            ends[index] = following.get(len(text), index) + 1
            following[len(text)] = index
    return ends


def _pair_strong(marks: list[_Mark]) -> None:
    """Pair ``**`` in sequence, line by line.

    One inside a Latin word is a power or a censored word, unless the line needs it to come
    out even: ``ERC20**token**，``.
    """
    waiting: _Mark | None = None
    index = 0
    while index < len(marks):
        end = index
        while end < len(marks) and marks[end].line == marks[index].line:
            end += 1
        on_line = marks[index:end]
        plain = [mark for mark in on_line if not mark.inside_word]
        is_needed = len(plain) % 2 == 1 and len(on_line) % 2 == 0
        if not is_needed or any(mark.length > 2 for mark in plain):
            on_line = plain
        if waiting is None and len(on_line) % 2 == 0:
            for opener, closer in zip(on_line[::2], on_line[1::2], strict=True):
                if opener.position < closer.position:
                    opener.nesting, closer.nesting = 1, -1
        else:
            for mark in on_line:
                waiting = _meet(waiting, mark)
        index = end


def _pair_em(marks: list[_Mark]) -> None:
    """Pair single asterisks by the space around them; what stays alone is literal."""
    waiting: _Mark | None = None
    for mark in marks:
        waiting = _meet(waiting, mark)


def _meet(waiting: _Mark | None, mark: _Mark) -> _Mark | None:
    """Close the waiting opener with a mark, or let the mark wait; return what waits now."""
    if waiting is not None and mark.can_close and mark.position > waiting.position:
        waiting.nesting, mark.nesting = 1, -1
        return None
    return mark if mark.can_open else waiting


def _actions(marks: list[_Mark], length: int) -> Actions:
    """Return the tokens of one run: inner tags close before outer ones.

    A ``**`` that touches a word and has no partner is a slip of its author and leaves nothing
    behind; one between spaces stays, and so do ``*``, ``s***`` and ``****``, which censor.
    """
    if not any(mark.nesting for mark in marks):
        slip = length == 2 and marks and not marks[0].inside_word
        slip = slip and (marks[0].can_open or marks[0].can_close)
        return () if slip else (("", 0),)
    ordered = [(mark.tag, mark.nesting) for mark in marks if mark.nesting]
    closers = [pair for pair in ordered if pair[1] < 0]
    openers = [pair for pair in ordered if pair[1] > 0]
    return (*sorted(closers), *sorted(openers, reverse=True))
