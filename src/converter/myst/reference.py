"""The reference pages of a book: its glossary and its indexes, each split where it grows long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby
from typing import Final

from ..language import foreign_language
from ..letters import letter_rows, letter_slug
from ..markdown import escape_myst, plain_text, render_myst_directive, render_myst_inline
from ..model import (
    INDEX_TITLES,
    Book,
    Definition,
    GlossaryEntry,
    IndexEntry,
    Locator,
    Mention,
    SeeReference,
)

__all__ = ["ReferenceDocument", "entry_pages", "render_reference"]

_GLOSSARY: Final = "glossary"
_LONGEST: Final = 450_000
"""Bytes of HTML that one page may have, as far as its MyST text can tell beforehand."""

_FRAME: Final = 25_000
_BYTES_A_CHAPTER: Final = 140
"""Of the page without its lines, and of each chapter in the contents beside it."""

_LEAST: Final = 100_000
_BYTES_A_LINE: Final = 150
_BYTES_A_LINK: Final = 150
_BYTES_A_FORMULA: Final = 600

# Marks of direction, which would turn round what stands behind them in a line, and the entities
# that the writer makes of them beside emphasis.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]|&#(?:823[4-8]|829[4-7]);")


@dataclass(frozen=True, slots=True)
class ReferenceDocument:
    """A document of the glossary or of an index; ``ids`` are those of its entries."""

    name: str
    text: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A rendered line: the letter that it stands under, its id if it is an entry, its text."""

    letter: str
    id: str
    text: str

    @property
    def size(self) -> int:
        """The bytes of HTML that the line makes, rather too many than too few."""
        links = self.text.count("](")
        formulas = self.text.count("{math}")
        return (
            len(self.text.encode())
            + _BYTES_A_LINE
            + _BYTES_A_LINK * links
            + _BYTES_A_FORMULA * formulas
        )


@dataclass(slots=True)
class _Page:
    """A document in the making: its groups of lines, each with its letter and that one's id."""

    name: str
    size: int = 0
    groups: list[tuple[str, str, list[_Line]]] = field(default_factory=list)

    def add(self, identity: str, lines: list[_Line]) -> None:
        """Append lines of one letter."""
        self.groups.append((lines[0].letter, identity, lines))
        self.size += sum(line.size for line in lines)


def render_reference(book: Book) -> Iterator[ReferenceDocument]:
    """Yield the reference documents of a book, in reading order.

    A document is named after what it lists, ``glossary`` or the kind of an index; those that
    go on with a long one have a number behind the name: ``glossary-2``.
    """
    writer = _Writer(book)
    if book.glossary.entries:
        lines = list(map(writer.render, book.glossary.lines))
        yield from _render_documents(book, _GLOSSARY, "术语表", lines)
    for index in book.indexes:
        if index.entries:
            lines = list(map(writer.render, index.lines))
            yield from _render_documents(book, index.kind, INDEX_TITLES[index.kind], lines)


def entry_pages(book: Book) -> dict[str, str]:
    """Return the web page that holds each entry of the glossary and the indexes, by its id."""
    return {
        identity: f"{document.name}.html"
        for document in render_reference(book)
        for identity in document.ids
    }


def _render_documents(
    book: Book, kind: str, title: str, lines: Sequence[_Line]
) -> Iterator[ReferenceDocument]:
    pages = _lay_out(book, kind, lines)
    letters: dict[str, str] = {}
    for page in pages:
        for letter, identity, _ in page.groups:
            letters.setdefault(identity, letter)
    bar = _render_letters(letters)
    classes = "{.cp-glossary}" if kind == _GLOSSARY else "{.cp-glossary .cp-index}"
    shown: set[str] = set()
    for page in pages:
        parts = [f"# {_page_title(page, title, len(pages), shown)}", bar]
        for letter, identity, members in page.groups:
            # The heading of a letter that goes on from the page before is no target of its own.
            mark = "" if identity in shown else f"{{#{identity}}}\n"
            shown.add(identity)
            parts.append(f"{mark}## {escape_myst(letter)}")
            parts.append(f"{classes}\n" + "\n\n".join(line.text for line in members))
        text = "\n\n".join(filter(None, parts)) + "\n"
        ids = (line.id for _, _, members in page.groups for line in members if line.id)
        yield ReferenceDocument(page.name, text, tuple(ids))


def _room(book: Book) -> int:
    """Return the bytes of a page that are left for lines beside the contents of the book."""
    contents = sum(
        len(chapter.slug) + len(chapter.front_matter.title.encode("utf-8", "replace"))
        for chapter in book.chapters
    )
    return max(_LEAST, _LONGEST - _FRAME - contents - _BYTES_A_CHAPTER * len(book.chapters))


