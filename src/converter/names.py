"""Names in many spellings: which of them are one name, and how it is best written."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["merge_names", "name_key", "select_spellings"]

_QUOTES: Final = "\"'`\u00ab\u00bb\u2018-\u201f\u2039\u203a\u3008-\u300f\u301d-\u301f"
_MIDDLE_DOTS: Final = "\u00b7\u2022\u2027\u2219\u22c5\u30fb"
# Controls, and what only tells how to draw its neighbours: joiners, directions, variants.
_INVISIBLE: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
_IGNORED = re.compile(f"[{_QUOTES}{_MIDDLE_DOTS}{_INVISIBLE}]+")
_SEPARATORS = re.compile(r"[\s_\-\u2010-\u2015\u2212]+")
_LOOSE = re.compile(r"(?<!\d)-|-(?!\d)")
_ODD = re.compile(f"[{_INVISIBLE}\u3000\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_QUOTED = re.compile(f"^[{_QUOTES}]|[{_QUOTES}]$")
_KEBAB = re.compile(r"_|-(?![\dA-Z])")
_LONG_WORD = re.compile(r"[^\W\d_]{6}")
_LONGEST: Final = 500


def name_key(name: str) -> str:
    """Return what all spellings of a name have in common.

    Case, width, spaces, hyphens, underscores, middle dots and quotation marks are not part of
    it; a gap between two digits is, as ``Llama 3 8B`` is not ``Llama 38B``. Other signs tell
    names apart: ``C``, ``C++`` and ``C#``. A name of nothing but such marks is its own key, and
    so is a text of more than 500 characters: NFKC takes time by the square of its accents.
    """
    if len(name) > _LONGEST:
        return name
    folded = unicodedata.normalize("NFKC", name).casefold()
    joined = _SEPARATORS.sub("-", _IGNORED.sub("", folded))
    return unicodedata.normalize("NFKC", _LOOSE.sub("", joined)) or name


def select_spellings(names: Iterable[str]) -> dict[str, str]:
    """Return, for each spelling that is not the best of its name, the one that is.

    ``names`` holds a spelling as often as it is used. The best is the one used most, and of
    equals the one that looks most like a name: ``Open AI`` before ``open-ai``.
    """
    uses = Counter(names)
    groups: dict[str, list[str]] = {}
    for spelling in uses:
        groups.setdefault(name_key(spelling), []).append(spelling)
    better: dict[str, str] = {}
    for group in groups.values():
        if len(group) > 1:
            best = min(group, key=lambda spelling: (-uses[spelling], *_flaws(spelling)))
            better |= {spelling: best for spelling in group if spelling != best}
    return better


def merge_names(names: Iterable[str], spellings: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names in their order and best spelling, each of them once."""
    return tuple(dict.fromkeys(spellings.get(name, name) for name in names))


def _flaws(spelling: str) -> tuple[bool | str, ...]:
    """Return what puts the better of two spellings first; the last word has their order."""
    return (
        _ODD.search(spelling) is not None,
        _QUOTED.search(spelling) is not None,
        _KEBAB.search(spelling) is not None,
        spelling.islower(),
        # Long words in capitals are shouted; short ones are mostly acronyms.
        spelling.isupper() and _LONG_WORD.search(spelling) is not None,
        spelling,
    )
