"""The EPUB edition: a book as one EPUB 3.3 file, its originals a tap away.

``render_epub`` is a function of values: no file is read or written, no clock is looked at.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.resources import files
from typing import IO

from ..model import Book, OriginalsMode
from .archive import Archive
from .chapter import Chapter, render_chapter
from .edition import Edition, NotePlacement
from .glossary import render_glossary
from .index import render_index
from .listing import GLOSSARY, Listing, lay_out, link_reference
from .locators import Places
from .navigation import Landmark, TocEntry, render_navigation
from .originals import ADVICE, SUMMARIES
from .package import Package, render_package
from .search_keys import render_search_key_map
from .title import render_title_page
from .xhtml import Document, clean, web_address

__all__ = ["EpubBook", "NotePlacement", "render_epub"]

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


def render_epub(
    book: Book,
    *,
    identifier_base: str = "",
    modified: datetime,
    originals: OriginalsMode = OriginalsMode.NOTES,
    notes: NotePlacement = "paragraph",
) -> EpubBook:
    """Return the EPUB edition of a book; equal arguments give equal bytes.

    The identifier depends on ``identifier_base`` and the book's slug alone, so that a reader's
    notes survive a new edition. ``modified`` is taken as UTC when it names no time zone.
    ``notes`` says where they stand if ``originals`` are notes.
    """
    title = clean(book.title).strip() or book.slug
    book = replace(book, title=title, creators=tuple(clean(name) for name in book.creators))
    edition = Edition(
        language=book.language,
        identifier=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, identifier_base + book.slug)}",
        modified=modified,
        originals=originals,
        notes=notes,
    )
    listings = lay_out(book)
    links = link_reference(book, listings)
    chapters = tuple(
        render_chapter(post, _stem(number, post.slug), links, edition)
        for number, post in enumerate(book.chapters, 1)
    )
    names = tuple(tuple(document.name for document in chapter.documents) for chapter in chapters)
    package = _package(book, chapters, listings, edition)
    return EpubBook(render_package(package), names)


def _package(
    book: Book, chapters: Sequence[Chapter], listings: Sequence[Listing], edition: Edition
) -> Package:
    toc, landmarks = _contents(book, chapters, listings)
    navigation = render_navigation(language=book.language, toc=toc, landmarks=landmarks)
    documents = [render_title_page(book, ADVICE[edition.originals]), navigation]
    documents += [document for chapter in chapters for document in chapter.documents]
    back_matter = _render_listings(book, chapters, listings)
    documents += [document for part in back_matter.values() for document in part]
    return Package(
        identifier=edition.identifier,
        title=book.title,
        language=book.language,
        creators=book.creators,
        sources=_sources(book),
        date=_latest_date(book),
        modified=edition.modified,
        documents=tuple(documents),
        navigation=navigation.name,
        glossary=tuple(document.name for document in back_matter.get(GLOSSARY, ())),
        search_key_map=tuple(
            document
            for listing in listings
            if listing.kind == GLOSSARY
            for document in render_search_key_map(book, listing.hrefs)
        ),
        originals=SUMMARIES[edition.originals],
        stylesheet=files(__package__).joinpath("book.css").read_bytes(),
        toc=toc,
        landmarks=landmarks,
    )


def _stem(number: int, slug: str) -> str:
    """Return the ASCII name of a chapter's document; the number alone makes it unique."""
    name = _NOT_IN_FILE_NAMES.sub("-", slug)[:_LONGEST_STEM].strip("-")
    return f"{number:03d}-{name}" if name else f"{number:03d}"


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
    book: Book, chapters: Sequence[Chapter], listings: Sequence[Listing]
) -> tuple[tuple[TocEntry, ...], tuple[Landmark, ...]]:
    toc = [chapter.toc for chapter in chapters] or [TocEntry(book.title, "title.xhtml")]
    landmarks = [
        Landmark("titlepage", "书名页", "title.xhtml"),
        Landmark("toc", "目录", "nav.xhtml"),
    ]
    if chapters:
        landmarks.append(Landmark("bodymatter", "正文", toc[0].href))
    toc += [listing.toc for listing in listings]
    landmarks += [
        Landmark("glossary" if listing.kind == GLOSSARY else "index", listing.title, listing.start)
        for listing in listings
    ]
    return tuple(toc), tuple(landmarks)


def _sources(book: Book) -> tuple[str, ...]:
    addresses = (web_address(post.front_matter.source_url) for post in book.chapters)
    return tuple(dict.fromkeys(address for address in addresses if address))


def _latest_date(book: Book) -> str:
    dates = [post.front_matter.date for post in book.chapters]
    return max((text for text in dates if _is_date(text)), default="")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
