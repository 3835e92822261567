"""What tells that two spellings mean one thing: keys, expansions and their abbreviations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ..names import name_key
from ..pinyin import simplify

__all__ = [
    "concept_key",
    "has_han",
    "is_abbreviation",
    "is_short_form",
    "singular_key",
    "split_expansion",
]

_HAN = re.compile("[\u3400-\u9fff]")
_MARKUP = re.compile(r"[*`~\\]+")
_COLON = re.compile(r"\s*[:：](?!//)\s*")
_BRACKET = re.compile(r"\s*[（(]([^（()）]*)[)）]$")
_COMMA = re.compile(r"\s*[,，、;；|]\s*|\s+(?:or|aka|a\.k\.a\.)\s+|\s+/\s+")
_LABEL = re.compile(r"(?:英文|中文|全称|简称|缩写|英文全称|中文全称|英语|英)$")
_INITIALISM = re.compile(r"[A-Z0-9][A-Za-z0-9&./+-]{0,9}")
_CAPITAL = re.compile("[A-Z]")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_PLURALS: Final = (
    (re.compile("(?<=[a-z]{2})ies$"), "y"),
    (re.compile("(?<=(?:ss|sh|ch))es$|(?<=x)es$"), ""),
    (re.compile("(?<=[a-z]{2}[^\\Wsiu_])s$|(?<=[A-Z]{2})s$"), ""),
)
_LONGEST_ABBREVIATION: Final = 10
_MOST_PARTS: Final = 4


@lru_cache(maxsize=1 << 16)
def concept_key(spelling: str) -> str:
    """Return what all spellings of a headword have in common.

    That is the key of a name, in simplified characters and without Markdown's marks.
    """
    plain = _MARKUP.sub("", spelling) or spelling
    return simplify(name_key(plain))


@lru_cache(maxsize=1 << 16)
def singular_key(expansion: str) -> str:
    """Return the key of an expansion, the plural of its last word taken for the singular."""
    for plural, ending in _PLURALS:
        singular, found = plural.subn(ending, expansion, count=1)
        if found:
            return concept_key(singular)
    return concept_key(expansion)


def has_han(text: str) -> bool:
    """Tell whether there is a Chinese character in a text."""
    return _HAN.search(text) is not None


@lru_cache(maxsize=1 << 14)
def split_expansion(original: str) -> tuple[str, ...]:
    """Return the expansions that a gloss gives: ``Basis Point, bp`` has two.

    Colons part them; commas, brackets and slashes do only where a part is an abbreviation or
    is in the other language, as ``Food, Drug, and Cosmetic Act`` is one name.
    """
    parts: list[str] = []
    for stretch in _COLON.split(original.strip(), _MOST_PARTS):
        bracket = _BRACKET.search(stretch)
        pieces = (
            [stretch[: bracket.start()], bracket[1]]
            if bracket
            else [piece for piece in _COMMA.split(stretch, _MOST_PARTS) if piece]
        )
        parts += pieces if _is_list(pieces) else [stretch]
    kept = (part.strip(" *`\"'“”") for part in parts)
    return tuple(dict.fromkeys(part for part in kept if part and not _LABEL.match(part)))


def _is_list(pieces: list[str]) -> bool:
    if len(pieces) != 2:
        return False
    one, other = pieces
    return (
        is_abbreviation(one, other)
        or is_abbreviation(other, one)
        or is_short_form(concept_key(other), concept_key(one))
        or has_han(one) != has_han(other)
    )


def is_short_form(short: str, long: str) -> bool:
    """Tell whether letters left out of one key give another: ``Gen AI`` of ``Generative AI``."""
    letters = iter(long)
    return short[:1] == long[:1] and all(letter in letters for letter in short)


def is_abbreviation(short: str, long: str = "") -> bool:
    """Tell whether a text is an abbreviation, if given of which name.

    One word of at most 10 letters, two of them capitals; in any case if its letters begin
    the words of the name: ``bp`` is one of ``Basis Point``.
    """
    if not 2 <= len(short) <= _LONGEST_ABBREVIATION or not short.isascii() or " " in short:
        return False
    if long and len(long) > len(short):
        words = [word for word in _NOT_ALPHANUMERIC.split(long) if word]
        initials = "".join(word[0] for word in words).casefold()
        if len(words) > 1 and initials == short.casefold():
            return True
    return _INITIALISM.fullmatch(short) is not None and len(_CAPITAL.findall(short)) > 1
