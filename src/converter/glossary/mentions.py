"""Where the entries of a glossary occur in a book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..model import Heading, Mention, Occurrence, Original, Post, Prose
from ..occurrences import Finder
from .keys import concept_key
from .passages import anchored_blocks
from .senses import ChapterSenses, Sense, is_doubtful

__all__ = ["Mentions", "locate_entries"]

Mentions = dict[str, list[Mention]]
"""The mentions of entries in reading order, by the id of the entry."""

_MOST_IN_CHAPTER: Final = 8
_FEW_CHAPTERS: Final = 3
_FEW_OF_CHAPTERS: Final = 25
_EXPLAINED_OF_CHAPTERS: Final = 4


@dataclass(slots=True)
class _Passage:
    """A block with what it explains, and with plain words that may be headwords."""

    anchor: str
    block: Heading | Prose | Original
    explained: list[Occurrence]
    plain: list[Occurrence]


def locate_entries(
    chapters: Sequence[Post],
    ids: Mapping[str, str],
    spellings: Mapping[str, str],
    senses: Mapping[str, Sense],
) -> tuple[Mentions, dict[str, tuple[Occurrence, ...]]]:
    """Return the mentions of each entry, and the first occurrences in each chapter by anchor.

    ``ids`` leads from the key of a headword to its entry, ``spellings`` from what is looked
    for in prose; ``senses`` are those of all entries. A chapter's mentions of an entry are the
    paragraph of the first occurrence and the first that explain it, 8 at most.
    """
    finder = Finder(spellings)
    read = [_read_passages(chapter, ids, finder, senses) for chapter in chapters]
    common = _common_words(read)
    mentions: Mentions = {}
    links: dict[str, tuple[Occurrence, ...]] = {}
    for chapter, passages in zip(chapters, read, strict=True):
        barred = _foreign(passages, ChapterSenses(chapter, senses), common)
        anchors: dict[str, dict[str, None]] = {}
        linked: dict[str, str] = {}
        for passage in passages:
            if isinstance(passage.block, Prose):
                first = list(_first_occurrences(passage, barred, linked))
                if first:
                    links[passage.anchor] = tuple(first)
                for occurrence in first:
                    linked[occurrence.id] = passage.anchor
                    anchors.setdefault(occurrence.id, {})[passage.anchor] = None
            for occurrence in passage.explained:
                places = anchors.setdefault(occurrence.id, {})
                if len(places) < _MOST_IN_CHAPTER:
                    places[passage.anchor] = None
        for name, places in anchors.items():
            found = list(places)
            if name in linked:
                # An original may explain what the translation has only further down; the link
                # back from there must lead to the first mention.
                found = found[found.index(linked[name]) :]
            mentions.setdefault(name, []).extend(Mention(chapter.slug, each) for each in found)
    return mentions, links


def _read_passages(
    chapter: Post, ids: Mapping[str, str], finder: Finder, senses: Mapping[str, Sense]
) -> list[_Passage]:
    """Return the blocks of a chapter in which something is explained or may be mentioned."""
    chapter_senses = ChapterSenses(chapter, senses)
    passages: list[_Passage] = []
    sure: set[str] = set()
    for anchor, block in anchored_blocks(chapter):
        explained = _explained(block, ids) if block.glosses else []
        plain: list[Occurrence] = []
        if isinstance(block, Prose):
            # Behind an occurrence that is sure, no other can be the first.
            found = [each for each in finder.find(block.markdown) if each.id not in sure]
            for each in _outside(found, _stretches(block)) if found else ():
                if chapter_senses.allows(each, block.markdown):
                    plain.append(each)
                    if not is_doubtful(block.markdown[each.start : each.end], senses[each.id]):
                        sure.add(each.id)
        if explained or plain:
            passages.append(_Passage(anchor, block, explained, plain))
    return passages


def _stretches(block: Prose) -> list[tuple[int, int]]:
    """Return what belongs to glosses and to the brackets of names, in order."""
    return sorted(
        [(gloss.start, gloss.end) for gloss in block.glosses]
        + [(name.headword_end, name.end) for name in block.names]
    )


def _spelling(passage: _Passage, occurrence: Occurrence) -> str:
    block = passage.block
    text = block.text if isinstance(block, Heading) else block.markdown
    return text[occurrence.start : occurrence.end]


def _common_words(read: Sequence[Sequence[_Passage]]) -> frozenset[str]:
    """Return the entries whose short Chinese names stand all over the book, explained or not.

    A word that few chapters have, or that a good part of them explain, is a term in all.
    """
    explaining: Counter[str] = Counter()
    using: Counter[str] = Counter()
    for passages in read:
        explaining.update({each.id for passage in passages for each in passage.explained})
        using.update({each.id for passage in passages for each in passage.plain})
    few = max(_FEW_CHAPTERS, len(read) // _FEW_OF_CHAPTERS)
    return frozenset(
        name
        for name, chapters in using.items()
        if chapters > few and explaining[name] * _EXPLAINED_OF_CHAPTERS < chapters
    )


def _foreign(
    passages: Sequence[_Passage], senses: ChapterSenses, common: frozenset[str]
) -> frozenset[tuple[str, str]]:
    """Return the entries with those of their spellings that mean something else here."""
    explained = {each.id for passage in passages for each in passage.explained}
    uses: Counter[tuple[str, str]] = Counter()
    for passage in passages:
        for each in passage.plain:
            if each.id not in explained:
                uses[each.id, _spelling(passage, each)] += 1
    return frozenset(
        (name, spelling)
        for (name, spelling), count in uses.items()
        if not senses.supports(name, spelling, uses=count, is_common=name in common)
    )


def _explained(block: Heading | Prose | Original, ids: Mapping[str, str]) -> list[Occurrence]:
    """Return the headwords of a block's glosses as occurrences of their entries."""
    found = ((gloss, ids.get(concept_key(gloss.headword), "")) for gloss in block.glosses)
    return [Occurrence(gloss.start, gloss.headword_end, name) for gloss, name in found if name]


def _first_occurrences(
    passage: _Passage, foreign: frozenset[tuple[str, str]], linked: Mapping[str, str]
) -> Iterator[Occurrence]:
    """Yield the first occurrence of each entry that is not linked yet; none overlap.

    What stands in a gloss, or in the bracket of a name, is no plain occurrence: it is there to
    explain something else.
    """
    places = [each for each in passage.plain if each.id not in linked]
    if foreign:
        places = [each for each in places if (each.id, _spelling(passage, each)) not in foreign]
    seen: set[str] = set()
    free = 0
    places += passage.explained
    for occurrence in sorted(places, key=lambda each: (each.start, -each.end)):
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
