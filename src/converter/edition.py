"""One book to files: the task of a build. Values in; files in a folder of its own out."""

from __future__ import annotations

import gc
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from .book import BookPlan, book_areas, book_subjects, describe, make_book, parse_matter
from .diagnostics import Diagnostic
from .ebook import (
    Cover,
    CoverError,
    EpubFile,
    draw_cover,
    latest_moment,
    originals_of,
    take_cover,
    write_cover,
    write_epubs,
)
from .epub import EpubOptions, render_epub, select_edition
from .library import read_book, read_image, read_matter
from .model import Book, Edition, Imprint, Original, OriginalsMode, Post, Prose
from .myst import PROJECT_MARK, entry_pages, render_myst
from .post import parse_post
from .reference import REFERENCE, render_reference
from .rules import NO_RULES, GlossaryRules
from .web import build_html

__all__ = [
    "FAILED",
    "FORMATS",
    "BookResult",
    "BookTask",
    "PostResult",
    "build_book",
    "is_ours",
    "parse_book",
]

FORMATS: Final = ("html", "epub")
FAILED: Final = "internal.post-failed"
_MARK: Final = ".duizhao-book"
_HAN_OR_WORD = re.compile("[\u3400-\u9fff]|[A-Za-z0-9]+")
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


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
class PostResult:
    """What the manifest says of a post; EPUB documents are named from the package's folder."""

    path: str
    slug: str
    title: str
    date: str
    epub_documents: tuple[str, ...]
    originals: int
    words: int
    diagnostics: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BookResult:
    """What the manifest says of a book, and what was found while building it."""

    plan: BookPlan
    creators: tuple[str, ...]
    posts: tuple[PostResult, ...]
    formats: tuple[str, ...]
    glossary_entries: int
    fingerprint: str
    files: int
    diagnostics: tuple[Diagnostic, ...]
    warnings: tuple[str, ...]
    applied: frozenset[str] = frozenset()
    summary: str = ""
    areas: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    epubs: tuple[EpubFile, ...] = ()
    cover_size: tuple[int, int] = (0, 0)
    text_fingerprint: str = ""
    """As ``fingerprint``, without what only the EPUBs are made of."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A task's book, the findings in its posts, and digests of what it is made of."""

    book: Book
    diagnostics: tuple[Diagnostic, ...]
    fingerprint: str
    text_fingerprint: str


def build_book(task: BookTask) -> BookResult:
    """Build the editions of one book into ``task.folder``, which it makes.

    A post on which the program itself fails is left out and reported, as is a preface or an
    afterword; the others are built.
    Raises OSError if the folder cannot be written, and what else fails without any one post
    being the cause.
    """
    # Documents of Sphinx are full of cycles that live until the end of the book: looking for
    # garbage among them costs a quarter of the time and finds none.
    gc.disable()
    try:
        return _build_book(task)
    except OSError:
        raise
    except Exception:
        failing = _find_failing(task)
        if not failing:
            raise
        shutil.rmtree(task.folder, ignore_errors=True)
        return _without(task, failing)
    finally:
        gc.enable()
        gc.collect()


def _find_failing(task: BookTask) -> dict[str, str]:
    """Return the texts that cannot be rendered even alone, and what each fails with."""
    plan = task.plan
    bare = replace(plan, posts=(), preface="", afterword="")
    trials = {planned.path: replace(bare, posts=(planned,)) for planned in plan.posts}
    if plan.preface:
        trials[plan.preface] = replace(bare, preface=plan.preface)
    if plan.afterword:
        trials[plan.afterword] = replace(bare, afterword=plan.afterword)
    faults = {path: _try(replace(task, plan=trial)) for path, trial in trials.items()}
    return {path: fault for path, fault in faults.items() if fault}


def _try(task: BookTask) -> str:
    """Return what rendering a task's book fails with, nothing if it does not."""
    try:
        book, _ = parse_book(task)
        render_myst(book)
        for edition in task.plan.editions:
            options = EpubOptions(
                identifier="",
                modified=_EPOCH,
                originals=originals_of(task.plan, edition),
                notes="document" if task.plan.notes_at_end else "paragraph",
            )
            render_epub(select_edition(book, edition), options)
    except Exception as error:  # noqa: BLE001 -- whatever a text brings about, others go on
        return f"{type(error).__name__}: {error}"[:200]
    return ""


def _without(task: BookTask, failing: Mapping[str, str]) -> BookResult:
    """Build a book without some of its texts; without any post left its result has no posts."""
    plan = replace(
        task.plan,
        posts=tuple(planned for planned in task.plan.posts if planned.path not in failing),
        preface="" if task.plan.preface in failing else task.plan.preface,
        afterword="" if task.plan.afterword in failing else task.plan.afterword,
    )
    empty = BookResult(plan, (), (), (), 0, "", 0, (), ())
    result = _build_book(replace(task, plan=plan)) if plan.posts else empty
    found = [
        Diagnostic(path, 0, 0, FAILED, f"duizhao failed on the post: {error}")
        for path, error in failing.items()
    ]
    return replace(result, diagnostics=tuple(sorted((*found, *result.diagnostics))))


