"""How the glossary and the indexes lie in an EPUB: documents of a bearable size, by letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from ..letters import letter_rows
from ..model import (
    Book,
    GlossaryEntry,
    IndexEntry,
    Occurrence,
    SeeReference,
)
from .navigation import TocEntry
from .wording import Wording, wording_for
from .xhtml import Document, escape, render_document

__all__ = [
    "GLOSSARY",
    "Line",
    "Listing",
    "ReferenceLinks",
    "lay_out",
    "link_reference",
    "render_listing",
]

GLOSSARY: Final = "glossary"
"""The kind of the listing that is no index."""

Line = GlossaryEntry | IndexEntry | SeeReference

# A document must fit into the memory of a small device, and open at once.
_LONGEST: Final = 170_000
_FEWEST_WITH_LETTERS: Final = 20
_BYTES_A_LINE: Final = 200
_BYTES_A_LINK: Final = 130


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines under one letter; ``id`` is empty where they go on from the document before."""

    letter: str
    id: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """A document to be: its name below ``text/``, and the letters that it holds."""

    name: str
    groups: tuple[_Group, ...]

    def letters(self, wording: Wording) -> str:
        """Return the letters as ``A–C``; ``A（续）–C`` where A has begun in the document before."""
        first, last = self.groups[0], self.groups[-1]
        beginning = first.letter if first.id else wording.continued.format(first.letter)
        return beginning if first is last else f"{beginning}–{last.letter}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A glossary or an index as laid out; ``kind`` is ``glossary`` or an index's."""

    kind: str
    wording: Wording
    pages: tuple[_Page, ...]

    @property
    def title(self) -> str:
        """Its title, in the book's language."""
        return self.wording.listings[self.kind]

    @property
    def start(self) -> str:
        """The name of its first document."""
        return self.pages[0].name

    @property
    def has_letters(self) -> bool:
        """Whether its lines are headed by letters: a few are found without."""
        return sum(len(group.lines) for page in self.pages for group in page.groups) >= (
            _FEWEST_WITH_LETTERS
        )

    @property
    def hrefs(self) -> dict[str, str]:
        """Where each entry is, below ``text/``, by its id."""
        return {
            line.id: f"{page.name}#{line.id}"
            for page in self.pages
            for group in page.groups
            for line in group.lines
            if not isinstance(line, SeeReference)
        }

    @property
    def toc(self) -> TocEntry:
        """Its line of the table of contents, with one for each document if there are several."""
        if len(self.pages) == 1:
            return TocEntry(self.title, self.start)
        parts = tuple(TocEntry(page.letters(self.wording), page.name) for page in self.pages)
        return TocEntry(self.title, self.start, parts)


@dataclass(frozen=True, slots=True)
class ReferenceLinks:
    """What chapters need of the glossary and the indexes to link to them and to be linked from.

    ``glosses`` are the links of the glossary, by the anchor of their block; ``hrefs`` maps the
    id of a glossary entry to its place below ``text/``, ``names`` the kind of an index and a
    name to that one's entry; ``targets`` holds the anchors that anything leads to.
    """

    glosses: Mapping[str, tuple[Occurrence, ...]]
    hrefs: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]
    targets: frozenset[str]


def lay_out(book: Book) -> tuple[Listing, ...]:
    """Return the glossary and the indexes of a book that have entries, in reading order.

    Chapters must know the documents before these can be written, so how long a line gets is
    told from its texts and the number of its links, rather too long than too short.
    """
    titles = {
        post.slug: len(post.front_matter.title.encode(errors="replace")) for post in book.chapters
    }
    listings: list[tuple[str, Sequence[Line], Sequence[Line]]] = [
        (GLOSSARY, book.glossary.entries, book.glossary.lines)
    ]
    listings += [(index.kind, index.entries, index.lines) for index in book.indexes]
    wording = wording_for(book.language)
    return tuple(
        Listing(kind, wording, tuple(_paginate(kind, lines, titles)))
        for kind, entries, lines in listings
        if entries
    )


def link_reference(book: Book, listings: Iterable[Listing]) -> ReferenceLinks:
    """Return the places of all entries, before any of them is rendered."""
    hrefs = {listing.kind: listing.hrefs for listing in listings}
    return ReferenceLinks(
        glosses=book.glossary.links,
        hrefs=hrefs.get(GLOSSARY, {}),
        names={
            index.kind: {name: hrefs[index.kind][id_] for name, id_ in index.ids.items()}
            for index in book.indexes
            if index.kind in hrefs
        },
        targets=frozenset(_targets(book)),
    )


def _targets(book: Book) -> Iterator[str]:
    for entry in book.glossary.entries:
        yield from (mention.anchor for mention in entry.mentions)
        yield from (definition.mention.anchor for definition in entry.definitions)
    for index in book.indexes:
        for name in index.entries:
            for locator in name.locators:
                yield from locator.anchors


