"""Chapters: a post becomes XHTML documents, with its part of the table of contents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from ..markdown import render_xhtml
from ..model import FrontMatter, Post
from .blocks import Piece, render_blocks
from .footnotes import lead_across
from .layout import Layout
from .listing import ReferenceLinks
from .navigation import TocEntry, nest
from .pages import mark_pages, page_marker
from .xhtml import Document, clean, escape, render_document, web_address

__all__ = ["Chapter", "ChapterKind", "render_chapter"]

# Devices with little memory lay a document out as a whole, so none may grow past about 300 kB.
_SPLIT_AT_HEADING = 150_000
_SPLIT_ANYWHERE = 250_000


@dataclass(frozen=True, slots=True)
class Chapter:
    """A rendered post; ``anchors`` says where each paragraph with an id is, below ``text/``."""

    title: str
    documents: tuple[Document, ...]
    toc: TocEntry
    anchors: Mapping[str, str]


ChapterKind = Literal["chapter", "preface", "afterword"]
"""What a post is in its book, in the words of EPUB and of ARIA."""


def render_chapter(
    post: Post,
    stem: str,
    reference: ReferenceLinks,
    layout: Layout,
    kind: ChapterKind = "chapter",
) -> Chapter:
    """Return the documents of a post, named after ``stem``, with its part of the contents.

    A very long post becomes several documents, cut before a heading where possible; a note
    never leaves the document of its paragraph.
    """
    title = clean(post.front_matter.title).strip() or post.slug
    page = layout.options.pages.get(f"{post.slug}#", "")
    pieces = render_blocks(post, title, reference, layout)
    parts = _split(mark_pages(pieces, post.slug, layout.options.pages, page))
    names = [f"{stem}.xhtml", *(f"{stem}-{n}.xhtml" for n in range(2, len(parts) + 1))]
    anchors = _find_anchors(names, parts)
    if page:
        anchors = {f"page-{page}": f"{names[0]}#page-{page}", **anchors}
    documents: list[Document] = []
    for number, (name, part) in enumerate(zip(names, parts, strict=True), 1):
        head = _render_head(post, layout, kind) if number == 1 else ()
        head = (page_marker(page), *head) if page and number == 1 else head
        tail = _render_tail(post, reference, layout, kind) if number == len(parts) else ()
        content = "\n".join(_render_part(part, (head, tail), layout, kind))
        if len(parts) > 1:
            content = lead_across(content, name, anchors)
        part_title = title if number == 1 else layout.wording.part.format(title, number)
        documents.append(
            render_document(name, title=part_title, language=layout.language, body=content)
        )
    headings = [
        (piece.level, TocEntry(piece.label, f"{name}#{piece.anchor}"))
        for name, part in zip(names, parts, strict=True)
        for piece in part
        if piece.level
    ]
    toc = TocEntry(title, f"{stem}.xhtml", nest(headings))
    return Chapter(title, tuple(documents), toc, anchors)


def _find_anchors(names: Iterable[str], parts: Iterable[Sequence[Piece]]) -> dict[str, str]:
    """Return where paragraphs and marks with an id are; headings are in the contents."""
    return {
        anchor: f"{name}#{anchor}"
        for name, part in zip(names, parts, strict=True)
        for piece in part
        for anchor in (*([] if piece.level else [piece.anchor]), *piece.marks)
        if anchor
    }


def _render_part(
    part: Sequence[Piece],
    around: tuple[Iterable[str], Iterable[str]],
    layout: Layout,
    kind: ChapterKind,
) -> Iterator[str]:
    """Yield the lines of a document's body, with what stands before and behind its pieces."""
    head, tail = around
    yield f'<section epub:type="{kind}" role="doc-{kind}">'
    yield from head
    yield from _arrange(part, at_end=layout.has_notes_at_end)
    yield from tail
    yield "</section>"
    if layout.has_notes_at_end:
        yield from _render_notes(part)


def _split(pieces: Iterable[Piece]) -> list[list[Piece]]:
    parts: list[list[Piece]] = [[]]
    size = 0
    for piece in pieces:
        limit = _SPLIT_AT_HEADING if piece.level else _SPLIT_ANYWHERE
        if piece.may_start_document and size > limit:
            parts.append([])
            size = 0
        parts[-1].append(piece)
        size += piece.weight
    return parts


def _arrange(part: Iterable[Piece], *, at_end: bool) -> Iterator[str]:
    for piece in part:
        if piece.body:
            yield piece.body
        if piece.note and not at_end:
            yield piece.note


def _render_notes(part: Iterable[Piece]) -> Iterator[str]:
    notes = [piece.note for piece in part if piece.note]
    if notes:
        yield '<section epub:type="footnotes">'
        yield from notes
        yield "</section>"


def _render_tail(
    post: Post, reference: ReferenceLinks, layout: Layout, kind: ChapterKind
) -> Iterator[str]:
    """Yield what stands behind the text: the names of a chapter, who signs a preface and when."""
    if kind == "chapter":
        yield from _render_names(post.front_matter, reference, layout)
    elif signed := " ".join(filter(None, (post.front_matter.author, post.front_matter.date))):
        yield f'<p class="signature">{escape(signed)}</p>'


def _render_head(post: Post, layout: Layout, kind: ChapterKind) -> Iterator[str]:
    front_matter, wording = post.front_matter, layout.wording
    title = front_matter.title.strip() or post.slug
    yield f"<h1{layout.title_attributes(title)}>{escape(title)}</h1>"
    if kind != "chapter":
        return
    for label, text in (
        (wording.date, front_matter.date),
        (wording.speakers, wording.join(*front_matter.speakers)),
        (wording.guests, wording.join(*front_matter.guests)),
    ):
        if text:
            foreign = layout.title_attributes(text)
            shown = f"<span{foreign}>{escape(text)}</span>" if foreign else escape(text)
            yield f'<p class="meta">{label}{wording.colon}{shown}</p>'
    if address := web_address(front_matter.source_url):
        host = escape(urlsplit(address).hostname or address)
        link = f'<a href="{escape(address)}">{host}</a>'
        yield f'<p class="meta">{wording.source}{wording.colon}{link}</p>'
    if summary := render_xhtml(front_matter.summary).strip():
        label = wording.summary
        yield (
            '<section class="summary" epub:type="abstract" role="doc-abstract" '
            f'aria-label="{label}">\n<p class="label">{label}</p>\n{summary}\n</section>'
        )
    if insight := render_xhtml(front_matter.insight).strip():
        yield f'<div class="insight">\n<p class="label">{wording.insight}</p>\n{insight}\n</div>'


def _render_names(
    front_matter: FrontMatter, reference: ReferenceLinks, layout: Layout
) -> Iterator[str]:
    """Yield the names that a post's front matter lists, each with a link to its index entry."""
    wording = layout.wording
    kinds = {
        "people": front_matter.people,
        "organizations": front_matter.organizations,
        "products": front_matter.products,
        "media": front_matter.media,
    }
    if any(kinds.values()):
        yield f'<section class="mentioned">\n<h2>{wording.mentioned}</h2>'
        for kind, names in kinds.items():
            if names:
                hrefs = reference.names.get(kind, {})
                links = wording.join(*(_render_name(name, hrefs.get(name, "")) for name in names))
                yield f"<p><b>{wording.names[kind]}{wording.colon}</b>{links}</p>"
        yield "</section>"


def _render_name(name: str, href: str) -> str:
    return f'<a href="{escape(href)}">{escape(name)}</a>' if href else escape(name)
