"""From posts to books: spelling of names, grouping, order, volumes, addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any, Final

from .config import Settings
from .diagnostics import Diagnostic
from .glossary import collect_glossary
from .index import collect_indexes
from .model import INDEX_TITLES, Book, FrontMatter, OriginalsMode, Post
from .names import merge_names, name_key, select_spellings
from .pinyin import slugify, unique_slug
from .rules import NO_RULES, GlossaryRules

__all__ = ["BookPlan", "PlannedPost", "is_left_out", "make_book", "select_books"]

_LISTS: Final = ("glossary", *INDEX_TITLES)
_RESERVED: Final = frozenset((*_LISTS, *"index genindex search py-modindex conf pagefind".split()))
_RESERVED_BOOKS: Final = frozenset((*_LISTS, *"index manifest assets".split()))
_LAST: Final = "9999"
_FAMILIES: Final = tuple(
    family.split()
    for family in (
        "author channel speakers guests people",
        *"organizations products media tags projects series area category".split(),
    )
)
"""Fields of the front matter that hold names; those of a family name the same things."""


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
    latin_apart: bool = False
    originals: OriginalsMode = OriginalsMode.NOTES


def is_left_out(post: PlannedPost, settings: Settings) -> str:
    """Return why a post is not published, or an empty text if it is."""
    if post.front_matter.exclude:
        return "`exclude: true` keeps the post out"
    if post.front_matter.draft and not settings.drafts:
        return "the configuration leaves drafts out"
    if any(fnmatchcase(post.path, pattern) for pattern in settings.exclude):
        return "a pattern in posts.exclude leaves the post out"
    status = name_key(post.front_matter.status)
    if status and status in map(name_key, settings.exclude_status):
        return f"posts.exclude_status leaves out the status {post.front_matter.status[:40]!r}"
    return ""


def select_books(
    posts: Iterable[PlannedPost], settings: Settings
) -> tuple[tuple[BookPlan, ...], tuple[Diagnostic, ...]]:
    """Return the books of a library, in order of their titles' first posts, and findings.

    Posts of a series make a book; the others are grouped as the settings say. Books are
    ordered by date, then file name, and split into volumes where they outgrow ``max_posts``.
    Names have one spelling in all posts: the one that the library uses most.
    """
    ordered = sorted(posts, key=lambda post: (post.front_matter.date or _LAST, post.path))
    groups = _group(_merge_names(ordered), settings)
    slugs = {_group_key(title, settings): slug for title, slug in settings.slugs.items()}
    found: list[Diagnostic] = []
    books: list[BookPlan] = []
    taken: set[str] = set(_RESERVED_BOOKS)
    for group, members in sorted(groups.items(), key=lambda item: slugify(item[0])):
        for title, volume in _volumes(group, members, settings.max_posts):
            wishes = (slugs.get(_group_key(name, settings), "") for name in (title, group))
            wish = next(filter(None, wishes), "")
            slug = unique_slug(slugify(wish or title), title, taken)
            taken.add(slug)
            books.append(
                BookPlan(
                    slug=slug,
                    title=title,
                    language=settings.language,
                    original_language=settings.original_language,
                    posts=tuple(_address(volume, found)),
                    latin_apart=settings.latin == "apart",
                    originals=OriginalsMode(settings.originals),
                )
            )
    return tuple(books), tuple(found)


def make_book(plan: BookPlan, posts: Sequence[Post], rules: GlossaryRules = NO_RULES) -> Book:
    """Return the book of a plan from its parsed posts, in the plan's order.

    Names come from the plan, which has seen the spellings of the whole library.
    """
    chapters = tuple(
        replace(post, slug=planned.slug, front_matter=_take_names(post, planned))
        for post, planned in zip(posts, plan.posts, strict=True)
    )
    names: Counter[str] = Counter()
    for chapter in chapters:
        matter = chapter.front_matter
        names.update(matter.speakers or ((matter.author,) if matter.author else ()))
    collected = collect_glossary(chapters, rules, latin_apart=plan.latin_apart)
    indexes = collect_indexes(chapters, rules, latin_apart=plan.latin_apart)
    return Book(
        slug=plan.slug,
        title=plan.title,
        language=plan.language,
        original_language=plan.original_language,
        creators=tuple(name for name, _ in names.most_common()),
        chapters=chapters,
        glossary=collected.glossary,
        indexes=indexes.indexes,
        applied_rules=collected.applied | indexes.applied,
    )


def _merge_names(posts: Sequence[PlannedPost]) -> list[PlannedPost]:
    spellings: dict[str, Mapping[str, str]] = {}
    for family in _FAMILIES:
        names = (
            name
            for post in posts
            for field in family
            for name in _as_names(getattr(post.front_matter, field))
        )
        spellings |= dict.fromkeys(family, select_spellings(names))
    return [replace(post, front_matter=_respell(post.front_matter, spellings)) for post in posts]


def _as_names(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _respell(matter: FrontMatter, spellings: Mapping[str, Mapping[str, str]]) -> FrontMatter:
    changes: dict[str, Any] = {}
    for field, better in spellings.items():
        value = getattr(matter, field)
        names = _as_names(value)
        if not better.keys().isdisjoint(names):
            merged = merge_names(names, better)
            changes[field] = merged if isinstance(value, tuple) else merged[0]
    return replace(matter, **changes) if changes else matter


def _take_names(post: Post, planned: PlannedPost) -> FrontMatter:
    fields = (field for family in _FAMILIES for field in family)
    names: dict[str, Any] = {field: getattr(planned.front_matter, field) for field in fields}
    return replace(post.front_matter, **names)


def _group(posts: Iterable[PlannedPost], settings: Settings) -> dict[str, list[PlannedPost]]:
    """Return the posts of each book by its title, in the order given.

    Where a series and a value of ``group_by`` are one name, the series has the spelling.
    """
    titled = [(_group_title(post, settings), post) for post in posts]
    titles: dict[str, str] = {}
    for title, _ in sorted(titled, key=lambda item: not item[1].front_matter.series):
        titles.setdefault(_group_key(title, settings), title)
    groups: dict[str, list[PlannedPost]] = {}
    for title, post in titled:
        groups.setdefault(titles[_group_key(title, settings)], []).append(post)
    return groups


def _group_key(title: str, settings: Settings) -> str:
    # Folders are no names: `my-notes` and `my_notes` are two.
    return title if settings.group_by == "folder" else name_key(title)


def _group_title(post: PlannedPost, settings: Settings) -> str:
    matter = post.front_matter
    if matter.series:
        return matter.series
    folder, _, _ = post.path.rpartition("/")
    group = {
        "area": matter.area,
        "category": matter.category,
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
