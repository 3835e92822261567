"""The concepts of a book: its headwords gathered, merged and named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..model import Definition, Gloss, Mention, Post, Prose
from ..pinyin import simplify, slugify, sort_key, unique_slug
from ..rules import EntryRule, GlossaryRules, MergeRule
from .definitions import MOST_DEFINITIONS, select_definitions
from .keys import (
    concept_key,
    expands_part,
    has_han,
    is_abbreviation,
    is_short_form,
    singular_key,
    split_expansion,
)
from .merging import Headword, merge_headwords
from .passages import anchored_blocks

__all__ = ["Concept", "collect_concepts"]

_MOST_EXPANSIONS: Final = 12
_SELDOM: Final = 3
_CLAUSE = re.compile("[的了是由]")
_PLAIN_WORDS = re.compile(r"^[^A-Z]*\s|\s[a-z]{4,}$")
"""What a name does not have: ``huge-context mode``, ``Ada's drawing program``."""


@dataclass(slots=True, eq=False)
class Concept:
    """What becomes an entry; ``spellings`` are all ways to write its headwords."""

    id: str
    headword: str
    keys: tuple[str, ...]
    aliases: tuple[str, ...]
    originals: tuple[str, ...]
    names: frozenset[str]
    """Those of the aliases and originals that mean the concept, no part of it and no slip."""

    spellings: tuple[str, ...]
    definitions: tuple[Definition, ...]
    rules: tuple[EntryRule, ...]
    matched: frozenset[str]
    """The ids of rules that made the concept what it is, if it occurs in the book."""

    def definitions_at(self, mention: Mention) -> tuple[Definition, ...]:
        """Return the definitions; those of rules stand first, with the mention given."""
        ruled = tuple(Definition(rule.definition, mention) for rule in self.rules)
        return (*ruled, *self.definitions)[:MOST_DEFINITIONS]


@dataclass(slots=True)
class _Gathered:
    headwords: dict[str, Headword] = field(default_factory=dict)
    applied: set[str] = field(default_factory=set)

    def headword(self, key: str) -> Headword:
        found = self.headwords.get(key)
        if found is None:
            found = self.headwords[key] = Headword(key)
        return found

    def uses(self, key: str) -> int:
        """Return how many glosses have a headword."""
        return self.headwords[key].uses if key in self.headwords else 0

    def name(self, spelling: str) -> str:
        """Make room for a headword that a rule gives, and return its key."""
        key = concept_key(spelling)
        self.headword(key).spellings.setdefault(spelling, 0)
        return key


def collect_concepts(
    chapters: Iterable[Post], rules: GlossaryRules
) -> tuple[list[Concept], set[str]]:
    """Return the concepts of the chapters, in order of their sound, and the rules that matched.

    An entry that a rule gives is among them whether or not it occurs in the book.
    """
    gathered = _gather(chapters, rules)
    forced = [[gathered.name(each) for each in (rule.headword, *rule.aliases)]
              for rule in rules.entries]  # fmt: skip
    ruled: dict[str, list[EntryRule | MergeRule]] = {}
    for rule in rules.entries:
        ruled.setdefault(concept_key(rule.headword), []).append(rule)
    for merge in (*rules.merges, *rules.renames):
        keys = [key for key in map(concept_key, merge.headwords) if gathered.uses(key)]
        if keys:
            forced.append([gathered.name(merge.into), *keys])
            for key in keys:
                ruled.setdefault(key, []).append(merge)
    entries = {concept_key(rule.headword) for rule in rules.entries}
    concepts = [
        _make_concept(members, [rule for each in members for rule in ruled.get(each.key, ())])
        for members in merge_headwords(gathered.headwords, forced)
        if any(each.definitions or each.key in entries for each in members)
    ]
    _address(concepts)
    return concepts, gathered.applied


def _gather(chapters: Iterable[Post], rules: GlossaryRules) -> _Gathered:
    gathered = _Gathered()
    forbidden = {concept_key(rule.word): rule.id for rule in rules.forbidden}
    for number, (mention, gloss) in enumerate(_glosses(chapters)):
        key = concept_key(gloss.headword)
        if key in forbidden:
            gathered.applied.add(forbidden[key])
            continue
        expansions = split_expansion(gloss.original)
        barred = [each for each in expansions if concept_key(each) in forbidden]
        if barred:
            gathered.applied |= {forbidden[concept_key(each)] for each in barred}
            expansions = tuple(each for each in expansions if each not in barred)
        headword = gathered.headword(key)
        headword.add(gloss.headword, expansions, is_defined=gloss.definition != "")
        if gloss.definition:
            headword.definitions.setdefault(gloss.definition, (number, mention))
    return gathered


def _glosses(chapters: Iterable[Post]) -> Iterator[tuple[Mention, Gloss]]:
    """Yield each gloss and name with its paragraph."""
    for chapter in chapters:
        for anchor, block in anchored_blocks(chapter):
            glosses = block.glosses
            if isinstance(block, Prose):
                glosses += block.names
            if glosses:
                mention = Mention(chapter.slug, anchor)
                for gloss in glosses:
                    yield mention, gloss


