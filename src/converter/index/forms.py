"""The forms of a name: how it is shown, which names are one, and what to look for in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from ..names import name_key
from ..occurrences import fold

__all__ = ["clean_name", "form_key", "has_han", "spellings_of"]

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LONGEST: Final = 200
"""Characters of the longest name; what front matter holds beyond is a text."""

_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_QUOTED = re.compile(r"[《〈「『“‘\"'](.+)[》〉」』”’\"']")
_ARTICLE = re.compile(r"^the (?=\w)")
_BY_NAME = re.compile(r"([^(（]{2,}?) ?[(（][^()（）]+[)）]")
_ENCLOSED: Final = ("《{}》", "〈{}〉", "「{}」", "『{}』", "“{}”", "（{}", "({}")
_FEWEST_HAN_OF_WORK: Final = 4


def clean_name(name: str) -> str:
    """Return a name as it is shown, without controls, marks of direction and surplus spaces.

    Empty if it has no letter or digit, or is too long for a name.
    """
    if len(name) > _LONGEST:
        return ""
    if not name.isprintable():
        name = "".join(
            character
            if unicodedata.category(character) not in _UNSEEN
            else " " * character.isspace()
            for character in name
        )
    name = " ".join(name.split())
    return name if any(map(str.isalnum, name)) else ""


def has_han(name: str) -> bool:
    """Tell whether a name has a Chinese character."""
    return _HAN.search(name) is not None


def form_key(name: str, kind: str) -> str:
    """Return what the spellings of a name in an index have in common.

    Beside what ``name_key`` leaves out: traditional characters, the points of a
    person's initials, and the article before other names.
    """
    folded = fold(name)
    if kind == "people":
        key = name_key(folded)
        return key.replace(".", "") or key
    return name_key(_ARTICLE.sub("", folded))


def spellings_of(name: str, kind: str) -> Iterator[str]:
    """Yield what to look for to find a name.

    The name of a work that is an ordinary word too, of one Latin word or a few Chinese
    characters, is one only between quotation marks, or where a bracket gives it as an original.
    """
    quoted = _QUOTED.fullmatch(name)
    bare = quoted[1] if quoted else name
    if kind != "media" or not _is_ordinary(bare):
        yield bare
        if bare.startswith("The ") and bare.count(" ") > 1:
            yield bare.removeprefix("The ")
        if nicknamed := _BY_NAME.fullmatch(bare):
            yield nicknamed[1]
        return
    for pattern in _ENCLOSED:
        yield pattern.format(bare)


def _is_ordinary(name: str) -> bool:
    if has_han(name):
        return len(name) < _FEWEST_HAN_OF_WORK
    # Acronyms and the like are names wherever they stand: VOX, YouTube.
    return " " not in name and (name.islower() or name.istitle())
