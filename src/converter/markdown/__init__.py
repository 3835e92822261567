"""Markdown as authors beside Chinese mean it: one parser, two ways to write it out."""

from ..characters import CJK, is_cjk, joins_without_space
from .addresses import is_web_address
from .parser import Link
from .to_myst import (
    escape_myst,
    render_myst_blocks,
    render_myst_directive,
    render_myst_inline,
)
from .to_xhtml import plain_text, render_inline_xhtml, render_xhtml

__all__ = [
    "CJK",
    "Link",
    "escape_myst",
    "is_cjk",
    "is_web_address",
    "joins_without_space",
    "plain_text",
    "render_inline_xhtml",
    "render_myst_blocks",
    "render_myst_directive",
    "render_myst_inline",
    "render_xhtml",
]