def _make_concept(members: Sequence[Headword], ruled: Sequence[EntryRule | MergeRule]) -> Concept:
    best = [_best_spelling(member.spellings) for member in members]
    rules = [rule for rule in ruled if isinstance(rule, EntryRule)]
    merges = [rule for rule in ruled if isinstance(rule, MergeRule)]
    headword = rules[0].headword if rules else best[0]
    if merges and not rules:
        # A rename says more about the name than a merge.
        headword = max(merges, key=lambda rule: (rule.kind == "rename", rule.line)).into
    keys = tuple(member.key for member in members)
    texts: dict[str, tuple[int, Mention]] = {}
    for member in members:
        for text, place in member.definitions.items():
            texts[text] = min(place, texts.get(text, place), key=lambda item: item[0])
    known = {*keys, *(key for member in members for key in member.expansions)}
    # What only repeats a name of the concept is better than nothing.
    telling = {text: place for text, place in texts.items() if concept_key(text) not in known}
    aliases = _aliases(headword, dict(zip(keys, best, strict=True)))
    originals = _originals(members, keys, rules)
    names = _leading_names(members, (headword, *aliases), originals)
    if has_han(headword) and all(map(has_han, originals)):
        # What an original explains again is a headword of its own; it still is the expansion.
        given = {key for member in members for key in member.expansions}
        moved = [each for each in aliases if not has_han(each) and singular_key(each) in given]
        originals = (*moved, *originals)[:_MOST_EXPANSIONS]
        aliases = tuple(each for each in aliases if each not in moved)
    return Concept(
        id="",
        headword=headword,
        keys=keys,
        aliases=aliases,
        originals=originals,
        names=names,
        spellings=tuple(sorted({one for member in members for one in member.spellings})),
        definitions=select_definitions(
            (Definition(text, mention) for text, (_, mention) in (telling or texts).items()),
            [rule.definition for rule in rules],
        ),
        rules=tuple(rules),
        matched=frozenset(rule.id for rule in ruled),
    )


def _aliases(headword: str, spellings: dict[str, str]) -> tuple[str, ...]:
    """Return the other headwords by their best spelling, without the plurals of one."""
    own = concept_key(headword)
    known = {own, *spellings}
    return tuple(
        alias
        for key, alias in spellings.items()
        if key != own and (singular_key(alias) == key or singular_key(alias) not in known)
    )


def _leading_names(
    members: Sequence[Headword], headwords: Sequence[str], originals: Sequence[str]
) -> frozenset[str]:
    """Return the names that may lead to the entry.

    An expansion does not if few glosses give it and nothing ties it to the others, if it is that
    of a word of the term only, or if it says in words what a Latin headword is. A headword does
    not if it is the main one with half a sentence before it.
    """
    main = headwords[0]
    leading = {alias for alias in headwords if not (main in alias and _CLAUSE.search(alias))}
    is_latin = not has_han(main)
    for original in originals:
        others = [*headwords, *(each for each in originals if each != original)]
        if any(expands_part(other, original) for other in others):
            continue
        if is_latin and _PLAIN_WORDS.search(original) and not is_abbreviation(main, original):
            continue
        key = singular_key(original)
        if _is_given_often(members, key) or any(_is_akin(original, each) for each in others):
            leading.add(original)
    return frozenset(leading)


def _is_given_often(members: Sequence[Headword], key: str) -> bool:
    """Tell whether a rule gives an expansion, or a third of some headword's glosses."""
    given = [member for member in members if key in member.expansions]
    return not given or any(
        member.expansions[key].total() * _SELDOM >= member.expanded for member in given
    )


def _is_akin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return is_abbreviation(short, long) or is_short_form(concept_key(short), concept_key(long))


def _best_spelling(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda one: (-spellings[one], one != simplify(one), one))


def _originals(
    members: Sequence[Headword], keys: Sequence[str], rules: Sequence[EntryRule]
) -> tuple[str, ...]:
    """Return the expansions, the most used first, without those that are headwords."""
    counts: dict[str, Counter[str]] = {}
    for member in members:
        for key, spellings in member.expansions.items():
            if key in member.printable:
                counts.setdefault(key, Counter()).update(spellings)
    ruled = {singular_key(rule.original): rule.original for rule in rules if rule.original}
    headwords = {*keys, *(singular_key(one) for each in members for one in each.spellings)}
    found = [
        (-spellings.total(), is_abbreviation(best), best)
        for key, spellings in counts.items()
        if key not in headwords and key not in ruled
        for best in [_best_spelling(spellings)]
    ]
    return (*ruled.values(), *(best for _, _, best in sorted(found)))[:_MOST_EXPANSIONS]


def _address(concepts: list[Concept]) -> None:
    """Put concepts in order of their sound, and give each an id that is its own."""
    concepts.sort(key=lambda concept: (sort_key(concept.headword), concept.keys))
    taken: set[str] = set()
    for concept in concepts:
        wish = "gloss-" + (slugify(concept.headword) or "n")
        concept.id = unique_slug(wish, concept_key(concept.headword), taken)
        taken.add(concept.id)
