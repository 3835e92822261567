"""The values that the pipeline passes on: text → Post → Book → editions.

Everything here is frozen and slotted, holds tuples, and uses an empty value where others
would use ``None``. The module depends on nothing; every other module may depend on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

__all__ = [
    "Block",
    "Book",
    "FrontMatter",
    "Gloss",
    "Glossary",
    "GlossaryEntry",
    "Heading",
    "Mention",
    "Original",
    "Post",
    "Prose",
    "Span",
    "prose_anchor",
    "section_levels",
    "unit_numbers",
]


@dataclass(frozen=True, slots=True)
class Span:
    """Source lines of a block: 1-based, counted from the top of the file, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The metadata of a post; dates are ISO 8601 text, names are as written."""

    title: str = ""
    date: str = ""
    author: str = ""
    speakers: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    series: str = ""
    area: str = ""
    category: str = ""
    projects: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    summary: str = ""
    insight: str = ""
    source_url: str = ""
    channel: str = ""
    status: str = ""
    draft: bool = False
    exclude: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gloss:
    """An inline explanation ``**headword**（original: definition）`` in a prose block.

    ``start`` and ``end`` are character offsets into the prose's Markdown; ``headword_end``
    is where the headword, with its asterisks, stops.
    """

    start: int
    headword_end: int
    end: int
    headword: str
    original: str
    definition: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` is the number of ``#`` in the source, ``text`` inline Markdown."""

    span: Span
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """One Markdown block of the translation; a speaker turn is prose with a speaker."""

    span: Span
    markdown: str
    language: str
    speaker: str = ""
    glosses: tuple[Gloss, ...] = ()


@dataclass(frozen=True, slots=True)
class Original:
    """The folded original-language block; ``label`` is the summary if it says more than that.

    One without text shows nothing: it tells that the prose above it has no original.
    """

    span: Span
    label: str
    language: str
    markdown: str


Block = Heading | Prose | Original


@dataclass(frozen=True, slots=True)
class Post:
    """A parsed post; ``path`` is relative to the posts' folder, with forward slashes."""

    path: str
    slug: str
    front_matter: FrontMatter
    blocks: tuple[Block, ...]

    @property
    def originals(self) -> int:
        """How many originals with text the post has."""
        return sum(isinstance(block, Original) and block.markdown != "" for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a gloss occurs: the backlink from a glossary entry to a paragraph."""

    chapter: str
    anchor: str


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """One headword of a book with everything that its posts say of it."""

    id: str
    headword: str
    letter: str
    originals: tuple[str, ...]
    definitions: tuple[str, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """The entries of a book in pinyin order, and the entry that each headword key leads to."""

    entries: tuple[GlossaryEntry, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """A series or group of posts in reading order: the unit of building."""

    slug: str
    title: str
    language: str
    original_language: str
    creators: tuple[str, ...]
    chapters: tuple[Post, ...]
    glossary: Glossary


def prose_anchor(slug: str, index: int) -> str:
    """Return the id of block number ``index`` of the chapter ``slug``; unique in a book."""
    return f"p{index}-{slug}"


def unit_numbers(blocks: Iterable[Block]) -> tuple[int, ...]:
    """Pair originals with the prose above them.

    Returns a number for each block: prose and originals of one unit share it, counted from
    1 in a post; 0 stands for headings and for what has no partner. An original belongs to all
    prose since the last heading or original; one that follows another joins its unit.
    """
    numbers: list[int] = []
    waiting: list[int] = []
    unit = 0
    after_original = after_empty = False
    for index, block in enumerate(blocks):
        numbers.append(0)
        if isinstance(block, Original) and block.markdown:
            if not after_original:
                unit += 1
            for earlier in waiting:
                numbers[earlier] = unit
            numbers[index] = unit
            waiting.clear()
            after_original = True
        elif isinstance(block, Original):
            after_empty = True
            continue
        else:
            if after_empty or isinstance(block, Heading):
                waiting.clear()
            if isinstance(block, Prose):
                waiting.append(index)
            after_original = False
        after_empty = False
    return tuple(numbers)


def section_levels(blocks: Iterable[Block]) -> Iterator[int]:
    """Yield a level of 2 or more for each heading, the shallowest as 2, no level skipped.

    Posts start anywhere between ``#`` and ``#####``; level 1 is the chapter's title.
    """
    open_levels: list[int] = []
    for block in blocks:
        if isinstance(block, Heading):
            while open_levels and open_levels[-1] >= block.level:
                open_levels.pop()
            open_levels.append(block.level)
            yield min(len(open_levels) + 1, 6)
