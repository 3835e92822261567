"""``manifest.json``: what a library holds, and what its pages and catalogs say of its books.

An entry is a book's part of the manifest as plain JSON, since that of a book which this build did
not make comes from the manifest of the one before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeGuard

from .catalog import BookCard, EpubLink, Publication, Section
from .cover import edition_name
from .ebook import COVER, THUMBNAIL
from .edition import FAILED, BookResult
from .library import LibraryPlan, Skipped
from .model import Edition

__all__ = [
    "EPUB_LABELS",
    "book_card",
    "book_entry",
    "carry_over",
    "count_originals",
    "parse_manifest",
    "publication",
    "render_manifest",
    "skipped_files",
    "without_missing",
]

_MOST_SUBJECTS: Final = 8
_FORMATS: Final = ("html", "epub", "pdf")

EPUB_LABELS: Final = {edition.value: edition_name(edition.value, "zh") for edition in Edition}
"""What the editions are called where a reader chooses one."""


_EPUB_FACTS: Final = {
    "edition": str,
    "path": str,
    "size": int,
    "identifier": str,
    "updated": str,
}


def parse_manifest(text: str) -> dict[str, dict[str, Any]]:
    """Return what the manifest of an earlier build says of its books, by slug.

    It may have been edited, or cut short: of a book whose entry is not as ``book_entry`` makes
    them, nothing but the slug counts. Raises ValueError for what is no manifest of ours.
    """
    try:
        manifest = json.loads(text)
        books = {entry["slug"]: entry for entry in manifest["books"]}
        is_known = manifest["version"] == 1 and all(isinstance(slug, str) for slug in books)
    except (RecursionError, KeyError, TypeError) as error:
        raise ValueError("it is no manifest") from error
    if not is_known:
        raise ValueError("it is the manifest of another program")
    return {
        slug: entry if _is_sound(entry) else {}
        for slug, entry in books.items()
        if "/" not in slug and slug.strip(".")
    }


def _is_sound(entry: Mapping[str, Any]) -> bool:
    """Tell whether all that is read of an earlier entry is of the kind that it should be."""
    posts, epubs = entry.get("posts"), entry.get("epubs", [])
    if not (_are_tables(posts) and _are_tables(epubs)):
        return False
    has_facts = all(
        isinstance(epub.get(name), kind) for epub in epubs for name, kind in _EPUB_FACTS.items()
    )
    documents = [post.get("epub_documents", []) for post in posts]
    return (
        has_facts
        and all(epub["edition"] in EPUB_LABELS for epub in epubs)
        and all(isinstance(names, list) and _are_texts(names) for names in documents)
        and all(_is_inside(path, entry["slug"]) for path in _paths(entry))
        and _is_size(entry.get("cover_size", [0, 0]))
        and _is_encodable(entry)
    )


def _paths(entry: Mapping[str, Any]) -> list[object]:
    """Return the files that an entry names, whatever they may be."""
    named = [entry[name] for name in (*_FORMATS, "cover") if name in entry]
    named += [epub["path"] for epub in entry.get("epubs", ())]
    return named + [post["html"] for post in entry["posts"] if "html" in post]


def _is_inside(path: object, folder: str) -> bool:
    """Tell whether something is a path in a folder."""
    if not isinstance(path, str):
        return False
    parts = path.split("/")
    return parts[0] == folder and ".." not in parts


def _is_size(value: object) -> bool:
    return isinstance(value, list) and [type(number) for number in value] == [int, int]


def _are_tables(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _are_texts(value: Iterable[object]) -> bool:
    return all(isinstance(item, str) for item in value)


def _is_encodable(entry: Mapping[str, Any]) -> bool:
    """Tell whether an entry can be written again: JSON may name halves of characters."""
    try:
        json.dumps(entry, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def book_entry(result: BookResult) -> dict[str, Any]:
    """Return what the manifest says of a book."""
    plan, slug = result.plan, result.plan.slug
    entry: dict[str, Any] = {
        "slug": slug,
        "title": plan.title,
        "language": plan.language,
        "original_language": plan.original_language,
        "creators": list(result.creators),
        "summary": result.summary,
        "series": plan.imprint.series,
        "volume": plan.imprint.volume,
        "publisher": plan.imprint.publisher,
        "areas": list(result.areas),
        "subjects": list(result.subjects),
        "glossary_entries": result.glossary_entries,
        "fingerprint": result.fingerprint,
        "text_fingerprint": result.text_fingerprint,
        "posts": _post_entries(result),
        "cover": f"{slug}/{COVER}",
    }
    if all(result.cover_size):
        entry["cover_size"] = list(result.cover_size)
    if "html" in result.formats:
        entry["html"] = f"{slug}/index.html"
    if result.pdf:
        entry["pdf"] = f"{slug}/{result.pdf.name}"
        entry["pdf_fonts"] = list(result.pdf.families)
    if result.epubs:
        entry["epub"] = f"{slug}/{result.epubs[0].name}"
        entry["epubs"] = [
            {
                "edition": epub.edition.value,
                "path": f"{slug}/{epub.name}",
                "size": epub.size,
                "identifier": epub.identifier,
                "updated": epub.modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            for epub in result.epubs
        ]
    return entry


def _post_entries(result: BookResult) -> list[dict[str, Any]]:
    posts = []
    for post in result.posts:
        described: dict[str, Any] = {
            "source": post.path,
            "slug": post.slug,
            "title": post.title,
            "date": post.date,
            "originals": post.originals,
            "words": post.words,
            "diagnostics": dict(post.diagnostics),
        }
        if "html" in result.formats:
            described["html"] = f"{result.plan.slug}/{post.slug}.html"
        if result.pdf:
            described["pdf_page"] = post.pdf_page
        if result.epubs:
            described["epub_documents"] = list(post.epub_documents)
        posts.append(described)
    return posts


def carry_over(entry: dict[str, Any], previous: Mapping[str, Any]) -> dict[str, Any]:
    """Keep naming the editions that an earlier build made of the same posts."""
    same = previous.get("text_fingerprint") == entry["text_fingerprint"]
    if same and len(previous.get("posts", ())) == len(entry["posts"]):
        entry = {**previous, **entry}
        entry["posts"] = [
            {**before, **now} for before, now in zip(previous["posts"], entry["posts"], strict=True)
        ]
    return entry


def without_missing(entry: Mapping[str, Any], exists: Callable[[str], bool]) -> dict[str, Any]:
    """Leave out of an entry the files that are not there; ``exists`` tells it of a path.

    The first EPUB that is left is the main one. What is said of a post goes with the file that it
    is said of: documents of an EPUB with the main one, whose they are.
    """
    gone = {name for name in (*_FORMATS, "cover") if name in entry and not exists(entry[name])}
    gone |= {"cover_size"} if "cover" in gone else set()
    gone |= {"pdf_fonts"} if "pdf" in gone else set()
    kept = {name: value for name, value in entry.items() if name not in {*gone, "epub", "epubs"}}
    if epubs := [epub for epub in entry.get("epubs", ()) if exists(epub["path"])]:
        kept |= {"epub": epubs[0]["path"], "epubs": epubs}
    of_posts = {
        "html": "html" in gone,
        "pdf_page": "pdf" in gone,
        "epub_documents": kept.get("epub") != entry.get("epub"),
    }
    kept["posts"] = [
        {name: value for name, value in post.items() if not of_posts.get(name)}
        for post in entry["posts"]
    ]
    return kept


def skipped_files(plan: LibraryPlan, results: Sequence[BookResult]) -> list[Skipped]:
    """Return the files that no book holds: left out by the plan, or failed in the build."""
    failed = [
        Skipped(found.path, found.code, found.message)
        for result in results
        for found in result.diagnostics
        if found.code == FAILED
    ]
    # Volumes may share a preface.
    return sorted({*plan.skipped, *failed})


def render_manifest(
    entries: Sequence[Mapping[str, Any]], sections: Sequence[Section], skipped: Iterable[Skipped]
) -> str:
    """Return the text of the manifest: sorted, with no clock in it."""
    manifest: dict[str, Any] = {
        "version": 1,
        "posts": sum(len(entry["posts"]) for entry in entries),
        "originals": count_originals(entries),
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


def count_originals(entries: Iterable[Mapping[str, Any]]) -> int:
    """Return how many originals the books have."""
    return sum(post["originals"] for entry in entries for post in entry["posts"])


def book_card(entry: Mapping[str, Any]) -> BookCard:
    """Return what the home page says of a book."""
    dates = _dates(entry)
    return BookCard(
        slug=entry["slug"],
        title=entry["title"],
        language=entry["language"],
        href=entry.get("html", ""),
        pdf=entry.get("pdf", ""),
        epubs=tuple(
            (label, epub["path"])
            for epub, label in zip(entry.get("epubs", ()), _epub_labels(entry), strict=True)
        ),
        cover=_thumbnail(entry),
        posts=len(entry["posts"]),
        originals=count_originals([entry]),
        glossary_entries=entry["glossary_entries"],
        first_date=dates[0] if dates else "",
        last_date=dates[-1] if dates else "",
        creators=tuple(entry["creators"]),
    )


def publication(entry: Mapping[str, Any]) -> Publication:
    """Return what the catalogs for reading programs say of a book; it may have no EPUB."""
    dates = _dates(entry)
    epubs = entry.get("epubs", ())
    return Publication(
        slug=entry["slug"],
        identifier=epubs[0]["identifier"] if epubs else "",
        title=entry["title"],
        language=entry["language"],
        creators=tuple(entry["creators"]),
        summary=entry.get("summary", ""),
        epubs=tuple(
            EpubLink(epub["path"], epub["size"], label)
            for epub, label in zip(epubs, _epub_labels(entry), strict=True)
        ),
        cover=entry.get("cover", ""),
        thumbnail=_thumbnail(entry),
        cover_size=tuple(entry.get("cover_size", (0, 0))),
        published=dates[-1] if dates else "",
        updated=epubs[0]["updated"] if epubs else "",
        posts=len(entry["posts"]),
        series=entry.get("series", ""),
        volume=entry.get("volume", 0),
        areas=tuple(entry.get("areas", ())),
        subjects=tuple(entry.get("subjects", ()))[:_MOST_SUBJECTS],
        publisher=entry.get("publisher", ""),
    )


def _epub_labels(entry: Mapping[str, Any]) -> list[str]:
    """Return what the EPUBs of a book are called; one alone without originals is just that."""
    epubs = entry.get("epubs", ())
    if len(epubs) == 1 and not count_originals([entry]):
        return ["EPUB"]
    return [EPUB_LABELS[epub["edition"]] for epub in epubs]


def _thumbnail(entry: Mapping[str, Any]) -> str:
    return f"{entry['slug']}/{THUMBNAIL}" if "cover" in entry else ""


def _dates(entry: Mapping[str, Any]) -> list[str]:
    return sorted(post["date"] for post in entry["posts"] if post["date"])
