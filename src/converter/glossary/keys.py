"""What tells that two spellings mean one thing: keys, expansions and their abbreviations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ..names import name_key
from ..pinyin import simplify

__all__ = [
    "concept_key",
    "expands_part",
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
_COMMA = re.compile(r"\s*[,，、;；|]\s*|\s+(?:or|aka|a\.k\.a\.|[-–—/])\s+")
_LABEL = re.compile(r"(?:英文|中文|全称|简称|缩写|英文全称|中文全称|英语|英)$")
_INITIALISM = re.compile(r"[A-Z0-9][A-Za-z0-9&./+-]{0,9}")
_CAPITAL = re.compile("[A-Z]")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_PLURALS: Final = (
    (re.compile("(?<=[a-z]{2})ies$"), "y"),
    (re.compile("(?<=(?:ss|sh|ch))es$|(?<=x)es$"), ""),
    (re.compile("(?<=[a-z]{2}[^\\Wsiu_])s$|(?<=[A-Z]{2})s$"), ""),
)
_FIRM = re.compile(r"(?<=\w),? (?:Inc|Corp|Ltd|LLC|PLC|GmbH)\.?$")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9&/+.]*")
_SMALL_WORDS: Final = frozenset("of the and for in on to a an".split())
_LATIN_LETTER = re.compile("[A-Za-z]")

KINDS: Final = frozenset(
    "公司 集团 大学 值 性 法 机制 作用 效应 现象 技术 系统 平台 工具 软件 框架 协议 算法 模型"
    " 指数 组织 架构".split()
)
"""What only says again of what kind a thing is."""

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
    """Return the key of an expansion, its last word in the singular, without ``Inc.``."""
    expansion = _FIRM.sub("", expansion)
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
    for stretch in _stretches(original.strip()):
        bracket = _BRACKET.search(stretch)
        pieces = (
            [stretch[: bracket.start()], bracket[1]]
            if bracket
            else [piece for piece in _COMMA.split(stretch, _MOST_PARTS) if piece]
        )
        parts += pieces if _is_list(pieces) else [stretch]
    kept = (part.strip(" *`\"'“”") for part in parts)
    return tuple(dict.fromkeys(part for part in kept if part and not _LABEL.match(part)))


def _stretches(original: str) -> list[str]:
    """Return what colons part: not the parts of a title, ``Ada Reed: A Life on Tides``."""
    stretches: list[str] = []
    for stretch in _COLON.split(original, _MOST_PARTS):
        before = stretches[-1] if stretches else ""
        if before and " " in before and _is_title(before, stretch):
            stretches[-1] = f"{before}: {stretch}"
        else:
            stretches.append(stretch)
    return stretches


def _is_title(before: str, behind: str) -> bool:
    pair = [before, behind]
    latin = all(_LATIN_LETTER.match(each) and not has_han(each) for each in pair)
    alike = expands_part(before, behind) or expands_part(behind, before)
    return latin and not alike and not _is_list(pair) and not _is_list(pair[::-1])


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


@lru_cache(maxsize=1 << 14)
def expands_part(term: str, expansion: str) -> bool:
    """Tell whether an expansion is that of one word of a term: of ``FBI`` in ``FBI Director``.

    What says of what kind the word is, as in ``CPI指数`` and ``ATM机``, is no part of its own.
    """
    if has_han(expansion) or " " not in expansion:
        return False
    words = [word for word in _NOT_ALPHANUMERIC.split(expansion) if word]
    initials = {
        "".join(word[0] for word in chosen).casefold()
        for chosen in (words, [word for word in words if word.casefold() not in _SMALL_WORDS])
    }
    for token in _TOKEN.finditer(term):
        letters = _NOT_ALPHANUMERIC.sub("", token[0])
        if (
            len(letters) > 1
            and {letters.casefold(), letters.removesuffix("s").casefold()} & initials
        ):
            rest = _NOT_ALPHANUMERIC.sub("", term[: token.start()] + term[token.end() :])
            return rest not in KINDS and not (len(rest) < 2 and (not rest or has_han(rest)))
    return False


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
