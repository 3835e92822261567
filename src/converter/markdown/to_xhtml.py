"""Markdown to well-formed XHTML, and to plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from ..characters import joins_without_space
from ..mathml import render_mathml
from .math import styled_tex
from .parser import Link, parse_blocks, parse_inline

__all__ = ["plain_text", "render_inline_xhtml", "render_xhtml"]

_OPTIONS = OptionsDict(
    {
        "maxNesting": 100,
        "html": False,
        "linkify": False,
        "typographer": False,
        "quotes": "",
        "xhtmlOut": True,
        "breaks": False,
        "langPrefix": "language-",
        "highlight": None,
    }
)

# Three quarters of the blocks of a library are one line without a sign that Markdown, the tidying
# or XML would look at, but for bold words that nothing can be read into. They need no parser.
_PLAIN = re.compile(
    r"[^\W\d_][^\t\\`*_~\[\]<>&!$|\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef"
    r"\ufffe\uffff]*"
)
# Between letters of an alphabet asterisks may be a power, so that bold has other neighbours here.
_NEIGHBOUR = r"[\u3400-\u9fff\u3001-\u3003\uff01-\uff0f\uff1a-\uff1f ,.;:]"
_BOLD = re.compile(rf"(?:^|(?<={_NEIGHBOUR}))\*\*(\w(?:[^*\n]*\w)?)\*\*(?={_NEIGHBOUR}|$)")


class _Renderer(RendererHTML):
    """markdown-it's renderer, which finds a rule for each type of token by its name."""

    def math_inline(self, tokens: Sequence[Token], index: int, *_: object) -> str:
        return _render_formula(tokens[index].content, styled_tex(tokens[index]), display=False)

    def math_display(self, tokens: Sequence[Token], index: int, *_: object) -> str:
        return _render_formula(tokens[index].content, tokens[index].content, display=True)


def _render_formula(source: str, tex: str, *, display: bool) -> str:
    return render_mathml(tex, display=display) or f"<code>{escape(source)}</code>"


@cache
def _renderer() -> RendererHTML:
    return _Renderer()


def render_xhtml(source: str, *, links: Sequence[Link] = ()) -> str:
    """Return Markdown blocks as XHTML block elements; all text is escaped, no tag passes."""
    if not links and "://" not in source and (simple := _render_simple(source)):
        return simple
    return _render(parse_blocks(source, links)).strip()


def _render_simple(source: str) -> str:
    """Return a paragraph that needs no parser, nothing for any other text."""
    if "*" not in source:
        text = source if _PLAIN.fullmatch(source) else ""
    else:
        # Two runs that touch could be one; what is left over is no bold; spaces beside it are one.
        bare = "" if "***" in source or "  " in source else _BOLD.sub(r"\1", source)
        text = _BOLD.sub(r"<strong>\1</strong>", source) if _PLAIN.fullmatch(bare) else ""
    escaped = text.rstrip().replace('"', "&quot;")
    return f"<p>{escaped}</p>" if escaped else ""


def render_inline_xhtml(source: str, *, links: Sequence[Link] = ()) -> str:
    """Return one paragraph of Markdown as inline XHTML without the paragraph."""
    return str(_renderer().renderInline(parse_inline(source, links), _OPTIONS, {}))


def plain_text(source: str) -> str:
    """Return the visible text of inline Markdown, on one line."""
    breaks = ("softbreak", "hardbreak")
    text = ""
    for token in parse_inline(source):
        if token.type in breaks:
            text = text.rstrip() + "\n"
        elif text.endswith("\n") and token.content:
            joined = joins_without_space(text[-2:-1], token.content[0])
            text = text[:-1] + ("" if joined else " ") + token.content
        else:
            text += token.content
    return text.strip()


def _render(tokens: list[Token]) -> str:
    return str(_renderer().render(tokens, _OPTIONS, {}))
