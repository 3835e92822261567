"""Tidying of inline tokens: balanced, trimmed, joined as Chinese joins, linked.

Authors' emphasis overlaps, hugs spaces and crosses links; renderers want a tree. ``tidy``
turns any list of inline tokens into one that nests, and does what every edition needs once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

from markdown_it.token import Token

from .characters import joins_without_space

__all__ = ["tidy"]

_MARKS = re.compile("(\ufdd0.|\ufdd1)", re.DOTALL)
_URL = re.compile(
    r"(?<![A-Za-z0-9])https?://[A-Za-z0-9](?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*[A-Za-z0-9/#=&+~_-])?"
)
_TRIMMED: Final = frozenset(("strong", "em", "s"))


class _Link(Protocol):
    @property
    def href(self) -> str: ...
    @property
    def id(self) -> str: ...


def tidy(tokens: Iterable[Token], links: Sequence[_Link] = ()) -> list[Token]:
    """Return tokens that nest properly, without empty or doubled emphasis.

    Marks of glossary links become links, bare URLs become links, images become their
    description, and a line break between Chinese characters vanishes.
    """
    balanced = _balance(_expand(tokens, links))
    return list(_break_lines(_trim(balanced)))


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _expand(tokens: Iterable[Token], links: Sequence[_Link]) -> Iterator[Token]:
    """Replace images, marks and URLs in text by the tokens that they stand for."""
    in_link = 0
    for token in tokens:
        in_link += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "image":
            yield from _describe_image(token, linked=in_link > 0)
        elif token.type == "text":
            yield from _expand_text(token.content, links, linked=in_link > 0)
        elif token.type == "code_inline" and "\ufdd0" in token.content:
            token.content = _MARKS.sub("", token.content)
            yield token
        elif token.type == "text_special":
            yield _text(token.content)
        else:
            yield token


def _describe_image(token: Token, *, linked: bool) -> Iterator[Token]:
    description = _MARKS.sub("", token.content) or "图"
    source = str(token.attrs.get("src", ""))
    if source and not linked:
        yield from _link(source, description)
    else:
        yield _text(description)


def _link(href: str, text: str, css_class: str = "") -> Iterator[Token]:
    attrs: dict[str, str | int | float] = {"href": href}
    if css_class:
        attrs["class"] = css_class
    yield Token("link_open", "a", 1, attrs=attrs)
    yield _text(text)
    yield Token("link_close", "a", -1)


def _expand_text(content: str, links: Sequence[_Link], *, linked: bool) -> Iterator[Token]:
    for part in _MARKS.split(content) if "\ufdd0" in content or "\ufdd1" in content else [content]:
        if part == "\ufdd1":
            if not linked:
                yield Token("link_close", "a", -1, meta={"gloss": True})
        elif part.startswith("\ufdd0"):
            if not linked:
                link = links[ord(part[1]) - 0xF0000]
                attrs: dict[str, str | int | float] = {"href": link.href, "class": "gloss"}
                if link.id:
                    attrs["id"] = link.id
                yield Token("link_open", "a", 1, attrs=attrs, meta={"gloss": True})
        elif part and not linked and "://" in part:
            yield from _link_urls(part)
        elif part:
            yield _text(part)


def _link_urls(text: str) -> Iterator[Token]:
    end = 0
    for match in _URL.finditer(text):
        if match.start() > end:
            yield _text(text[end : match.start()])
        yield from _link(match.group(), match.group())
        end = match.end()
    if end < len(text):
        yield _text(text[end:])


def _balance(tokens: Iterable[Token]) -> Iterator[Token]:
    """Close what is left open, drop closers of nothing and elements inside their own kind."""
    stack: list[Token] = []
    ignored: dict[str, int] = {}
    for token in tokens:
        if token.nesting > 0:
            if any(opened.tag == token.tag for opened in stack):
                ignored[token.tag] = ignored.get(token.tag, 0) + 1
                continue
            stack.append(token)
            yield token
        elif token.nesting < 0:
            if ignored.get(token.tag):
                ignored[token.tag] -= 1
                continue
            if any(opened.tag == token.tag for opened in stack):
                yield from _close(stack, token.tag)
        else:
            yield token
    yield from _close(stack, "")


def _close(stack: list[Token], tag: str) -> Iterator[Token]:
    """Close the open elements up to and with the one of a tag; all of them if it is empty."""
    while stack:
        opened = stack.pop()
        yield Token(opened.type.replace("_open", "_close"), opened.tag, -1, markup=opened.markup)
        if opened.tag == tag:
            return


def _trim(tokens: Iterable[Token]) -> list[Token]:
    """Move spaces out of emphasis; drop what is empty; join emphasis that touches its like."""
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if token.type == "text" and last and last.nesting > 0 and last.tag in _TRIMMED:
            stripped = token.content.lstrip(" \t")
            if stripped != token.content:
                opener = out.pop()
                out += [_text(" "), opener]
            if stripped:
                out.append(_text(stripped))
        elif token.nesting < 0:
            _append_closer(out, token)
        elif token.nesting > 0 and last and last.nesting < 0 and last.tag == token.tag:
            if token.tag in _TRIMMED:
                out.pop()
            else:
                out.append(token)
        elif token.type == "text" and last and last.type == "text":
            out[-1] = _text(last.content + token.content)
        else:
            out.append(token)
    return out


def _append_closer(out: list[Token], token: Token) -> None:
    last = out[-1]
    space = ""
    if token.tag in _TRIMMED and last.type == "text":
        stripped = last.content.rstrip(" \t")
        if stripped != last.content:
            space = " "
            out.pop()
            if stripped:
                out.append(_text(stripped))
    if out[-1].nesting > 0 and out[-1].tag == token.tag:
        out.pop()
    else:
        out.append(token)
    if space:
        out.append(_text(space))


def _break_lines(tokens: Sequence[Token]) -> Iterator[Token]:
    """Drop soft breaks inside Chinese text; keep a speaker's or title's own bold line."""
    for index, token in enumerate(tokens):
        if token.type != "softbreak":
            yield token
        elif _ends_bold_line(tokens, index):
            yield Token("hardbreak", "br", 0)
        elif not joins_without_space(
            _edge(reversed(tokens[max(0, index - 4) : index]), -1),
            _edge(tokens[index + 1 : index + 5], 0),
        ):
            yield token


def _edge(tokens: Iterable[Token], position: int) -> str:
    """Return the visible character nearest to a break, or a space if there is none."""
    for token in tokens:
        if token.content:
            return token.content[position]
    return " "


def _ends_bold_line(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the paragraph's first line, up to this break, is bold from end to end."""
    first_break = all(token.type != "softbreak" for token in tokens[:index])
    return (
        first_break
        and index > 0
        and tokens[0].type == "strong_open"
        and tokens[index - 1].type == "strong_close"
        and sum(token.type == "strong_close" for token in tokens[:index]) == 1
    )
