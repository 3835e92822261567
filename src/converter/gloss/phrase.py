"""What a bracket without a colon says: it defines, names, translates, or none of these."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from .cues import (
    ABBREVIATES,
    ASIDE,
    DEFINES,
    DESCRIBES,
    KIND_WORDS,
    KINDS,
    LABELS,
    LANGUAGE,
    OWNED,
    PERSON,
    ROLE,
    SOUNDS,
    THING,
)
from .scan import BLANK
from .wording import count_han, has_han, is_english_definition, is_note, repeats

__all__ = ["MEASURE", "Reading", "may_be_original", "read_phrase"]

_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile("[。？！?!]")
_COMMA = re.compile("[，,;；] ?|(?: [-–—]{1,2} ?|[–—]{1,2})(?=[\u3400-\u9fff])")
_THAT_IS = re.compile("^(?:即|也就是|亦即) ?(?=[A-Za-z][^\u3400-\u9fff，,;；]{1,60}[，,])")
MEASURE: Final = re.compile(
    r"[\d\s.,，%％$€¥£~～–—\-+<>=/约約近超过過年月日时時分秒周週天万萬亿億千百元美人民币幣港欧歐个個"
    r"倍台股岁歲世纪紀公里英尺吨克米第至到起点點季度前后後上下半中旬以]*$"
)
"""All of a text: a number, a date, an amount."""

_LONGEST_ORIGINAL: Final = 100
_MOST_HAN_IN_ORIGINAL: Final = 16
_LONGEST_NAME: Final = 80
_LONGEST_TRANSLATION: Final = 12


class Reading(NamedTuple):
    """Original and definition of a bracket; a name has no definition."""

    original: str
    definition: str


def may_be_original(original: str, headword: str) -> bool:
    """Tell whether what stands before a colon or comma can be another name of the headword."""
    if len(original) > _LONGEST_ORIGINAL or not _LETTER.search(original):
        return False
    if original.casefold() in LABELS or _SENTENCE_END.search(original[:-1]):
        return False
    han = count_han(original)
    if not han:
        return True
    is_aside = ASIDE.match(original) is not None and not original.startswith(headword or BLANK)
    return han <= _MOST_HAN_IN_ORIGINAL and not is_aside


def read_phrase(content: str, headword: str, *, is_sure: bool) -> Reading | None:
    """Read a bracket without a colon."""
    if not has_han(content):
        return _read_latin(content, headword)
    content = _THAT_IS.sub("", content)
    comma = _COMMA.search(content)
    if comma and not has_han(content[: comma.start()]) and _LETTER.match(content):
        return _read_listed(content, comma, headword)
    if not headword or ASIDE.match(content) or ABBREVIATES.match(content):
        return None
    if _SENTENCE_END.search(content[:-1]):
        return None
    reading = _read_description(content, comma, headword) if is_sure else None
    if reading is not None or comma or has_han(headword) or MEASURE.match(content):
        return reading
    return Reading(content, "") if count_han(content) <= _LONGEST_TRANSLATION else None


def _read_description(content: str, comma: re.Match[str] | None, headword: str) -> Reading | None:
    """Read Chinese words that may define the headword, some of them translate it first."""
    is_latin = not has_han(headword)
    if is_latin and comma and comma.start() <= _LONGEST_TRANSLATION:
        translation, rest = content[: comma.start()], content[comma.end() :]
        if count_han(rest) >= 5 and _is_definition(rest) and not _is_definition(translation):
            return Reading("" if LANGUAGE.fullmatch(translation) else translation, rest)
    if is_latin and (_names_kind(content, headword) or OWNED.match(content)):
        return Reading("", content)
    return Reading("", content) if _defines(content, headword) else None


def _is_definition(text: str) -> bool:
    return any((DEFINES.match(text), PERSON.search(text), THING.search(text)))


def _names_kind(content: str, headword: str) -> bool:
    """Tell whether a few words say what kind of thing a name is: ``OnlyFans（社交平台）``.

    They translate the headword where it holds the kind itself, or where it is an acronym.
    """
    kind = KINDS.search(content)
    return (
        kind is not None
        and not headword.isupper()
        and headword[:1].isupper()
        and not any(word in headword.lower() for word in KIND_WORDS[kind[0]].split())
    )


def _defines(content: str, headword: str) -> bool:
    han = count_han(content)
    if han >= 5 and ROLE.match(content) and PERSON.search(content):
        return True
    if han < 6 or DEFINES.match(content):
        return han >= 6
    if han < 8 or DESCRIBES.search(content):
        return han >= 8
    if not (PERSON.search(content) or THING.search(content)):
        return False
    return "的" in content or "，" in content or (has_han(headword) and han >= 10)


def _read_latin(content: str, headword: str) -> Reading | None:
    """Read a bracket of Latin letters: an expansion or a name in its language."""
    named = (
        headword
        and len(content) <= _LONGEST_NAME
        and _LETTER.match(content)
        and not _is_sound(content)
        and not _SENTENCE_END.search(content)
        and not repeats(content, headword)
        and not is_english_definition(content)
    )
    return Reading(content, "") if named else None


def _is_sound(text: str) -> bool:
    return text.split(None, 1)[0].strip(",;:").casefold() in SOUNDS


def _read_listed(content: str, comma: re.Match[str], headword: str) -> Reading | None:
    """Read ``original，definition``, where the original may hold commas too."""
    end, start = comma.start(), comma.end()
    following = _COMMA.search(content, start)
    while following and not has_han(content[start : following.start()]):
        end, start = following.start(), following.end()
        following = _COMMA.search(content, start)
    original, rest = content[:end].strip(), content[start:].strip()
    if not rest or not may_be_original(original, headword) or _is_sound(original):
        return None
    if ASIDE.match(rest) or _SENTENCE_END.search(rest[:-1]) or is_note(rest):
        return None
    name = Reading(original, "") if headword else None
    if ABBREVIATES.match(rest) or repeats(rest, headword) or MEASURE.match(rest):
        return name
    return Reading(original, rest) if _lists_definition(rest) else name


def _lists_definition(text: str) -> bool:
    han = count_han(text)
    if text.startswith("即") and han < 12:
        return False
    return (
        han >= 10
        or (han >= 8 and DESCRIBES.search(text) is not None)
        or (han >= 4 and _is_definition(text))
    )
