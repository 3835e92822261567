"""From posts to books: spelling of names, grouping, order, volumes, addresses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from typing import Any, Final

from .config import BookSettings, Settings
from .diagnostics import Diagnostic
from .glossary import collect_glossary
from .index import collect_indexes
from .model import (
    INDEX_TITLES,
    Book,
    Edition,
    FrontMatter,
    Imprint,
    OriginalsMode,
    PdfDesign,
    Post,
)
from .names import merge_names, name_key, select_spellings
from .pinyin import slugify, unique_slug
from .post import parse_post
from .prose import settle_languages
from .rules import NO_RULES, GlossaryRules
from .source import clean_source

__all__ = [
    "CONFIG",
    "BookPlan",
    "PlannedPost",
    "book_areas",
    "book_subjects",
    "describe",
    "is_left_out",
    "make_book",
    "parse_matter",
    "select_books",
]

CONFIG: Final = "duizhao.toml"
"""The file that the settings are in, beside the posts."""

_LISTS: Final = ("glossary", *INDEX_TITLES)
_RESERVED: Final = frozenset(
    (*_LISTS, *"index genindex search py-modindex conf pagefind preface afterword cover".split())
)
_RESERVED_BOOKS: Final = frozenset((*_LISTS, *"index manifest assets opds".split()))
_LONGEST_SUMMARY: Final = 200
_MOST_SUBJECTS: Final = 50
_MATTER_TITLES: Final = {"preface": ("Preface", "前言"), "afterword": ("Afterword", "后记")}
"""In English, in Chinese."""
_LAST: Final = "9999"
# Spaces of no width and marks of direction; joiners stay, since some scripts are written with them.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
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
    notes_at_end: bool = False
    editions: tuple[Edition, ...] = (Edition.BILINGUAL,)
    imprint: Imprint = field(default_factory=Imprint)
    preface: str = ""
    """The path of a file from the posts' folder, as are the next two; empty where there is none."""

    afterword: str = ""
    cover: str = ""
    pdf: PdfDesign = field(default_factory=PdfDesign)
    identity: str = ""
    """What tells the book from all others; the same when posts are added."""


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
    groups = _group(_rename_areas(_merge_names(ordered), settings), settings)
    renamed = _renamed(settings)

    def key(title: str) -> str:
        return _group_key(_called(title, renamed, settings), settings)

    slugs = {key(title): slug for title, slug in settings.slugs.items()}
    wanted: dict[str, list[BookSettings]] = {}
    for each in settings.books:
        wanted.setdefault(key(each.title), []).append(each)
    found: list[Diagnostic] = []
    books: list[BookPlan] = []
    taken: set[str] = set(_RESERVED_BOOKS)
    for group, members in sorted(groups.items(), key=lambda item: slugify(item[0])):
        for title, volume, part in _volumes(group, members, settings.max_posts):
            names = [key(name) for name in (title, group)]
            wish = slugs.get(names[0], "")
            if not wish and (shared := slugs.get(names[1], "")):
                # A book that grows into volumes keeps its address for the first.
                wish = f"{shared}-{volume}" if volume > 1 else shared
            slug = unique_slug(slugify(wish or title), title, taken)
            taken.add(slug)
            own = _merge([each for name in names for each in wanted.get(name, ())], title)
            in_series = volume > 0 or any(post.front_matter.series for post in members)
            series = (group, volume) if in_series else ("", 0)
            plan = BookPlan(
                slug=slug,
                title=title,
                language=settings.language,
                original_language=settings.original_language,
                posts=tuple(_address(part, found)),
                latin_apart=settings.latin == "apart",
                originals=OriginalsMode(settings.originals),
                notes_at_end=settings.notes == "document",
                editions=tuple(map(Edition, settings.editions)),
                imprint=_imprint(own, settings, *series),
                preface=own.preface,
                afterword=own.afterword,
                cover=own.cover,
                pdf=settings.pdf,
                identity=_identity(key(group), volume, settings),
            )
            books.append(plan)
    called = (_group_title(post, settings) for post in ordered)
    return tuple(books), (*found, *_unused(settings, called, books))


def _merge(tables: Sequence[BookSettings], title: str) -> BookSettings:
    """Return what tables say of a book: the first that says anything of a key, for each key."""
    said = {
        key.name: next(filter(None, (getattr(table, key.name) for table in tables)), key.default)
        for key in fields(BookSettings)
        if key.name != "title"
    }
    return BookSettings(title, **said)  # type: ignore[arg-type]  # each is of its own field


def _imprint(own: BookSettings, settings: Settings, series: str, volume: int) -> Imprint:
    return Imprint(
        series=series,
        volume=volume,
        summary=own.summary,
        publisher=own.publisher or settings.publisher,
        translators=own.translators or settings.translators,
        rights=own.rights or settings.rights,
        certified_by=settings.certified_by,
    )


def _identity(name: str, volume: int, settings: Settings) -> str:
    """Return what tells a book from all others; a first volume goes on as the book that grew."""
    library = settings.identifier or settings.title
    return "\n".join([library, name, *([str(volume)] if volume > 1 else [])])


def _unused(
    settings: Settings, groups: Iterable[str], books: Iterable[BookPlan]
) -> Iterator[Diagnostic]:
    """Yield a finding for what the configuration says of a book that there is not.

    ``groups`` are what the posts call their books.
    """
    renamed = _renamed(settings)
    called = {_group_key(title, settings) for title in groups}
    names = {
        _group_key(name, settings) for plan in books for name in (plan.title, plan.imprint.series)
    }

    said = [(each.title, "") for each in settings.books]
    said += [(title, " that books.slugs gives an address") for title in settings.slugs]
    unused = [
        (title, what)
        for title, what in said
        if _group_key(_called(title, renamed, settings), settings) not in names
    ]
    unused += [
        (title, " that books.titles changes")
        for title in settings.titles
        if _group_key(title, settings) not in called
    ]
    for title, what in sorted(unused):
        message = f"no book has the title {title[:60]!r}{what}"
        yield Diagnostic(CONFIG, 0, 0, "book.unused-settings", message)


