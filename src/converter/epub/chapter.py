"""Chapters: a post becomes XHTML documents, with its part of the table of contents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..markdown import render_xhtml
from ..model import FrontMatter, Post
from .blocks import Piece, render_blocks
from .edition import Edition
from .listing import ReferenceLinks
from .navigation import TocEntry, nest
from .xhtml import Document, clean, escape, render_document, web_address

__all__ = ["Chapter", "render_chapter"]

_TO_PARAGRAPH = re.compile('href="#(p[0-9]+-[^"]+)"')

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


def render_chapter(post: Post, stem: str, reference: ReferenceLinks, edition: Edition) -> Chapter:
    """Return the documents of a post, named after ``stem``, with its part of the contents.

    A very long post becomes several documents, cut before a heading where possible; a note
    never leaves the document of its paragraph.
    """
    title = clean(post.front_matter.title).strip() or post.slug
    pieces = tuple(render_blocks(post, title, reference, edition))
    parts = _split(pieces)
    at_end = edition.has_notes_at_end
    names = [f"{stem}.xhtml", *(f"{stem}-{n}.xhtml" for n in range(2, len(parts) + 1))]
    anchors = {
        piece.anchor: f"{name}#{piece.anchor}"
        for name, part in zip(names, parts, strict=True)
        for piece in part
        if piece.anchor and not piece.level
    }
    documents: list[Document] = []
    headings: list[tuple[int, TocEntry]] = []
    for number, (name, part) in enumerate(zip(names, parts, strict=True), 1):
        body = [
            '<section epub:type="chapter" role="doc-chapter">',
            *(_render_head(post) if number == 1 else ()),
            *_arrange(part, at_end=at_end),
            *(_render_names(post.front_matter, reference) if number == len(parts) else ()),
            "</section>",
            *(_render_notes(part) if at_end else ()),
        ]
        part_title = title if number == 1 else f"{title}（{number}）"
        content = "\n".join(body)
        if len(parts) > 1:
            content = _lead_across(content, anchors)
        documents.append(
            render_document(name, title=part_title, language=edition.language, body=content)
        )
        headings += [
            (piece.level, TocEntry(piece.label, f"{name}#{piece.anchor}"))
            for piece in part
            if piece.level
        ]
    toc = TocEntry(title, f"{stem}.xhtml", nest(headings))
    return Chapter(title, tuple(documents), toc, anchors)


def _lead_across(content: str, anchors: Mapping[str, str]) -> str:
    """Return XHTML whose links to paragraphs name their documents, which may be others."""
    # Quotation marks of a post's text are escaped: only links of ours look like this.
    return _TO_PARAGRAPH.sub(lambda m: f'href="{anchors.get(m[1], f"#{m[1]}")}"', content)


def _split(pieces: Iterable[Piece]) -> list[list[Piece]]:
    parts: list[list[Piece]] = [[]]
    size = 0
    for piece in pieces:
        limit = _SPLIT_AT_HEADING if piece.level else _SPLIT_ANYWHERE
        if piece.may_start_document and size > limit:
            parts.append([])
            size = 0
        parts[-1].append(piece)
        size += len(f"{piece.body}{piece.note}".encode(errors="replace"))
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


def _render_head(post: Post) -> Iterator[str]:
    front_matter = post.front_matter
    yield f"<h1>{escape(front_matter.title.strip() or post.slug)}</h1>"
    people = [("讲者", front_matter.speakers), ("嘉宾", front_matter.guests)]
    for label, text in [
        ("日期", front_matter.date),
        *((label, "、".join(names)) for label, names in people),
    ]:
        if text:
            yield f'<p class="meta">{label}：{escape(text)}</p>'
    if address := web_address(front_matter.source_url):
        host = urlsplit(address).hostname or address
        yield f'<p class="meta">来源：<a href="{escape(address)}">{escape(host)}</a></p>'
    if summary := render_xhtml(front_matter.summary).strip():
        yield '<section class="summary" epub:type="abstract" role="doc-abstract" aria-label="摘要">'
        yield f'<p class="label">摘要</p>\n{summary}\n</section>'
    if insight := render_xhtml(front_matter.insight).strip():
        yield f'<div class="insight">\n<p class="label">编者按</p>\n{insight}\n</div>'


def _render_names(front_matter: FrontMatter, reference: ReferenceLinks) -> Iterator[str]:
    """Yield the names that a post's front matter lists, each with a link to its index entry."""
    kinds = [
        ("人物", "people", front_matter.people),
        ("机构", "organizations", front_matter.organizations),
        ("产品", "products", front_matter.products),
        ("媒体", "media", front_matter.media),
    ]
    if any(names for _, _, names in kinds):
        yield '<section class="mentioned">\n<h2>本文提及</h2>'
        for label, kind, names in kinds:
            if names:
                hrefs = reference.names.get(kind, {})
                links = "、".join(_render_name(name, hrefs.get(name, "")) for name in names)
                yield f"<p><b>{label}</b> {links}</p>"
        yield "</section>"


def _render_name(name: str, href: str) -> str:
    return f'<a href="{escape(href)}">{escape(name)}</a>' if href else escape(name)
