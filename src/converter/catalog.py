"""The library's own pages, drawn from facts about its books; pure, and free of any theme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from urllib.parse import quote

__all__ = ["BookCard", "render_home"]


@dataclass(frozen=True, slots=True)
class BookCard:
    """What the home page tells of a book.

    ``href``, ``epub`` and ``pdf`` are paths relative to the home page, empty for an edition
    that was not built; dates are ISO 8601 text, empty when unknown.
    """

    slug: str
    title: str
    language: str
    href: str = ""
    epub: str = ""
    pdf: str = ""
    posts: int = 0
    originals: int = 0
    glossary_entries: int = 0
    first_date: str = ""
    last_date: str = ""
    creators: tuple[str, ...] = ()


def render_home(books: Sequence[BookCard], *, title: str = "对照", tagline: str = "") -> str:
    """Return the library's home page: a whole HTML document that loads nothing.

    The books appear in the order given. Every value is escaped; a path is percent-encoded,
    so that none can become a URL with a scheme of its own.
    """
    cards = "\n".join(_render_card(book) for book in books)
    shelf = f'<ul class="shelf">\n{cards}\n</ul>' if books else _EMPTY
    return _PAGE.format(
        title=escape(title),
        icon=_ICON,
        tagline=f"<p>{escape(tagline)}</p>\n" if tagline else "",
        style=_style(),
        totals=_render_counts(
            (len(books), "本书"),
            (sum(book.posts for book in books), "篇文章"),
            (sum(book.originals for book in books), "段原文"),
            (sum(book.glossary_entries for book in books), "条术语"),
        ),
        shelf=shelf,
    )


_PAGE = """\
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
</head>
<body>
<header>
<h1>{title}</h1>
{tagline}<p class="totals">{totals}</p>
</header>
<main>
{shelf}
</main>
</body>
</html>
"""

# In the page itself: a browser that is told of none asks the server for /favicon.ico.
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http:%2F%2Fwww.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='6' fill='%239e2a20'/%3E"
    "%3Cpath d='M8 10h16M8 16h16M8 22h9' stroke='%23fdfcf9' stroke-width='3'"
    " stroke-linecap='round'/%3E%3C/svg%3E"
)

_EMPTY = """\
<div class="empty">
<p>书架上还没有书。</p>
<p>把文章放进一个文件夹，然后运行 <code>duizhao build 文件夹 -o 输出</code>。</p>
</div>"""


@cache
def _style() -> str:
    return files("converter").joinpath("home.css").read_text(encoding="utf-8")


def _render_card(book: BookCard) -> str:
    language = "" if book.language == "zh-CN" else f' lang="{escape(book.language)}"'
    title = escape(book.title)
    if book.href:
        title = f'<a href="{_url(book.href)}">{title}</a>'
    lines = [
        f'<li class="book" id="{escape(book.slug)}">',
        f"<h2{language}>{title}</h2>",
        _paragraph("creators", escape("、".join(book.creators))),
        _paragraph("dates", _render_dates(book)),
        _paragraph(
            "counts",
            _render_counts(
                (book.posts, "篇"), (book.originals, "段原文"), (book.glossary_entries, "条术语")
            ),
        ),
        _paragraph("editions", _render_editions(book)),
        "</li>",
    ]
    return "\n".join(line for line in lines if line)


def _render_editions(book: BookCard) -> str:
    editions = (("在线阅读", book.href), ("EPUB", book.epub), ("PDF", book.pdf))
    # The title tells apart the many links of one name on the page.
    return " ".join(
        f'<a href="{_url(path)}" aria-label="{escape(f"{name}：{book.title}")}">{name}</a>'
        for name, path in editions
        if path
    )


def _render_dates(book: BookCard) -> str:
    dates = dict.fromkeys(date for date in (book.first_date, book.last_date) if date)
    return " — ".join(f"<time>{escape(date)}</time>" for date in dates)


def _render_counts(*counts: tuple[int, str]) -> str:
    return " · ".join(_counted(counts))


def _counted(counts: Iterable[tuple[int, str]]) -> Iterable[str]:
    return (f"<span>{number:,} {unit}</span>" for number, unit in counts if number)


def _paragraph(name: str, content: str) -> str:
    return f'<p class="{name}">{content}</p>' if content else ""


def _url(path: str) -> str:
    # The colon is encoded too: no path reads as `javascript:`.
    return escape(quote(path))
