"""The one configured Markdown parser, and the tree of tokens that both editions render.

The web edition goes through MyST text and the EPUB through XHTML; both start at the tokens
made here, so the same post gives the same words in every edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from .addresses import is_web_address, lower_scheme
from .inline import MARKS, tidy, without_marks
from .math import DISPLAY
from .rules import configure

__all__ = ["Link", "parse_blocks", "parse_inline"]

_MAIL = re.compile(r"mailto:[^\[\]#]*")
_WORD = re.compile(r"[A-Za-z0-9_+#.-]*")
# Lexers are regular expressions, and some take hours over a long run of one character: only
# well-worn ones are let near a post's code, and only where it is of a usual size and look.
_HIGHLIGHTED: Final = frozenset(
    "applescript awk bash batch bat bibtex c c# c++ clojure cmake console cpp cs csharp css cypher"
    " d dart diff docker dockerfile elixir elm erlang fish fortran fsharp go golang graphql groovy"
    " haskell html http ini java javascript js jsx json json5 julia kotlin latex less lisp lua"
    " makefile make markdown md matlab nginx nix objective-c ocaml pascal perl php"
    " postgresql powershell properties proto protobuf py python python3 pycon r rb rst ruby rs"
    " rust sass scala scheme scss sh shell solidity sparql sql sqlite3 swift tcl tex text"
    " toml ts tsx typescript typst vim vue xml yaml yml zig zsh".split()
)
_LONGEST_HIGHLIGHTED: Final = 50_000
_RUN = re.compile(r"(.)\1{299}|\s{300}", re.DOTALL)
_MOST_LINKS: Final = 0x10000
# What posts cannot contain, since parse_post replaces it, but a call by hand could.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that a post does not have itself: ``source[start:end]`` leads to ``href``.

    ``kind`` is its class; ``text`` is Markdown that stands in place of what it covers.
    """

    start: int
    end: int
    href: str
    id: str = ""
    kind: str = "gloss"
    text: str = ""


@cache
def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": 100})
    md.enable(["table", "strikethrough"])
    configure(md)
    # markdown-it's stub allows assigning the hooks; mypy sees methods.
    md.normalizeLink = lambda url: lower_scheme(normalizeLink(url))  # type: ignore[method-assign]
    md.validateLink = _is_link  # type: ignore[method-assign]
    return md


def _is_link(url: str) -> bool:
    return is_web_address(without_marks(url)) or _MAIL.fullmatch(url) is not None


def parse_blocks(source: str, links: Sequence[Link] = ()) -> list[Token]:
    """Return the block tokens of Markdown; inline tokens have their tidied children.

    Headings inside a block become bold paragraphs, since sections belong to the post; what
    shows nothing is left out.
    """
    tokens: list[Token] = []
    for token in _parser().parse(_mark(source, links)):
        match token.type:
            case "inline":
                children = token.children or []
                is_heading = tokens[-1].type == "heading_open"
                token.children = tidy(_embolden(children) if is_heading else children, links)
            case "fence":
                _set_language(token)
            case "paragraph_close" | "heading_close" if not tokens[-1].children:
                del tokens[-2:]
                continue
            case "paragraph_close":
                _set_display(tokens[-1].children or [])
            case "blockquote_close" if tokens[-1].type == "blockquote_open":
                tokens.pop()
                continue
            case "heading_close":
                tokens[-2] = Token("paragraph_open", "p", 1, block=True)
                tokens.append(Token("paragraph_close", "p", -1, block=True))
                continue
        tokens.append(token)
    return tokens


def parse_inline(source: str, links: Sequence[Link] = ()) -> list[Token]:
    """Return the tidied inline tokens of one paragraph of Markdown."""
    tokens = _parser().parseInline(_mark(source, links))
    return tidy(tokens[0].children or [], links)


def _set_display(children: list[Token]) -> None:
    """Let a formula between double dollar signs that is all of a paragraph stand alone."""
    if len(children) == 1 and children[0].type == "math_inline" and children[0].markup == DISPLAY:
        children[0].type = "math_display"


def _embolden(children: list[Token]) -> Iterator[Token]:
    yield Token("strong_open", "strong", 1)
    yield from children
    yield Token("strong_close", "strong", -1)


def _set_language(code: Token) -> None:
    """Keep a language that a highlighter knows; show any other words that stand there."""
    code.content = MARKS.sub("", code.content)
    words = MARKS.sub("", code.info).split()
    known = bool(words) and words[0].lower() in _HIGHLIGHTED
    harmless = len(code.content) <= _LONGEST_HIGHLIGHTED and not _RUN.search(code.content)
    code.info = words[0].lower() if known and harmless else ""
    if not known and not _WORD.fullmatch(" ".join(words)):
        code.content = f"{' '.join(words)}\n{code.content}"


def _mark(source: str, links: Sequence[Link]) -> str:
    """Put marks where links begin and end; of two that overlap the first is made.

    The marks are noncharacters, which the source cannot contain; the character behind the
    first is the link's number.
    """
    if _FORBIDDEN.search(source):
        source = _FORBIDDEN.sub("\ufffd", source)
    if not links:
        return source
    parts = []
    position = 0
    for number, link in sorted(enumerate(links[:_MOST_LINKS]), key=lambda item: item[1].start):
        if link.start >= position:
            text = link.text or source[link.start : link.end]
            parts += [
                source[position : link.start],
                "\ufdd0",
                chr(0xF0000 + number),
                text,
                "\ufdd1",
            ]
            position = link.end
    return "".join([*parts, source[position:]])