def _build_book(task: BookTask) -> BookResult:
    read = _read_and_parse(task)
    book = read.book
    task.folder.mkdir(parents=True)
    (task.folder / _MARK).touch()
    epubs, warnings, cover_size = _write_editions(task, book)
    return BookResult(
        plan=task.plan,
        creators=book.creators,
        posts=_describe_posts(read, epubs[0].documents if epubs else {}),
        formats=task.formats,
        glossary_entries=len(book.glossary.entries),
        fingerprint=read.fingerprint,
        text_fingerprint=read.text_fingerprint,
        files=sum(file.is_file() for file in task.folder.rglob("[!.]*")),
        diagnostics=read.diagnostics,
        warnings=warnings,
        applied=book.applied_rules,
        summary=describe(book),
        areas=book_areas(book),
        subjects=book_subjects(book),
        epubs=epubs,
        cover_size=cover_size,
    )


def _write_editions(
    task: BookTask, book: Book
) -> tuple[tuple[EpubFile, ...], tuple[str, ...], tuple[int, int]]:
    """Write a book's editions and its cover into its folder.

    Return its EPUBs, warnings, and the size of the cover.
    """
    warnings: list[str] = []
    epubs: tuple[EpubFile, ...] = ()
    covers = _Covers(task, book, warnings)
    if "html" in task.formats:
        warnings += build_html(book, task.folder)
        # What the library's own pages say of the book; they read nothing else of it.
        reference = render_reference(book, entry_pages(book))
        (task.folder / REFERENCE).write_text(reference, "utf-8", newline="\n")
    if "epub" in task.formats:
        modified = task.modified or latest_moment(book)
        epubs = tuple(write_epubs(book, task.plan, task.folder, modified=modified, covers=covers))
        if not epubs:
            warnings.append("no EPUB: epub.editions asks for the originals only, and it has none")
    main_cover = covers[epubs[0].edition if epubs else _main_edition(task.plan, book)]
    if main_cover.image:
        write_cover(main_cover, task.folder)
    return epubs, tuple(dict.fromkeys(warnings)), main_cover.size


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


def _describe_posts(
    read: _Read, documents: Mapping[str, tuple[str, ...]]
) -> tuple[PostResult, ...]:
    counts: dict[str, Counter[str]] = {}
    for diagnostic in read.diagnostics:
        counts.setdefault(diagnostic.path, Counter())[diagnostic.code] += 1
    return tuple(
        PostResult(
            path=chapter.path,
            slug=chapter.slug,
            title=chapter.front_matter.title,
            date=chapter.front_matter.date,
            epub_documents=documents.get(chapter.slug, ()),
            originals=chapter.originals,
            words=_count_words(chapter),
            diagnostics=dict(sorted(counts.get(chapter.path, Counter()).items())),
        )
        for chapter in read.book.chapters
    )


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


def parse_book(task: BookTask) -> tuple[Book, tuple[Diagnostic, ...]]:
    """Return a task's book and the findings in its posts, without building any edition."""
    read = _read_and_parse(task)
    return read.book, read.diagnostics


def _read_and_parse(task: BookTask) -> _Read:
    plan = task.plan
    texts = sha256()
    posts: list[Post] = []
    found: list[Diagnostic] = []
    for planned, (text, problems) in zip(plan.posts, read_book(task.root, plan), strict=True):
        texts.update(b"\0" + text.encode("utf-8", "surrogatepass"))
        parsed = parse_post(planned.path, text)
        posts.append(parsed.post)
        found += [*problems, *parsed.diagnostics]
    matter: dict[str, tuple[Post, ...]] = {"preface": (), "afterword": ()}
    for name, path in (("preface", plan.preface), ("afterword", plan.afterword)):
        if path:
            text, problems = read_matter(task.root, path)
            texts.update(b"\0" + text.encode("utf-8", "surrogatepass"))
            post, more = parse_matter(name, path, text, plan.language)
            matter[name] = (post,)
            found += [*problems, *more]
    book = make_book(plan, posts, task.rules, front=matter["preface"], back=matter["afterword"])
    image = read_image(task.root, plan.cover) if plan.cover else b""
    return _Read(
        book,
        tuple(sorted(found)),
        _digest(f"{plan!r}\n{task.rules!r}", texts.digest(), image),
        _digest(f"{_for_web(plan)!r}\n{task.rules!r}", texts.digest(), b""),
    )


def _digest(facts: str, texts: bytes, image: bytes) -> str:
    digest = sha256(f"{version('duizhao')}\n{facts}".encode("utf-8", "surrogatepass"))
    digest.update(texts)
    digest.update(image)
    return digest.hexdigest()


def _for_web(plan: BookPlan) -> BookPlan:
    """Return a plan without what only the EPUBs and the catalogs are made of."""
    return replace(
        plan,
        originals=OriginalsMode.NOTES,
        notes_at_end=False,
        editions=(Edition.BILINGUAL,),
        imprint=Imprint(),
        cover="",
        identity="",
    )


def _count_words(post: Post) -> int:
    """Return how many Chinese characters and Latin words a post has, originals included."""
    texts = (block.markdown for block in post.blocks if isinstance(block, Prose | Original))
    return sum(len(_HAN_OR_WORD.findall(text)) for text in texts)


def is_ours(folder: Path) -> bool:
    """Tell whether a folder was made here: by ``build_book`` or by ``write_project``."""
    try:
        return (folder / _MARK).is_file() or PROJECT_MARK in (folder / "conf.py").read_text("utf-8")
    except (OSError, ValueError):
        return False
