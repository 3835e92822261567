"""What all pages of the library share: the document around them, its style, safe text and links."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import quote

__all__ = [
    "Section",
    "clip",
    "escape",
    "read_asset",
    "render_counts",
    "render_document",
    "render_forms",
    "url",
]

_LONGEST_NAME: Final = 200

# What neither UTF-8 nor HTML can hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the library beside its books: the glossary or an index.

    ``name`` is its folder, ``entries`` how many lines of its own it has.
    """

    name: str
    title: str
    entries: int


_PAGE: Final = """\
<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="duizhao">
<title>{title}</title>
<link rel="icon" href="{icon}">
<style>
{style}</style>
{head}{scripts}</head>
<body>
{body}
</body>
</html>
"""

# In the page itself: a browser that is told of none asks the server for /favicon.ico.
_ICON: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http:%2F%2Fwww.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='6' fill='%239e2a20'/%3E"
    "%3Cpath d='M8 10h16M8 16h16M8 22h9' stroke='%23fdfcf9' stroke-width='3'"
    " stroke-linecap='round'/%3E%3C/svg%3E"
)


def render_document(
    title: str, body: str, *, styles: Sequence[str], scripts: Sequence[str] = (), head: str = ""
) -> str:
    """Return a whole HTML document.

    ``body`` is HTML, as is ``head``, what the document's head is to hold besides; ``styles`` are
    names of the package's style sheets, which the page holds, ``scripts`` addresses of scripts,
    which it loads.
    """
    return _PAGE.format(
        title=escape(title),
        icon=_ICON,
        style="".join(read_asset(name) for name in ("frame.css", *styles)),
        scripts="".join(f'<script src="{escape(name)}" defer></script>\n' for name in scripts),
        head=head,
        body=body,
    )


@cache
def read_asset(name: str) -> str:
    """Return a style sheet or a script of the package."""
    return files("converter.catalog").joinpath(name).read_text(encoding="utf-8")


def render_counts(*counts: tuple[int, str]) -> str:
    """Return numbers with what they count, those of nothing left out."""
    return " · ".join(_counted(counts))


def _counted(counts: Iterable[tuple[int, str]]) -> Iterable[str]:
    return (f"<span>{number:,} {unit}</span>" for number, unit in counts if number)


def escape(text: str) -> str:
    """Return a text for an element or an attribute."""
    return html.escape(_clean(text))


def clip(text: str, longest: int = 100) -> str:
    """Return a text for an element, cut short where it is longer than anybody reads."""
    return escape(text if len(text) <= longest else text[: longest - 1] + "…")


def render_forms(originals: Sequence[str], aliases: Sequence[str] = ()) -> str:
    """Return the other names of a headword, as they stand behind it."""
    forms = "; ".join(clip(original, _LONGEST_NAME) for original in originals)
    also = "、".join(clip(alias, _LONGEST_NAME) for alias in aliases)
    return (f' <span class="forms">{forms}</span>' if forms else "") + (
        f' <span class="aliases">又作 {also}</span>' if also else ""
    )


def url(path: str, fragment: str = "") -> str:
    """Return a relative address for an attribute: no part of it can become a scheme."""
    address = quote(_clean(path))
    return html.escape(f"{address}#{quote(_clean(fragment))}" if fragment else address)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
