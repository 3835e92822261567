"""The output folder: every file in it appears whole or not at all, and none is lost.

Books are built in a staging folder inside it and moved into place when all are done; the
manifest comes last.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .catalog import (
    SECTION_NAMES,
    BookCard,
    BookReference,
    Section,
    collect_sections,
    render_home,
    render_sections,
)
from .edition import FAILED, BookResult, is_ours
from .library import LibraryPlan, Skipped
from .reference import REFERENCE, parse_reference

__all__ = ["OutputError", "Report", "check_output", "publish", "staging"]

_MANIFEST: Final = "manifest.json"
_STAGING: Final = ".duizhao"
_EDITIONS: Final = (".epub", ".pdf")
_FORMATS: Final = ("html", "epub", "pdf")
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
    root = (posts if posts.is_dir() else posts.parent).resolve()
    target = out.resolve()
    if target.is_relative_to(root) and (posts.is_dir() or target == root):
        raise OutputError(
            f"{out}: the output folder lies inside the posts' folder; choose one outside {root}"
        )
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out}: is a file; name a folder")
    if not _read_manifest(out):
        for name in ("index.html", _MANIFEST):
            if (out / name).exists() and not _is_our_page(out / name):
                message = f"holds {name}, which duizhao did not write; choose another folder"
                raise OutputError(f"{out}: {message}")
    for name in names:
        place = out / name
        if (place.exists() or place.is_symlink()) and not is_ours(place):
            raise OutputError(f"{place}: duizhao did not make it; choose another output folder")
    for name in sections:
        place = out / name
        if (place.exists() or place.is_symlink()) and not _is_section(place):
            what = "is a book of an earlier build" if is_ours(place) else "duizhao did not make it"
            raise OutputError(f"{place}: {what}; move it away or choose another output folder")


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """Give an empty folder on the output's file system, gone when the block ends."""
    folder = out / _STAGING
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(
    plan: LibraryPlan, results: Sequence[BookResult], title: str, staged: Path, out: Path
) -> Report:
    """Move what was staged into place, then write the library's pages and the manifest.

    An edition that this build did not make stays, and stays in the manifest while the posts
    it was made of are the same. Folders of books that are no more are left and named. The
    library's glossary and indexes are of the books that have a web edition.
    """
    previous = {book["slug"]: book for book in _read_manifest(out).get("books", [])}
    by_slug = {result.plan.slug: result for result in results if result.posts}
    entries = []
    for book in plan.books:
        if book.slug not in by_slug:
            continue
        result = by_slug[book.slug]
        _move_book(staged / book.slug, out / book.slug, staged, whole="html" in result.formats)
        entry = _carry_over(_book_entry(result), previous.get(book.slug, {}))
        gone = [name for name in _FORMATS if name in entry and not (out / entry[name]).is_file()]
        entries.append({name: value for name, value in entry.items() if name not in gone})
    sections, pages = _publish_sections(entries, title, staged, out)
    manifest = _render_manifest(entries, sections, _skipped(plan, results))
    home = render_home([_card(entry) for entry in entries], title=title, sections=sections)
    _write(staged, out / "index.html", home)
    _write(staged, out / _MANIFEST, manifest)
    return Report(
        books=len(entries),
        posts=sum(len(entry["posts"]) for entry in entries),
        originals=_count_originals(entries),
        glossary_entries=sum(entry["glossary_entries"] for entry in entries),
        files=sum(result.files for result in results) + pages + 2,
        leftovers=tuple(
            slug for slug in sorted(previous) if slug not in by_slug and (out / slug).is_dir()
        ),
    )


def _publish_sections(
    entries: Sequence[Mapping[str, Any]], title: str, staged: Path, out: Path
) -> tuple[list[Section], int]:
    """Write the library's glossary and indexes; return what there is and the number of files.

    A section without entries is no folder: one of an earlier build goes.
    """
    references = (_read_reference(entry, out) for entry in entries if "html" in entry)
    collected = collect_sections([found for found in references if found])
    built = staged / _SECTION_MARK
    files = 0
    for folder, name, text in render_sections(title, collected):
        place = built / folder / name
        if not place.parent.exists():
            place.parent.mkdir(parents=True)
            (place.parent / _SECTION_MARK).touch()
        place.write_text(text, "utf-8", newline="\n")
        files += 1
    for name in SECTION_NAMES:
        if _is_section(out / name):
            (out / name).rename(staged / f"{name}.old")
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


