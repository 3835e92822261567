"""The output folder: every file in it appears whole or not at all, and none is lost.

Books are built in a staging folder inside it and moved into place when all are done; the
manifest comes last.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from itertools import chain
from pathlib import Path
from typing import Any, Final

from .catalog import (
    SECTION_NAMES,
    BookReference,
    Section,
    collect_sections,
    render_home,
    render_opds,
    render_sections,
)
from .edition import BookResult, is_ours
from .library import LibraryPlan
from .manifest import (
    book_card,
    book_entry,
    carry_over,
    count_originals,
    parse_manifest,
    publication,
    render_manifest,
    skipped_files,
    without_missing,
)
from .reference import REFERENCE, parse_reference

__all__ = [
    "LIBRARY_FOLDERS",
    "OutputError",
    "Report",
    "check_output",
    "publish",
    "replace_folder",
    "staging",
]

OPDS: Final = "opds"
LIBRARY_FOLDERS: Final = (*SECTION_NAMES, OPDS)
"""The folders of the library's own pages, beside those of the books."""

_MANIFEST: Final = "manifest.json"
_STAGING: Final = ".duizhao-staging"
_OLD: Final = ".old"
_EDITIONS: Final = (".epub", ".pdf")
_SECTION_MARK: Final = ".duizhao-section"


class OutputError(Exception):
    """The output folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, for the summary; leftovers are folders of books that are no more."""

    books: int
    posts: int
    originals: int
    glossary_entries: int
    files: int
    leftovers: tuple[str, ...]


def check_output(
    posts: Path, out: Path, names: Iterable[str], sections: Iterable[str] = ()
) -> None:
    """Raise OutputError if writing into ``out`` could harm anything.

    ``names`` are the folders of books, ``sections`` those of the library's own pages: of the
    latter a book of an earlier build is in the way too.
    """
    _check_folder(posts, out)
    for name in names:
        place = out / name
        if (place.exists() or place.is_symlink()) and not is_ours(place):
            raise OutputError(f"{place}: duizhao did not make it; choose another output folder")
    for name in sections:
        place = out / name
        if (place.exists() or place.is_symlink()) and not _is_section(place):
            what = "is a book of an earlier build" if is_ours(place) else "duizhao did not make it"
            raise OutputError(f"{place}: {what}; move it away or choose another output folder")


def _check_folder(posts: Path, out: Path) -> None:
    root = (posts if posts.is_dir() else posts.parent).resolve()
    target = Path(os.path.realpath(out))
    if target.is_relative_to(root) and (posts.is_dir() or target == root):
        raise OutputError(
            f"{out}: the output folder lies inside the posts' folder; choose one outside {root}"
        )
    if out.is_symlink() and not out.exists():
        raise OutputError(f"{out}: is a link that leads nowhere; name a folder")
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out}: is a file; name a folder")
    for name in ("index.html", _MANIFEST):
        if (out / name).is_dir():
            raise OutputError(f"{out / name}: is a folder; move it away")
    if not _has_manifest(out):
        for name in ("index.html", _MANIFEST):
            if (out / name).exists() and not _is_our_page(out / name):
                message = f"holds {name}, which duizhao did not write; choose another folder"
                raise OutputError(f"{out}: {message}")


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """Give an empty folder on the output's file system, gone when the block ends.

    What a build that was killed had taken out of the output is put back first. Raises OutputError
    while another build writes into the same output.
    """
    folder = out / _STAGING
    out.mkdir(parents=True, exist_ok=True)
    with _only_build(out):
        _put_back(folder, out)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        try:
            yield folder
        except BaseException:
            _put_back(folder, out)
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _only_build(out: Path) -> Iterator[None]:
    """Hold the output folder's lock, which goes with the process however that ends."""
    descriptor = os.open(out, os.O_RDONLY)
    try:
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            raise OutputError(
                f"{out}: another build is writing into it; wait for its end"
            ) from error
        except OSError:
            # Some network file systems know no locks.
            pass
        yield
    finally:
        os.close(descriptor)


def _put_back(folder: Path, out: Path) -> None:
    """Put back what was moved aside and not replaced: a build died between the two steps."""
    for old in folder.glob(f"*{_OLD}"):
        place = out / old.name.removesuffix(_OLD)
        if not place.exists():
            old.rename(place)