def make_book(
    plan: BookPlan,
    posts: Sequence[Post],
    rules: GlossaryRules = NO_RULES,
    *,
    front: tuple[Post, ...] = (),
    back: tuple[Post, ...] = (),
) -> Book:
    """Return the book of a plan from its parsed posts, in the plan's order.

    Names come from the plan, which has seen the spellings of the whole library. ``front`` and
    ``back`` are what stands around the posts.
    """
    languages = plan.language, plan.original_language
    posts, front, back = (
        tuple(replace(post, blocks=settle_languages(post.blocks, *languages)) for post in some)
        for some in (posts, front, back)
    )
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
        imprint=plan.imprint,
        pdf=plan.pdf,
        front=front,
        back=back,
    )


def parse_matter(
    name: str, path: str, text: str, language: str
) -> tuple[Post, tuple[Diagnostic, ...]]:
    """Return the post that stands before or behind a book's posts, and findings.

    ``name`` is ``preface`` or ``afterword``; it needs no front matter, and the title that it
    does not give itself is what such a text is called.
    """
    parsed = parse_post(path, text)
    post = replace(parsed.post, slug=name)
    needless = ("front-matter.missing", "front-matter.no-title")
    found = tuple(finding for finding in parsed.diagnostics if finding.code not in needless)
    if any(finding.code == "front-matter.no-title" for finding in parsed.diagnostics):
        title = _MATTER_TITLES[name][language.lower().startswith("zh")]
        post = replace(post, front_matter=replace(post.front_matter, title=title))
    return post, found


def book_areas(book: Book) -> tuple[str, ...]:
    """Return the areas that a book's posts name, the most frequent first."""
    areas = Counter(post.front_matter.area for post in book.chapters)
    return tuple(area for area, _ in areas.most_common() if area)


def book_subjects(book: Book) -> tuple[str, ...]:
    """Return areas, categories and tags of a book's posts, the most frequent first."""
    counts: Counter[str] = Counter()
    for post in book.chapters:
        matter = post.front_matter
        counts.update(dict.fromkeys((matter.area, matter.category, *matter.tags), 1))
    return tuple(name for name, _ in counts.most_common() if name)[:_MOST_SUBJECTS]


def describe(book: Book) -> str:
    """Return a book's summary; for one that has none, the titles of its first chapters."""
    if book.imprint.summary:
        return book.imprint.summary
    titles: list[str] = []
    for title in (chapter.front_matter.title.strip() for chapter in book.chapters):
        if titles and sum(map(len, titles)) + len(title) > _LONGEST_SUMMARY:
            return "；".join([*titles, "…"])
        titles.append(title[:_LONGEST_SUMMARY])
    return "；".join(titles)


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
    for name, better in spellings.items():
        value = getattr(matter, name)
        names = _as_names(value)
        if not better.keys().isdisjoint(names):
            merged = merge_names(names, better)
            changes[name] = merged if isinstance(value, tuple) else merged[0]
    return replace(matter, **changes) if changes else matter


def _take_names(post: Post, planned: PlannedPost) -> FrontMatter:
    fields = (field for family in _FAMILIES for field in family)
    names: dict[str, Any] = {field: getattr(planned.front_matter, field) for field in fields}
    return replace(post.front_matter, **names)


def _group(posts: Iterable[PlannedPost], settings: Settings) -> dict[str, list[PlannedPost]]:
    """Return the posts of each book by its title, in the order given.

    Where a series and a value of ``group_by`` are one name, the series has the spelling.
    """
    renamed = _renamed(settings)
    titled = [(_called(_group_title(post, settings), renamed, settings), post) for post in posts]
    titles: dict[str, str] = {}
    for title, _ in sorted(titled, key=lambda item: not item[1].front_matter.series):
        titles.setdefault(_group_key(title, settings), title)
    groups: dict[str, list[PlannedPost]] = {}
    for title, post in titled:
        groups.setdefault(titles[_group_key(title, settings)], []).append(post)
    return groups


def _rename_areas(posts: Sequence[PlannedPost], settings: Settings) -> list[PlannedPost]:
    """Call areas what their books are called, where areas make the books."""
    renamed = _renamed(settings) if settings.group_by == "area" else {}
    matters = ((post, post.front_matter) for post in posts)
    return [
        replace(post, front_matter=replace(matter, area=_called(matter.area, renamed, settings)))
        for post, matter in matters
    ]


def _renamed(settings: Settings) -> dict[str, str]:
    cleaned = {old: _clean_title(new) for old, new in settings.titles.items()}
    return {_group_key(old, settings): new for old, new in cleaned.items() if new}


def _clean_title(text: str) -> str:
    """Return a title as it can be shown, on one line; nothing if there is nothing to be seen."""
    shown = _UNSEEN.sub("", clean_source(CONFIG, text, []).text)
    return " ".join(shown.split()) if any(map(str.isprintable, shown.split())) else ""


def _called(title: str, renamed: Mapping[str, str], settings: Settings) -> str:
    """Return what the settings call a book."""
    return renamed.get(_group_key(title, settings), title)


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
) -> Iterator[tuple[str, int, Sequence[PlannedPost]]]:
    """Yield title, number and posts of each volume; a book in one has the number 0."""
    if len(posts) <= size:
        yield title, 0, posts
        return
    for number, start in enumerate(range(0, len(posts), size), 1):
        yield f"{title} 第{number}卷", number, posts[start : start + size]


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
