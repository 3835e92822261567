"""The EPUBs of a book on disk, and the cover that all its editions share."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from .book import BookPlan
from .cover import CoverText
from .epub import EpubOptions, epub_identifier, render_epub, select_edition
from .model import Book, Edition, OriginalsMode

__all__ = [
    "COVER",
    "THUMBNAIL",
    "Cover",
    "CoverError",
    "EpubFile",
    "Supplies",
    "draw_cover",
    "latest_moment",
    "originals_of",
    "pdf_identifier",
    "take_cover",
    "write_cover",
    "write_epubs",
]

COVER: Final = "cover.jpg"
THUMBNAIL: Final = "cover-small.jpg"
"""The names of a book's pictures, in the folder of the book."""

_JPEG: Final = b"\xff\xd8"
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The kinds of segments that tell the size of a JPEG."""

_LONGEST_DRAWING: Final = 60
"""Seconds; a cover takes a quarter of one."""

_FIRST_YEAR: Final = 1000
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EpubFile:
    """An EPUB of a book: its name in the book's folder, its size in bytes, its identifier.

    ``documents`` maps the slug of a post to the members that hold it, named from the folder of
    the package document.
    """

    edition: Edition
    name: str
    size: int
    identifier: str
    modified: datetime
    documents: dict[str, tuple[str, ...]]


class CoverError(Exception):
    """No cover could be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover, and a small picture of it for pages that list books: JPEGs, empty for none."""

    image: bytes = b""
    thumbnail: bytes = b""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image in pixels, as the JPEG has them; 0 for none."""
        # ISO 10918-1, B.1.1.4 and B.2.2: segments with their lengths, up to the frame's.
        start = len(_JPEG)
        while self.image.startswith(_JPEG) and self.image[start : start + 1] == b"\xff":
            kind = self.image[start + 1]
            length = int.from_bytes(self.image[start + 2 : start + 4], "big")
            if kind in _FRAMES:
                height, width = self.image[start + 5 : start + 7], self.image[start + 7 : start + 9]
                return int.from_bytes(width, "big"), int.from_bytes(height, "big")
            start += 2 + length
        return 0, 0


def draw_cover(book: Book, plan: BookPlan, edition: Edition) -> Cover:
    """Return the cover of an edition, drawn from what is known of the book.

    Raises CoverError if that fails or takes too long.
    """
    imprint = plan.imprint
    language = book.original_language if edition is Edition.ORIGINAL else book.language
    dates = sorted({post.front_matter.date for post in book.chapters} - {""})
    text = CoverText(
        title=imprint.series if imprint.volume else plan.title,
        language=language,
        volume=imprint.volume,
        creators=book.creators,
        translators=imprint.translators if edition is not Edition.ORIGINAL else (),
        dates=tuple(dict.fromkeys([*dates[:1], *dates[-1:]])),
        publisher=imprint.publisher,
        edition="" if edition is Edition.BILINGUAL else edition.value,
    )
    return _make_cover(json.dumps(asdict(text)).encode())


def take_cover(image: bytes) -> Cover:
    """Return a user's own image as a cover.

    Raises CoverError for one that cannot be used.
    """
    return _make_cover(image, "--image")


def _make_cover(given: bytes, *options: str) -> Cover:
    # -P: a module that lies in the current folder, which may be that of the posts, is not ours.
    command = [sys.executable, "-P", "-m", "converter.cover", *options]
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, check=True, timeout=_LONGEST_DRAWING
        )
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or b""
        reason = said.decode("utf-8", "replace").strip().splitlines() or [str(error)]
        raise CoverError(reason[-1][:200]) from error
    end = 8 + int.from_bytes(done.stdout[:8], "big")
    cover = Cover(done.stdout[8:end], done.stdout[end:])
    # A library that prints, of which there is none, would spoil a picture and nobody see it.
    if not (cover.image.startswith(_JPEG) and cover.thumbnail.startswith(_JPEG)):
        raise CoverError("the process that draws covers gave no two JPEGs")
    return cover


def write_cover(cover: Cover, folder: Path) -> None:
    """Write a cover and its small picture into a book's folder."""
    (folder / COVER).write_bytes(cover.image)
    (folder / THUMBNAIL).write_bytes(cover.thumbnail)


@dataclass(frozen=True, slots=True)
class Supplies:
    """What the EPUBs of a book are given: covers are empty for an edition without one.

    ``pages`` tells on which page of the PDF a place is; empty without a PDF.
    """

    modified: datetime
    covers: Mapping[Edition, Cover]
    pages: Mapping[str, str]


def pdf_identifier(plan: BookPlan) -> str:
    """Return the identifier of a book's PDF."""
    return epub_identifier(f"{plan.identity}#pdf")


def write_epubs(book: Book, plan: BookPlan, folder: Path, supplies: Supplies) -> Iterator[EpubFile]:
    """Write the editions of a book into its folder, the main one first.

    An edition of the originals is left out where no post has any, and one of the translation
    that holds all that an edition before it does.
    """
    written: set[Edition] = set()
    for edition in plan.editions:
        selected = select_edition(book, edition)
        posts = (*book.front, *book.chapters, *book.back)
        is_same = replace(selected, title=book.title, edition=book.edition) == book and not any(
            post.originals for post in posts
        )
        if not selected.chapters or (is_same and Edition.BILINGUAL in written):
            continue
        written.add(edition)
        options = EpubOptions(
            identifier=epub_identifier(plan.identity, edition),
            modified=supplies.modified,
            originals=originals_of(plan, edition),
            notes="document" if plan.notes_at_end else "paragraph",
            cover=supplies.covers[edition].image,
            pdf=pdf_identifier(plan),
            # The pages are counted in what stands there in Chinese.
            pages={} if edition is Edition.ORIGINAL else supplies.pages,
        )
        rendered = render_epub(selected, options)
        suffix = "" if edition is Edition.BILINGUAL else f"-{edition.value}"
        file = folder / f"{book.slug}{suffix}.epub"
        with file.open("wb") as out:
            rendered.write(out)
        slugs = (post.slug for post in selected.chapters)
        yield EpubFile(
            edition=edition,
            name=file.name,
            size=file.stat().st_size,
            identifier=options.identifier,
            modified=options.modified,
            documents=dict(zip(slugs, rendered.documents, strict=True)),
        )


def originals_of(plan: BookPlan, edition: Edition) -> OriginalsMode:
    """Return how an edition has its originals."""
    return plan.originals if edition is Edition.BILINGUAL else OriginalsMode.NONE


def latest_moment(book: Book) -> datetime:
    """Return midnight of the newest post's day: the same posts make the same bytes."""
    for date in sorted((post.front_matter.date for post in book.chapters), reverse=True):
        try:
            moment = datetime.fromisoformat(date).replace(tzinfo=UTC)
        except ValueError:
            continue
        # What writes the date into the package fills no year up to four digits.
        return max(moment, _EPOCH) if moment.year < _FIRST_YEAR else moment
    return _EPOCH
