"""A feed of the catalog as OPDS 1.2: Atom.

Written for what programs make of it as much as for the specification. KOReader's parser knows
elements by their names as they are written, so Atom's have no prefix (plugins/opds.koplugin).
Thorium takes an entry with an author for a book, so a feed's entry has none (r2-opds-js,
converter.ts); it reads a series from ``schema:Series`` and counts from ``thr:count``.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from .opds_feed import (
    ACQUISITION,
    COVER,
    EPUB_TYPE,
    IMAGE_TYPE,
    PAGE_SIZE,
    THUMBNAIL,
    Catalog,
    Feed,
    Page,
    Publication,
    entry_id,
)

__all__ = ["render_atom"]

_NAMESPACES: Final = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:dc": "http://purl.org/dc/terms/",
    "xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/",
    "xmlns:schema": "http://schema.org",  # as Thorium spells it: without a slash at the end
    "xmlns:thr": "http://purl.org/syndication/thread/1.0",
}


def render_atom(catalog: Catalog, page: Page) -> str:
    """Return one document of a feed."""
    feed = page.feed
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        _open("feed", _NAMESPACES | {"xml:lang": catalog.language}),
        _element("id", catalog.feed_id(page)),
        _element("title", feed.title),
        _element("subtitle", feed.summary),
        _element("updated", feed.updated),
        # RFC 4287, 4.1.1: of the feed, where an entry has none. A library speaks for itself.
        f"<author>{_element('name', catalog.title)}</author>",
        *_feed_links(catalog, page),
        *_totals(page),
        *(_feed_entry(catalog, page, child) for child in feed.feeds),
        *(_book_entry(catalog, page, book) for book in page.books),
        "</feed>\n",
    ]
    return "\n".join(lines)


def _feed_links(catalog: Catalog, page: Page) -> Iterator[str]:
    place = page.stem
    kind = _feed_type(page.feed.kind)
    yield _link("self", catalog.address(f"{place}.xml", place), kind)
    start = catalog.address(f"{catalog.root.stem}.xml", place)
    yield _link("start", start, _feed_type("navigation"))
    if page.feed.parent:
        parent = catalog.address(f"{page.feed.parent}.xml", place)
        yield _link("up", parent, _feed_type("navigation"))
    else:
        yield _link("alternate", catalog.address("index.html", place), "text/html")
    for relation, stem in page.links():
        yield _link(relation, catalog.address(f"{stem}.xml", place), kind)
    twin = catalog.address(f"{place}.json", place)
    yield _link("alternate", twin, "application/opds+json")


def _totals(page: Page) -> Iterator[str]:
    if page.books:
        yield _element("opensearch:totalResults", str(len(page.feed.books)))
        yield _element("opensearch:itemsPerPage", str(PAGE_SIZE))
        yield _element("opensearch:startIndex", str((page.number - 1) * PAGE_SIZE + 1))


def _feed_entry(catalog: Catalog, page: Page, child: Feed) -> str:
    first = next(child.pages())
    address = catalog.address(f"{first.stem}.xml", page.stem)
    count = {"thr:count": str(len(child.books))} if child.books else {}
    lines = (
        "<entry>",
        _element("title", child.title),
        _element("id", entry_id(catalog.feed_id(first))),
        _element("updated", child.updated),
        _element("content", child.summary, type="text"),
        _link(child.relation, address, _feed_type(child.kind), **count),
        "</entry>",
    )
    return "\n".join(lines)


def _book_entry(catalog: Catalog, page: Page, book: Publication) -> str:
    language = book.language if book.language != catalog.language else ""
    lines = (
        _open("entry", {"xml:lang": language}),
        _element("title", book.title),
        _element("id", entry_id(f"{book.identifier}\n{book.slug}")),
        _element("updated", book.updated),
        *(f"<author>{_element('name', name)}</author>" for name in book.creators),
        *_dublin_core(book),
        *(_element("category", term=name, label=name) for name in book.subjects),
        # Also what RFC 4287 wants of an entry without an alternate link.
        _element("content", book.summary, type="text"),
        *_book_links(catalog, page, book),
        "</entry>",
    )
    return "\n".join(lines)


def _dublin_core(book: Publication) -> Iterator[str]:
    facts = {
        "dc:identifier": book.identifier,
        "dc:language": book.language,
        "dc:publisher": book.publisher,
        "dc:issued": book.published,
    }
    for name, text in facts.items():
        if text:
            yield _element(name, text)
    if book.series:
        position = str(book.position)
        yield _element("schema:Series", **{"schema:name": book.series, "schema:position": position})


def _book_links(catalog: Catalog, page: Page, book: Publication) -> Iterator[str]:
    place = page.stem
    # A KOReader in synchronization takes the first edition; the title is what its button says.
    for epub in book.epubs:
        size = str(epub.size) if epub.size else ""
        address = catalog.address(epub.path, place)
        yield _link(ACQUISITION, address, EPUB_TYPE, title=epub.label, length=size)
    for relation, path in ((COVER, book.cover), (THUMBNAIL, book.thumbnail)):
        if path:
            yield _link(relation, catalog.address(path, place), IMAGE_TYPE)
    if series := catalog.series.get(book.series):
        # Not `collection`: Thorium would take the book out of the list into a group.
        address = catalog.address(f"{series.stem}.xml", place)
        yield _link("related", address, _feed_type(series.kind), title=series.title)


def _feed_type(kind: str) -> str:
    return f"application/atom+xml;profile=opds-catalog;kind={kind}"


def _link(relation: str, address: str, media_type: str, **more: str) -> str:
    return _element("link", rel=relation, href=address, type=media_type, **more)


def _element(name: str, text: str = "", /, **attributes: str) -> str:
    if not text:
        return f"{_open(name, attributes)[:-1]}/>"
    return f"{_open(name, attributes)}{escape(text)}</{name}>"


def _open(name: str, attributes: dict[str, str]) -> str:
    pairs = (f' {key}="{escape(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{''.join(pairs)}>"
