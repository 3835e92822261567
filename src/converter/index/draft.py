"""Entries of an index in the making, and the text's brackets that tie their forms together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from ..model import Post, Prose
from ..rules import GlossaryRules
from .forms import clean_name, form_key, has_han, initials_of, is_short_for, sound_keys
from .person import is_person, may_be_person

__all__ = [
    "Draft",
    "Tie",
    "apply_rules",
    "merge_short_forms",
    "merge_sounds",
    "merge_surnames",
    "merge_ties",
    "read_ties",
]

_PARTS = re.compile(r"[,，、/;；:：]")
_MOST_PARTS: Final = 3
_CHINESE_FORM = re.compile("[\u3400-\u9fff·•‧・]{2,16}")
_LATIN_FORM = re.compile(r"[^\W\d_]")
# Behind a Latin name these say what it is; they do not translate it.
_SAYS_WHAT = re.compile(
    "^(?:一[种個个家款]|指|该|由|即|前)|(?:平台|工具|公司|模型|软件|编辑器|框架|服务|应用|网站|品牌|系统"
    "|数据库|语言|机构|组织|功能|产品|设备|芯片|概念|节目|播客|杂志|报纸|小说|电影|书|人|者)$"
)
# What somebody or something does with a name, or is to it.
_IS_ABOUT = re.compile(
    "主持人|创始人|总裁|首席|(?:市长|州长|部长|总统|正股|股票|持仓|代币)$|做多|做空|杠杆"
)
_MOST_ANCHORS: Final = 24
_FEWEST_FOR_ANOTHER: Final = 2
_MOST_COMPARED: Final = 8
_FEWEST_INITIALS: Final = 3
_NAME_PARTS = re.compile(r"[ ·•‧・]+")
_SHORTEST_SURNAME: Final = 3


@dataclass(frozen=True, slots=True)
class Tie:
    """Two forms that a bracket says are one name."""

    chinese: str
    latin: str


@dataclass(eq=False, slots=True)
class Draft:
    """An entry in the making.

    ``matter`` counts the spellings in front matter, ``text`` those in brackets; ``keys`` are
    those of its forms; ``shown`` is the form that a rule wants; ``chapters`` those whose front
    matter has the name; ``anchors`` has the paragraphs by chapter, in order.
    """

    kind: str
    matter: Counter[str] = field(default_factory=Counter)
    text: Counter[str] = field(default_factory=Counter)
    keys: list[str] = field(default_factory=list)
    shown: str = ""
    chapters: set[str] = field(default_factory=set)
    anchors: dict[str, dict[str, None]] = field(default_factory=dict)

    def forms(self) -> tuple[str, ...]:
        """Return one spelling of each form: those in front matter first, then the most used."""
        uses = self.matter | self.text
        ordered = sorted(
            uses, key=lambda form: (-self.matter[form], -self.text[form], -len(form), form)
        )
        best: dict[str, str] = {}
        for form in ordered:
            best.setdefault(form_key(form, self.kind), form)
        return tuple(best.values())

    def add_anchor(self, chapter: str, anchor: str) -> None:
        """Add a paragraph of a chapter, unless it has as many as are of use."""
        anchors = self.anchors.setdefault(chapter, {})
        if len(anchors) < _MOST_ANCHORS:
            anchors[anchor] = None

    def latin_matter(self) -> list[str]:
        """Return the Latin spellings in front matter, a few of them."""
        return [form for form in self.matter if not has_han(form)][:_MOST_COMPARED]

    def merge(self, other: Draft) -> None:
        """Take over all that another entry has, before it is located."""
        self.matter += other.matter
        self.text += other.text
        self.keys += other.keys
        self.chapters |= other.chapters


def read_ties(chapter: Post) -> Iterator[Tie]:
    """Yield the Chinese and Latin forms that brackets in a chapter's prose put side by side."""
    for block in chapter.blocks:
        if isinstance(block, Prose):
            for gloss in (*block.names, *block.glosses):
                headword = clean_name(gloss.headword)
                parts = islice(_PARTS.split(gloss.original), _MOST_PARTS)
                for part in filter(None, map(clean_name, parts)):
                    if _is_chinese(headword) and _is_latin(part):
                        yield Tie(headword, part)
                    elif _is_chinese(part) and _is_latin(headword) and not _SAYS_WHAT.search(part):
                        yield Tie(part, headword)


def _is_chinese(name: str) -> bool:
    return _CHINESE_FORM.fullmatch(name) is not None and not _IS_ABOUT.search(name)


def _is_latin(name: str) -> bool:
    return not has_han(name) and _LATIN_FORM.search(name) is not None


