"""Metadata of the package document: Dublin Core, MARC roles, series, accessibility."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from ..book import book_subjects, describe
from ..model import Book
from .layout import Layout
from .xhtml import Document, clean, web_address

if TYPE_CHECKING:
    from ebooklib.epub import EpubBook

__all__ = ["add_accessibility", "add_metadata", "latest_date"]

# https://www.w3.org/TR/epub-a11y-11/#sec-disc-package: the vocabulary is schema.org's.
_ACCESSIBILITY: Final = (
    ("schema:accessMode", "textual"),
    ("schema:accessModeSufficient", "textual"),
    ("schema:accessibilityFeature", "displayTransformability"),
    ("schema:accessibilityFeature", "readingOrder"),
    ("schema:accessibilityFeature", "structuralNavigation"),
    ("schema:accessibilityFeature", "tableOfContents"),
    ("schema:accessibilityFeature", "unlocked"),
    ("schema:accessibilityHazard", "none"),
)
_ACCESSIBLE_MATH: Final = (
    ("schema:accessibilityFeature", "MathML"),
    ("schema:accessibilityFeature", "describedMath"),
)
_WITH_PAGES: Final = (
    ("schema:accessibilityFeature", "pageBreakMarkers"),
    ("schema:accessibilityFeature", "pageNavigation"),
)
_CONFORMS: Final = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"


def add_metadata(epub: EpubBook, book: Book, layout: Layout) -> None:
    """Tell ebooklib's book what it is, who made it, what it is from and what series it is of."""
    imprint = book.imprint
    epub.set_identifier(layout.options.identifier)
    epub.set_title(book.title)
    epub.set_language(book.language)
    epub.set_direction("ltr")
    _add_people(epub, "creator", "aut", book.creators)
    _add_people(epub, "contributor", "trl", map(clean, imprint.translators))
    if imprint.publisher.strip():
        epub.add_metadata("DC", "publisher", clean(imprint.publisher))
    if imprint.rights.strip():
        epub.add_metadata("DC", "rights", clean(imprint.rights))
    if summary := clean(describe(book)).strip():
        epub.add_metadata("DC", "description", summary)
    if published := latest_date(book):
        epub.add_metadata("DC", "date", published)
    for subject in book_subjects(book):
        epub.add_metadata("DC", "subject", clean(subject))
    for source in _sources(book):
        epub.add_metadata("DC", "source", source)
    if imprint.series.strip():
        _add_series(epub, clean(imprint.series), imprint.volume)


def _add_people(epub: EpubBook, element: str, role: str, names: Iterable[str]) -> None:
    for number, name in enumerate((name for name in names if name.strip()), 1):
        epub.add_metadata("DC", element, name, {"id": f"{element}-{number}"})
        refines = {"refines": f"#{element}-{number}", "property": "role"}
        epub.add_metadata("OPF", "meta", role, {**refines, "scheme": "marc:relators"})


def _add_series(epub: EpubBook, series: str, volume: int) -> None:
    """Name the series as EPUB 3 does (EPUB 3.3, D.3.6), and as calibre did before that."""
    epub.add_metadata("OPF", "meta", series, {"property": "belongs-to-collection", "id": "series"})
    refining = {"collection-type": "series", "group-position": str(volume or 1)}
    for name, value in refining.items():
        epub.add_metadata("OPF", "meta", value, {"refines": "#series", "property": name})
    epub.add_metadata(None, "meta", "", {"name": "calibre:series", "content": series})
    epub.add_metadata(
        None, "meta", "", {"name": "calibre:series_index", "content": str(volume or 1)}
    )


def add_accessibility(
    epub: EpubBook, book: Book, layout: Layout, documents: Iterable[Document]
) -> None:
    """Tell what EPUB Accessibility 1.1 asks for; conformance only where somebody vouches for it."""
    wording = layout.wording
    summary = wording.sentence(wording.accessibility, wording.summaries[layout.options.originals])
    facts = [*_ACCESSIBILITY, ("schema:accessibilitySummary", summary)]
    if any(document.has_math for document in documents):
        facts += _ACCESSIBLE_MATH
    if layout.options.pages:
        facts += [*_WITH_PAGES, ("pageBreakSource", layout.options.pdf)]
    for name, value in facts:
        epub.add_metadata("OPF", "meta", value, {"property": name})
    if certifier := clean(book.imprint.certified_by):
        claim = {"property": "dcterms:conformsTo", "id": "conformance"}
        epub.add_metadata("OPF", "meta", _CONFORMS, claim)
        vouched = {"property": "a11y:certifiedBy", "refines": "#conformance"}
        epub.add_metadata("OPF", "meta", certifier, vouched)


def _sources(book: Book) -> tuple[str, ...]:
    addresses = (web_address(post.front_matter.source_url) for post in book.chapters)
    return tuple(dict.fromkeys(filter(None, addresses)))


def latest_date(book: Book) -> str:
    """Return the day of the newest post as ISO 8601, nothing if none has a date."""
    dates = [post.front_matter.date for post in book.chapters]
    return max((text for text in dates if _is_date(text)), default="")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
