"""The forms of a name: how it is shown, which names are one, and what to look for in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from ..names import name_key
from ..occurrences import fold
from ..pinyin import slugify

__all__ = [
    "clean_name",
    "form_key",
    "has_han",
    "initials_of",
    "is_short_for",
    "sound_keys",
    "spellings_of",
]

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LONGEST: Final = 200
"""Characters of the longest name; what front matter holds beyond is a text."""

_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_QUOTED = re.compile(r"[《〈「『“‘\"'](.+)[》〉」』”’\"']")
_ARTICLE = re.compile(r"^the (?=\w)")
_BY_NAME = re.compile(r"([^(（]{2,}?) ?[(（][^()（）]+[)）]")
_ENCLOSED: Final = ("《{}》", "〈{}〉", "「{}」", "『{}』", "“{}”", "（{}", "({}")
_FEWEST_HAN_OF_WORK: Final = 4
_SMALL_WORDS: Final = frozenset("of the and for in on to a an".split())
_WORDS = re.compile(r"[^\W_]+")
_SHORTEST_SHORT_FORM: Final = 3
_LONGEST_SOUNDED: Final = 4


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


def initials_of(name: str) -> set[str]:
    """Return the initials of a name of several words, with those of its small words and without."""
    words = _WORDS.findall(name)
    large = [word for word in words if word.lower() not in _SMALL_WORDS]
    return {
        "".join(word[0] for word in chosen).upper() for chosen in (words, large) if len(chosen) > 1
    }


def is_short_for(short: str, long: str) -> bool:
    """Tell whether a name is the beginning of another, or its initials: ``Fed``, ``MIT``."""
    if len(short) < _SHORTEST_SHORT_FORM or len(short) >= len(long):
        return False
    return long.startswith(short) or short in initials_of(long)


def sound_keys(chinese: str) -> tuple[str, ...]:
    """Return how a Chinese name is spelled by its sounds, also with the surname behind."""
    if not 1 < len(chinese) <= _LONGEST_SOUNDED or not all(map(has_han, chinese)):
        return ()
    first, rest = slugify(chinese[:1]), slugify(chinese).replace("-", "")
    return rest, rest.removeprefix(first) + first
