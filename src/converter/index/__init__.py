"""The indexes of a book: its people, organizations, products and media, and where they occur.

Names come from the chapters' front matter. Brackets in the text tie their forms together, as
``**黄仁勋**（Jensen Huang）`` does, and give the people whom no front matter names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..letters import latin_letter
from ..model import (
    INDEX_TITLES,
    Index,
    IndexEntry,
    Locator,
    Post,
    Prose,
    SeeReference,
    prose_anchor,
)
from ..occurrences import Finder, fold
from ..pinyin import name_sort_key, slugify, sort_key, unique_slug
from ..rules import NO_RULES, GlossaryRules
from .draft import (
    Draft,
    apply_rules,
    merge_short_forms,
    merge_sounds,
    merge_surnames,
    merge_ties,
    read_ties,
)
from .forms import clean_name, form_key, has_han, spellings_of
from .person import is_chinese_name, is_generic_speaker

__all__ = ["CollectedIndexes", "collect_indexes"]

_DOTS: Final = frozenset("·•‧・")
_WORD_BEFORE = re.compile(r"[A-Z][\w'’.-]{0,30} $")
_WORD_AFTER = re.compile(r" [A-Z][a-z]")
_ARTICLE = re.compile(r"^(?:The|An?) (?=\w)")
_NEIGHBOURHOOD: Final = 34

_SortKey = tuple[bool, bool, str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class CollectedIndexes:
    """A book's indexes, and the ids of the rules that matched something in the book."""

    indexes: tuple[Index, ...]
    applied: frozenset[str] = frozenset()


def collect_indexes(
    chapters: Sequence[Post], rules: GlossaryRules = NO_RULES, *, latin_apart: bool = False
) -> CollectedIndexes:
    """Return the indexes of a book that have entries, in the order of ``INDEX_TITLES``.

    Lines are in the order of their sounds, Latin among Chinese or, with ``latin_apart``,
    behind it; those under ``#`` come last. Each id begins with its index's kind.
    """
    ties = Counter(tie for chapter in chapters for tie in read_ties(chapter))
    drafts = {kind: _read_front_matter(kind, chapters) for kind in INDEX_TITLES}
    for kind, found in drafts.items():
        others = frozenset(key for other in INDEX_TITLES if other != kind for key in drafts[other])
        merge_ties(kind, found, ties, others)
        merge_sounds(found)
    merge_short_forms(drafts["organizations"])
    _drop_organizations(drafts["people"], drafts["organizations"])
    merge_surnames(drafts["people"])
    applied = {each for kind, found in drafts.items() for each in apply_rules(kind, found, rules)}
    entries = {kind: list(dict.fromkeys(found.values())) for kind, found in drafts.items()}
    _locate([draft for found in entries.values() for draft in found], chapters)
    taken: set[str] = set()
    indexes = (
        Index(kind, tuple(_lines(found, chapters, taken, latin_apart=latin_apart)))
        for kind, found in entries.items()
    )
    kept = tuple(index for index in indexes if index.lines)
    return CollectedIndexes(kept, frozenset(applied))


def _read_front_matter(kind: str, chapters: Sequence[Post]) -> dict[str, Draft]:
    """Return a draft for each name of a kind in the front matter of a book, by its key."""
    drafts: dict[str, Draft] = {}
    for chapter in chapters:
        names: tuple[str, ...] = getattr(chapter.front_matter, kind)
        if kind == "people":
            names += chapter.front_matter.guests
        for name in filter(None, map(clean_name, names)):
            _enter(drafts, kind, name, chapter.slug)
    if kind == "people":
        for chapter in chapters:
            for name in _speaking_persons(chapter, drafts):
                _enter(drafts, kind, name, chapter.slug)
    return drafts


def _drop_organizations(people: dict[str, Draft], organizations: dict[str, Draft]) -> None:
    """Drop from people what more chapters have among organizations."""
    for key in [key for key in people if key in organizations]:
        if key in people and len(organizations[key].chapters) > len(people[key].chapters):
            for own in people[key].keys:
                people.pop(own, None)


def _enter(drafts: dict[str, Draft], kind: str, name: str, chapter: str) -> None:
    if kind == "people" and is_generic_speaker(name):
        return
    key = form_key(name, kind)
    draft = drafts.setdefault(key, Draft(kind, keys=[key]))
    draft.matter[name] += 1
    draft.chapters.add(chapter)


