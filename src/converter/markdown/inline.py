"""Tidying of inline tokens: balanced, trimmed, joined as Chinese joins, linked.

Authors' emphasis overlaps, hugs spaces and crosses links; renderers want a tree. ``tidy``
turns any list of inline tokens into one that nests, and does what every edition needs once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from ..characters import joins_without_space
from .addresses import is_web_address

__all__ = ["MARKS", "tidy", "without_marks"]

MARKS: Final = re.compile("(\ufdd0.|\ufdd1)", re.DOTALL)
"""What the parser puts where a link begins and ends; the group keeps them when splitting."""

_MARKS_IN_URL = re.compile("%EF%B7%90%F3%B[0-9A-F]%[0-9A-F]{2}%[0-9A-F]{2}|%EF%B7%91")
_URL = re.compile(
    r"(?<![A-Za-z0-9])https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?"
    r"(?:[/?#](?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*[A-Za-z0-9/#=&+~_-])?)?"
)
_SPACES: Final = " \t\n"
# Entities write what no edition can hold, or what would be syntax: &#12; &#10; &#x2028;
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_CONTROL_SPACES: Final = frozenset("\t\n\x0b\x0c\r\x85\u2028\u2029")
_JOINED: Final = frozenset(("strong", "em", "s"))
_VERBATIM: Final = frozenset(("code_inline", "math_inline"))


class _Link(Protocol):
    @property
    def href(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...


def tidy(tokens: Iterable[Token], links: Sequence[_Link] = ()) -> list[Token]:
    """Return tokens that nest properly, without empty or doubled emphasis.

    Marks of glossary links become links, bare URLs become links, images become their
    description, and a line break between Chinese characters vanishes. Spaces and breaks stand
    outside emphasis and links, and not at the ends.
    """
    line = _Line()
    for token in _balance(_expand(tokens, links)):
        line.add(token)
    return line.finish()


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _expand(tokens: Iterable[Token], links: Sequence[_Link]) -> Iterator[Token]:
    """Replace images, marks and URLs in text by the tokens that they stand for.

    A link to nowhere is its text.
    """
    in_link = 0
    is_hollow = False
    for token in tokens:
        if token.type == "link_open" and not token.attrs.get("href"):
            is_hollow = True
        elif token.type == "link_close" and is_hollow:
            is_hollow = False
        elif token.type == "text":
            yield from _expand_text(token.content, links, linked=in_link > 0)
        elif token.type == "image":
            yield from _describe_image(token, linked=in_link > 0)
        else:
            if token.type in ("link_open", "link_close"):
                in_link += token.nesting
                _remove_marks(token)
            elif token.type == "code_inline":
                token.content = MARKS.sub("", token.content)
            yield token


def _remove_marks(link: Token) -> None:
    for name, value in link.attrs.items():
        if "%EF%B7%9" in str(value) or "\ufdd0" in str(value) or "\ufdd1" in str(value):
            link.attrs[name] = without_marks(str(value))


def without_marks(url: str) -> str:
    """Return a URL without the marks of links that fell into it."""
    return MARKS.sub("", _MARKS_IN_URL.sub("", url))


def _describe_image(image: Token, *, linked: bool) -> Iterator[Token]:
    _remove_marks(image)
    description = "".join(child.content or " " for child in image.children or ())
    description = _CONTROL.sub(" ", MARKS.sub("", description)).strip() or "图"
    if linked or not image.attrs["src"]:
        yield _text(description)
    else:
        yield from _link(str(image.attrs["src"]), description)


def _link(href: str, text: str) -> Iterator[Token]:
    yield Token("link_open", "a", 1, attrs={"href": href})
    yield _text(text)
    yield Token("link_close", "a", -1)


def _expand_text(content: str, links: Sequence[_Link], *, linked: bool) -> Iterator[Token]:
    if _CONTROL.search(content):
        content = _CONTROL.sub(lambda m: " " if m[0] in _CONTROL_SPACES else "\ufffd", content)
    for part in MARKS.split(content) if "\ufdd0" in content or "\ufdd1" in content else [content]:
        if part == "\ufdd1":
            if not linked:
                yield Token("link_close", "a", -1)
        elif part.startswith("\ufdd0"):
            if not linked:
                link = links[ord(part[1]) - 0xF0000]
                attrs: dict[str, str | int | float] = {"href": link.href, "class": link.kind}
                if link.id:
                    attrs["id"] = link.id
                yield Token("link_open", "a", 1, attrs=attrs)
        elif not linked and "://" in part:
            yield from _link_urls(part)
        else:
            yield _text(part)


def _link_urls(text: str) -> Iterator[Token]:
    end = 0
    for match in _URL.finditer(text):
        address = normalizeLink(match.group())
        if is_web_address(address):
            yield _text(text[end : match.start()])
            yield from _link(address, match.group())
            end = match.end()
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


@dataclass(slots=True)
class _Line:
    """A paragraph in the making, from tokens that nest.

    Spaces and breaks since the last content wait in ``_gap``, openers in ``_openers``, until
    the content comes that shows where they belong; both are dropped if none comes.
    """

    _tokens: list[Token] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _openers: list[Token] = field(default_factory=list)
    _gap: str = ""
    _last: str = ""
    _is_first: bool = True

    def add(self, token: Token) -> None:
        """Append a token."""
        if token.type == "text":
            self._add_text(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            # The line break behind a <br> is none of its own.
            self._gap = "hardbreak" if self._gap == "hardbreak" else token.type
        elif token.nesting > 0:
            self._openers.append(token)
        elif token.nesting < 0:
            self._add_closer(token)
        elif not token.content.strip():
            self._gap = self._gap or " "
        else:
            self._add_content(token)

    def finish(self) -> list[Token]:
        """Return the tokens; nothing can be added afterwards."""
        self._flush_text()
        return self._tokens

    def _add_text(self, content: str) -> None:
        core = content.strip(_SPACES)
        if not core:
            self._gap = self._gap or (" " if content else "")
            return
        if content[0] in _SPACES:
            self._gap = self._gap or " "
        self._add_content(_text(core))
        if content[-1] in _SPACES:
            self._gap = " "

    def _add_content(self, token: Token) -> None:
        if self._gap:
            self._fill_gap(token.content[0])
        if self._openers:
            self._open()
        if token.type == "text":
            self._texts.append(token.content)
        else:
            self._add_verbatim(token)
        self._last = token.content[-1]

    def _add_verbatim(self, token: Token) -> None:
        """Append code or a formula; in MyST, two of them that touch would run together."""
        touched = self._tokens[-1] if self._tokens and not self._texts else None
        if touched and touched.type == token.type == "code_inline":
            touched.content += token.content
            return
        if touched and touched.type in _VERBATIM:
            self._texts.append(" ")
        self._flush_text()
        self._tokens.append(token)

    def _fill_gap(self, following: str) -> None:
        """Write the space or break before the content that begins with a character."""
        gap, self._gap = self._gap, ""
        if not self._last:
            return
        if gap == " ":
            self._texts.append(" ")
            return
        self._flush_text()
        if gap == "softbreak" and self._is_first and self._is_bold():
            gap = "hardbreak"
        self._is_first = False
        if gap == "hardbreak" or not joins_without_space(self._last, following):
            self._tokens.append(Token(gap, "br", 0))

    def _is_bold(self) -> bool:
        """Tell whether all so far is bold: a speaker's or title's own line."""
        closers = sum(token.type == "strong_close" for token in self._tokens)
        ends = self._tokens[0].type, self._tokens[-1].type
        return closers == 1 and ends == ("strong_open", "strong_close")

    def _open(self) -> None:
        """Write the openers that waited; emphasis that touches its like joins it."""
        self._flush_text()
        for opener in self._openers:
            last = self._tokens[-1] if self._tokens else opener
            if last.nesting < 0 and last.tag == opener.tag and opener.tag in _JOINED:
                self._tokens.pop()
            else:
                self._tokens.append(opener)
        self._openers.clear()

    def _add_closer(self, token: Token) -> None:
        """Write a closer, or drop the opener that nothing followed; an empty link shows its URL."""
        if self._openers:
            if token.tag != "a" or "class" in self._openers[-1].attrs:
                self._openers.pop()
                return
            self._add_content(_text(str(self._openers[-1].attrs["href"])))
        self._flush_text()
        self._tokens.append(token)

    def _flush_text(self) -> None:
        if self._texts:
            self._tokens.append(_text("".join(self._texts)))
            self._texts.clear()
