"""The EPUB edition: a book, or what an edition holds of it, as one EPUB 3.3 file.

``render_epub`` is a function of values: no file is read or written, no clock is looked at.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import IO

from ..model import Book, Edition
from .archive import Archive
from .chapter import Chapter, render_chapter
from .glossary import render_glossary
from .index import render_index
from .layout import EpubOptions, Layout, NotePlacement
from .listing import GLOSSARY, Listing, ReferenceLinks, lay_out, link_reference
from .locators import Places
from .matter import render_colophon, render_cover_page, render_sources
from .navigation import NAVIGATION, Landmark, TocEntry, render_navigation
from .package import Package, render_package
from .pages import render_page_list
from .search_keys import render_search_key_map
from .selection import select_edition
from .title import render_title_page
from .xhtml import Document, clean

__all__ = [
    "EpubBook",
    "EpubOptions",
    "NotePlacement",
    "epub_identifier",
    "render_epub",
    "select_edition",
]

_NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_STEM = 80


@dataclass(frozen=True, slots=True)
class EpubBook:
    """An EPUB; ``documents[i]`` names the members that hold ``chapters[i]``.

    Names are relative to the folder of the package document.
    """

    archive: Archive
    documents: tuple[tuple[str, ...], ...]

    def write(self, file: IO[bytes]) -> None:
        """Write it into a file that is open for binary writing."""
        self.archive.write(file)

    @property
    def data(self) -> bytes:
        """All of its bytes."""
        file = io.BytesIO()
        self.write(file)
        return file.getvalue()


def epub_identifier(identity: str, edition: Edition = Edition.BILINGUAL) -> str:
    """Return the identifier of an edition, from what tells its book from all others.

    It depends on nothing else, so that a reader's notes survive a new version of the book.
    """
    part = "" if edition is Edition.BILINGUAL else f"#{edition.value}"
    # Of a surrogate, which a title may have, UTF-8 knows nothing.
    name = clean(identity + part)
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def render_epub(book: Book, options: EpubOptions) -> EpubBook:
    """Return the EPUB of a book; equal arguments give equal bytes.

    ``book`` is a whole book, or what ``select_edition`` made of it.
    """
    title = clean(book.title).strip() or book.slug
    book = replace(book, title=title, creators=tuple(clean(name) for name in book.creators))
    layout = Layout(book.language, book.title_language or book.language, options)
    listings = lay_out(book)
    parts = _render_parts(book, link_reference(book, listings), layout)
    names = tuple(
        tuple(document.name for document in chapter.documents) for chapter in parts.chapters
    )
    package = _package(book, parts, listings, layout)
    return EpubBook(render_package(package), names)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The rendered posts of a book."""

    front: tuple[Chapter, ...]
    chapters: tuple[Chapter, ...]
    back: tuple[Chapter, ...]


def _render_parts(book: Book, links: ReferenceLinks, layout: Layout) -> _Parts:
    return _Parts(
        tuple(render_chapter(post, post.slug, links, layout, "preface") for post in book.front),
        tuple(
            render_chapter(post, _stem(number, post.slug), links, layout)
            for number, post in enumerate(book.chapters, 1)
        ),
        tuple(render_chapter(post, post.slug, links, layout, "afterword") for post in book.back),
    )


def _stem(number: int, slug: str) -> str:
    """Return the ASCII name of a chapter's document; the number alone makes it unique."""
    name = _NOT_IN_FILE_NAMES.sub("-", slug)[:_LONGEST_STEM].strip("-")
    return f"{number:03d}-{name}" if name else f"{number:03d}"


def _package(book: Book, parts: _Parts, listings: Sequence[Listing], layout: Layout) -> Package:
    cover = layout.options.cover
    back_matter = _render_listings(book, parts.chapters, listings)
    sources = render_sources(book, parts.chapters, layout)
    toc, landmarks = _contents(parts, sources, listings, layout)
    if cover:
        landmarks.insert(0, Landmark("cover", layout.wording.cover, "cover.xhtml"))
    posts = (*parts.front, *parts.chapters, *parts.back)
    pages = render_page_list([post.anchors for post in posts], layout.wording)
    navigation = render_navigation(toc, landmarks, pages, layout)
    documents = [render_cover_page(book, layout)] if cover else []
    documents += [render_title_page(book, layout), navigation]
    for chapter in posts:
        documents += chapter.documents
    documents += sources
    documents += [document for part in back_matter.values() for document in part]
    documents.append(render_colophon(book, layout))
    return Package(
        book=book,
        layout=layout,
        documents=tuple(documents),
        navigation=navigation.name,
        glossary=tuple(document.name for document in back_matter.get(GLOSSARY, ())),
        search_key_map=tuple(
            document
            for listing in listings
            if listing.kind == GLOSSARY
            for document in render_search_key_map(book, listing.hrefs)
        ),
        stylesheet=files(__package__).joinpath("book.css").read_bytes(),
        toc=tuple(toc),
        landmarks=tuple(landmarks),
    )


def _render_listings(
    book: Book, chapters: Sequence[Chapter], listings: Sequence[Listing]
) -> dict[str, tuple[Document, ...]]:
    """Return the documents of the glossary and of each index, by kind."""
    slugs = [post.slug for post in book.chapters]
    numbered = list(zip(slugs, chapters, strict=True))
    places = Places(
        titles={slug: chapter.title for slug, chapter in numbered},
        starts={slug: chapter.toc.href for slug, chapter in numbered},
        anchors={key: place for chapter in chapters for key, place in chapter.anchors.items()},
    )
    return {
        listing.kind: (render_glossary if listing.kind == GLOSSARY else render_index)(
            listing, book, places
        )
        for listing in listings
    }


def _contents(
    parts: _Parts, sources: Sequence[Document], listings: Sequence[Listing], layout: Layout
) -> tuple[list[TocEntry], list[Landmark]]:
    wording = layout.wording
    toc = [
        replace(chapter.toc, part=part)
        for part, some in (("front", parts.front), ("text", parts.chapters), ("back", parts.back))
        for chapter in some
    ]
    landmarks = [
        Landmark("titlepage", wording.title_page, "title.xhtml"),
        Landmark("toc", wording.contents, f"../{NAVIGATION}"),
    ]
    for kind, label, some in (
        ("preface", wording.preface, parts.front),
        ("bodymatter", wording.body, parts.chapters),
        ("afterword", wording.afterword, parts.back),
    ):
        landmarks += [Landmark(kind, label, chapter.toc.href) for chapter in some[:1]]
    if sources:
        toc.append(TocEntry(wording.sources, "sources.xhtml", part="back"))
    toc += [replace(listing.toc, part="back") for listing in listings]
    landmarks += [
        Landmark("glossary" if listing.kind == GLOSSARY else "index", listing.title, listing.start)
        for listing in listings
    ]
    toc.append(TocEntry(wording.colophon, "colophon.xhtml", part="back"))
    landmarks.append(Landmark("colophon", wording.colophon, "colophon.xhtml"))
    return toc, landmarks