def publish(plan: LibraryPlan, results: Sequence[BookResult], staged: Path, out: Path) -> Report:
    """Move what was staged into place, then write the library's pages and the manifest.

    An edition that this build did not make stays, and stays in the manifest while the posts
    it was made of are the same. Folders of books that are no more are left and named. The
    library's glossary and indexes are of the books that have a web edition.
    """
    previous = _earlier_books(out)
    by_slug = {result.plan.slug: result for result in results if result.posts}
    entries = []
    for book in plan.books:
        if book.slug not in by_slug:
            continue
        result = by_slug[book.slug]
        _move_book(staged / book.slug, out / book.slug, staged, whole="html" in result.formats)
        entry = carry_over(book_entry(result), previous.get(book.slug, {}))
        entries.append(without_missing(entry, lambda path: (out / path).is_file()))
    sections, pages = _publish_sections(plan, entries, staged, out)
    manifest = render_manifest(entries, sections, skipped_files(plan, results))
    home = render_home(
        [book_card(entry) for entry in entries],
        title=plan.title,
        sections=sections,
        opds=f"{OPDS}/index.xml" if any(entry.get("epubs") for entry in entries) else "",
    )
    _write(staged, out / "index.html", home)
    _write(staged, out / _MANIFEST, manifest)
    return Report(
        books=len(entries),
        posts=sum(len(entry["posts"]) for entry in entries),
        originals=count_originals(entries),
        glossary_entries=sum(entry["glossary_entries"] for entry in entries),
        files=sum(result.files for result in results) + pages + 2,
        leftovers=tuple(
            slug for slug in sorted(previous) if slug not in by_slug and (out / slug).is_dir()
        ),
    )


def _publish_sections(
    plan: LibraryPlan, entries: Sequence[Mapping[str, Any]], staged: Path, out: Path
) -> tuple[list[Section], int]:
    """Write the library's glossary, indexes and catalogs; return the first two, and file counts.

    A section without entries is no folder: one of an earlier build goes.
    """
    references = (_read_reference(entry, out) for entry in entries if "html" in entry)
    collected = collect_sections([found for found in references if found])
    built = staged / _SECTION_MARK
    files = 0
    pages = (
        (f"{folder}/{name}", text) for folder, name, text in render_sections(plan.title, collected)
    )
    books = [publication(entry) for entry in entries if entry.get("epubs")]
    feeds = render_opds(plan.title, books, language=plan.language) if books else ()
    for path, text in chain(pages, feeds):
        place = built / path
        section = built / path.partition("/")[0]
        if not section.exists():
            section.mkdir(parents=True)
            (section / _SECTION_MARK).touch()
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8", newline="\n")
        files += 1
    for name in LIBRARY_FOLDERS:
        if _is_section(out / name):
            (out / name).rename(staged / f"{name}{_OLD}")
        if (built / name).exists():
            (built / name).rename(out / name)
    return [each.section for each in collected], files


def _read_reference(entry: Mapping[str, Any], out: Path) -> BookReference | None:
    """Return what a book left for the library; nothing if an earlier version built it."""
    try:
        text = (out / entry["slug"] / REFERENCE).read_text("utf-8")
        return BookReference(entry["slug"], entry["title"], parse_reference(text))
    except (OSError, ValueError):
        return None


def _is_section(folder: Path) -> bool:
    return (folder / _SECTION_MARK).is_file()


def _is_our_page(page: Path) -> bool:
    """Tell whether a page is a home page of ours, left by a build that died before its end."""
    try:
        return '<meta name="generator" content="duizhao">' in page.read_text("utf-8")[:2000]
    except (OSError, ValueError):
        return False


def _has_manifest(out: Path) -> bool:
    """Tell whether a manifest of ours is there, of however few books."""
    try:
        parse_manifest((out / _MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return True


def _earlier_books(out: Path) -> dict[str, dict[str, Any]]:
    """Return what an earlier build says of its books, by slug; nothing where there was none."""
    try:
        return parse_manifest((out / _MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _move_book(built: Path, place: Path, staged: Path, *, whole: bool) -> None:
    """Put a built folder in place of the old one, or its files beside those of the old one.

    A folder that replaces another takes over the editions that were not built this time.
    """
    if not place.exists():
        built.rename(place)
        return
    if not whole:
        for file in built.iterdir():
            file.replace(place / file.name)
        return
    kept = [file for file in place.iterdir() if file.suffix in _EDITIONS and file.is_file()]
    for edition in kept:
        if not (built / edition.name).exists():
            shutil.copy2(edition, built / edition.name)
    replace_folder(built, place, staged)


def replace_folder(built: Path, place: Path, staged: Path) -> None:
    """Put a folder in the place of another; if that fails half-way, the next build mends it."""
    if place.exists():
        place.rename(staged / f"{place.name}{_OLD}")
    built.rename(place)


def _write(staged: Path, place: Path, text: str) -> None:
    """Write a file under another name first, so that a reader never sees half of it."""
    draft = staged / place.name
    draft.write_text(text, "utf-8", newline="\n")
    draft.replace(place)
