"""The posts' folder on disk: which files are posts, what their bytes say, how they make books."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from errno import EACCES, EINVAL
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from .book import BookPlan, PlannedPost, is_left_out, select_books
from .config import ConfigError, Settings
from .diagnostics import Diagnostic
from .front_matter import parse_front_matter, split_front_matter
from .post import parse_post, plain_title
from .rules import NO_RULES, GlossaryRules, parse_rules
from .source import clean_source

__all__ = [
    "RULES",
    "LibraryPlan",
    "Skipped",
    "find_posts",
    "find_unused_rules",
    "gather_findings",
    "plan_library",
    "read_book",
    "read_image",
    "read_matter",
    "read_rules",
    "read_text",
    "write_text",
]


RULES: Final = "glossary.toml"
_LARGEST_IMAGE: Final = 100_000_000
_LARGEST_TEXT: Final = 2_000_000
_NO_FILE: Final = (0, 0)


class OutsideError(OSError):
    """A post is a link to a file outside the posts' folder."""


@dataclass(frozen=True, slots=True, order=True)
class Skipped:
    """A file that no book holds, and why."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class LibraryPlan:
    """What is to be built, before any body is parsed."""

    root: Path
    books: tuple[BookPlan, ...]
    skipped: tuple[Skipped, ...]
    diagnostics: tuple[Diagnostic, ...]
    rules: GlossaryRules = NO_RULES
    title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class FoundPosts:
    """What a folder holds: posts as sorted relative paths, and what cannot be one."""

    root: Path
    paths: tuple[str, ...]
    problems: tuple[Diagnostic, ...]


def find_posts(posts: Path) -> FoundPosts:
    """Find the posts of a folder, recursively without hidden folders, or the one of a file.

    Links to folders are not followed; these, folders that cannot be read, and names that are
    not UTF-8, which no manifest could hold, are problems.
    """
    if not posts.is_dir():
        return FoundPosts(posts.parent, (posts.name,), ())
    paths: list[str] = []
    problems: list[Diagnostic] = []

    def report(error: OSError) -> None:
        place = Path(error.filename or posts)
        path = place.relative_to(posts).as_posix() if place.is_relative_to(posts) else str(place)
        problems.append(_unreadable(path, error, "folder"))

    for folder, subfolders, names in os.walk(posts, onerror=report):
        relative = Path(folder).relative_to(posts)
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        linked = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        problems += [
            _unreadable((relative / name).as_posix(), OutsideError(), "folder") for name in linked
        ]
        for name in names:
            path = (relative / name).as_posix()
            if not name.lower().endswith(".md"):
                continue
            if path.isprintable() or path.encode("utf-8", "replace").decode() == path:
                paths.append(path)
            else:
                shown = path.encode("utf-8", "backslashreplace").decode()
                message = "the name of the file is not UTF-8"
                problems.append(Diagnostic(shown, 0, 0, "input.unreadable", message))
    return FoundPosts(posts, tuple(sorted(paths)), tuple(sorted(problems)))


def read_text(root: Path, path: str) -> tuple[str, list[Diagnostic]]:
    """Return a post's text and what was wrong with its bytes.

    Raises OutsideError for a link that leads out of the posts' folder, and OSError for a file
    that cannot be read.
    """
    return _decode(path, _find_file(root, path).read_bytes())


def _decode(path: str, data: bytes) -> tuple[str, list[Diagnostic]]:
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        line_start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[line_start : error.start].decode("utf-8", "replace")) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; the character is shown as �"
        return data.decode("utf-8", "replace"), [
            Diagnostic(path, line, column, "input.bad-utf8", message)
        ]


def write_text(root: Path, path: str, text: str) -> None:
    """Put a text into a post's place, whole or not at all; its permissions stay.

    Raises OutsideError and OSError as ``read_text`` does, and OSError if it cannot be written.
    """
    file = _find_file(root, path)
    if not os.access(file, os.W_OK):
        raise PermissionError(EACCES, "it is read-only", str(file))
    with NamedTemporaryFile("wb", dir=file.parent, prefix=".duizhao-", delete=False) as new:
        try:
            new.write(text.encode("utf-8"))
            new.close()
            shutil.copymode(file, new.name)
            Path(new.name).replace(file)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise


def _find_file(root: Path, path: str) -> Path:
    # Strict, so that a link in a circle is an OSError like any other.
    file = Path(os.path.realpath(root / path, strict=True))
    if not file.is_relative_to(root.resolve()):
        raise OutsideError(path)
    if not file.is_file():
        raise OSError("it is no regular file")
    return file


def plan_library(posts: Path, settings: Settings, rules: GlossaryRules = NO_RULES) -> LibraryPlan:
    """Return the books that a folder's posts make; reads every post's front matter once.

    Raises ConfigError if the settings name a file that is not there.
    """
    posts_found = find_posts(posts)
    matter = _find_matter(posts_found.root, settings)
    unreadable = list(posts_found.problems)
    found: list[Diagnostic] = []
    skipped: list[Skipped] = []
    planned: list[PlannedPost] = []
    for path in posts_found.paths:
        if matter and _identity(posts_found.root / path) in matter:
            continue
        try:
            text, _ = read_text(posts_found.root, path)
        except OSError as error:
            unreadable.append(_unreadable(path, error))
            continue
        post = _plan_post(path, text)
        reason = is_left_out(post, settings)
        if reason:
            skipped.append(Skipped(path, "front-matter.excluded", reason))
            found.append(Diagnostic(path, 1, 0, "front-matter.excluded", reason))
        else:
            planned.append(post)
    skipped += [Skipped(problem.path, problem.code, problem.message) for problem in unreadable]
    books, problems = select_books(planned, settings)
    diagnostics = (*unreadable, *found, *problems)
    return LibraryPlan(
        posts_found.root,
        books,
        tuple(sorted(skipped)),
        diagnostics,
        rules,
        settings.title,
        settings.language,
    )


def _find_matter(root: Path, settings: Settings) -> frozenset[tuple[int, int]]:
    """Return the files that the settings name for prefaces and the like: they are no posts.

    A file has many names, with links of both kinds, so the file system says which it is. Raises
    ConfigError for one that cannot be used.
    """
    found = set()
    for book in settings.books:
        for kind in ("preface", "afterword", "cover"):
            path = getattr(book, kind)
            if path:
                place = root / path
                if fault := _fault(place, _LARGEST_IMAGE if kind == "cover" else _LARGEST_TEXT):
                    raise ConfigError(f"book {book.title!r}.{kind}: {path[:200]!r} {fault}")
                found.add(_identity(place))
    return frozenset(found - {_NO_FILE})


def _identity(place: Path) -> tuple[int, int]:
    """Return what tells a file from all others, ``_NO_FILE`` for one that cannot be found."""
    try:
        status = place.stat()
    except OSError:
        return _NO_FILE
    return status.st_dev, status.st_ino


def _fault(place: Path, largest: int) -> str:
    """Return why a file that the settings name cannot be used, nothing if it can."""
    try:
        if not place.is_file():
            return "is no file; name it as seen from the posts' folder"
        if place.stat().st_size > largest:
            return f"is larger than {largest // 1_000_000} MB"
    except (OSError, ValueError) as error:
        return f"cannot be read: {getattr(error, 'strerror', None) or error}"
    return ""


def read_matter(root: Path, path: str) -> tuple[str, list[Diagnostic]]:
    """Return the text of a preface or an afterword, and what was wrong with its bytes.

    The settings name it, so it may lie anywhere. One that has become unreadable is empty.
    """
    try:
        return _decode(path, (root / path).read_bytes())
    except OSError as error:
        return "", [_unreadable(path, error)]


def read_image(root: Path, path: str) -> bytes:
    """Return the bytes of the image that the settings name as a cover.

    Nothing if it has become unreadable; of a file far too large for an image only the beginning.
    """
    try:
        with (root / path).open("rb") as file:
            return file.read(_LARGEST_IMAGE)
    except OSError:
        return b""


def read_rules(posts: Path) -> GlossaryRules:
    """Return the rules of ``glossary.toml`` in the posts' folder; none, if it is not there.

    Raises OSError, UnicodeDecodeError and RulesError for a file that cannot be used.
    """
    file = (posts if posts.is_dir() else posts.parent) / RULES
    if not file.exists():
        return NO_RULES
    if not file.is_file():
        # Reading a pipe would wait for ever.
        raise OSError(EINVAL, "it is no regular file", str(file))
    return parse_rules(file.read_text("utf-8-sig"))


def find_unused_rules(rules: GlossaryRules, applied: Collection[str]) -> list[Diagnostic]:
    """Return a finding for each rule that is not among those that books have applied."""
    return [
        Diagnostic(RULES, rule.line, 0, "glossary.unused-rule", f"`{rule.text}` matches nothing")
        for rule in rules
        if rule.id not in applied
    ]


def gather_findings(books: Iterable[Iterable[Diagnostic]]) -> list[Diagnostic]:
    """Return the findings of all books; those of a file that several share count once.

    Volumes of a book share its preface. What is found in one file stays, alike or not.
    """
    gathered: list[Diagnostic] = []
    known: set[str] = set()
    for found in books:
        new = [finding for finding in found if finding.path not in known]
        known |= {finding.path for finding in new}
        gathered += new
    return gathered


def _unreadable(path: str, error: OSError, what: str = "file") -> Diagnostic:
    if isinstance(error, OutsideError):
        goes = "leads out of the posts' folder" if what == "file" else "is not followed"
        return Diagnostic(path, 0, 0, "input.outside", f"the {what} is a link that {goes}")
    message = f"the {what} cannot be read: {error.strerror or error}"
    return Diagnostic(path, 0, 0, "input.unreadable", message)


def _plan_post(path: str, text: str) -> PlannedPost:
    """Return what grouping needs; the body is parsed only where the title must come from it."""
    source = clean_source(path, text, [])
    front_matter, _ = parse_front_matter(path, split_front_matter(source.text))
    title = plain_title(front_matter.title) or parse_post(path, text).post.front_matter.title
    return PlannedPost(path, replace(front_matter, title=title))


def read_book(root: Path, plan: BookPlan) -> Iterator[tuple[str, list[Diagnostic]]]:
    """Yield the text of each post of a book and the findings on its bytes.

    A post that has become unreadable since it was planned is empty here, and reported.
    """
    for post in plan.posts:
        try:
            yield read_text(root, post.path)
        except OSError as error:
            yield "", [_unreadable(post.path, error)]