def _paginate(kind: str, lines: Iterable[Line], titles: Mapping[str, int]) -> Iterator[_Page]:
    """Yield documents: as many letters in each as fit, a letter in parts if it must be."""
    groups: list[_Group] = []
    pages = size = 0
    for number, (letter, group) in enumerate(groupby(lines, key=lambda line: line.letter), 1):
        id_ = f"letter-{number}"
        for part, part_size in _cut(group, titles):
            if groups and size + part_size > _LONGEST:
                pages += 1
                yield _Page(_document_name(kind, pages), tuple(groups))
                groups, size = [], 0
            groups.append(_Group(letter, id_, part))
            size += part_size
            id_ = ""
    yield _Page(_document_name(kind, pages + 1), tuple(groups))


def _cut(
    lines: Iterable[Line], titles: Mapping[str, int]
) -> Iterator[tuple[tuple[Line, ...], int]]:
    """Yield the lines of a letter, and their size, in parts that each fit a document."""
    part: list[Line] = []
    size = 0
    for line in lines:
        line_size = _size(line, titles)
        if part and size + line_size > _LONGEST:
            yield tuple(part), size
            part, size = [], 0
        part.append(line)
        size += line_size
    yield tuple(part), size


def _document_name(kind: str, number: int) -> str:
    stem = kind if kind == GLOSSARY else f"index-{kind}"
    return f"{stem}-{number}.xhtml" if number > 1 else f"{stem}.xhtml"


def _size(line: Line, titles: Mapping[str, int]) -> int:
    """Return about how many bytes of XHTML a line makes."""
    if isinstance(line, SeeReference):
        texts, chapters, links = [line.alias, line.headword], [], 1
    elif isinstance(line, IndexEntry):
        texts = [line.name, *line.originals]
        chapters = [locator.chapter for locator in line.locators]
        links = sum(len(locator.anchors) or 1 for locator in line.locators)
    else:
        texts = [line.headword, *line.originals, *line.aliases]
        texts += [definition.text for definition in line.definitions]
        sources = [definition.mention.chapter for definition in line.definitions]
        chapters = [*sources, *{mention.chapter for mention in line.mentions}]
        links = len(line.definitions) + len(line.mentions)
    return (
        _BYTES_A_LINE
        + sum(len(escape(text).encode()) for text in texts)
        + sum(titles.get(chapter, 0) for chapter in chapters)
        + _BYTES_A_LINK * links
    )


def render_listing(
    listing: Listing,
    language: str,
    section: str,
    render_group: Callable[[Sequence[Line], str], str],
) -> Iterator[Document]:
    """Yield the documents of a listing; ``section`` are the attributes of what holds all lines.

    ``render_group`` makes XHTML of the lines of a letter and of their heading, which may be
    empty.
    """
    bar = _letter_bar(listing)
    for page in listing.pages:
        title = listing.title
        if len(listing.pages) > 1:
            title += f" {page.letters(listing.wording)}"
        body = [
            f'<section {section} aria-labelledby="title">',
            f'<h1 id="title">{escape(title)}</h1>',
            *_hint(page.groups, listing.wording),
        ]
        body += bar
        if listing.has_letters:
            for group in page.groups:
                identity = f' id="{group.id}"' if group.id else ""
                heading = f"<h2{identity}>{escape(group.letter)}</h2>\n"
                body.append(render_group(group.lines, heading))
        else:
            lines = [line for group in page.groups for line in group.lines]
            body.append(render_group(lines, ""))
        content = "\n".join([*body, "</section>"])
        yield render_document(page.name, title=title, language=language, body=content)


def _hint(groups: Iterable[_Group], wording: Wording) -> list[str]:
    """Explain the bare numbers, where there are any."""
    lines = (line for group in groups for line in group.lines)
    return [f'<p class="hint">{wording.numbers}</p>'] if any(map(_has_numbers, lines)) else []


def _has_numbers(line: Line) -> bool:
    if isinstance(line, IndexEntry):
        return any(len(locator.anchors) > 1 for locator in line.locators)
    if isinstance(line, GlossaryEntry):
        chapters = [mention.chapter for mention in line.mentions]
        listed = not {each.mention for each in line.definitions}.issuperset(line.mentions)
        return listed and len(chapters) > len(set(chapters))
    return False


def _letter_bar(listing: Listing) -> list[str]:
    places = [
        (group.letter, f"{page.name}#{group.id}")
        for page in listing.pages
        for group in page.groups
        if group.id
    ]
    if not listing.has_letters or len(places) < 2:  # nothing to jump to
        return []
    return [
        f'<p class="letters">{label and f"<span>{label}</span> "}'
        + " ".join(f'<a href="{href}">{escape(letter)}</a>' for letter, href in row)
        + "</p>"
        for label, row in letter_rows(places)
    ]
