"""One book to files: the task of a build. Values in; files in a folder of its own out."""

from __future__ import annotations

import gc
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from .book import BookPlan, make_book
from .diagnostics import Diagnostic
from .epub import render_epub
from .library import read_book
from .model import Book, Original, Post, Prose
from .myst import PROJECT_MARK, entry_pages, render_myst
from .post import parse_post
from .reference import REFERENCE, render_reference
from .rules import NO_RULES, GlossaryRules

__all__ = [
    "FAILED",
    "FORMATS",
    "BookResult",
    "BookTask",
    "PostResult",
    "build_book",
    "is_ours",
    "parse_book",
    "write_project",
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


def build_book(task: BookTask) -> BookResult:
    """Build the editions of one book into ``task.folder``, which it makes.

    A post on which the program itself fails is left out and reported; the others are built.
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
    """Return the posts that cannot be rendered even alone, and what each fails with."""
    failing: dict[str, str] = {}
    for planned in task.plan.posts:
        alone = replace(task, plan=replace(task.plan, posts=(planned,)))
        try:
            book, _ = parse_book(alone)
            render_myst(book)
            render_epub(book, modified=_EPOCH, originals=task.plan.originals)
        except Exception as error:  # noqa: BLE001 -- whatever a post brings about, others go on
            failing[planned.path] = f"{type(error).__name__}: {error}"[:200]
    return failing


def _without(task: BookTask, failing: Mapping[str, str]) -> BookResult:
    """Build a book without some of its posts; without any left its result has no posts."""
    kept = tuple(planned for planned in task.plan.posts if planned.path not in failing)
    plan = replace(task.plan, posts=kept)
    empty = BookResult(plan, (), (), (), 0, "", 0, (), ())
    result = _build_book(replace(task, plan=plan)) if kept else empty
    found = [
        Diagnostic(path, 0, 0, FAILED, f"duizhao failed on the post: {error}")
        for path, error in failing.items()
    ]
    return replace(result, diagnostics=tuple(sorted((*found, *result.diagnostics))))


def _build_book(task: BookTask) -> BookResult:
    book, diagnostics, fingerprint = _read_and_parse(task)
    task.folder.mkdir(parents=True)
    (task.folder / _MARK).touch()
    warnings: list[str] = []
    documents: tuple[tuple[str, ...], ...] = ((),) * len(book.chapters)
    if "html" in task.formats:
        warnings += _build_html(book, task.folder)
        # What the library's own pages say of the book; they read nothing else of it.
        reference = render_reference(book, entry_pages(book))
        (task.folder / REFERENCE).write_text(reference, "utf-8", newline="\n")
    if "epub" in task.formats:
        modified = task.modified or _latest_date(book)
        edition = render_epub(book, modified=modified, originals=task.plan.originals)
        documents = edition.documents
        with (task.folder / f"{book.slug}.epub").open("wb") as file:
            edition.write(file)
    counts: dict[str, Counter[str]] = {}
    for diagnostic in diagnostics:
        counts.setdefault(diagnostic.path, Counter())[diagnostic.code] += 1
    posts = tuple(
        PostResult(
            path=chapter.path,
            slug=chapter.slug,
            title=chapter.front_matter.title,
            date=chapter.front_matter.date,
            epub_documents=documents[number],
            originals=chapter.originals,
            words=_count_words(chapter),
            diagnostics=dict(sorted(counts.get(chapter.path, Counter()).items())),
        )
        for number, chapter in enumerate(book.chapters)
    )
    return BookResult(
        plan=task.plan,
        creators=book.creators,
        posts=posts,
        formats=task.formats,
        glossary_entries=len(book.glossary.entries),
        fingerprint=fingerprint,
        files=sum(file.is_file() for file in task.folder.rglob("[!.]*")),
        diagnostics=diagnostics,
        warnings=tuple(warnings),
        applied=book.applied_rules,
    )


def parse_book(task: BookTask) -> tuple[Book, tuple[Diagnostic, ...]]:
    """Return a task's book and the findings in its posts, without building any edition."""
    book, diagnostics, _ = _read_and_parse(task)
    return book, diagnostics


def _read_and_parse(task: BookTask) -> tuple[Book, tuple[Diagnostic, ...], str]:
    """Return the book, the findings, and a digest of all that it is made of."""
    digest = sha256(
        f"{version('duizhao')}\n{task.plan!r}\n{task.rules!r}".encode("utf-8", "surrogatepass")
    )
    posts: list[Post] = []
    found: list[Diagnostic] = []
    texts = read_book(task.root, task.plan)
    for planned, (text, problems) in zip(task.plan.posts, texts, strict=True):
        digest.update(b"\0" + text.encode("utf-8", "surrogatepass"))
        parsed = parse_post(planned.path, text)
        posts.append(parsed.post)
        found += [*problems, *parsed.diagnostics]
    return make_book(task.plan, posts, task.rules), tuple(sorted(found)), digest.hexdigest()


def _latest_date(book: Book) -> datetime:
    """Return midnight of the newest post's day: the same posts make the same bytes."""
    for date in sorted((post.front_matter.date for post in book.chapters), reverse=True):
        try:
            return datetime.fromisoformat(date).replace(tzinfo=UTC)
        except ValueError:
            continue
    return _EPOCH


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


def write_project(book: Book, folder: Path) -> int:
    """Write a book's Sphinx project into a folder, which it makes; return the file count."""
    folder.mkdir(parents=True)
    files = render_myst(book)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8", newline="\n")
    return len(files)


def _build_html(book: Book, folder: Path) -> list[str]:
    """Run Sphinx, then Pagefind, over a book; return what they warned of."""
    # Sphinx takes half a second to import, which every command would wait for.
    from sphinx.application import Sphinx  # noqa: PLC0415 -- as said above
    from sphinx.util.docutils import docutils_namespace, patch_docutils  # noqa: PLC0415 -- the same

    with TemporaryDirectory(prefix="duizhao-") as work:
        project = Path(work) / "project"
        write_project(book, project)
        warning = StringIO()
        with patch_docutils(str(project)), docutils_namespace():
            app = Sphinx(
                srcdir=project,
                confdir=project,
                outdir=folder,
                doctreedir=Path(work) / "doctrees",
                buildername="html",
                confoverrides={"nitpicky": True, "duizhao_library": "../index.html"},
                status=None,
                warning=warning,
            )
            app.build(force_all=True)
    (folder / ".buildinfo").unlink(missing_ok=True)
    return [*filter(None, warning.getvalue().splitlines()), *_index_search(folder)]


def _index_search(folder: Path) -> list[str]:
    """Write Pagefind's bundle for a book's pages; return what it complained of, if it failed."""
    command = [sys.executable, "-m", "pagefind", "--site", str(folder), "--silent"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return [f"no search: {done.stderr.strip() or done.stdout.strip()}"]
    # Pagefind brings interfaces of its own; the theme's search field needs none of them.
    for pattern in ("pagefind-*ui*", "pagefind-highlight.js"):
        for unused in (folder / "pagefind").glob(pattern):
            unused.unlink()
    return []
