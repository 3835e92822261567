"""Editions of one language: what of a bilingual book each of them holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..model import Block, Book, Edition, FrontMatter, Glossary, Heading, Original, Post, Prose
from .wording import edition_title
from .xhtml import same_language

__all__ = ["select_edition"]

_FEWEST_ALTERNATES = 5


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
        return replace(
            book,
            edition=edition,
            title=edition_title(book.title, edition, book.language),
            chapters=tuple(_without_alternates(post, book) for post in book.chapters),
        )
    language = book.original_language
    chapters = [
        _select_originals(post, book)
        for post in book.chapters
        if post.originals or _alternates(post, book)
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
    blocks = _without_empty_sections(list(_in_original_language(post.blocks, book)))
    return replace(post, front_matter=kept, blocks=tuple(blocks))


def _without_alternates(post: Post, book: Book) -> Post:
    alternates = _alternates(post, book)
    if not alternates:
        return post
    # Left empty, not out: the address of a block is its number, which the glossary knows.
    blocks = (
        replace(block, markdown="", glosses=(), names=())
        if isinstance(block, Prose) and index in alternates
        else block
        for index, block in enumerate(post.blocks)
    )
    return replace(post, blocks=tuple(blocks))


def _alternates(post: Post, book: Book) -> frozenset[int]:
    """Return the numbers of the paragraphs that are originals, each before its translation.

    They are if a post has several in the originals' language, nearly all of them so placed.
    """
    found, followed = 0, set()
    for index, block in enumerate(post.blocks):
        if isinstance(block, Prose) and same_language(block.language, book.original_language):
            found += 1
            after = post.blocks[index + 1] if index + 1 < len(post.blocks) else None
            if isinstance(after, Prose) and same_language(after.language, book.language):
                followed.add(index)
    # A post that quotes another language says more around each quotation than one paragraph.
    translations = sum(
        isinstance(block, Prose) and same_language(block.language, book.language)
        for block in post.blocks
    )
    is_pattern = (
        len(followed) >= _FEWEST_ALTERNATES
        and len(followed) * 5 >= found * 4
        and translations * 2 <= len(followed) * 3
    )
    return frozenset(followed) if is_pattern else frozenset()


def _in_original_language(blocks: Iterable[Block], book: Book) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Heading):
            yield block
        elif isinstance(block, Original):
            # Of a post that has the two the other way round, the prose is the original.
            if block.markdown and not same_language(block.language, book.language):
                if block.label:
                    yield Prose(block.span, block.label, "")
                yield Prose(block.span, block.markdown, block.language)
        elif same_language(block.language, book.original_language):
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
