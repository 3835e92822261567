"""Where the entries of a glossary occur in a book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ..model import Mention, Occurrence, Original, Post, Prose, prose_anchor
from ..occurrences import Finder
from .keys import concept_key

__all__ = ["Mentions", "locate_entries"]

Mentions = dict[str, list[Mention]]
"""The mentions of entries in reading order, by the id of the entry."""

_MOST_IN_CHAPTER: Final = 8


def locate_entries(
    chapters: Iterable[Post], ids: Mapping[str, str], spellings: Mapping[str, str]
) -> tuple[Mentions, dict[str, tuple[Occurrence, ...]]]:
    """Return the mentions of each entry, and the first occurrences in each chapter by anchor.

    ``ids`` leads from the key of a headword to its entry, ``spellings`` from what is looked
    for in prose. A chapter's mentions of an entry are the paragraph of the first occurrence and
    the first that explain it, 8 at most.
    """
    finder = Finder(spellings)
    mentions: Mentions = {}
    links: dict[str, tuple[Occurrence, ...]] = {}
    for chapter in chapters:
        anchors: dict[str, dict[str, None]] = {}
        linked: dict[str, str] = {}
        for anchor, block in _anchored(chapter):
            explained = _explained(block, ids)
            if isinstance(block, Prose):
                first = list(_first_occurrences(block, explained, finder, linked))
                if first:
                    links[anchor] = tuple(first)
                for occurrence in first:
                    linked[occurrence.id] = anchor
                    anchors.setdefault(occurrence.id, {})[anchor] = None
            for occurrence in explained:
                places = anchors.setdefault(occurrence.id, {})
                if len(places) < _MOST_IN_CHAPTER:
                    places[anchor] = None
        for name, places in anchors.items():
            found = list(places)
            if name in linked:
                # An original may explain what the translation has only further down; the link
                # back from there must lead to the first mention.
                found = found[found.index(linked[name]) :]
            mentions.setdefault(name, []).extend(Mention(chapter.slug, each) for each in found)
    return mentions, links


def _anchored(chapter: Post) -> Iterator[tuple[str, Prose | Original]]:
    """Yield prose and originals with the anchor of the last prose, or else of the next."""
    anchor = next(
        (
            prose_anchor(chapter.slug, index)
            for index, block in enumerate(chapter.blocks)
            if isinstance(block, Prose)
        ),
        "",
    )
    if not anchor:
        return
    for index, block in enumerate(chapter.blocks):
        if isinstance(block, Prose):
            anchor = prose_anchor(chapter.slug, index)
            yield anchor, block
        elif isinstance(block, Original):
            yield anchor, block


def _explained(block: Prose | Original, ids: Mapping[str, str]) -> list[Occurrence]:
    """Return the headwords of a block's glosses as occurrences of their entries."""
    found = ((gloss, ids.get(concept_key(gloss.headword), "")) for gloss in block.glosses)
    return [Occurrence(gloss.start, gloss.headword_end, name) for gloss, name in found if name]


def _first_occurrences(
    block: Prose, explained: Sequence[Occurrence], finder: Finder, linked: Mapping[str, str]
) -> Iterator[Occurrence]:
    """Yield the first occurrence of each entry that is not linked yet; none overlap.

    What stands in a gloss, or in the bracket of a name, is no plain occurrence: it is there to
    explain something else.
    """
    new = [found for found in finder.find(block.markdown) if found.id not in linked]
    if not new and not explained:
        return
    barred = sorted(
        [(gloss.start, gloss.end) for gloss in block.glosses]
        + [(name.headword_end, name.end) for name in block.names]
    )
    plain = _outside(new, barred)
    seen: set[str] = set()
    free = 0
    for occurrence in sorted([*explained, *plain], key=lambda each: (each.start, -each.end)):
        if occurrence.id in linked or occurrence.id in seen or occurrence.start < free:
            continue
        seen.add(occurrence.id)
        free = occurrence.end
        yield occurrence


def _outside(
    occurrences: Iterable[Occurrence], barred: Iterable[tuple[int, int]]
) -> Iterator[Occurrence]:
    stretches = iter(barred)
    start, end = next(stretches, (0, 0))
    for occurrence in occurrences:
        while end <= occurrence.start and (start, end) != (0, 0):
            start, end = next(stretches, (0, 0))
        if (start, end) == (0, 0) or occurrence.end <= start:
            yield occurrence
