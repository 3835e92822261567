"""The library's home page: the list of its books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .frame import Section, escape, render_counts, render_document, url

__all__ = ["BookCard", "render_home"]


@dataclass(frozen=True, slots=True)
class BookCard:
    """What the home page tells of a book.

    ``href``, ``pdf`` and ``cover`` are paths relative to the home page, empty for what was not
    built; ``epubs`` are labels and paths; dates are ISO 8601 text, empty when unknown.
    """

    slug: str
    title: str
    language: str
    href: str = ""
    pdf: str = ""
    epubs: tuple[tuple[str, str], ...] = ()
    cover: str = ""
    posts: int = 0
    originals: int = 0
    glossary_entries: int = 0
    first_date: str = ""
    last_date: str = ""
    creators: tuple[str, ...] = ()


def render_home(
    books: Sequence[BookCard],
    *,
    title: str = "对照",
    sections: Sequence[Section] = (),
    opds: str = "",
) -> str:
    """Return the library's home page: a whole HTML document that loads nothing but covers.

    The books appear in the order given, with links to the sections above them; ``opds`` is the
    path of the catalog for reading programs. Every value is escaped; a path is percent-encoded,
    so that none can become a URL with a scheme of its own.
    """
    cards = "\n".join(_render_card(book) for book in books)
    shelf = f'<ul class="shelf">\n{cards}\n</ul>' if books else _EMPTY
    body = _BODY.format(
        title=escape(title),
        totals=render_counts(
            (len(books), "本书"),
            (sum(book.posts for book in books), "篇文章"),
            (sum(book.originals for book in books), "段原文"),
            # What the books share is counted once, where the glossary is linked.
            (0 if sections else sum(book.glossary_entries for book in books), "条术语"),
        ),
        sections=_render_sections(sections),
        shelf=shelf,
        opds=_render_opds(opds) if opds else "",
    )
    catalog = f'<link rel="related" type="{_OPDS_TYPE}" href="{url(opds)}">\n' if opds else ""
    return render_document(title, body, styles=("home.css",), head=catalog)


_BODY: Final = """\
<header>
<h1>{title}</h1>
<p class="totals">{totals}</p>
{sections}</header>
<main>
{shelf}
</main>
{opds}"""

_OPDS_TYPE: Final = "application/atom+xml;profile=opds-catalog"

_EMPTY: Final = """\
<div class="empty">
<p>书架上还没有书。</p>
<p>把文章放进一个文件夹，然后运行 <code>duizhao build 文件夹 -o 输出</code>。</p>
</div>"""


def _render_opds(path: str) -> str:
    return (
        f'<footer>\n<p>用阅读软件浏览和下载：<a href="{url(path)}">OPDS 目录</a>'
        "（KOReader、Thorium 等把这个地址加为目录即可）</p>\n</footer>"
    )


def _render_sections(sections: Sequence[Section]) -> str:
    links = "\n".join(
        f'<li><a href="{url(section.name)}/index.html">{escape(section.title)}'
        f" <small>{section.entries:,} 条</small></a></li>"
        for section in sections
    )
    if not links:
        return ""
    return f'<nav aria-label="全库参考">\n<ul class="sections">\n{links}\n</ul>\n</nav>\n'


def _render_card(book: BookCard) -> str:
    language = "" if book.language == "zh-CN" else f' lang="{escape(book.language)}"'
    title = escape(book.title)
    if book.href:
        title = f'<a href="{url(book.href)}">{title}</a>'
    cover = url(book.cover) if book.cover else ""
    picture = f'<img src="{cover}" alt="" width="300" height="450" loading="lazy">'
    lines = [
        f'<li class="book" id="{escape(book.slug)}">',
        picture if cover else "",
        "<div>",
        f"<h2{language}>{title}</h2>",
        _paragraph("creators", escape("、".join(book.creators))),
        _paragraph("dates", _render_dates(book)),
        _paragraph(
            "counts",
            render_counts(
                (book.posts, "篇"), (book.originals, "段原文"), (book.glossary_entries, "条术语")
            ),
        ),
        _paragraph("editions", _render_editions(book)),
        "</div>",
        "</li>",
    ]
    return "\n".join(line for line in lines if line)


def _render_editions(book: BookCard) -> str:
    # Of several each says which it is; one is what is meant by the word.
    names = (f"EPUB {label}" if len(book.epubs) > 1 else "EPUB" for label, _ in book.epubs)
    epubs = zip(names, (path for _, path in book.epubs), strict=True)
    editions = (("在线阅读", book.href), *epubs, ("PDF", book.pdf))
    # The title tells apart the many links of one name on the page.
    return " ".join(
        f'<a href="{url(path)}" aria-label="{escape(f"{name}：{book.title}")}">{name}</a>'
        for name, path in editions
        if path
    )


def _render_dates(book: BookCard) -> str:
    dates = dict.fromkeys(date for date in (book.first_date, book.last_date) if date)
    return " — ".join(f"<time>{escape(date)}</time>" for date in dates)


def _paragraph(name: str, content: str) -> str:
    return f'<p class="{name}">{content}</p>' if content else ""
