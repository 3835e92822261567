"""The values that the pipeline passes on: text → Post → Book → editions.

Everything here is frozen and slotted, holds tuples, and uses an empty value where others
would use ``None``. The module depends on nothing; every other module may depend on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

__all__ = [
    "INDEX_TITLES",
    "Block",
    "Book",
    "Definition",
    "Edition",
    "FrontMatter",
    "Gloss",
    "Glossary",
    "GlossaryEntry",
    "Heading",
    "Imprint",
    "Index",
    "IndexEntry",
    "Locator",
    "Mention",
    "Occurrence",
    "Original",
    "OriginalsMode",
    "PdfDesign",
    "Post",
    "Prose",
    "SeeReference",
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
    """An inline explanation ``**headword**（original: definition）`` in a block.

    ``start`` and ``end`` are character offsets into the block's Markdown; from ``start`` to
    ``headword_end`` stands what a link to the glossary covers: the headword, with the asterisks
    around it or without any. A name given in the original's language has no definition.
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
    glosses: tuple[Gloss, ...] = ()


@dataclass(frozen=True, slots=True)
class Prose:
    """One Markdown block of the translation; a speaker turn is prose with a speaker."""

    span: Span
    markdown: str
    language: str
    speaker: str = ""
    glosses: tuple[Gloss, ...] = ()
    names: tuple[Gloss, ...] = ()


@dataclass(frozen=True, slots=True)
class Original:
    """The folded original-language block; ``label`` is the summary if it says more than that.

    One without text shows nothing: it tells that the prose above it has no original.
    """

    span: Span
    label: str
    language: str
    markdown: str
    glosses: tuple[Gloss, ...] = ()


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
    """Where a headword occurs: the backlink from a glossary entry to a paragraph."""

    chapter: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What one post says of a headword, as Markdown, and the paragraph that says it."""

    text: str
    mention: Mention


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """One concept of a book with everything that its posts say of it.

    ``originals`` are its expansions, ``aliases`` its other headwords, the most used first;
    definitions stand with the fullest first, mentions in reading order.
    """

    id: str
    headword: str
    letter: str
    originals: tuple[str, ...]
    definitions: tuple[Definition, ...]
    mentions: tuple[Mention, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeeReference:
    """A line that only leads on: from an alias to the entry ``id``, printed as ``headword``."""

    alias: str
    letter: str
    id: str
    headword: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A stretch of a block's Markdown that is to lead to the entry ``id``."""

    start: int
    end: int
    id: str


@dataclass(frozen=True, slots=True)
class Glossary:
    """The glossary of a book: its lines in printing order, and the links that lead to them.

    ``links`` holds the first occurrence of each headword in each chapter, by the anchor that
    ``prose_anchor`` gives to the block.
    """

    lines: tuple[GlossaryEntry | SeeReference, ...] = ()
    links: Mapping[str, tuple[Occurrence, ...]] = field(default_factory=dict)

    @property
    def entries(self) -> tuple[GlossaryEntry, ...]:
        """The lines that are entries."""
        return tuple(line for line in self.lines if isinstance(line, GlossaryEntry))


class OriginalsMode(StrEnum):
    """How an EPUB has its originals: notes a tap away, folded, in the open, or left out."""

    NOTES = "notes"
    DETAILS = "details"
    INLINE = "inline"
    NONE = "none"


class Edition(StrEnum):
    """What text an EPUB holds: the translation with its originals, or one of the two alone."""

    BILINGUAL = "bilingual"
    TRANSLATION = "translation"
    ORIGINAL = "original"


INDEX_TITLES: Final = MappingProxyType(
    {
        "people": "人物索引",
        "organizations": "机构索引",
        "products": "产品与模型索引",
        "media": "书刊与媒体索引",
    }
)
"""The kinds of indexes in their order, each a field of the front matter, and their titles."""


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a name occurs in a chapter: the anchors of its paragraphs, in reading order.

    There are none where only the front matter names it.
    """

    chapter: str
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A name of an index, its forms in other languages, and where it occurs."""

    id: str
    name: str
    letter: str
    originals: tuple[str, ...]
    locators: tuple[Locator, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """The index of one kind of names, one of ``INDEX_TITLES``."""

    kind: str
    lines: tuple[IndexEntry | SeeReference, ...]

    @property
    def entries(self) -> tuple[IndexEntry, ...]:
        """The lines that are entries."""
        return tuple(line for line in self.lines if isinstance(line, IndexEntry))

    @property
    def ids(self) -> dict[str, str]:
        """The entry that each form of a name leads to."""
        ids: dict[str, str] = {}
        for line in self.lines:
            if isinstance(line, SeeReference):
                ids.setdefault(line.alias, line.id)
            else:
                ids |= dict.fromkeys((line.name, *line.originals), line.id)
        return ids


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a book says of itself beside its posts; texts are plain, empty where nothing is known.

    ``volume`` counts from 1, 0 stands for a book that is none; ``certified_by`` names who vouches
    that the EPUB is accessible.
    """

    series: str = ""
    volume: int = 0
    summary: str = ""
    publisher: str = ""
    translators: tuple[str, ...] = ()
    rights: str = ""
    certified_by: str = ""


@dataclass(frozen=True, slots=True)
class PdfDesign:
    """How a PDF looks; ``fonts`` are families for its text, before those found on the system.

    ``page`` is a format, ``originals`` where originals stand, ``standard`` what the PDF conforms
    to; their values are those of ``converter.sphinx_ext.pdf.options``.
    """

    page: str = "a5"
    originals: str = "beneath"
    standard: str = "ua-1"
    fonts: tuple[str, ...] = ()


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
    indexes: tuple[Index, ...] = ()
    applied_rules: frozenset[str] = frozenset()
    """The ids of the rules of ``glossary.toml`` that found something to do in the book."""

    edition: Edition = Edition.BILINGUAL
    """What of its posts it holds."""

    title_language: str = ""
    """The language of titles and headings where that is not the book's."""

    imprint: Imprint = Imprint()
    pdf: PdfDesign = PdfDesign()
    front: tuple[Post, ...] = ()
    """What stands before the chapters: a preface. It is in neither glossary nor indexes."""

    back: tuple[Post, ...] = ()
    """What stands behind them: an afterword."""


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
