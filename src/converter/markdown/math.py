r"""Mathematics, told from money.

Dollar signs in posts are nearly always prices, so a pair of them is a formula only if what stands
between them could be nothing else: ``$\alpha$``, ``$x_1$``, ``$K+1$``; never ``$5-$7``. Each dollar
sign is looked at once, as far as the next one, so the time is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ..characters import CJK
from ..mathml import render_mathml
from .inline import MARKS

__all__ = ["DISPLAY", "display_formula", "find_formula", "formula", "styled_tex"]

DISPLAY: Final = "$$"
"""The markup of a token for a formula that is set larger, and alone where its paragraph is."""

# No further than the next dollar sign; a backtick would be code.
_INLINE = re.compile(r"\$(?![\s$])((?:\\.|[^$\\`]){1,500})(?<!\s)\$(?![$A-Za-z0-9{])", re.DOTALL)
_DISPLAY = re.compile(r"\$\$(?!\$)((?:\\.|[^$\\`]){1,2900})\$\$(?![$A-Za-z0-9{])", re.DOTALL)
_OPENS_AFTER: Final = frozenset(" \t\n([{\"'*_~`>|<,;:!.-/=+)")
_MOST_BREAKS: Final = 1
_LONGEST_URL: Final = 200

_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("&(?:lt|gt|amp);")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
# Where words may stand: in \text{…}, and in an index such as P_{总}.
_GROUP = re.compile(r"\\(?:text[a-z]*|mbox|mathrm|operatorname|tag)\s*\{[^{}]*\}|[_^]\{[^{}\\]*\}")
_NOT_TEX = re.compile(f'[{CJK}"“”‘’…—·\\ufffd]')
_PROSE = re.compile(
    r"[A-Za-z]{3,}[,;:]?\s+[A-Za-z]{2,}|(?<![A-Za-z])[A-Za-z]{2}[,;:]?\s+[A-Za-z]{3,}"
)
# my_variable, d_model: in TeX the index would be one letter.
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]+_\w+|\w+_[A-Za-z0-9]{3,}\w*")
_ENDS_WITHIN = re.compile(r"(?<![\\^_])[/:=,;.<>&+\-*(\[]$")
_MARKUP = re.compile(r"\\[A-Za-z]|\\[\\{}|]|[_^{}]")

_LONGEST_PLAIN: Final = 60
_PLAIN = re.compile(
    r"[A-Za-z0-9α-ωΑ-Ω(|\[√∑∏∂∇∞+\-−]"
    r"[A-Za-z0-9α-ωΑ-Ω\s()\[\]|+\-−*/=<>≤≥≠≈±×÷→∈∞√∑∏∂∇!',.:]*"
)
_FUNCTION = re.compile(
    r"\s*(?<![A-Za-z])(?:arg|cos|det|exp|lim|ln|log|max|min|sin|tan)(?![A-Za-z])\s*"
)
_WORD = re.compile(r"[A-Za-z]{3,}|[a-z0-9)\]]\s+[a-z0-9(\[]|[.!:]\s", re.IGNORECASE)
_AMOUNT: Final = r"\d[\d.,]*\s*(?:[kmbt]n?)?\+?"
_PRICE = re.compile(rf"[-+]?{_AMOUNT}(?:\s*[-−/]\s*{_AMOUNT})?(?:/[a-z]{{2}})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Formula:
    """TeX in a source, up to the offset ``end``; ``markup`` is one dollar sign or two."""

    tex: str
    markup: str
    end: int


def formula(state: StateInline, silent: bool) -> bool:
    """Inline rule: read a formula; one that cannot be set is shown as code."""
    if state.src[state.pos] != "$":
        return False
    found = find_formula(state.src, state.pos)
    if found is None or found.end > state.posMax:
        return False
    if not silent:
        if render_mathml(found.tex):
            token = state.push("math_inline", "math", 0)
        else:
            token = state.push("code_inline", "code", 0)
        token.markup, token.content = found.markup, found.tex
    state.pos = found.end
    return True


def styled_tex(token: Token) -> str:
    """Return the TeX of a formula in a line, which two dollar signs ask to set larger."""
    return rf"\displaystyle {token.content}" if token.markup == DISPLAY else token.content


def display_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: read lines from ``$$`` to ``$$`` as a paragraph of its own.

    Without it a line of the formula that begins with a minus sign would be a list.
    """
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(DISPLAY, first):
        return False
    lines: list[str] = []
    for line in range(start, end):
        if state.isEmpty(line) or (line > start and state.sCount[line] < state.blkIndent):
            return False
        lines.append(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
        if DISPLAY in lines[-1][0 if line > start else 2 :]:
            break
    text = "\n".join(lines).rstrip()
    found = find_formula(text, 0)
    if found is None or found.end != len(text):
        return False
    if not silent:
        state.line = start + len(lines)
        state.push("paragraph_open", "p", 1).map = [start, state.line]
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = text, [start, state.line], []
        state.push("paragraph_close", "p", -1)
    return True


def find_formula(source: str, start: int) -> Formula | None:
    """Return the formula that the dollar sign at an offset opens, if it opens one."""
    markup = DISPLAY if source.startswith(DISPLAY, start) else "$"
    match = (_DISPLAY if markup == DISPLAY else _INLINE).match(source, start)
    if match is None or not _may_open(source, start):
        return None
    tex = match[1]
    if markup == "$" and tex.count("\n") > _MOST_BREAKS:
        return None
    if "\ufdd0" in tex or "\ufdd1" in tex:
        tex = MARKS.sub("", tex)
    tex = _ENTITY.sub(lambda entity: _ENTITIES[entity[0]], tex).strip()
    return Formula(tex, markup, match.end()) if _is_formula(tex) else None


def _may_open(source: str, start: int) -> bool:
    """Tell whether a formula may begin behind what stands there: no word, no address."""
    if start == 0:
        return True
    before = source[start - 1]
    if not before.isascii():
        return not before.isalpha() or before >= "\u2e80"
    if before not in _OPENS_AFTER:
        return False
    scheme = source.rfind("://", max(0, start - _LONGEST_URL), start)
    return scheme < 0 or any(map(str.isspace, source[scheme:start]))


def _is_formula(tex: str) -> bool:
    bare = _GROUP.sub(" ", tex)
    if not tex or _NOT_TEX.search(bare) or _ENDS_WITHIN.search(tex):
        return False
    if _MARKUP.search(tex):
        words = _COMMAND.sub(" ", bare)
        shows = any(map(str.isalnum, tex))
        return shows and not (_PROSE.search(words) or _IDENTIFIER.fullmatch(tex))
    return _is_plain_formula(tex)


def _is_plain_formula(tex: str) -> bool:
    """Tell whether a short text without commands is a formula: letters, digits and operators."""
    if len(tex) > _LONGEST_PLAIN or not _PLAIN.fullmatch(tex) or _PRICE.fullmatch(tex):
        return False
    if not any(map(str.isalpha, tex)) or _WORD.search(_FUNCTION.sub("+", tex)):
        return False
    depth = 0
    for character in tex:
        depth += (character in "([") - (character in ")]")
        if depth < 0:
            return False
    return depth == 0
