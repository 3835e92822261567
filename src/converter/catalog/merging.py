"""Entries of many books under one headword: which of them are one entry of the library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from ..reference import Reference, ReferenceEntry, ReferenceName, ReferenceSee

__all__ = ["BookEntries", "BookReference", "MergedEntry", "merge_entries"]

E = TypeVar("E", ReferenceEntry, ReferenceName)

_NAMES: Final = 12
"""How many expansions and aliases of an entry are shown and found."""


@dataclass(frozen=True, slots=True)
class BookReference:
    """What a book has for the library; its folder is ``slug``."""

    slug: str
    title: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class BookEntries(Generic[E]):
    """The lines of a book that are to be merged with those of other books."""

    book: BookReference
    entries: Sequence[E]
    see: Sequence[ReferenceSee]


@dataclass(frozen=True, slots=True)
class MergedEntry(Generic[E]):
    """An entry of the library: the books' entries that it is made of, in the books' order.

    ``see`` holds the names, with letter and sort text, from which a line leads here.
    """

    headword: str
    letter: str
    sort: str
    originals: tuple[str, ...]
    aliases: tuple[str, ...]
    members: tuple[tuple[BookReference, E], ...]
    see: tuple[tuple[str, str, str], ...]


def merge_entries(
    books: Iterable[BookEntries[E]], key: Callable[[str], str]
) -> Iterator[MergedEntry[E]]:
    """Yield the library's entries, in no order that a reader would know.

    Entries of one key are one. So are two of which one has the other's headword among its
    other names, unless that name stands in entries of several keys: ``IP`` may be two things.
    The headword is the spelling that the books use most.
    """
    groups: dict[str, list[tuple[BookReference, E]]] = {}
    see: dict[str, list[ReferenceSee]] = {}
    owners: dict[str, str] = {}
    for book in books:
        keys: dict[str, str] = {}
        for entry in book.entries:
            own = keys[entry.id] = key(entry.headword)
            groups.setdefault(own, []).append((book.book, entry))
            for other in map(key, entry.other_names):
                if other != own and owners.setdefault(other, own) != own:
                    owners[other] = ""
        for line in book.see:
            if line.id in keys:
                see.setdefault(keys[line.id], []).append(line)
    parents = {other: own for other, own in owners.items() if own and other in groups}
    roots: dict[str, list[str]] = {}
    for name in groups:
        roots.setdefault(_find_root(parents, name), []).append(name)
    for names in roots.values():
        members = [member for name in names for member in groups.pop(name)]
        yield _merge(members, [line for name in names for line in see.get(name, ())], key)


def _find_root(parents: dict[str, str], name: str) -> str:
    """Return the last of a chain; the ways that were gone are made short."""
    trail: dict[str, None] = {}
    while name in parents and name not in trail:
        trail[name] = None
        name = parents[name]
    if name in trail:
        # Two that name each other: the smaller key stands for the circle.
        name = min(trail)
        parents.pop(name)
    for passed in trail:
        if passed != name:
            parents[passed] = name
    return name


def _merge(
    members: Sequence[tuple[BookReference, E]],
    see: Sequence[ReferenceSee],
    key: Callable[[str], str],
) -> MergedEntry[E]:
    weights: Counter[str] = Counter()
    for _, entry in members:
        weights[entry.headword] += entry.weight
    headword = max(weights, key=weights.__getitem__)
    best = next(entry for _, entry in members if entry.headword == headword)
    shown = {key(headword)}
    originals = _take(shown, key, (name for _, entry in members for name in entry.originals))
    # The see-references after the headwords: what these say of a letter is what a book says.
    lines = {
        key(text): (text, letter, sort)
        for text, letter, sort in (
            *((line.alias, line.letter, line.sort) for line in see),
            *((entry.headword, entry.letter, entry.sort) for _, entry in members),
        )
    }
    lines.pop(key(headword))
    others = (
        *(entry.headword for _, entry in members),
        *(name for _, entry in members for name in entry.aliases),
    )
    return MergedEntry(
        headword=headword,
        letter=best.letter,
        sort=best.sort,
        originals=originals,
        aliases=_take(shown, key, others),
        members=tuple(members),
        see=tuple(lines.values()),
    )


def _take(shown: set[str], key: Callable[[str], str], names: Iterable[str]) -> tuple[str, ...]:
    """Return the first names that are not shown yet, and note them as shown."""
    taken: list[str] = []
    for name in dict.fromkeys(names):
        if len(taken) == _NAMES:
            break
        if key(name) not in shown:
            shown.add(key(name))
            taken.append(name)
    return tuple(taken)
