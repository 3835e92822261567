"""Rules that make the parser read what authors meant, and keep every word.

Each replaces or guards a rule of CommonMark that would hide text or let a post steer the
program: raw HTML, deep nesting, quotation marks that are speech marks, years that are lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline, emphasis, image, link
from markdown_it.token import Token

from .emphasis import asterisks, push_emphasis
from .math import display_formula, formula

__all__ = ["configure"]

InlineRule = Callable[[StateInline, bool], bool]
BlockRule = Callable[[StateBlock, int, int, bool], bool]

_DEEPEST: Final = 12
"""Block nesting beyond which a marker is text; markdown-it would drop what is deeper."""

# `<!-->` is no comment: it does not close what it opens; nor does one that another opens in.
_TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>|<!--(?!-?>)(?:(?!<!--).)*?-->", re.DOTALL
)
_LONGEST_TAG: Final = 500
_EMPHASIS: Final = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
_TRANSPARENT: Final = frozenset(
    "p div span font center small big u s del ins sup sub mark details summary section article"
    " h1 h2 h3 h4 h5 h6 ul ol li blockquote a abbr cite q time wbr tt kbd var samp".split()
)
_ORDINAL = re.compile(r"(\d+)[.)]")
_LARGEST_ORDINAL: Final = 999
_WIDEST_TABLE: Final = 64


def configure(md: MarkdownIt) -> None:
    """Install the rules into a CommonMark parser."""
    md.disable(["reference", "code", "lheading", "html_block"])
    md.block.ruler.at("blockquote", _quotation, {"alt": ["paragraph", "blockquote", "list"]})
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.block.ruler.at("list", _list, {"alt": ["paragraph", "blockquote"]})
    interrupts = ["paragraph", "blockquote", "list"]
    md.block.ruler.before("paragraph", "formula", display_formula, {"alt": interrupts})
    md.inline.ruler.before("backticks", "formula", formula)
    md.inline.ruler.at("emphasis", _emphasis)
    md.inline.ruler.at("link", _guarded(link))
    md.inline.ruler.at("image", _guarded(image))
    md.inline.ruler.at("html_inline", _tag)


def _guarded(rule: InlineRule) -> InlineRule:
    """Let a rule of links look no further where it can find none.

    From each bracket it reads on to the bracket's like and the address behind that, which takes
    long in a text of nothing but brackets.
    """

    def guarded(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] not in "![":
            return False
        ends: dict[str, int] = state.env.setdefault("link_ends", {})
        if state.src not in ends:
            ends[state.src] = state.src.rfind("](")
        return state.pos < ends[state.src] and rule(state, silent)

    return guarded


def _first(state: StateBlock, line: int) -> int:
    return state.bMarks[line] + state.tShift[line]


def _quotation(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read ``>`` as a quotation, but ``>>`` as the mark that transcripts put before a speaker."""
    position = _first(state, start)
    if state.level >= _DEEPEST or state.src.startswith(">>", position):
        return False
    return blockquote(state, start, end, silent)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read lists, but not ``1989. It was…`` nor a line that a wrapped ``+`` begins."""
    position = _first(state, start)
    if state.level >= _DEEPEST or state.src.startswith("+", position):
        return False
    ordinal = _ORDINAL.match(state.src, position, state.eMarks[start])
    if ordinal and (len(ordinal[1]) > 3 or int(ordinal[1]) > _LARGEST_ORDINAL):
        return False
    return list_block(state, start, end, silent)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table with as many columns as its widest row; GFM would drop surplus cells.

    One that is far too wide is no table but text with bars in it.
    """
    mark = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if silent:
        return True
    lines = [start, *range(start + 2, state.line)]
    rows = [_split_row(state, line) for line in lines]
    columns = len(rows[0])
    widest = max(map(len, rows))
    if widest > max(columns, _WIDEST_TABLE):
        del state.tokens[mark:]
        state.line = start
        return False
    if widest > columns:
        state.tokens[mark:] = _widen(state.tokens[mark:], rows, columns, widest)
    return True


def _split_row(state: StateBlock, line: int) -> list[str]:
    """Return the cells of a line as the table rule counts them."""
    cells = escapedSplit(state.src[_first(state, line) : state.eMarks[line]].strip(" \t"))
    if cells and not cells[0]:
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return cells


def _widen(
    tokens: list[Token], rows: list[list[str]], columns: int, widest: int
) -> Iterator[Token]:
    remaining = iter(rows)
    tag = ""
    for token in tokens:
        if token.type in ("th_open", "td_open"):
            tag = token.tag
        elif token.type == "tr_close":
            surplus = next(remaining)[columns:]
            for cell in (*surplus, *[""] * (widest - columns - len(surplus))):
                yield Token(f"{tag}_open", tag, 1, block=True)
                yield Token("inline", "", 0, content=cell.strip(" \t"), children=[])
                yield Token(f"{tag}_close", tag, -1, block=True)
        yield token


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Read ``*`` by our own rule; ``_`` by CommonMark's, except the ``[ __ ]`` of censors."""
    if state.src[state.pos] == "*":
        return asterisks(state, silent)
    if state.src[state.pos] == "_" and not silent:
        around = state.src[max(0, state.pos - 2) : state.pos + 4]
        if "[" in around or "]" in around:
            return False
    return emphasis.tokenize(state, silent)


def _tag(state: StateInline, silent: bool) -> bool:
    """Read the few harmless tags that posts use; every other ``<`` is text.

    Bold and italics become emphasis, ``<br>`` a line break, comments and tags that only group
    or colour vanish, and what they enclose stays.
    """
    if state.src[state.pos] != "<":
        return False
    match = _TAG.match(state.src, state.pos, min(state.posMax, state.pos + _LONGEST_TAG))
    if match is None:
        return False
    closing, name = match[1], (match[2] or "").lower()
    if name == "br":
        if not silent:
            state.push("hardbreak", "br", 0)
    elif name in _EMPHASIS:
        if not silent:
            push_emphasis(state, _EMPHASIS[name], -1 if closing else 1)
    elif name and name not in _TRANSPARENT:
        return False
    state.pos = match.end()
    return True
