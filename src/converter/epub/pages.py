"""Where the pages of the PDF of the same book begin, so that both can be cited alike.

EPUB Accessibility 1.1, 3.5: page markers in the text, a list of them, and what they are from. A
page begins somewhere in a line; its marker stands before the first paragraph that begins on it.
A page in the middle of a long paragraph has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from .blocks import Piece
from .navigation import from_package
from .wording import Wording
from .xhtml import escape

__all__ = ["mark_pages", "page_marker", "render_page_list"]

_MARK = "page-"


def page_marker(page: str) -> str:
    """Return the marker of a page, by its label in the PDF."""
    label = escape(page)
    return (
        f'<div epub:type="pagebreak" role="doc-pagebreak" id="{_MARK}{label}"'
        f' aria-label="{label}"></div>'
    )


def mark_pages(
    pieces: Iterable[Piece], document: str, labels: Mapping[str, str], page: str
) -> list[Piece]:
    """Return pieces with markers where the label of a paragraph's page is another than before.

    ``labels`` tells the page of a place, named after its document and its id; ``page`` is the
    one that the document begins on.
    """
    marked: list[Piece] = []
    for piece in pieces:
        label = labels.get(f"{document}#{piece.place}", "") if piece.place and piece.body else ""
        if not label or label == page:
            marked.append(piece)
            continue
        page = label
        body = f"{page_marker(label)}\n{piece.body}"
        marked.append(replace(piece, body=body, marks=(*piece.marks, f"{_MARK}{label}")))
    return marked


def render_page_list(anchors: Sequence[Mapping[str, str]], wording: Wording) -> str:
    """Return the list of pages for the navigation document; empty where there are none.

    ``anchors`` says of each chapter where its marks are, below ``text/``.
    """
    lines = [
        f'<li><a href="{escape(from_package(href))}">{escape(mark.removeprefix(_MARK))}</a></li>'
        for places in anchors
        for mark, href in places.items()
        if mark.startswith(_MARK)
    ]
    if not lines:
        return ""
    start = '<nav epub:type="page-list" role="doc-pagelist" aria-labelledby="pages-title"'
    return "\n".join(
        (
            f'{start} hidden="hidden">',
            f'<h2 id="pages-title">{escape(wording.pages)}</h2>',
            "<ol>",
            *lines,
            "</ol>",
            "</nav>",
        )
    )
