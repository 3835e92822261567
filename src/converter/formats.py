"""The formats of one book in its folder: pages for the web, EPUBs, a PDF, and their covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from .book import BookPlan
from .ebook import (
    Cover,
    CoverError,
    EpubFile,
    Supplies,
    draw_cover,
    latest_moment,
    pdf_identifier,
    take_cover,
    write_cover,
    write_epubs,
)
from .epub import select_edition
from .library import read_book, read_image, read_matter
from .model import Book, Edition
from .myst import entry_pages
from .reference import REFERENCE, render_reference
from .rules import NO_RULES, GlossaryRules
from .web import PdfFile, open_project

__all__ = ["FORMATS", "BookTask", "Formats", "write_formats"]

FORMATS: Final = ("html", "epub", "pdf")
_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class BookTask:
    """All that building one book needs; no task sees another's output."""

    plan: BookPlan
    root: Path
    formats: tuple[str, ...]
    folder: Path
    modified: datetime | None = None
    rules: GlossaryRules = NO_RULES


@dataclass(frozen=True, slots=True)
class Formats:
    """The editions of a book that were written, and what was warned of."""

    epubs: tuple[EpubFile, ...]
    pdf: PdfFile | None
    cover_size: tuple[int, int]
    warnings: tuple[str, ...]


def write_formats(task: BookTask, book: Book) -> Formats:
    """Write a book's editions and its cover into its folder."""
    warnings: list[str] = []
    epubs: tuple[EpubFile, ...] = ()
    covers = _Covers(task, book, warnings)
    pdf = _write_with_sphinx(task, book, covers, warnings)
    if "epub" in task.formats:
        supplies = Supplies(_moment(task, book), covers, pdf.pages if pdf else {})
        epubs = tuple(write_epubs(book, task.plan, task.folder, supplies))
        if not epubs:
            warnings.append("no EPUB: epub.editions asks for the originals only, and it has none")
    main_cover = covers[epubs[0].edition if epubs else _main_edition(task.plan, book)]
    if main_cover.image:
        write_cover(main_cover, task.folder)
    return Formats(epubs, pdf, main_cover.size, tuple(dict.fromkeys(warnings)))


def _moment(task: BookTask, book: Book) -> datetime:
    return task.modified or latest_moment(book)


def _write_with_sphinx(
    task: BookTask, book: Book, covers: Mapping[Edition, Cover], warnings: list[str]
) -> PdfFile | None:
    """Write the web edition and the PDF, as far as they are asked for; return the PDF."""
    if not {"html", "pdf"}.intersection(task.formats):
        return None
    pdf = None
    with open_project(book, task.folder.parent) as project:
        if "html" in task.formats:
            warnings += project.build_html(task.folder)
            # What the library's own pages say of the book; they read nothing else of it.
            reference = render_reference(book, entry_pages(book))
            (task.folder / REFERENCE).write_text(reference, "utf-8", newline="\n")
        if "pdf" in task.formats:
            is_translation = task.plan.pdf.originals == "none"
            cover = covers[Edition.TRANSLATION if is_translation else Edition.BILINGUAL]
            pdf, said = project.build_pdf(
                task.folder,
                f"{task.plan.slug}.pdf",
                cover=cover.image,
                identifier=pdf_identifier(task.plan),
                moment=int(_moment(task, book).timestamp()),
            )
            warnings += [*said, *_missing_letters(task, pdf.missing if pdf else "")]
    return pdf


def _missing_letters(task: BookTask, missing: str) -> Iterator[str]:
    """Yield a line for each post with letters that no font has, and the line of its first.

    Those that stand in no text, but in what the configuration says, have a line without a place.
    """
    unseen = set(missing)
    for path, text in _texts(task) if missing else ():
        here = sorted((text.index(letter), letter) for letter in missing if letter in text)
        unseen.difference_update(letter for _, letter in here)
        if here:
            line = text[: here[0][0]].count("\n") + 1
            yield f"{path}:{line}: {_no_glyph([letter for _, letter in here])}"
    if unseen:
        yield _no_glyph(sorted(unseen))


def _no_glyph(letters: Sequence[str]) -> str:
    named = ", ".join(f"U+{ord(letter):04X} {letter}" for letter in letters[:_NAMED])
    more = f" and {len(letters) - _NAMED} more" if len(letters) > _NAMED else ""
    return (
        f"no font here has a glyph for {named}{more}; the PDF shows a box with its number;"
        " install a font that has it"
    )


def _texts(task: BookTask) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of all that a book is made of."""
    plan = task.plan
    for planned, (text, _) in zip(plan.posts, read_book(task.root, plan), strict=True):
        yield planned.path, text
    for path in filter(None, (plan.preface, plan.afterword)):
        yield path, read_matter(task.root, path)[0]


def _main_edition(plan: BookPlan, book: Book) -> Edition:
    """Return the edition that the first EPUB is of, or would be; without any the web edition's."""
    held = (edition for edition in plan.editions if select_edition(book, edition).chapters)
    return next(held, Edition.BILINGUAL)


class _Covers(dict[Edition, Cover]):
    """The covers of a book's editions: the user's image, else one drawn; empty if that fails.

    One is drawn when it is asked for, which takes a process: not all editions come to be.
    """

    def __init__(self, task: BookTask, book: Book, warnings: list[str]) -> None:
        super().__init__()
        self._plan, self._book, self._warnings = task.plan, book, warnings
        self._own = _read_cover(task, warnings)

    def __missing__(self, edition: Edition) -> Cover:
        cover = self._own
        try:
            cover = cover if cover.image else draw_cover(self._book, self._plan, edition)
        except CoverError as error:
            self._warnings.append(f"no cover: {error}")
        self[edition] = cover
        return cover


def _read_cover(task: BookTask, warnings: list[str]) -> Cover:
    """Return the image that the configuration names as a cover, nothing if there is none."""
    name = task.plan.cover
    if not name:
        return Cover()
    try:
        return take_cover(read_image(task.root, name))
    except CoverError as error:
        warnings.append(f"{name}: {error}; a cover was drawn instead")
    return Cover()