def _lay_out(book: Book, kind: str, lines: Sequence[_Line]) -> list[_Page]:
    """Return the pages of a list: letters that fit, about as many lines on each page.

    A letter that fits no page goes on from page to page.
    """
    room = _room(book)
    total = sum(line.size for line in lines)
    share = total / -(-total // room)
    taken = {chapter.slug for chapter in book.chapters}
    names = (f"{kind}-{number}" for number in count(2) if f"{kind}-{number}" not in taken)
    identities: set[str] = set()
    pages = [_Page(kind)]
    for letter, group in groupby(lines, key=lambda line: line.letter):
        identity = _letter_id(kind, letter, identities)
        for part in _cut(group, room):
            size = sum(line.size for line in part)
            page = pages[-1]
            if page.groups and (page.size + size > room or page.size + size / 2 > share):
                pages.append(_Page(next(names)))
            pages[-1].add(identity, part)
    return pages


def _cut(lines: Iterable[_Line], room: int) -> Iterator[list[_Line]]:
    """Yield the lines of a letter in parts that each fit a page, or are a single line."""
    size = 0
    part: list[_Line] = []
    for line in lines:
        if part and size + line.size > room:
            yield part
            part, size = [], 0
        part.append(line)
        size += line.size
    yield part


def _letter_id(kind: str, letter: str, taken: set[str]) -> str:
    name = letter_slug(letter)
    wish = f"letter-{kind}-{name}"
    names = (f"{wish}-{number}" if number > 1 else wish for number in count(1))
    identity = next(name for name in names if name not in taken)
    taken.add(identity)
    return identity


def _render_letters(letters: Mapping[str, str]) -> str:
    if len(letters) < 2:  # nothing to jump to
        return ""
    rows = letter_rows((name, identity) for identity, name in letters.items())
    bar = (
        " ".join(
            [
                *([f"[{label}]{{.cp-letters-label}}"] if label else []),
                *(f"[{escape_myst(name)}](#{identity})" for name, identity in row),
            ]
        )
        for label, row in rows
    )
    return render_myst_directive("div", "cp-letters", "\n\n".join(bar))


def _page_title(page: _Page, title: str, pages: int, shown: set[str]) -> str:
    if pages == 1:
        return title
    letters = [letter for letter, _, _ in page.groups]
    span = letters[0] if letters[0] == letters[-1] else f"{letters[0]}–{letters[-1]}"
    goes_on = "（续）" if page.groups[0][1] in shown else ""
    return f"{title} {escape_myst(span)}{goes_on}"


class _Writer:
    """Renders lines; knows the chapters' titles and which language is the foreign one."""

    def __init__(self, book: Book) -> None:
        self._titles = {
            chapter.slug: escape_myst(chapter.front_matter.title) or chapter.slug
            for chapter in book.chapters
        }
        self._languages = (book.language, book.original_language)

    def render(self, line: GlossaryEntry | IndexEntry | SeeReference) -> _Line:
        """Return a line as an item of a definition list."""
        identity = "" if isinstance(line, SeeReference) else line.id
        return _Line(line.letter, identity, _DIRECTIONS.sub("", self._item(line)))

    def _item(self, line: GlossaryEntry | IndexEntry | SeeReference) -> str:
        if isinstance(line, SeeReference):
            see = f"[见 [{_plain(line.headword)}](#{line.id})]{{.cp-see}}"
            return f"{self._text(line.alias) or '—'}\n: {see}"
        if isinstance(line, GlossaryEntry):
            term = self._term(line.headword, line.id, line.originals)
            parts = list(self._explain(line))
        else:
            term = self._term(line.name, line.id, line.originals)
            parts = [self._locate(line.locators)]
        return f"{term}\n: " + ("\n\n  ".join(filter(None, parts)) or "—")

    def _term(self, headword: str, identity: str, originals: Iterable[str]) -> str:
        name = render_myst_inline(headword) or escape_myst(headword) or "—"
        language = self._foreign(headword)
        term = f"[{name}]{{#{identity} .cp-headword{language and f' .{language}'}}}"
        expansions = "; ".join(filter(None, map(self._text, originals)))
        return f"{term} [{expansions}]{{.cp-expansion}}" if expansions else term

    def _explain(self, entry: GlossaryEntry) -> Iterator[str]:
        """Yield the paragraphs of a glossary entry."""
        for definition in entry.definitions:
            if text := render_myst_inline(definition.text):
                language = self._foreign(definition.text)
                text = f"[{text}]{{.{language}}}" if language else text
                yield text + self._source(definition, entry.mentions)
        if aliases := "、".join(filter(None, map(self._text, entry.aliases))):
            yield f"[又作 {aliases}]{{.cp-aliases}}"
        chapters: dict[str, list[str]] = {}
        for mention in entry.mentions:
            chapters.setdefault(mention.chapter, []).append(mention.anchor)
        yield self._locate(
            Locator(chapter, tuple(dict.fromkeys(anchors))) for chapter, anchors in chapters.items()
        )

    def _source(self, definition: Definition, mentions: tuple[Mention, ...]) -> str:
        mention = definition.mention
        if mentions == (mention,):
            return ""
        return f" [[{self._titles[mention.chapter]}](#{mention.anchor})]{{.cp-source}}"

    def _locate(self, locators: Iterable[Locator]) -> str:
        places = "；".join(map(self._locator, locators))
        return f"[见于 {places}]{{.cp-mentions}}" if places else ""

    def _locator(self, locator: Locator) -> str:
        """Return a link to a chapter's first paragraph, and numbers for what follows in it."""
        title = self._titles[locator.chapter]
        if not locator.anchors:
            return f"[{title}]({locator.chapter}.md)"
        first, *others = locator.anchors
        links = [f"[{title}](#{first})"]
        links += (f"[{number}](#{anchor})" for number, anchor in enumerate(others, 2))
        return " ".join(links)

    def _text(self, source: str) -> str:
        """Return a name or an expansion, in its language if it is not the page's."""
        text = _plain(source)
        language = self._foreign(source)
        return f"[{text}]{{.{language}}}" if language else text

    def _foreign(self, text: str) -> str:
        """Return the class for the language of a text in other letters than the book's."""
        found = foreign_language(text, *self._languages)
        return f"language-{found.lower()}" if found else ""


def _plain(source: str) -> str:
    return escape_myst(plain_text(source)) or escape_myst(source)
