"""What stands around the chapters: the cover's page, the sources, the colophon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..model import Book, FrontMatter, OriginalsMode
from .chapter import Chapter
from .layout import Layout
from .xhtml import Document, escape, render_document, web_address

__all__ = ["COVER", "render_colophon", "render_cover_page", "render_sources"]

COVER: Final = "images/cover.jpg"
"""The name of the cover's picture, relative to the package document."""

# Of 500 bytes each, with a long title and a long address.
_SOURCES_A_DOCUMENT: Final = 300


def render_cover_page(book: Book, layout: Layout) -> Document:
    """Return ``text/cover.xhtml``, which shows the cover."""
    wording = layout.wording
    alt = escape(wording.colon.join([wording.cover, book.title]))
    body = (
        '<section class="cover" epub:type="cover">\n'
        f'<img src="../{COVER}" alt="{alt}" role="doc-cover"/>\n</section>'
    )
    return render_document("cover.xhtml", title=wording.cover, language=layout.language, body=body)


def render_sources(book: Book, chapters: Sequence[Chapter], layout: Layout) -> tuple[Document, ...]:
    """Return ``text/sources.xhtml``, and more of them for a long list: where each text is from.

    There is none for a book whose posts say nothing of it.
    """
    wording = layout.wording
    entries = [
        _render_source(chapter, post.front_matter, layout)
        for chapter, post in zip(chapters, book.chapters, strict=True)
    ]
    if not any(facts for _, facts in entries):
        return ()
    documents = []
    for number, start in enumerate(range(0, len(entries), _SOURCES_A_DOCUMENT), 1):
        title = wording.sources if number == 1 else f"{wording.sources} {number}"
        items = "\n".join(
            f"<li><p>{title}</p>{facts}</li>"
            for title, facts in entries[start : start + _SOURCES_A_DOCUMENT]
        )
        body = (
            f'<section class="sources" aria-labelledby="title">\n<h1 id="title">{title}</h1>\n'
            f"<ul>\n{items}\n</ul>\n</section>"
        )
        name = "sources.xhtml" if number == 1 else f"sources-{number}.xhtml"
        documents.append(render_document(name, title=title, language=layout.language, body=body))
    return tuple(documents)


def _render_source(chapter: Chapter, matter: FrontMatter, layout: Layout) -> tuple[str, str]:
    """Return a chapter's title, which leads to it, and the facts of its source below it."""
    wording = layout.wording
    attributes = layout.title_attributes(chapter.title)
    title = f'<a href="{escape(chapter.toc.href)}"{attributes}>{escape(chapter.title)}</a>'
    people = wording.join(*dict.fromkeys((*matter.speakers, *matter.guests)))
    facts = " · ".join(filter(None, (matter.date, people, matter.channel)))
    lines = [f"<p{layout.title_attributes(facts)}>{escape(facts)}</p>"] if facts else []
    if address := web_address(matter.source_url):
        shown = escape(address.partition("://")[2])
        lines.append(f'<p><a href="{escape(address)}">{shown}</a></p>')
    return title, "".join(lines)


def render_colophon(book: Book, layout: Layout) -> Document:
    """Return ``text/colophon.xhtml``: what identifies the book, and who made it."""
    wording = layout.wording
    lines = "\n".join(_render_facts(book, layout))
    body = (
        '<section class="colophon" epub:type="colophon" role="doc-colophon" '
        f'aria-labelledby="title">\n<h1 id="title">{wording.colophon}</h1>\n'
        f"<dl>\n{lines}\n</dl>\n<p>{wording.made_with}</p>\n</section>"
    )
    return render_document(
        "colophon.xhtml", title=wording.colophon, language=layout.language, body=body
    )


def _render_facts(book: Book, layout: Layout) -> Iterator[str]:
    wording, imprint = layout.wording, book.imprint
    dates = tuple(sorted({post.front_matter.date for post in book.chapters} - {""}))
    certifier = imprint.certified_by
    for label, text in (
        (wording.title, book.title),
        (wording.creators, wording.join_few(book.creators)),
        (wording.translators, wording.join(*imprint.translators)),
        (wording.publisher, imprint.publisher),
        (wording.rights, imprint.rights),
        (wording.dates, wording.join_dates(dates)),
        (wording.languages, wording.join(*_languages(book, layout))),
        (wording.extent, " · ".join(_extent(book, layout))),
        (
            wording.accessibility_label,
            wording.conformance.format(certifier) if certifier else "",
        ),
        (wording.identifier, layout.options.identifier),
    ):
        if text:
            attributes = layout.title_attributes(text)
            yield f"<div><dt>{label}</dt>\n<dd{attributes}>{escape(text)}</dd></div>"


def _languages(book: Book, layout: Layout) -> list[str]:
    """Return the names of the languages that the book is in."""
    tags = [book.language]
    if _originals(book, layout):
        tags.append(book.original_language)
    return list(dict.fromkeys(map(layout.wording.language_name, tags)))


def _extent(book: Book, layout: Layout) -> Iterator[str]:
    wording = layout.wording
    yield wording.chapters.format(len(book.chapters))
    if originals := _originals(book, layout):
        label = wording.original_label(book.original_language)
        yield wording.extent_originals.format(label, originals)
    if terms := len(book.glossary.entries):
        yield wording.extent_terms.format(terms)


def _originals(book: Book, layout: Layout) -> int:
    if layout.options.originals is OriginalsMode.NONE:
        return 0
    return sum(post.originals for post in book.chapters)
