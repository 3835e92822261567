"""Editions of one language: what of a bilingual book each of them holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..model import Block, Book, Edition, FrontMatter, Glossary, Heading, Original, Post, Prose
from .wording import wording_for
from .xhtml import same_language

__all__ = ["select_edition"]


def select_edition(book: Book, edition: Edition) -> Book:
    """Return the book that an edition is made of; one of the originals may have no chapters.

    The originals' edition is a book of their language: what else the posts have in it stays,
    paragraphs that were never translated among it. Its headings and titles are the posts', there
    are no others. The glossary and the indexes are of the translation.
    """
    if edition is Edition.BILINGUAL:
        return book
    if edition is Edition.TRANSLATION:
        return replace(book, title=book.title + wording_for(book.language).editions[edition])
    language = book.original_language
    chapters = [_select_originals(post, book) for post in book.chapters]
    return replace(
        book,
        title=book.title + wording_for(language).editions[edition],
        language=language,
        title_language=book.language,
        chapters=tuple(chapter for chapter in chapters if chapter.blocks),
        glossary=Glossary(),
        indexes=(),
        front=(),
        back=(),
    )


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
