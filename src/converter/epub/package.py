"""The package: metadata, manifest, spine and the zip around it; the only door to ebooklib.

ebooklib writes the package document and the NCX. It is fed finished XHTML as plain items: its
own ``EpubHtml`` parses every chapter as HTML and writes it anew, and loses text on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from ebooklib import epub
from lxml.etree import _Element

from ..model import Book
from .archive import Archive
from .layout import Layout
from .matter import COVER
from .metadata import add_accessibility, add_metadata
from .navigation import Landmark, TocEntry, from_package
from .xhtml import STYLESHEET, Document

__all__ = ["Package", "render_package"]

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_SEARCH_KEY_MAP = "application/vnd.epub.search-key-map+xml"

# EPUB 2 readers and Kindle know these places by older names.
_GUIDE_TYPES = {
    "cover": "cover",
    "titlepage": "title-page",
    "toc": "toc",
    "preface": "preface",
    "bodymatter": "text",
    "glossary": "glossary",
    "index": "index",
    "colophon": "colophon",
}


@dataclass(frozen=True, slots=True)
class Package:
    """What the package document says of a book: its texts are XML-clean.

    ``documents`` are in reading order; ``navigation`` and ``glossary`` name some of them; of
    search key maps there is one or none.
    """

    book: Book
    layout: Layout
    documents: tuple[Document, ...]
    navigation: str
    glossary: tuple[str, ...]
    search_key_map: tuple[Document, ...]
    stylesheet: bytes
    toc: tuple[TocEntry, ...]
    landmarks: tuple[Landmark, ...]


def render_package(package: Package) -> Archive:
    """Return the EPUB; equal packages give equal bytes.

    Raises ValueError when two documents have the same name.
    """
    book = epub.EpubBook()
    # Documents stay packed: ebooklib hands them on as they are, and the archive unpacks each.
    # A new EpubBook already holds a generator and a random identifier.
    book.metadata.clear()
    add_metadata(book, package.book, package.layout)
    add_accessibility(book, package.book, package.layout, package.documents)
    for number, document in enumerate(package.documents, 1):
        item = epub.EpubItem(f"d{number}", document.name, "application/xhtml+xml", document)
        item.properties = _properties(document, package)
        book.add_item(item)
        book.spine.append(item)
    for document in package.search_key_map:
        item = epub.EpubItem("search-keys", document.name, _SEARCH_KEY_MAP, document)
        item.properties = ["glossary", "search-key-map"]
        book.add_item(item)
    if cover := package.layout.options.cover:
        item = epub.EpubItem("cover-image", COVER, "image/jpeg", cover)
        item.properties = ["cover-image"]
        book.add_item(item)
        # Older readers and Kindle look for this one.
        book.add_metadata(None, "meta", "", {"name": "cover", "content": "cover-image"})
    book.add_item(epub.EpubItem("css", STYLESHEET, "text/css", package.stylesheet))
    book.add_item(epub.EpubNcx())
    ids = count(1)
    book.toc = [_ncx_entry(entry, ids) for entry in package.toc]
    book.guide = [
        {"type": _GUIDE_TYPES[mark.epub_type], "title": mark.label, "href": from_package(mark.href)}
        for mark in package.landmarks
        if mark.epub_type in _GUIDE_TYPES
    ]
    writer = _Writer(book, package.layout.options.modified)
    writer.write()
    return writer.archive


def _properties(document: Document, package: Package) -> list[str]:
    """Return the properties of a document in the manifest.

    See https://www.w3.org/TR/epub-33/#sec-item-resource-properties: what a document embeds must
    be declared.
    """
    claims = {
        "nav": document.name == package.navigation,
        "glossary": document.name in package.glossary,
        "mathml": document.has_math,
    }
    return [name for name, holds in claims.items() if holds]


def _ncx_entry(entry: TocEntry, ids: Iterator[int]) -> object:
    href = from_package(entry.href)
    if not entry.children:
        return epub.Link(href, entry.label, f"n{next(ids)}")
    return epub.Section(entry.label, href), [_ncx_entry(child, ids) for child in entry.children]


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """ebooklib's writer, less the clock, plus the language of the package document."""

    def __init__(self, book: epub.EpubBook, modified: datetime) -> None:
        instant = modified.replace(tzinfo=modified.tzinfo or UTC).astimezone(UTC)
        super().__init__("", book, {"mtime": instant, "package_direction": True})
        self.archive = Archive()

    def write(self) -> None:
        """Write every member to the archive in memory."""
        self.out = self.archive
        self._write_container()
        self._write_opf()
        self._write_items()

    def _write_opf_file(self, root: _Element) -> None:
        root.set(_XML_LANG, self.book.language)
        super()._write_opf_file(root)
