"""The posts' folder on disk: which files are posts, what their bytes say, how they make books."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from .book import BookPlan, PlannedPost, is_left_out, select_books
from .config import Settings
from .diagnostics import Diagnostic
from .front_matter import parse_front_matter, split_front_matter
from .post import parse_post, plain_title

__all__ = ["LibraryPlan", "Skipped", "find_posts", "plan_library", "read_book", "read_text"]


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


def find_posts(posts: Path) -> tuple[Path, list[str]]:
    """Return the posts' folder and the posts in it, as sorted relative paths.

    ``posts`` is a folder, read recursively without hidden folders, or one file. Links to
    folders are not followed.
    """
    if posts.is_file():
        return posts.parent, [posts.name]
    found: list[str] = []
    for folder, subfolders, names in os.walk(posts):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        relative = Path(folder).relative_to(posts)
        found += [(relative / name).as_posix() for name in names if name.lower().endswith(".md")]
    return posts, sorted(found)


def read_text(root: Path, path: str) -> tuple[str, list[Diagnostic]]:
    """Return a post's text and what was wrong with its bytes.

    Raises OutsideError for a link that leads out of the posts' folder, and OSError for a file
    that cannot be read.
    """
    file = root / path
    if not file.resolve().is_relative_to(root.resolve()):
        raise OutsideError(path)
    data = file.read_bytes()
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


def plan_library(posts: Path, settings: Settings) -> LibraryPlan:
    """Return the books that a folder's posts make; reads every post's front matter once."""
    root, paths = find_posts(posts)
    found: list[Diagnostic] = []
    skipped: list[Skipped] = []
    planned: list[PlannedPost] = []
    for path in paths:
        try:
            text, _ = read_text(root, path)
        except OSError as error:
            diagnostic = _unreadable(path, error)
            found.append(diagnostic)
            skipped.append(Skipped(path, diagnostic.code, diagnostic.message))
            continue
        post = _plan_post(path, text)
        reason = is_left_out(post, settings)
        if reason:
            skipped.append(Skipped(path, "front-matter.excluded", reason))
            found.append(Diagnostic(path, 1, 0, "front-matter.excluded", reason))
        else:
            planned.append(post)
    books, problems = select_books(planned, settings)
    return LibraryPlan(root, books, tuple(sorted(skipped)), (*found, *problems))


def _unreadable(path: str, error: OSError) -> Diagnostic:
    if isinstance(error, OutsideError):
        message = "the file is a link that leads out of the posts' folder"
        return Diagnostic(path, 0, 0, "input.outside", message)
    message = f"the file cannot be read: {error.strerror or error}"
    return Diagnostic(path, 0, 0, "input.unreadable", message)


def _plan_post(path: str, text: str) -> PlannedPost:
    """Return what grouping needs; the body is parsed only where the title must come from it."""
    front_matter, _ = parse_front_matter(path, split_front_matter(text.removeprefix("\ufeff")))
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
