"""The title page: what the book is and how its originals and glossary are reached."""

from __future__ import annotations

from ..model import Book
from .layout import Layout
from .wording import edition_title
from .xhtml import Document, escape, render_document

__all__ = ["render_title_page", "volume_line"]


def volume_line(book: Book, layout: Layout) -> str:
    """Return the volume in words, nothing for a book that is none."""
    volume = book.imprint.volume
    return layout.wording.volume.format(volume) if volume else ""


def render_title_page(book: Book, layout: Layout) -> Document:
    """Return ``text/title.xhtml``: title, creators, dates, publisher, and how to read."""
    wording, imprint = layout.wording, book.imprint
    dates = tuple(sorted({post.front_matter.date for post in book.chapters} - {""}))
    translators = wording.join_few(imprint.translators)
    # Of a volume the series is the title, and the volume stands below it.
    volume = volume_line(book, layout)
    is_volume = volume and book.title.startswith(imprint.series)
    whole = edition_title(imprint.series, book.edition, book.language)
    title = whole if is_volume else book.title
    lines = [
        ("volume", volume),
        ("creators", wording.join_few(book.creators)),
        ("translators", wording.translated_by.format(translators) if translators else ""),
        ("dates", wording.join_dates(dates)),
        ("publisher", imprint.publisher),
    ]
    body = [
        '<section class="titlepage" epub:type="titlepage">',
        f"<h1{layout.title_attributes(title)}>{escape(title)}</h1>",
        *(
            f'<p class="{name}"{layout.title_attributes(text)}>{escape(text)}</p>'
            for name, text in lines
            if text
        ),
        *_about(imprint.summary, _advice(book, layout), layout),
        "</section>",
    ]
    return render_document(
        "title.xhtml", title=book.title, language=book.language, body="\n".join(body)
    )


def _advice(book: Book, layout: Layout) -> str:
    """Return how originals and definitions are reached, as far as the book has any."""
    wording = layout.wording
    posts = (*book.front, *book.chapters, *book.back)
    advice = (
        wording.advice[layout.options.originals].format(
            wording.original_label(book.original_language)
        )
        if any(post.originals for post in posts)
        else "",
        wording.glossary_advice if book.glossary.entries else "",
    )
    return wording.sentence_space.join(filter(None, advice))


def _about(summary: str, advice: str, layout: Layout) -> list[str]:
    lines = []
    if summary.strip():
        attributes = layout.title_attributes(summary)
        label = layout.wording.about
        lines.append(
            f'<div class="about">\n<p class="label">{label}</p>\n'
            f"<p{attributes}>{escape(summary)}</p>\n</div>"
        )
    if advice:
        lines.append(f'<p class="about advice">{escape(advice)}</p>')
    return lines
