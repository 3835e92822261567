"""The title page: what the book is and how its originals and glossary are reached."""

from __future__ import annotations

from ..model import Book
from .layout import Layout
from .originals import ADVICE
from .wording import original_label
from .xhtml import Document, escape, render_document

__all__ = ["render_title_page", "series_line"]


def series_line(book: Book, layout: Layout) -> str:
    """Return the series and the volume, nothing for a book that has neither."""
    imprint = book.imprint
    volume = layout.wording.volume.format(imprint.volume) if imprint.volume else ""
    series = "" if book.title.startswith(imprint.series) else imprint.series
    return " ".join(filter(None, (series, volume)))


def render_title_page(book: Book, layout: Layout) -> Document:
    """Return ``text/title.xhtml``: title, creators, dates, counts and how to read."""
    wording = layout.wording
    dates = tuple(sorted({post.front_matter.date for post in book.chapters} - {""}))
    advice = ADVICE[layout.options.originals]
    originals = sum(post.originals for post in book.chapters) if advice else 0
    label = original_label(book.original_language)
    terms = len(book.glossary.entries)
    counts = [
        wording.chapters.format(len(book.chapters)),
        f"{label} {originals} 段" if originals else "",
        f"术语 {terms} 条" if terms else "",
    ]
    translators = wording.join(*book.imprint.translators)
    lines = [
        ("meta", series_line(book, layout)),
        ("creators", wording.join(*book.creators)),
        ("creators", wording.colon.join([wording.translators, translators]) if translators else ""),
        ("meta", wording.join_dates(dates)),
        ("meta", " · ".join(filter(None, counts))),
        ("publisher", book.imprint.publisher),
    ]
    hints = [
        advice.format(label=label) if originals else "",
        "点按带点线的词看释义。" if terms else "",
    ]
    body = [
        '<section class="titlepage" epub:type="titlepage">',
        f"<h1{layout.title_attributes(book.title)}>{escape(book.title)}</h1>",
        *(
            f'<p class="{name}"{layout.title_attributes(text)}>{escape(text)}</p>'
            for name, text in lines
            if text
        ),
        *_how_to_read([line for line in hints if line]),
        "</section>",
    ]
    return render_document(
        "title.xhtml", title=book.title, language=book.language, body="\n".join(body)
    )


def _how_to_read(advice: list[str]) -> list[str]:
    if not advice:
        return []
    items = "\n".join(f"<li>{escape(line)}</li>" for line in advice)
    return [f'<div class="advice">\n<ul>\n{items}\n</ul>\n</div>']