def merge_ties(
    kind: str,
    drafts: dict[str, Draft],
    ties: Counter[Tie],
    taken: frozenset[str],
) -> None:
    """Give the drafts, which stand by their keys, the forms that ties add, the most used first.

    Two names that front matter has in Latin stay two, unless one
    is short for the other. Among people those are added whom ties alone show to be persons, if
    no name of another kind, in ``taken``, is theirs.
    """
    for tie, count in sorted(ties.items(), key=_most_used_first):
        keys = [form_key(form, kind) for form in (tie.chinese, tie.latin)]
        chinese, latin = (drafts.get(key) for key in keys)
        if kind == "people" and not _ties_person(tie, known=bool(chinese or latin)):
            continue
        draft = latin or chinese
        if draft is None:
            if kind != "people" or not taken.isdisjoint(keys):
                continue
            draft = Draft(kind)
        elif latin is None and not _may_add(tie.latin, draft, count):
            continue
        elif chinese is not None and chinese is not latin:
            if not _may_meet(chinese, draft):
                continue
            draft.merge(chinese)
        draft.text[tie.chinese] += count
        draft.text[tie.latin] += count
        draft.keys += keys
        drafts.update(dict.fromkeys(draft.keys, draft))


def _most_used_first(item: tuple[Tie, int]) -> tuple[int, str, str]:
    tie, count = item
    return -count, tie.chinese, tie.latin


def _may_meet(one: Draft, other: Draft) -> bool:
    """Tell whether no more than one of two has a Latin name in front matter, or one is short."""
    firsts, seconds = one.latin_matter(), other.latin_matter()
    if not firsts or not seconds:
        return True
    return one.kind != "people" and any(
        is_short_for(first, second) or is_short_for(second, first)
        for first in firsts
        for second in seconds
    )


def _may_add(latin: str, draft: Draft, count: int) -> bool:
    """Tell whether a tie from a known Chinese name may add a Latin one.

    A person's must have two words; that of others is needed where there is none yet.
    """
    if draft.kind == "people":
        return " " in latin
    return count >= _FEWEST_FOR_ANOTHER or all(map(has_han, draft.forms()))


def _ties_person(tie: Tie, *, known: bool) -> bool:
    """Tell whether two forms can be one person's; if neither is known, whether they surely are."""
    if known:
        return may_be_person(tie.chinese, tie.latin)
    return is_person(tie.chinese, tie.latin)


def merge_sounds(drafts: dict[str, Draft]) -> None:
    """Merge Chinese names with those that only spell their sounds: ``华为`` and ``Huawei``.

    Not where two names sound alike.
    """
    sounding: dict[str, dict[Draft, None]] = {}
    for key, draft in drafts.items():
        for sound in sound_keys(key):
            sounding.setdefault(sound, {})[draft] = None
    for key, draft in list(drafts.items()):
        found = list(sounding.get(key.replace("-", ""), ()))
        if len(found) == 1 and found[0] is not draft and drafts[key] is draft:
            draft.merge(found[0])
            drafts.update(dict.fromkeys(draft.keys, draft))


def merge_short_forms(drafts: dict[str, Draft]) -> None:
    """Merge an abbreviation in front matter into the one name whose initials it has."""
    names: dict[str, dict[Draft, None]] = {}
    for draft in dict.fromkeys(drafts.values()):
        for form in draft.latin_matter():
            for initials in initials_of(form):
                names.setdefault(initials, {})[draft] = None
    for draft in list(dict.fromkeys(drafts.values())):
        for form in draft.latin_matter():
            found = list(names.get(form, ()))
            if len(found) == 1 and found[0] is not draft and len(form) >= _FEWEST_INITIALS:
                found[0].merge(draft)
                drafts.update(dict.fromkeys(found[0].keys, found[0]))
                break


def merge_surnames(people: dict[str, Draft]) -> None:
    """Merge into a person's entry that of a surname alone, where no other person has it.

    Only where front matter has both: ``特朗普`` and ``Donald Trump``, whom the text calls
    ``唐纳德·特朗普``.
    """
    bearers: dict[str, dict[Draft, None]] = {}
    for draft in dict.fromkeys(people.values()):
        for form in draft.forms():
            parts = _NAME_PARTS.split(form)
            if len(parts) > 1:
                bearers.setdefault(form_key(parts[-1], draft.kind), {})[draft] = None
    for key, found in bearers.items():
        surname, bearer = people.get(key), next(iter(found))
        if surname is None or surname is bearer or len(found) > 1 or not bearer.matter:
            continue
        if surname.matter and len(key) >= _SHORTEST_SURNAME:
            bearer.merge(surname)
            people.update(dict.fromkeys(bearer.keys, bearer))


def apply_rules(kind: str, drafts: dict[str, Draft], rules: GlossaryRules) -> set[str]:
    """Merge and drop entries as the rules say; return the ids of those that found some."""
    applied: set[str] = set()
    for merge in (*rules.index_merges, *rules.index_renames):
        keys = [form_key(name, kind) for name in (merge.into, *merge.headwords)]
        found = list(dict.fromkeys(drafts[key] for key in keys if key in drafts))
        if not found or drafts.keys().isdisjoint(keys[1:]):
            continue
        first, *others = found
        for other in others:
            first.merge(other)
        first.shown = merge.into
        first.text[merge.into] += 1
        first.keys += keys
        drafts.update(dict.fromkeys(first.keys, first))
        applied.add(merge.id)
    for rule in rules.index_forbidden:
        forbidden = drafts.get(form_key(rule.word, kind))
        if forbidden is not None:
            applied.add(rule.id)
            for key in [key for key, draft in drafts.items() if draft is forbidden]:
                del drafts[key]
    return applied
