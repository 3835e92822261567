"""The one configured Markdown parser, and the tree of tokens that both editions render.

The web edition goes through MyST text and the EPUB through XHTML; both start at the tokens
made here, so the same post gives the same words in every edition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments.lexers import get_all_lexers

from .inline import tidy
from .rules import configure

__all__ = ["GlossLink", "parse_blocks", "parse_inline"]

_LINK_SCHEMES: Final = ("http://", "https://", "mailto:")
_DELIMITER_ROW = re.compile(r"^[ >]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_WIDEST_TABLE: Final = 64


@dataclass(frozen=True, slots=True)
class GlossLink:
    """Where a link to the glossary goes: ``source[start:end]`` becomes a link to ``href``."""

    start: int
    end: int
    href: str
    id: str = ""


@cache
def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": 100})
    md.enable(["table", "strikethrough"])
    configure(md)
    # markdown-it's stub allows assigning the hook; mypy sees a method.
    md.validateLink = lambda url: url.lower().startswith(_LINK_SCHEMES)  # type: ignore[method-assign]
    return md


@cache
def _code_languages() -> frozenset[str]:
    return frozenset(alias for _, names, _, _ in get_all_lexers(plugins=False) for alias in names)


def parse_blocks(source: str, links: Sequence[GlossLink] = ()) -> list[Token]:
    """Return the block tokens of Markdown; inline tokens have their tidied children.

    Headings inside a block become bold paragraphs, since sections belong to the post; a
    language that no highlighter knows is left off its code.
    """
    tokens = _parser().parse(_widen_tables(_mark(source, links)))
    for index, token in enumerate(tokens):
        if token.type == "inline":
            token.children = tidy(token.children or [], links)
        elif token.type == "fence":
            token.content = tidy_code(token.content)
            words = token.info.split(maxsplit=1)
            known = words[:1] and words[0].lower() in _code_languages()
            token.info = words[0].lower() if known else ""
        elif token.type in ("heading_open", "heading_close"):
            opening = token.nesting > 0
            tokens[index] = Token(
                "paragraph_open" if opening else "paragraph_close", "p", token.nesting
            )
            inline = tokens[index + 1]
            if opening:
                inline.children = _embolden(inline.children or [])
    return tokens


def tidy_code(content: str) -> str:
    """Return code without the marks of links, which cannot stand in it."""
    return re.sub("\ufdd0.|\ufdd1", "", content, flags=re.DOTALL)


def parse_inline(source: str, links: Sequence[GlossLink] = ()) -> list[Token]:
    """Return the tidied inline tokens of one paragraph of Markdown."""
    tokens = _parser().parseInline(_mark(source, links))
    return tidy(tokens[0].children or [], links)


def _embolden(children: list[Token]) -> list[Token]:
    return [Token("strong_open", "strong", 1), *children, Token("strong_close", "strong", -1)]


def _mark(source: str, links: Sequence[GlossLink]) -> str:
    """Put marks where links begin and end.

    The marks are noncharacters, which posts cannot contain (parse_post replaces them); the
    character behind the first is the link's number.
    """
    for number, link in reversed(list(enumerate(links))):
        opening, closing = f"\ufdd0{chr(0xF0000 + number)}", "\ufdd1"
        source = (
            source[: link.start] + opening + source[link.start : link.end] + closing
            + source[link.end :]
        )  # fmt: skip
    return source


def _widen_tables(source: str) -> str:
    """Give a table's header as many columns as its widest row; GFM would drop the cells."""
    if "|" not in source or "-" not in source:
        return source
    lines = source.split("\n")
    for index in range(1, len(lines)):
        if "|" in lines[index - 1] and _DELIMITER_ROW.match(lines[index]):
            columns = _count_cells(lines[index])
            widest = columns
            for row in lines[index + 1 :]:
                if "|" not in row:
                    break
                widest = max(widest, _count_cells(row))
            missing = min(widest, _WIDEST_TABLE) - columns
            if missing > 0:
                lines[index - 1] = lines[index - 1].rstrip().rstrip("|") + "|" + " |" * missing
                lines[index] = lines[index].rstrip().rstrip("|") + "|" + " --- |" * missing
    return "\n".join(lines)


def _count_cells(row: str) -> int:
    return len(_CELL_BORDER.findall(row.strip().strip("|"))) + 1
