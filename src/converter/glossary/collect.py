"""From the glosses of a book's chapters to its glossary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..model import Glossary, Post
from ..rules import NO_RULES, GlossaryRules
from .concepts import Concept, collect_concepts
from .keys import concept_key, is_abbreviation
from .lines import make_lines
from .mentions import locate_entries
from .senses import read_sense

__all__ = ["CollectedGlossary", "collect_glossary"]

_SHORTEST_SURE: Final = 2
"""Letters of an abbreviation that may be one of something else: ``PE``, ``PM``."""


@dataclass(frozen=True, slots=True)
class CollectedGlossary:
    """A book's glossary, and the ids of the rules that matched something in the book."""

    glossary: Glossary
    applied: frozenset[str] = frozenset()


def collect_glossary(
    chapters: Sequence[Post], rules: GlossaryRules = NO_RULES, *, latin_apart: bool = False
) -> CollectedGlossary:
    """Return the glossary of the chapters, which have their slugs, in printing order.

    Ids, order and wording of the lines do not depend on the order of the chapters; mentions
    follow it. Takes time linear in the text.
    """
    concepts, applied = collect_concepts(chapters, rules)
    ids = {key: concept.id for concept in concepts for key in concept.keys}
    spellings = _spellings(concepts, ids)
    senses = {
        concept.id: read_sense(
            (*concept.spellings, *concept.originals),
            (each for each in concept.originals if len(each) <= _SHORTEST_SURE),
            concept.definitions,
        )
        for concept in concepts
    }
    mentions, links = locate_entries(chapters, ids, spellings, senses)
    found = [concept for concept in concepts if concept.id in mentions]
    applied = applied.union(*(concept.matched for concept in found))
    lines = make_lines(found, mentions, latin_apart=latin_apart)
    return CollectedGlossary(Glossary(lines, links), frozenset(applied))


def _spellings(concepts: Iterable[Concept], headwords: Iterable[str]) -> dict[str, str]:
    """Return what is looked for in prose, with the id of its entry.

    These are the headwords in all their spellings, and abbreviations that stand for nothing
    else in the book.
    """
    concepts = list(concepts)
    spellings = {one: concept.id for concept in concepts for one in concept.spellings}
    taken = set(headwords)
    abbreviations: dict[str, set[str]] = {}
    for concept in concepts:
        for original in concept.originals:
            if is_abbreviation(original) and concept_key(original) not in taken:
                abbreviations.setdefault(original, set()).add(concept.id)
    for abbreviation, owners in abbreviations.items():
        if len(owners) == 1:
            spellings.setdefault(abbreviation, *owners)
    return spellings