def _speaking_persons(chapter: Post, people: dict[str, Draft]) -> Iterator[str]:
    """Yield the speakers in a chapter's front matter who are persons.

    Mostly a channel stands there. A person is one whom the front matter of the book names
    among people, or who has a turn in the chapter.
    """
    if not chapter.front_matter.speakers:
        return
    turns = {block.speaker for block in chapter.blocks if isinstance(block, Prose)}
    for name in filter(None, map(clean_name, chapter.front_matter.speakers)):
        if name in turns or form_key(name, "people") in people:
            yield name


def _locate(drafts: Sequence[Draft], chapters: Sequence[Post]) -> None:
    """Note in the drafts the paragraphs in which a form of theirs occurs."""
    named: dict[str, dict[Draft, None]] = {}
    spellings: dict[str, str] = {}
    for draft in drafts:
        for form in draft.forms():
            for spelling in spellings_of(form, draft.kind):
                token = fold(spelling)
                spellings[spelling] = token
                named.setdefault(token, {})[draft] = None
    finder = Finder(spellings)
    for chapter in chapters:
        for index, block in enumerate(chapter.blocks):
            if isinstance(block, Prose):
                anchor = prose_anchor(chapter.slug, index)
                for found in finder.find(block.markdown):
                    for draft in named[found.id]:
                        if not _is_part(draft, block.markdown, found.start, found.end):
                            draft.add_anchor(chapter.slug, anchor)


def _is_part(draft: Draft, text: str, start: int, end: int) -> bool:
    """Tell whether what was found is a part of a person's longer name: ``Dan`` of ``Dan Lee``."""
    if draft.kind != "people":
        return False
    if text[start - 1 : start] in _DOTS or text[end : end + 1] in _DOTS:
        return True
    if " " in text[start:end] or not text[start:end].isascii():
        return False
    before = text[max(0, start - _NEIGHBOURHOOD) : start]
    return bool(_WORD_BEFORE.search(before) or _WORD_AFTER.match(text, end))


def _lines(
    drafts: Sequence[Draft], chapters: Sequence[Post], taken: set[str], *, latin_apart: bool
) -> list[IndexEntry | SeeReference]:
    """Return the lines of an index in their order; ids are added to ``taken``."""
    lines: list[tuple[_SortKey, IndexEntry | SeeReference]] = []
    order = tuple(dict.fromkeys(chapter.slug for chapter in chapters))
    for draft in drafts:
        forms = _forms(draft)
        name, others = forms[0], forms[1:]
        originals = tuple(form for form in others if has_han(name) and not has_han(form))
        id_ = unique_slug(
            f"{draft.kind}-{slugify(name) or 'n'}",
            f"{draft.kind} {form_key(name, draft.kind)}",
            taken,
        )
        taken.add(id_)
        key = _sort_key(name, next(iter(originals), ""), draft.kind, latin_apart=latin_apart)
        locators = tuple(
            Locator(chapter, tuple(draft.anchors.get(chapter, ())))
            for chapter in order
            if chapter in draft.chapters or chapter in draft.anchors
        )
        lines.append((key, IndexEntry(id_, name, _heading(key), originals, locators)))
        for alias in others:
            key = _sort_key(alias, "", draft.kind, latin_apart=latin_apart)
            lines.append((key, SeeReference(alias, _heading(key), id_, name)))
    return [line for _, line in sorted(lines, key=lambda item: item[0])]


def _heading(key: _SortKey) -> str:
    _, is_behind, letter, _ = key
    return latin_letter(letter) if is_behind else letter


def _forms(draft: Draft) -> list[str]:
    """Return the forms of a name, the one to show first: what a rule wants, or a Chinese one."""
    wanted = form_key(draft.shown, draft.kind) if draft.shown else ""
    forms = [
        draft.shown if wanted and form_key(form, draft.kind) == wanted else form
        for form in draft.forms()
    ]
    return sorted(forms, key=lambda form: (form != draft.shown, not has_han(form)))


def _sort_key(name: str, original: str, kind: str, *, latin_apart: bool) -> _SortKey:
    if kind != "people":
        sounds = sort_key(_ARTICLE.sub("", name) or name)
    else:
        sounds = name_sort_key(name) if is_chinese_name(name, original) else sort_key(name)
    letter = sounds[0][:1].upper()
    if not "A" <= letter <= "Z":
        letter = "#"
    return letter == "#", latin_apart and not has_han(name), letter, sounds
