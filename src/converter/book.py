"""From posts to books: grouping, order, volumes, addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from .config import Settings
from .diagnostics import Diagnostic
from .glossary import collect_glossary
from .model import Book, FrontMatter, Post
from .pinyin import slugify, unique_slug

__all__ = ["BookPlan", "PlannedPost", "is_left_out", "make_book", "select_books"]

_RESERVED: Final = frozenset("index glossary genindex search py-modindex conf pagefind".split())
_RESERVED_BOOKS: Final = frozenset("index manifest assets".split())
_LAST: Final = "9999"


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post as the plan knows it, before its body is parsed."""

    path: str
    front_matter: FrontMatter
    slug: str = ""


@dataclass(frozen=True, slots=True)
class BookPlan:
    """Which posts make a book, in which order; all that a task of the build needs."""

    slug: str
    title: str
    language: str
    original_language: str
    posts: tuple[PlannedPost, ...]


def is_left_out(post: PlannedPost, settings: Settings) -> str:
    """Return why a post is not published, or an empty text if it is."""
    if post.front_matter.exclude:
        return "`exclude: true` keeps the post out"
    if post.front_matter.draft and not settings.drafts:
        return "the configuration leaves drafts out"
    if any(fnmatchcase(post.path, pattern) for pattern in settings.exclude):
        return "a pattern in posts.exclude leaves the post out"
    return ""


def select_books(
    posts: Iterable[PlannedPost], settings: Settings
) -> tuple[tuple[BookPlan, ...], tuple[Diagnostic, ...]]:
    """Return the books of a library, in order of their titles' first posts, and findings.

    Posts of a series make a book; the others are grouped as the settings say. Books are
    ordered by date, then file name, and split into volumes where they outgrow ``max_posts``.
    """
    groups: dict[str, list[PlannedPost]] = {}
    ordered = sorted(posts, key=lambda post: (post.front_matter.date or _LAST, post.path))
    for post in ordered:
        groups.setdefault(_group_title(post, settings), []).append(post)
    found: list[Diagnostic] = []
    books: list[BookPlan] = []
    taken: set[str] = set(_RESERVED_BOOKS)
    for key, members in sorted(groups.items(), key=lambda item: slugify(item[0])):
        for title, volume in _volumes(key, members, settings.max_posts):
            wish = settings.slugs.get(title, "") or settings.slugs.get(key, "")
            slug = unique_slug(slugify(wish or title), title, taken)
            taken.add(slug)
            books.append(
                BookPlan(
                    slug=slug,
                    title=title,
                    language=settings.language,
                    original_language=settings.original_language,
                    posts=tuple(_address(volume, found)),
                )
            )
    return tuple(books), tuple(found)


def make_book(plan: BookPlan, posts: Sequence[Post]) -> Book:
    """Return the book of a plan from its parsed posts, in the plan's order."""
    chapters = tuple(
        replace(post, slug=planned.slug) for post, planned in zip(posts, plan.posts, strict=True)
    )
    names: Counter[str] = Counter()
    for chapter in chapters:
        matter = chapter.front_matter
        names.update(matter.speakers or ((matter.author,) if matter.author else ()))
    return Book(
        slug=plan.slug,
        title=plan.title,
        language=plan.language,
        original_language=plan.original_language,
        creators=tuple(name for name, _ in names.most_common()),
        chapters=chapters,
        glossary=collect_glossary(chapters),
    )


def _group_title(post: PlannedPost, settings: Settings) -> str:
    matter = post.front_matter
    if matter.series:
        return matter.series
    folder, _, _ = post.path.rpartition("/")
    group = {
        "area": matter.area.casefold(),
        "category": matter.category.casefold(),
        "speaker": matter.speakers[0] if matter.speakers else "",
        "channel": matter.channel,
        "author": matter.author,
        "year": matter.date[:4],
        "folder": folder,
        "none": "",
    }[settings.group_by]
    return group or settings.untitled


def _volumes(
    title: str, posts: Sequence[PlannedPost], size: int
) -> Iterator[tuple[str, Sequence[PlannedPost]]]:
    if len(posts) <= size:
        yield title, posts
        return
    for number, start in enumerate(range(0, len(posts), size), 1):
        yield f"{title} 第{number}卷", posts[start : start + size]


def _address(posts: Iterable[PlannedPost], found: list[Diagnostic]) -> Iterator[PlannedPost]:
    """Give each post of a book a slug of its own; the first in order keeps a shared wish."""
    owners: dict[str, str] = {}
    for post in posts:
        wish = slugify(post.front_matter.extra.get("slug", "") or post.front_matter.title)
        if wish in _RESERVED:
            wish += "-post"
        slug = unique_slug(wish, post.path, owners)
        if wish and slug != wish:
            message = f"{owners[wish]} has the address {wish!r} already; this post gets {slug!r}"
            found.append(Diagnostic(post.path, 1, 0, "book.slug-collision", message))
        owners[slug] = post.path
        yield replace(post, slug=slug)
