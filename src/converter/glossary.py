"""The glossary of a book: its inline glosses collected under one headword each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from .model import Gloss, Glossary, GlossaryEntry, Mention, Post, Prose, prose_anchor
from .pinyin import initial, slugify, sort_key, unique_slug

__all__ = ["collect_glossary", "entry_key", "first_glosses"]

_IGNORED = str.maketrans("", "", " \t\"'“”‘’《》「」*_`")


def entry_key(headword: str) -> str:
    """Return what headwords of one entry have in common: case, width, quotes, spaces apart."""
    folded = unicodedata.normalize("NFKC", headword).casefold().translate(_IGNORED)
    return folded or headword


def first_glosses(post: Post) -> dict[int, tuple[Gloss, ...]]:
    """Return the glosses that open a headword in a post, by the index of their block."""
    seen: set[str] = set()
    firsts: dict[int, tuple[Gloss, ...]] = {}
    for index, block in enumerate(post.blocks):
        if isinstance(block, Prose) and block.glosses:
            new = []
            for gloss in block.glosses:
                key = entry_key(gloss.headword)
                if key not in seen:
                    seen.add(key)
                    new.append(gloss)
            if new:
                firsts[index] = tuple(new)
    return firsts


@dataclass(slots=True)
class _Draft:
    """An entry in the making; dicts keep what is distinct in order."""

    headword: str
    originals: dict[str, None] = field(default_factory=dict)
    definitions: dict[str, None] = field(default_factory=dict)
    mentions: dict[Mention, None] = field(default_factory=dict)


def collect_glossary(chapters: Iterable[Post]) -> Glossary:
    """Return one entry a headword, in pinyin order, with a mention for each chapter's first."""
    drafts: dict[str, _Draft] = {}
    for chapter in chapters:
        firsts = first_glosses(chapter)
        for index, block in enumerate(chapter.blocks):
            if isinstance(block, Prose):
                for gloss in block.glosses:
                    draft = drafts.setdefault(entry_key(gloss.headword), _Draft(gloss.headword))
                    if gloss.original:
                        draft.originals[gloss.original] = None
                    draft.definitions[gloss.definition] = None
                    if gloss in firsts.get(index, ()):
                        anchor = prose_anchor(chapter.slug, index)
                        draft.mentions[Mention(chapter.slug, anchor)] = None
    ids: dict[str, str] = {}
    taken: set[str] = set()
    entries: list[GlossaryEntry] = []
    for key, draft in sorted(drafts.items(), key=lambda item: sort_key(item[1].headword)):
        ids[key] = unique_slug("gloss-" + (slugify(draft.headword) or "n"), key, taken)
        taken.add(ids[key])
        entries.append(
            GlossaryEntry(
                id=ids[key],
                headword=draft.headword,
                letter=initial(draft.headword),
                originals=tuple(draft.originals),
                definitions=tuple(draft.definitions),
                mentions=tuple(draft.mentions),
            )
        )
    entries.sort(key=lambda entry: (entry.letter == "#", entry.letter))
    return Glossary(tuple(entries), ids)
