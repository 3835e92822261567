"""Rules that make the parser read what authors meant, and keep every word.

Each replaces or guards a rule of CommonMark that would hide text or let a post steer the
program: raw HTML, deep nesting, quotation marks that are speech marks, years that are lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_inline import StateInline, emphasis

from .emphasis import asterisks

__all__ = ["configure"]

BlockRule = Callable[[StateBlock, int, int, bool], bool]

_DEEPEST: Final = 12
"""Block nesting beyond which a marker is text; markdown-it would drop what is deeper."""

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)
_LONGEST_TAG: Final = 500
_EMPHASIS: Final = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
_TRANSPARENT: Final = frozenset(
    "p div span font center small big u s del ins sup sub mark details summary section article"
    " h1 h2 h3 h4 h5 h6 ul ol li blockquote a abbr cite q time wbr tt kbd var samp".split()
)
_ORDINAL = re.compile(r"(\d+)[.)]")
_LARGEST_ORDINAL: Final = 999


def configure(md: MarkdownIt) -> None:
    """Install the rules into a CommonMark parser."""
    md.disable(["reference", "code", "lheading", "html_block"])
    md.block.ruler.at("blockquote", _quotation, {"alt": ["paragraph", "blockquote", "list"]})
    md.block.ruler.at("list", _list, {"alt": ["paragraph", "blockquote"]})
    md.inline.ruler.at("emphasis", _emphasis)
    md.inline.ruler.at("html_inline", _tag)


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

    Bold and italics become emphasis, ``<br>`` a line break, comments and tags that only
    group or colour vanish, and what they enclose stays.
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
            tag = _EMPHASIS[name]
            state.push(f"{tag}_{'close' if closing else 'open'}", tag, -1 if closing else 1)
    elif name and name not in _TRANSPARENT:
        return False
    state.pos = match.end()
    return True
