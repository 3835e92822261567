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
from .ebook import EpubFile, originals_of
from .epub import EpubOptions, render_epub, select_edition
from .formats import FORMATS, BookTask, Formats, write_formats
from .library import read_book, read_image, read_matter
from .model import Book, Edition, Imprint, Original, OriginalsMode, PdfDesign, Post, Prose
from .myst import PROJECT_MARK, render_myst
from .post import parse_post
from .web import PdfFile

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

FAILED: Final = "internal.post-failed"
_MARK: Final = ".duizhao-book"
_HAN_OR_WORD = re.compile("[\u3400-\u9fff]|[A-Za-z0-9]+")
_SELDOM: Final = (100_000, 5, 1_000_000)
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


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
    pdf_page: str = ""


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
    pdf: PdfFile | None = None
    text_fingerprint: str = ""
    """As ``fingerprint``, without what only EPUBs and PDFs are made of."""


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
    # Documents of Sphinx are full of cycles. To look for garbage among all that lives costs a
    # quarter of the time, not to look at all twice the memory; to look among what is new is best.
    thresholds = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
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
        gc.set_threshold(*thresholds)
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
    written = write_formats(task, book)
    return BookResult(
        plan=task.plan,
        creators=book.creators,
        posts=_describe_posts(read, written),
        formats=task.formats,
        glossary_entries=len(book.glossary.entries),
        fingerprint=read.fingerprint,
        text_fingerprint=read.text_fingerprint,
        files=sum(file.is_file() for file in task.folder.rglob("[!.]*")),
        diagnostics=read.diagnostics,
        warnings=written.warnings,
        applied=book.applied_rules,
        summary=describe(book),
        areas=book_areas(book),
        subjects=book_subjects(book),
        epubs=written.epubs,
        cover_size=written.cover_size,
        pdf=written.pdf,
    )


def _describe_posts(read: _Read, written: Formats) -> tuple[PostResult, ...]:
    documents = written.epubs[0].documents if written.epubs else {}
    pages = written.pdf.pages if written.pdf else {}
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
            pdf_page=pages.get(f"{chapter.slug}#", ""),
            originals=chapter.originals,
            words=_count_words(chapter),
            diagnostics=dict(sorted(counts.get(chapter.path, Counter()).items())),
        )
        for chapter in read.book.chapters
    )


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
    """Return a plan without what only EPUBs, PDFs and catalogs are made of."""
    return replace(
        plan,
        originals=OriginalsMode.NOTES,
        notes_at_end=False,
        editions=(Edition.BILINGUAL,),
        imprint=Imprint(),
        cover="",
        pdf=PdfDesign(),
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
