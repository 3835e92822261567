"""Editions of one language: what of a bilingual book each of them holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..footnotes import marks_in, note_label
from ..model import (
    Block,
    Book,
    Edition,
    FrontMatter,
    Glossary,
    GlossaryEntry,
    Heading,
    Index,
    IndexEntry,
    Locator,
    Mention,
    Original,
    Post,
    Prose,
    prose_anchor,
)
from .alternates import find_alternates
from .wording import edition_title
from .xhtml import same_language

__all__ = ["select_edition"]


def select_edition(book: Book, edition: Edition) -> Book:
    """Return the book that an edition is made of; one of the originals may have no chapters.

    The originals' edition is a book of their language: of a post that has any, what else is in it
    stays, paragraphs that were never translated among it. Its headings and titles are the posts',
    there are no others. The glossary, the indexes and the translators are of the translation. A
    post may have its originals unfolded, a paragraph of each language in turn: they count as such.
    """
    if edition is Edition.BILINGUAL:
        return book
    if edition is Edition.TRANSLATION:
        title = edition_title(book.title, edition, book.language)
        return replace(_without_alternates(book), edition=edition, title=title)
    language = book.original_language
    chapters = [
        _select_originals(post, book)
        for post in book.chapters
        if post.originals or find_alternates(post, book)
    ]
    return replace(
        book,
        edition=edition,
        title=edition_title(book.title, edition, language),
        language=language,
        title_language=book.language,
        chapters=tuple(
            chapter
            for chapter in chapters
            if any(
                any(map(str.isalpha, block.markdown))
                for block in chapter.blocks
                if isinstance(block, Prose)
            )
        ),
        glossary=Glossary(),
        indexes=(),
        imprint=replace(book.imprint, summary="", translators=()),
        front=_select_matter(book.front, book),
        back=_select_matter(book.back, book),
    )


def _select_matter(posts: tuple[Post, ...], book: Book) -> tuple[Post, ...]:
    return tuple(_select_originals(post, book) for post in posts if post.originals)


def _select_originals(post: Post, book: Book) -> Post:
    matter = post.front_matter
    kept = FrontMatter(
        title=matter.title,
        date=matter.date,
        author=matter.author,
        speakers=matter.speakers,
        guests=matter.guests,
        tags=matter.tags,
        source_url=matter.source_url,
    )
    chosen = list(_in_original_language(post.blocks, book))
    if labels := _without_note(chosen):
        # What its marks lead to is not left out, whatever language it is in.
        chosen = list(_in_original_language(post.blocks, book, labels))
    return replace(post, front_matter=kept, blocks=tuple(_without_empty_sections(chosen)))


def _without_note(blocks: Iterable[Block]) -> frozenset[str]:
    """Return the labels of the marks in blocks that none of them is the note of."""
    prose = [block for block in blocks if isinstance(block, Prose)]
    marks = (label for block in prose for label in marks_in(block))
    return frozenset(marks) - {note_label(block) for block in prose}


def _without_alternates(book: Book) -> Book:
    """Return a book without the paragraphs that are originals; what led there leads elsewhere."""
    moved: dict[str, str] = {}
    chapters = []
    for post in book.chapters:
        alternates = find_alternates(post, book)
        # Left empty, not out: the address of a block is its number, which the glossary knows.
        blocks = (
            replace(block, markdown="", glosses=(), names=())
            if isinstance(block, Prose) and index in alternates
            else block
            for index, block in enumerate(post.blocks)
        )
        chapters.append(replace(post, blocks=tuple(blocks)) if alternates else post)
        for original, translation in alternates.items():
            moved[prose_anchor(post.slug, original)] = prose_anchor(post.slug, translation)
    if not moved:
        return book
    return replace(
        book,
        chapters=tuple(chapters),
        glossary=_move_glossary(book.glossary, moved),
        indexes=tuple(_move_index(index, moved) for index in book.indexes),
    )


def _move_glossary(glossary: Glossary, moved: Mapping[str, str]) -> Glossary:
    def move(mention: Mention) -> Mention:
        return replace(mention, anchor=moved.get(mention.anchor, mention.anchor))

    lines = tuple(
        replace(
            line,
            definitions=tuple(replace(d, mention=move(d.mention)) for d in line.definitions),
            mentions=tuple(dict.fromkeys(map(move, line.mentions))),
        )
        if isinstance(line, GlossaryEntry)
        else line
        for line in glossary.lines
    )
    links = {anchor: places for anchor, places in glossary.links.items() if anchor not in moved}
    return Glossary(lines, links)


def _move_index(index: Index, moved: Mapping[str, str]) -> Index:
    def move(locator: Locator) -> Locator:
        anchors = (moved.get(anchor, anchor) for anchor in locator.anchors)
        return replace(locator, anchors=tuple(dict.fromkeys(anchors)))

    lines = (
        replace(line, locators=tuple(map(move, line.locators)))
        if isinstance(line, IndexEntry)
        else line
        for line in index.lines
    )
    return replace(index, lines=tuple(lines))


def _in_original_language(
    blocks: Iterable[Block], book: Book, notes: frozenset[str] = frozenset()
) -> Iterator[Block]:
    """Yield what of a post is in the originals' language, and the ``notes`` that have no other."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block
        elif isinstance(block, Original):
            # Of a post that has the two the other way round, the prose is the original.
            if block.markdown and not same_language(block.language, book.language):
                if block.label:
                    yield Prose(block.span, block.label, "")
                yield Prose(block.span, block.markdown, block.language)
        elif same_language(block.language, book.original_language) or note_label(block) in notes:
            yield block


def _without_empty_sections(blocks: list[Block]) -> list[Block]:
    """Leave out headings with nothing below them, and below their subheadings."""
    kept: list[Block] = []
    shallowest = 0  # of the headings above which there is text; 0 before any text
    for block in reversed(blocks):
        if not isinstance(block, Heading):
            shallowest = 99
            kept.append(block)
        elif block.level < shallowest:
            shallowest = block.level
            kept.append(block)
    return kept[::-1]
