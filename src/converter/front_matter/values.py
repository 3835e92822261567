"""The values of front matter: texts, names, flags and dates, in all the ways they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from ..diagnostics import Edit
from ..markdown import is_cjk
from .fields import Field, quoted

__all__ = ["Report", "inner_quotes", "parse_date", "parse_flag", "parse_names", "parse_text"]

_NULLS: Final = frozenset(("", "null", "Null", "NULL", "~", "[]", "{}"))
_EMPTY: Final = frozenset(("[]", "{}"))
_SEPARATORS = re.compile("[,，、;；]")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_PAIRS: Final = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_NEEDS_QUOTES = re.compile(r"[^\w\u3400-\u9fff]|.*[\[\]{}:#&*!|>'\"%@`\\,]|.*\s$", re.DOTALL)
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LONGEST_EDIT: Final = 2000

Report = Callable[[str], None]
"""What takes the message about a value that is not as it should be."""


def parse_text(field: Field, report: Report) -> str:
    """Return a text; a list's items are joined."""
    if isinstance(field.value, str):
        return _clean(field.value)
    if field.value is None:
        report("should be text")
    return "、".join(_clean_texts(field))


def parse_names(field: Field, report: Report) -> tuple[str, ...]:
    """Return the items of a list, or of a text that is one."""
    if isinstance(field.value, str):
        parts = _SEPARATORS.split(field.value.strip("[]"))
        return tuple(name for name in map(_clean, parts) if name)
    if field.value is None:
        report("should be a list of names")
    return tuple(_clean_texts(field))


def parse_flag(field: Field, report: Report) -> bool:
    """Return whether a flag is set."""
    word = _clean(field.value).casefold() if isinstance(field.value, str) else ""
    if word not in ("true", "yes", "on", "1", "false", "no", "off", "0", ""):
        report(f"is {word!r}, neither true nor false")
    return word in ("true", "yes", "on", "1")


def parse_date(field: Field, report: Report) -> str:
    """Return an ISO 8601 date, or nothing."""
    text = _clean(field.value) if isinstance(field.value, str) else ""
    match = _DATE.match(text)
    if match is None:
        if text:
            report(f"is {text[:40]!r}, not a date like 2026-01-31")
        return ""
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        report(f"is {text[:40]!r}, a day that is in no calendar")
        return ""


def inner_quotes(field: Field, offset: int) -> Iterator[tuple[Edit, ...]]:
    """Yield for each text that has quotation marks of its own how it is written without.

    ``offset`` is where in its file the YAML begins.
    """
    for text, (start, end) in zip(field.texts, field.spans, strict=False):
        bare = text.strip()
        is_list = bare in _EMPTY and end - start > len(bare)
        if is_list or _in_quotes(bare):
            cleaned = bare if is_list else _clean(bare)
            is_plain = is_list or not (cleaned in _NULLS or _NEEDS_QUOTES.match(cleaned))
            is_short = end - start <= _LONGEST_EDIT and "\n" not in bare
            written = cleaned if is_plain else quoted(cleaned)
            yield (Edit(offset + start, offset + end, written),) if is_short else ()


def _clean_texts(field: Field) -> Iterator[str]:
    """Yield the plain texts of a value, each once: an anchor may be repeated without end."""
    return filter(None, map(_clean, dict.fromkeys(field.texts)))


def _in_quotes(text: str) -> bool:
    """Tell whether one pair of quotation marks stands around a text, and none of its kind in it."""
    closing = _PAIRS.get(text[0]) if len(text) > 1 else None
    inner = text[1:-1].replace('\\"', "")
    return bool(closing) and text[-1] == closing and closing not in inner and text[0] not in inner


def _clean(value: str) -> str:
    """Return text on one line, without one matching outer pair of quotation marks.

    Marks of direction go: one that is not closed would turn round what stands beside it.
    """
    text = (value if value.isprintable() else _DIRECTIONS.sub("", value)).strip()
    if text in _NULLS:
        return ""
    if _in_quotes(text):
        text = text[1:-1].strip()
    text = text.replace('\\"', '"')
    words = text.split()
    if len(words) < 2:
        return text
    joined = words[0]
    for word in words[1:]:
        gap = "" if is_cjk(joined[-1]) and is_cjk(word[0]) else " "
        joined += gap + word
    return joined
