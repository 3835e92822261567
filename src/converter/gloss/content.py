"""What the text of a bracket says of the headword in front of it."""

from __future__ import annotations

import re
from typing import Final

from .cues import (
    ABBREVIATES,
    CALLED,
    CHATTER,
    DEFINES,
    EXAMPLE,
    LANGUAGE,
    LIST,
    PERSON,
    SAYS,
    TEMPLATE,
    THING,
)
from .phrase import MEASURE, Reading, may_be_original, read_phrase
from .wording import (
    HAN,
    first_colon,
    has_han,
    is_english_definition,
    is_note,
    only_extends,
    repeats,
)

__all__ = ["read_content"]

_LETTER = re.compile(r"[^\W\d_]")
_LATIN_LEAD = re.compile(
    r"([A-Za-z][^\s\u3400-\u9fff，,;；：:]{0,40} [^\u3400-\u9fff，,;；：:]{1,80})[，,;；] ?"
    r"(?=.?[\u3400-\u9fff])"
)
_TEMPLATE_STARTS: Final = frozenset("英中日法德俄韩韓拉西意希外全简簡原")
_ABBREVIATION_STARTS: Final = frozenset("简簡缩縮又亦也俗别別旧舊英全原股代")
_LONGEST_ORIGINAL: Final = 100
_LONGEST_NAME: Final = 80


def read_content(content: str, headword: str, *, is_sure: bool) -> Reading | None:
    """Return what a bracket says of a headword, None if it neither defines nor names it.

    ``headword`` is empty where it cannot be told from the text before; ``is_sure`` tells that
    it is bold or quoted, so that a bracket without a colon may define it.
    """
    if is_note(content) or (("；" in content or ";" in content) and LIST.search(content)):
        return None
    if headword and content.startswith(headword) and content[len(headword) :][:1] in ("，", ","):
        content = content[len(headword) + 1 :].strip()
    if content[:1] in _TEMPLATE_STARTS and (template := TEMPLATE.match(content)):
        content = content[template.end() :].strip()
        if HAN.match(content) and (not headword or has_han(headword)):
            return None
    colon = first_colon(content)
    if colon > 0:
        return _read_pair(content, colon, headword, is_sure=is_sure)
    return read_phrase(content, headword, is_sure=is_sure) if colon < 0 and content else None


def _read_pair(content: str, colon: int, headword: str, *, is_sure: bool) -> Reading | None:
    """Read ``original: definition``."""
    original, definition = _part(content, colon)
    if headword and (original in SAYS or LANGUAGE.fullmatch(original)):
        original = ""
    elif not may_be_original(original, headword):
        return None
    if not has_han(definition):
        return _read_english(content, original, definition, headword)
    if (
        (definition[0] in _ABBREVIATION_STARTS and ABBREVIATES.match(definition))
        or EXAMPLE.match(definition)
        or repeats(definition, headword)
        or repeats(definition, original)
        or (headword and only_extends(definition, headword))
    ):
        return Reading(original, "")
    if MEASURE.match(definition) or is_note(definition):
        return None
    if not is_sure and CHATTER.match(definition):
        return None
    names = not has_han(original) or _names(original, definition, headword)
    return Reading(original, definition) if names else None


def _part(content: str, colon: int) -> tuple[str, str]:
    """Return original and definition; a second Latin part belongs to the original."""
    original = CALLED.sub("", content[:colon].strip())
    definition = content[colon + 1 :].strip()
    if definition[:1] in _TEMPLATE_STARTS and (template := TEMPLATE.match(definition)):
        definition = definition[template.end() :].strip()
    inner = first_colon(definition[:_LONGEST_ORIGINAL])
    if inner > 0 and not has_han(definition[:inner]) and has_han(definition[inner:]):
        return f"{original}: {definition[:inner].strip()}", definition[inner + 1 :].strip()
    if not has_han(original) and (lead := _LATIN_LEAD.match(definition)):
        return f"{original}: {lead[1].strip()}", definition[lead.end() :].strip()
    return original, definition


def _read_english(content: str, original: str, definition: str, headword: str) -> Reading | None:
    """Read a pair that ends in English: a definition, or an abbreviation and its expansion."""
    if is_english_definition(definition):
        return Reading(original, definition)
    is_name = headword and not has_han(content) and len(content) <= _LONGEST_NAME
    return Reading(content, "") if is_name and _LETTER.search(definition) else None


def _names(original: str, definition: str, headword: str) -> bool:
    """Tell whether Chinese before a colon names the headword; it may be a label or an aside."""
    if not headword or not has_han(headword) or "，" in original:
        return True
    if set(HAN.findall(original)) & set(HAN.findall(headword)):
        return True
    return any((DEFINES.match(definition), PERSON.search(definition), THING.search(definition)))
