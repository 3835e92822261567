"""A feed of the catalog as OPDS 2.0: JSON.

Publications are described in the words of the Readium Web Publication Manifest
(https://readium.org/webpub-manifest/contexts/default). A property without a value and an empty
list are left out: the specification wants no blank values. KOReader reads only the first of
several relations of a link, so each link has one; KOReader and Thorium tell a cover from a
thumbnail by the relations of OPDS 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, TypeAlias

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
)

__all__ = ["render_json"]

_FEED_TYPE: Final = "application/opds+json"
_GROUPED_AREAS: Final = 5
_GROUPED_BOOKS: Final = 10

_Json: TypeAlias = dict[str, object]


def render_json(catalog: Catalog, page: Page) -> str:
    """Return one document of a feed."""
    feed = page.feed
    content: _Json = {
        "metadata": _filled(
            identifier=catalog.feed_id(page),
            title=feed.title,
            modified=feed.updated,
            description=feed.summary,
            language=catalog.language,
            **(_totals(page) if page.books else {}),
        ),
        "links": list(_feed_links(catalog, page)),
        **_filled(
            navigation=list(_navigation(catalog, page)),
            groups=list(_groups(catalog, page)),
            publications=[_publication(catalog, page, book) for book in page.books],
        ),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _totals(page: Page) -> _Json:
    return {
        "numberOfItems": len(page.feed.books),
        "itemsPerPage": PAGE_SIZE,
        "currentPage": page.number,
    }


def _feed_links(catalog: Catalog, page: Page) -> Iterator[_Json]:
    place = page.stem
    yield _feed_link(catalog, place, place, rel="self")
    yield _feed_link(catalog, catalog.root.stem, place, rel="start")
    if page.feed.parent:
        yield _feed_link(catalog, page.feed.parent, place, rel="up")
    else:
        yield _link(catalog.address("index.html", place), "text/html", rel="alternate")
    for relation, stem in page.links():
        yield _feed_link(catalog, stem, place, rel=relation)
    twin = f"application/atom+xml;profile=opds-catalog;kind={page.feed.kind}"
    yield _link(catalog.address(f"{place}.xml", place), twin, rel="alternate")


def _navigation(catalog: Catalog, page: Page) -> Iterator[_Json]:
    for child in page.feed.feeds:
        count = {"numberOfItems": len(child.books)} if child.books else {}
        yield _feed_link(
            catalog,
            child.stem,
            page.stem,
            title=child.title,
            rel=child.relation,
            **_filled(properties=count),
        )
    if not page.feed.feeds and not page.books:
        # A feed must list something: that of an empty library the page that says so.
        address = catalog.address("index.html", page.stem)
        yield _link(address, "text/html", title=catalog.title, rel="alternate")


def _groups(catalog: Catalog, page: Page) -> Iterator[_Json]:
    """Yield what the first page of a library shows of its shelves: what is new, and each area."""
    if page.feed is not catalog.root:
        return
    shelves = [feed for feed in page.feed.feeds if feed.relation != "subsection"]
    shelves += sorted(catalog.areas.values(), key=_smallness)[:_GROUPED_AREAS]
    for shelf in shelves:
        books = shelf.books[:_GROUPED_BOOKS]
        yield {
            "metadata": {"title": shelf.title, "numberOfItems": len(shelf.books)},
            "links": [_feed_link(catalog, shelf.stem, page.stem, rel="self")],
            "publications": [_publication(catalog, page, book) for book in books],
        }


def _smallness(feed: Feed) -> int:
    return -len(feed.books)


def _publication(catalog: Catalog, page: Page, book: Publication) -> _Json:
    place = page.stem
    links = [
        _link(
            catalog.address(epub.path, place),
            EPUB_TYPE,
            title=epub.label,
            rel=ACQUISITION,
            **_filled(size=epub.size),
        )
        for epub in book.epubs
    ]
    return {
        "metadata": _metadata(catalog, place, book),
        "links": links,
        **_filled(images=list(_images(catalog, place, book))),
    }


def _metadata(catalog: Catalog, place: str, book: Publication) -> _Json:
    return {
        "@type": "http://schema.org/EBook",
        **_filled(
            identifier=book.identifier,
            title=book.title,
            author=list(book.creators),
            publisher=book.publisher,
            language=book.language,
            published=book.published,
            modified=book.updated,
            description=book.summary,
            subject=[_subject(catalog, place, name) for name in book.subjects],
            belongsTo=_filled(series=_series(catalog, place, book)),
        ),
    }


def _subject(catalog: Catalog, place: str, name: str) -> _Json:
    area = catalog.areas.get(name)
    return {"name": name, **_filled(links=[_feed_link(catalog, area.stem, place)] if area else [])}


def _series(catalog: Catalog, place: str, book: Publication) -> _Json:
    series = catalog.series.get(book.series)
    if not series:
        return {}
    links = [_feed_link(catalog, series.stem, place)]
    return {"name": series.title, "position": book.position, "links": links}


def _images(catalog: Catalog, place: str, book: Publication) -> Iterator[_Json]:
    if book.cover:
        width, height = book.cover_size
        size = _filled(width=width, height=height)
        yield _link(catalog.address(book.cover, place), IMAGE_TYPE, rel=COVER, **size)
    if book.thumbnail:
        yield _link(catalog.address(book.thumbnail, place), IMAGE_TYPE, rel=THUMBNAIL)


def _feed_link(catalog: Catalog, stem: str, place: str, **more: object) -> _Json:
    return _link(catalog.address(f"{stem}.json", place), _FEED_TYPE, **more)


def _link(address: str, media_type: str, **more: object) -> _Json:
    return {"href": address, "type": media_type, **more}


def _filled(**properties: object) -> _Json:
    return {name: value for name, value in properties.items() if value}
