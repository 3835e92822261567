"""Which headwords of a book are one concept.

Headwords meet in an expansion: those that it is given for, and the one that it is itself. An
expansion of several words or a long abbreviation has one meaning; any other may have many, and
there the headwords must resemble each other too, in their characters or their definitions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..model import Mention
from .definitions import bigrams, overlap
from .keys import (
    KINDS,
    concept_key,
    expands_part,
    has_han,
    is_abbreviation,
    is_short_form,
    singular_key,
)

__all__ = ["Headword", "merge_headwords"]

_WORD = re.compile(r"[A-Za-z0-9&.]*[A-Za-z0-9]")
_OTHER_CONCEPTS: Final = frozenset("家者师员人率")
"""What makes a new concept of a word: who does it, how much of it there is."""

_ALIKE: Final = 0.6
_EXPLAINED_ALIKE: Final = 0.34
_EXPLAINED_APART: Final = 0.05
_SAME_WORDS: Final = 0.6
_FEWEST_PAIRS: Final = 8
_MOST_COMPARED: Final = 8
_MOST_SEATED: Final = 3
_LONG_ABBREVIATION: Final = 4
_LONG_CHINESE: Final = 3
_LONG_BEGINNING: Final = 12


@dataclass(slots=True, eq=False)
class Headword:
    """A headword in all its spellings, with what the glosses of a book say of it."""

    key: str
    spellings: Counter[str] = field(default_factory=Counter)
    expansions: dict[str, Counter[str]] = field(default_factory=dict)
    definitions: dict[str, tuple[int, Mention]] = field(default_factory=dict)
    """Each with its place in the book: its number among the glosses, and its paragraph."""

    expanded: int = 0
    """How many glosses have an expansion."""

    printable: set[str] = field(default_factory=set)
    """The keys of expansions that are names: Latin ones, and those given with a definition."""

    _explanation: frozenset[str] | None = None

    def own_names(self) -> set[str]:
        """Return the keys under which the headword can be the expansion of others."""
        return {self.key, *map(singular_key, self.spellings)}

    @property
    def uses(self) -> int:
        """How many glosses have the headword."""
        return self.spellings.total()

    def add(self, spelling: str, expansions: Iterable[str], *, is_defined: bool = True) -> None:
        """Count a gloss."""
        self.spellings[spelling] += 1
        keys = {singular_key(expansion): expansion for expansion in expansions}
        keys.pop(self.key, None)
        self.expanded += bool(keys)
        for key, expansion in keys.items():
            self.expansions.setdefault(key, Counter())[expansion] += 1
            if is_defined or not has_han(key):
                self.printable.add(key)

    def explanation(self) -> frozenset[str]:
        """Return the pairs of characters of the longest definition; to be called at the end."""
        if self._explanation is None:
            text = max(self.definitions, key=lambda each: (len(each), each), default="")
            self._explanation = bigrams(text) if text else frozenset()
        return self._explanation

    def names(self, *, chinese: bool) -> list[str]:
        """Return the keys of the expansions in one of the languages."""
        return [key for key in self.expansions if has_han(key) == chinese]

    def main_expansions(self) -> set[str]:
        """Return the expansions that more than half of the glosses give.

        An abbreviation counts with the name that it stands for, ``Fed`` with ``Federal
        Reserve``. A headword that is given two names equally often means two things, and
        says nothing of either.
        """
        totals = Counter({key: given.total() for key, given in self.expansions.items()})
        best = [key for key, _ in totals.most_common(_MOST_COMPARED)]
        main: set[str] = set()
        for key in best:
            kindred = [each for each in best if each != key and self._stand_for(each, key)]
            count = min(self.expanded, totals[key] + sum(totals[each] for each in kindred))
            if count * 2 > self.expanded:
                main.add(key)
        return main

    def _stand_for(self, one: str, other: str) -> bool:
        if is_short_form(one, other) or is_short_form(other, one):
            return True
        first, second = (_common(self.expansions[key]) for key in (one, other))
        if _abbreviates(first, second) or _abbreviates(second, first):
            return True
        beginning = max(_LONG_BEGINNING, int(_ALIKE * min(len(one), len(other))))
        return len(one) >= beginning and one[:beginning] == other[:beginning]


@dataclass(slots=True)
class _Groups:
    """Disjoint sets of keys."""

    parents: dict[str, str] = field(default_factory=dict)

    def find(self, key: str) -> str:
        root = key
        while (parent := self.parents.get(root, root)) != root:
            root = parent
        while key != root:
            self.parents[key], key = root, self.parents.get(key, root)
        return root

    def join(self, one: str, other: str) -> None:
        one, other = sorted((self.find(one), self.find(other)))
        self.parents[other] = one


def merge_headwords(
    headwords: Mapping[str, Headword], forced: Iterable[Sequence[str]] = ()
) -> list[list[Headword]]:
    """Return the headwords of each concept, the most used first; ``forced`` are keys to join.

    The result does not depend on the order of the headwords.
    """
    groups = _Groups()
    givers, selves = _meetings(headwords)
    for expansion in sorted(givers):
        found = _clusters(expansion, givers[expansion], selves.get(expansion, []))
        for cluster in found:
            for member in cluster[1:]:
                groups.join(cluster[0].key, member.key)
    for keys in forced:
        for key in keys[1:]:
            groups.join(keys[0], key)
    concepts: dict[str, list[Headword]] = {}
    for key in sorted(headwords):
        concepts.setdefault(groups.find(key), []).append(headwords[key])
    for members in concepts.values():
        members.sort(key=_rank)
    return list(concepts.values())


def _rank(headword: Headword) -> tuple[int, bool, int, str]:
    return (-headword.uses, not has_han(headword.key), len(headword.key), headword.key)


def _meetings(
    headwords: Mapping[str, Headword],
) -> tuple[dict[str, list[Headword]], dict[str, list[Headword]]]:
    """Return who is given each expansion, and who it is, the most used first."""
    ordered = sorted(headwords.values(), key=_rank)
    givers: dict[str, list[Headword]] = {}
    for headword in ordered:
        for expansion in headword.main_expansions():
            givers.setdefault(expansion, []).append(headword)
    selves: dict[str, list[Headword]] = {}
    for headword in ordered:
        for name in headword.own_names():
            if name in givers:
                selves.setdefault(name, []).append(headword)
    return givers, selves


def _clusters(
    expansion: str, givers: Sequence[Headword], selves: Sequence[Headword]
) -> list[list[Headword]]:
    """Part those who meet in an expansion into those who mean the same by it."""
    if has_han(expansion):
        return _clusters_of_chinese(expansion, givers, selves)
    is_specific = _is_specific(expansion, givers)
    clusters: list[list[Headword]] = []
    partial = {giver: None for giver in givers if _is_expanded_in_part(giver, expansion)}
    for giver in givers:
        if giver in partial:
            continue
        met = _find_seat(giver, expansion, clusters, is_specific=is_specific)
        if met is None:
            met = []
            clusters.append(met)
        met.append(giver)
    for own in selves:
        _seat(own, expansion, clusters, is_specific=is_specific)
    return clusters + _clusters_of_parts([*partial])


def _is_expanded_in_part(giver: Headword, expansion: str) -> bool:
    """Tell whether a headword holds more than its expansion does: ``LLM 应用``."""
    return expands_part(_common(giver.spellings), _common(giver.expansions[expansion]))


def _clusters_of_parts(givers: Sequence[Headword]) -> list[list[Headword]]:
    """Put those together who are explained in the same words: ``CI/CD 管道``, ``CI/CD Line``."""
    clusters: list[list[Headword]] = []
    for giver in givers:
        for cluster in clusters[:_MOST_COMPARED]:
            if _say_the_same(cluster[0], giver):
                cluster.append(giver)
                break
        else:
            clusters.append([giver])
    return clusters


def _find_seat(
    giver: Headword, expansion: str, clusters: Sequence[list[Headword]], *, is_specific: bool
) -> list[Headword] | None:
    """Return those who mean the same as a headword by its expansion."""
    if not has_han(giver.key):
        return clusters[0] if clusters and is_specific and _is_short(giver, expansion) else None
    for cluster in clusters[: 1 if is_specific else _MOST_COMPARED]:
        members = cluster[:_MOST_SEATED]
        if is_specific and all(_differ_by_nothing_but_words(each, giver) for each in members):
            return cluster
        if not is_specific and any(_are_alike(each, giver) for each in members):
            return cluster
    return None


def _clusters_of_chinese(
    expansion: str, givers: Sequence[Headword], selves: Sequence[Headword]
) -> list[list[Headword]]:
    """Lead Latin headwords to the Chinese one that they are explained by, if there is one.

    Without it the bracket may hold anything: ``Ada Reed（历史学家）``.
    """
    is_specific = len(expansion) >= _LONG_CHINESE
    clusters = []
    for own in selves:
        known = set(own.names(chinese=False))
        latin = [giver for giver in givers if not has_han(giver.key)]
        mutual = [giver for giver in latin if not known.isdisjoint(giver.own_names())]
        fitting = [
            giver
            for giver in latin
            if not known or giver in mutual or _is_short_for_any(giver, own)
        ]
        clusters.append([own, *(fitting if len(fitting) == 1 or is_specific else mutual)])
    return clusters


def _seat(
    own: Headword, expansion: str, clusters: list[list[Headword]], *, is_specific: bool
) -> None:
    """Put the headword that the expansion is with those who mean it, if that is clear."""
    chosen = [
        cluster
        for cluster in clusters[:_MOST_COMPARED]
        if not _contradict(own, cluster[0], expansion)
    ]
    # ``Windows`` is not the plural of what others call a window.
    spelled = {
        concept_key(spelling)
        for cluster in clusters[:_MOST_COMPARED]
        for giver in cluster[:_MOST_SEATED]
        for spelling in giver.expansions.get(expansion, ())
    }
    is_plural = own.key != expansion and own.key not in spelled
    if len(chosen) != 1 or len(clusters) > 1 or is_plural:
        chosen = [cluster for cluster in chosen if is_specific or _explained(own, cluster[0])]
    if chosen:
        chosen[0].append(own)


def _is_specific(expansion: str, givers: Sequence[Headword]) -> bool:
    """Tell whether an expansion has but one meaning, as far as its look tells."""
    spellings = [one for giver in givers for one in giver.expansions[expansion]]
    if any(len(_WORD.findall(spelling)) > 1 for spelling in spellings):
        return True
    if not any(map(is_abbreviation, spellings)):
        return False
    letters = sum(map(str.isalpha, expansion))
    full = {name for giver in givers for name in _full_names(giver, expansion)}
    return letters >= _LONG_ABBREVIATION or (letters == 3 and len(full) < 2)


def _full_names(headword: Headword, abbreviation: str) -> list[str]:
    """Return the names of several words, for which an abbreviation can stand."""
    return [
        key
        for key, spellings in headword.expansions.items()
        if key != abbreviation
        and not has_han(key)
        and any(len(_WORD.findall(one)) > 1 for one in spellings)
    ]


def _common(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda one: (-spellings[one], one))


def _abbreviates(short: str, long: str) -> bool:
    return len(short) < len(long) and is_abbreviation(short, long)


def _is_short(headword: Headword, expansion: str) -> bool:
    """Tell whether a Latin headword can be short for its expansion, not an instance of it."""
    spelling = _common(headword.spellings)
    return is_abbreviation(spelling, _common(headword.expansions[expansion]))


def _is_short_for_any(headword: Headword, other: Headword) -> bool:
    short = _common(headword.spellings)
    return any(
        _abbreviates(short, _common(other.expansions[name])) for name in other.names(chinese=False)
    )


def _differ_by_nothing_but_words(one: Headword, other: Headword) -> bool:
    short, long = sorted((one.key, other.key), key=len)
    return not (long.startswith(short) and long[len(short) :] in _OTHER_CONCEPTS)


def _are_alike(one: Headword, other: Headword) -> bool:
    """Tell whether two Chinese headwords of one Latin word mean the same by it."""
    if not _differ_by_nothing_but_words(one, other) or _are_siblings(one.key, other.key):
        return False
    if _has_same_head(one.key, other.key) or _explained(one, other):
        return True
    if one.key in other.key or other.key in one.key or not _share_characters(one.key, other.key):
        return False
    alike = _explanations(one, other)
    return alike is None or alike >= _EXPLAINED_APART


def _are_siblings(one: str, other: str) -> bool:
    """Tell whether two words are kinds of one thing: ``产品经理`` and ``项目经理``."""
    half = len(one) // 2
    return len(one) == len(other) > 3 and one[half:] == other[half:] and one[:half] != other[:half]


def _has_same_head(one: str, other: str) -> bool:
    """Tell whether one of two words is the other, with a word in front or its kind behind."""
    short, long = sorted((one, other), key=len)
    if len(short) < 2:
        return False
    return long.endswith(short) or (long.startswith(short) and long[len(short) :] in KINDS)


def _share_characters(one: str, other: str) -> bool:
    enough = min(len(one), len(other)) > 1
    return one == other or (enough and overlap(frozenset(one), frozenset(other)) >= _ALIKE)


def _explained(one: Headword, other: Headword) -> bool:
    """Tell whether two headwords are explained in much the same words."""
    return (_explanations(one, other) or 0) >= _EXPLAINED_ALIKE


def _say_the_same(one: Headword, other: Headword) -> bool:
    """Tell whether two headwords have a definition that is nearly the same."""
    mine, theirs = (
        [bigrams(text) for text in sorted(each.definitions)[:_MOST_COMPARED]]
        for each in (one, other)
    )
    return any(
        min(len(first), len(second)) >= _FEWEST_PAIRS and overlap(first, second) >= _SAME_WORDS
        for first in mine
        for second in theirs
    )


def _explanations(one: Headword, other: Headword) -> float | None:
    mine, theirs = one.explanation(), other.explanation()
    return overlap(mine, theirs) if mine and theirs else None


def _contradict(own: Headword, giver: Headword, expansion: str) -> bool:
    """Tell whether an expansion that is a headword is known there by names of something else."""
    chinese = own.names(chinese=True)
    known = any(_share_characters(name, giver.key) for name in chinese[:_MOST_COMPARED])
    if has_han(giver.key) and chinese and not known and not _explained(own, giver):
        return True
    mine, theirs = _full_names(own, expansion), _full_names(giver, expansion)
    return bool(mine) and bool(theirs) and set(mine).isdisjoint(theirs)
