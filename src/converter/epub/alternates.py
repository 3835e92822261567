"""Posts with their originals unfolded: a paragraph of each language in turn."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from statistics import pstdev
from typing import Final

from ..footnotes import note_label
from ..model import Book, Post, Prose
from .xhtml import same_language

__all__ = ["find_alternates"]

_FEWEST: Final = 5
_CLEARLY: Final = 2


def find_alternates(post: Post, book: Book) -> dict[int, int]:
    """Return the paragraphs that are originals, by their numbers, and their translations.

    They are if a post has several in the originals' language, nearly all of them before a
    translation, or nearly all behind one. A note goes with the note of its label; one that is
    there in one language only is no original.
    """
    if same_language(book.language, book.original_language):
        return {}
    # A note may stand between the two, as it belongs to either.
    order = [index for index, block in enumerate(post.blocks) if not note_label(block)]
    originals = [
        at for at, index in enumerate(order) if _is_in(book.original_language, post, index)
    ]
    translations = sum(_is_in(book.language, post, index) for index in order)
    before, behind = (
        {
            order[at]: order[at + step]
            for at in originals
            if 0 <= at + step < len(order) and _is_in(book.language, post, order[at + step])
        }
        for step in (1, -1)
    )
    pairs = _likelier(before, behind, post)
    # A post that quotes another language says more around each quotation than one paragraph.
    is_pattern = (
        len(pairs) >= _FEWEST
        and len(pairs) * 5 >= len(originals) * 4
        and translations * 2 <= len(pairs) * 3
    )
    return pairs | _pair_notes(post, book) if is_pattern else {}


def _is_in(language: str, post: Post, index: int) -> bool:
    block = post.blocks[index]
    return isinstance(block, Prose) and same_language(block.language, language)


def _likelier(before: dict[int, int], behind: dict[int, int], post: Post) -> dict[int, int]:
    """Return the pairs of originals before or behind their translations, whichever it is.

    It is what makes more pairs. A post that begins with a word of the translator and ends with
    a paragraph that is not translated looks like one of the other order: there the lengths tell.
    """
    first, second = sorted((before, behind), key=len, reverse=True)
    is_close = len(first) - len(second) <= 1
    if is_close and _spread(second, post) * _CLEARLY < _spread(first, post):
        return second
    return first


def _spread(pairs: Mapping[int, int], post: Post) -> float:
    """Return how much the lengths of originals and translations are at odds."""
    ratios = [log(_length(post, one) / _length(post, other)) for one, other in pairs.items()]
    return pstdev(ratios) if ratios else 0.0


def _length(post: Post, index: int) -> int:
    block = post.blocks[index]
    return len(block.markdown) + 1 if isinstance(block, Prose) else 1


def _pair_notes(post: Post, book: Book) -> dict[int, int]:
    notes: dict[str, dict[bool, int]] = {}
    for index, block in enumerate(post.blocks):
        if label := note_label(block):
            is_original = _is_in(book.original_language, post, index)
            if is_original or _is_in(book.language, post, index):
                notes.setdefault(label, {}).setdefault(is_original, index)
    return {found[True]: found[False] for found in notes.values() if len(found) > 1}
