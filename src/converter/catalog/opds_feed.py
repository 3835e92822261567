"""What an OPDS catalog is made of, in whichever format it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

__all__ = [
    "ACQUISITION",
    "COVER",
    "EPUB_TYPE",
    "IMAGE_TYPE",
    "NEVER",
    "PAGE_SIZE",
    "THUMBNAIL",
    "Catalog",
    "EpubLink",
    "Feed",
    "Page",
    "Publication",
    "entry_id",
]

PAGE_SIZE: Final = 50
"""How many books a feed lists before it is continued on a page of its own."""

NEVER: Final = "1970-01-01T00:00:00Z"
"""When a feed of nothing was changed: Atom demands a date, and a clock would change each build."""

ACQUISITION: Final = "http://opds-spec.org/acquisition/open-access"
COVER: Final = "http://opds-spec.org/image"
THUMBNAIL: Final = "http://opds-spec.org/image/thumbnail"
EPUB_TYPE: Final = "application/epub+zip"
IMAGE_TYPE: Final = "image/jpeg"


@dataclass(frozen=True, slots=True)
class EpubLink:
    """One edition of a book: its path below the library's root, its bytes, what it is called."""

    path: str
    size: int
    label: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What a catalog tells of a book.

    Paths are relative to the library's root; ``cover`` is a JPEG, ``cover_size`` its width and
    height. What is unknown is empty, a number then 0. ``areas`` begin with the most frequent.
    """

    slug: str
    identifier: str
    title: str
    language: str
    creators: tuple[str, ...]
    summary: str
    epubs: tuple[EpubLink, ...]
    cover: str
    thumbnail: str
    published: str
    updated: str
    posts: int
    series: str
    volume: int
    areas: tuple[str, ...]
    subjects: tuple[str, ...]
    publisher: str
    cover_size: tuple[int, int] = (0, 0)

    @property
    def position(self) -> int:
        """Its number in its series: a book that is all of one is the first, as in its EPUB."""
        return self.volume or 1


@dataclass(frozen=True, slots=True)
class Feed:
    """A list of books, or a list of feeds.

    ``stem`` is its path below the library's root without the format's suffix, ``parent`` that of
    the feed that lists it, ``relation`` what it is to that feed.
    """

    stem: str
    title: str
    summary: str
    parent: str = ""
    relation: str = "subsection"
    feeds: tuple[Feed, ...] = ()
    books: tuple[Publication, ...] = ()

    @property
    def kind(self) -> str:
        """Return which of the two kinds of OPDS 1.2 this is; a feed must not be both."""
        return "acquisition" if self.books else "navigation"

    @property
    def updated(self) -> str:
        """Return the newest date of what is listed."""
        dates = [book.updated for book in self.books] + [feed.updated for feed in self.feeds]
        return max(dates, default=NEVER)

    def pages(self) -> Iterator[Page]:
        """Yield the documents that the feed is written as."""
        last = max(1, -(-len(self.books) // PAGE_SIZE))
        for number in range(1, last + 1):
            start = (number - 1) * PAGE_SIZE
            yield Page(self, number, last, self.books[start : start + PAGE_SIZE])


@dataclass(frozen=True, slots=True)
class Page:
    """One document of a feed."""

    feed: Feed
    number: int
    last: int
    books: Sequence[Publication]

    @property
    def stem(self) -> str:
        """Return the document's path below the library's root, without a suffix."""
        return self._stem_of(self.number)

    def links(self) -> Iterator[tuple[str, str]]:
        """Yield relation and stem of the other pages (RFC 5005, section 3)."""
        if self.last == 1:
            return
        yield "first", self._stem_of(1)
        if self.number > 1:
            yield "previous", self._stem_of(self.number - 1)
        if self.number < self.last:
            yield "next", self._stem_of(self.number + 1)
        yield "last", self._stem_of(self.last)

    def _stem_of(self, number: int) -> str:
        # In a folder of its own: beside the first page it could be the first page of another feed.
        return self.feed.stem if number == 1 else f"{self.feed.stem}/{number}"


@dataclass(frozen=True, slots=True)
class Catalog:
    """The library as a whole: its first feed, and the feeds of series and areas by their names."""

    title: str
    language: str
    root: Feed
    series: Mapping[str, Feed]
    areas: Mapping[str, Feed]

    def address(self, path: str, place: str) -> str:
        """Return the address of a file as it stands in a document of the catalog.

        Both paths are relative to the library's root. A relative address has no scheme, whatever
        the path is: colons are escaped.
        """
        target = path.split("/")
        folders = place.split("/")[:-1]
        shared = 0
        while folders[shared:] and target[shared:-1] and folders[shared] == target[shared]:
            shared += 1
        up = "../" * (len(folders) - shared)
        return f"{up}{quote('/'.join(target[shared:]), errors='replace')}"

    def feed_id(self, page: Page) -> str:
        """Return an id that stays the same from build to build."""
        return _urn(f"opds\n{self.title}\n{page.stem}")


def entry_id(name: str) -> str:
    """Return the id of a catalog's entry on a thing with this identifier.

    It is another one than the thing's own: an entry's ``dc:identifier`` must not identify the
    entry (OPDS 1.2, section 5.1.1).
    """
    return _urn(f"opds entry\n{name}")


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, name).urn
