"""The title page: what the book is and how its originals and glossary are reached."""

from __future__ import annotations

from ..model import Book
from .xhtml import Document, escape, render_document

__all__ = ["REFERENCE_MARK", "original_label", "render_title_page"]

REFERENCE_MARK = "※"
"""The mark of a note, in the text and before the note.

One mark for all, since every note stands behind its paragraph: a number would count what
nobody looks up, in every paragraph of the book.
"""

_LABELS = {"en": "英文原文", "zh": "中文原文", "ja": "日文原文", "fr": "法文原文", "de": "德文原文"}


def original_label(language: str) -> str:
    """Return what readers call an original in the given language."""
    return _LABELS.get(language.lower().partition("-")[0], "原文")


def render_title_page(book: Book, advice: str) -> Document:
    """Return ``text/title.xhtml``: title, creators, dates, counts and how to read.

    ``advice`` says how originals are reached, with ``{label}`` for what they are called.
    """
    dates = sorted({post.front_matter.date for post in book.chapters} - {""})
    originals = sum(post.originals for post in book.chapters) if advice else 0
    label = original_label(book.original_language)
    terms = len(book.glossary.entries)
    counts = [
        f"{len(book.chapters)} 篇",
        f"{label} {originals} 段" if originals else "",
        f"术语 {terms} 条" if terms else "",
    ]
    lines = [
        ("creators", "、".join(book.creators)),
        ("meta", " 至 ".join(dict.fromkeys([dates[0], dates[-1]])) if dates else ""),
        ("meta", " · ".join(count for count in counts if count)),
    ]
    hints = [
        advice.format(label=label) if originals else "",
        "点按带点线的词看释义。" if terms else "",
    ]
    body = [
        '<section class="titlepage" epub:type="titlepage">',
        f"<h1>{escape(book.title)}</h1>",
        *(f'<p class="{name}">{escape(text)}</p>' for name, text in lines if text),
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
