"""In which sense a plain word stands: many a headword is an ordinary word elsewhere.

``提示`` is a prompt where models are the matter, and a hint elsewhere; ``武器`` may be a film.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..model import Definition, Heading, Occurrence, Post
from ..occurrences import fold
from .keys import has_han

__all__ = ["ChapterSenses", "Sense", "is_doubtful", "read_sense"]

_WORK = re.compile(
    "(?:电影|影片|[^编]剧|剧集|纪录片|小说|歌曲|专辑|漫画|游戏|绘本|诗集)(?:的?名称)?(?:[，,。；（(]|$)"
)
_LOCAL = re.compile("此处|在这里|本文|^[^，。]{2,14}中指")
"""What a definition says that holds for its own text: ``知识产权，此处指新的玩具``."""

_OPENING: Final = frozenset("《〈「『“（(【")
_CLOSING: Final = frozenset("》〉」』”）)】")
_WORD_BEFORE = re.compile(r"[A-Z][\w'’.&-]{0,30} $")
_WORD_AFTER = re.compile(r" [A-Z][a-z]")
_NEIGHBOURHOOD: Final = 34
_LONGEST_ORDINARY: Final = 3
_LONGEST_TITLE: Final = 4
_MOST_SIGNS: Final = 12
_SHORTEST_SIGN: Final = 3
_OFTEN: Final = 3
_MOST_ASKED: Final = 500
"""How often a chapter's text is searched: posts need some fifty, and the time must be linear."""


@dataclass(frozen=True, slots=True)
class Sense:
    """What tells that a word is meant as an entry has it.

    ``signs`` are names of the concept, one of which a chapter has that speaks of it;
    ``abbreviations`` may stand for something else. Of a work, only what stands between title
    marks is its name; what is local is meant only in chapters that explain it.
    """

    signs: tuple[str, ...]
    abbreviations: frozenset[str]
    is_work: bool
    is_local: bool


def read_sense(
    names: Iterable[str], abbreviations: Iterable[str], definitions: Iterable[Definition]
) -> Sense:
    """Return the sense of an entry; ``abbreviations`` are those that are no headwords."""
    texts = [definition.text for definition in definitions if has_han(definition.text)]
    return Sense(
        signs=tuple(dict.fromkeys(map(fold, names)))[:_MOST_SIGNS],
        abbreviations=frozenset(abbreviations),
        is_work=bool(texts) and all(map(_WORK.search, texts)),
        is_local=bool(texts) and all(map(_LOCAL.search, texts)),
    )


def is_doubtful(spelling: str, sense: Sense) -> bool:
    """Tell whether a spelling may mean something else than the entry does."""
    return sense.is_local or spelling in sense.abbreviations or _is_ordinary(spelling)


@lru_cache(maxsize=1 << 14)
def _is_ordinary(spelling: str) -> bool:
    """Tell whether a spelling may be an ordinary word: short Chinese, or one plain Latin word."""
    if has_han(spelling):
        return len(spelling) <= _LONGEST_ORDINARY
    return " " not in spelling and (spelling.islower() or spelling.istitle())


class ChapterSenses:
    """Tells what plain words of a chapter mean; made for one chapter."""

    __slots__ = ("_asked", "_chapter", "_matter", "_senses", "_text")

    def __init__(self, chapter: Post, senses: Mapping[str, Sense]) -> None:
        self._chapter = chapter
        self._senses = senses
        self._matter: frozenset[str] | None = None
        self._text = ""
        self._asked = 0

    def allows(self, occurrence: Occurrence, markdown: str) -> bool:
        """Tell whether the place of an occurrence leaves it the entry's name."""
        start, end = occurrence.start, occurrence.end
        spelling = markdown[start:end]
        if has_han(spelling):
            sense = self._senses[occurrence.id]
            return not (sense.is_work and len(spelling) <= _LONGEST_TITLE) or (
                markdown[start - 1 : start] in _OPENING and markdown[end : end + 1] in _CLOSING
            )
        if not _is_ordinary(spelling):
            return True
        before = markdown[max(0, start - _NEIGHBOURHOOD) : start]
        return not (_WORD_BEFORE.search(before) or _WORD_AFTER.match(markdown, end))

    def supports(self, name: str, spelling: str, *, uses: int, is_common: bool) -> bool:
        """Tell whether a spelling of the entry with the id ``name`` means it in the chapter.

        ``uses`` is how often it stands there, ``is_common`` whether it does all over the book. A
        doubtful one means it if another name of the concept stands in the chapter; a Latin one
        also if it is used often, or if front matter has it.
        """
        sense = self._senses[name]
        if sense.is_local:
            return False
        is_chinese = has_han(spelling)
        if not is_doubtful(spelling, sense) or (is_chinese and not is_common):
            return True
        folded = fold(spelling)
        if folded in self._names() or (not is_chinese and uses >= _OFTEN):
            return True
        signs = [
            sign
            for sign in sense.signs
            if sign != folded and not (is_chinese and has_han(sign) and _is_ordinary(sign))
        ]
        return (is_chinese and not signs) or any(map(self._stands, signs))

    def _stands(self, sign: str) -> bool:
        """Tell whether a sign stands in the chapter; after too many questions, that none does."""
        self._asked += 1
        return self._asked <= _MOST_ASKED and _stands_in(sign, self._read())

    def _names(self) -> frozenset[str]:
        if self._matter is None:
            matter = self._chapter.front_matter
            groups = (matter.people, matter.organizations, matter.products, matter.media,
                      matter.projects)  # fmt: skip
            self._matter = frozenset(fold(name) for group in groups for name in group)
        return self._matter

    def _read(self) -> str:
        """Return the chapter's text and the names in its front matter, in lower case."""
        if not self._text:
            blocks = (
                b.text if isinstance(b, Heading) else b.markdown for b in self._chapter.blocks
            )
            self._text = "\n".join((*blocks, *sorted(self._names()))).lower()
        return self._text


def _stands_in(sign: str, text: str) -> bool:
    """Tell whether a name stands in a text as a word, or as its plural."""
    if len(sign) < _SHORTEST_SIGN and not has_han(sign):
        return False
    stem = sign.removesuffix("s")
    end = 0
    while (start := text.find(stem, end)) >= 0:
        end = start + len(stem)
        before, after = text[start - 1 : start], text[end : end + 2].removeprefix("s")[:1]
        if has_han(sign) or not (_is_letter(before) or _is_letter(after)):
            return True
    return False


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()