def _read_manifest(out: Path) -> dict[str, Any]:
    """Return the manifest of an earlier build, empty if there is none that can be read."""
    try:
        manifest = json.loads((out / _MANIFEST).read_text("utf-8"))
        assert manifest["version"] == 1
        assert all(isinstance(book["slug"], str) for book in manifest["books"])
    except (OSError, ValueError, KeyError, TypeError, AssertionError):
        return {}
    return dict(manifest)


def _skipped(plan: LibraryPlan, results: Sequence[BookResult]) -> list[Skipped]:
    """Return the files that no book holds: left out by the plan, or failed in the build."""
    failed = [
        Skipped(found.path, found.code, found.message)
        for result in results
        for found in result.diagnostics
        if found.code == FAILED
    ]
    return sorted([*plan.skipped, *failed])


def _render_manifest(
    entries: Sequence[Mapping[str, Any]], sections: Sequence[Section], skipped: Sequence[Skipped]
) -> str:
    manifest: dict[str, Any] = {
        "version": 1,
        "posts": sum(len(entry["posts"]) for entry in entries),
        "originals": _count_originals(entries),
        "books": entries,
        "skipped": [
            {"source": left_out.path, "code": left_out.code, "message": left_out.message}
            for left_out in skipped
        ],
    }
    paths = {section.name: f"{section.name}/index.html" for section in sections}
    if "glossary" in paths:
        manifest["glossary"] = paths.pop("glossary")
    if paths:
        manifest["indexes"] = paths
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _count_originals(entries: Sequence[Mapping[str, Any]]) -> int:
    return sum(post["originals"] for entry in entries for post in entry["posts"])


def _book_entry(result: BookResult) -> dict[str, Any]:
    slug = result.plan.slug
    posts = []
    for post in result.posts:
        described = {
            "source": post.path,
            "slug": post.slug,
            "title": post.title,
            "date": post.date,
            "originals": post.originals,
            "words": post.words,
            "diagnostics": dict(post.diagnostics),
        }
        if "html" in result.formats:
            described["html"] = f"{slug}/{post.slug}.html"
        if "epub" in result.formats:
            described["epub_documents"] = list(post.epub_documents)
        posts.append(described)
    entry = {
        "slug": slug,
        "title": result.plan.title,
        "language": result.plan.language,
        "creators": list(result.creators),
        "glossary_entries": result.glossary_entries,
        "fingerprint": result.fingerprint,
        "posts": posts,
    }
    if "html" in result.formats:
        entry["html"] = f"{slug}/index.html"
    if "epub" in result.formats:
        entry["epub"] = f"{slug}/{slug}.epub"
    return entry


def _carry_over(entry: dict[str, Any], previous: Mapping[str, Any]) -> dict[str, Any]:
    """Keep naming the editions that an earlier build made of the same posts."""
    if previous.get("fingerprint") == entry["fingerprint"]:
        entry = {**previous, **entry}
        entry["posts"] = [
            {**before, **now} for before, now in zip(previous["posts"], entry["posts"], strict=True)
        ]
    return entry


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
    old = staged / f"{place.name}.old"
    place.rename(old)
    built.rename(place)


def _write(staged: Path, place: Path, text: str) -> None:
    """Write a file under another name first, so that a reader never sees half of it."""
    draft = staged / place.name
    draft.write_text(text, "utf-8", newline="\n")
    draft.replace(place)


def _card(entry: Mapping[str, Any]) -> BookCard:
    dates = sorted(post["date"] for post in entry["posts"] if post["date"])
    return BookCard(
        slug=entry["slug"],
        title=entry["title"],
        language=entry["language"],
        href=entry.get("html", ""),
        epub=entry.get("epub", ""),
        pdf=entry.get("pdf", ""),
        posts=len(entry["posts"]),
        originals=sum(post["originals"] for post in entry["posts"]),
        glossary_entries=entry["glossary_entries"],
        first_date=dates[0] if dates else "",
        last_date=dates[-1] if dates else "",
        creators=tuple(entry["creators"]),
    )
