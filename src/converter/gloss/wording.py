"""What can be told of a short text at a glance: its script, its colon, what it repeats."""

from __future__ import annotations

import re
from typing import Final

from .cues import ENGLISH_DEFINITION, NOTE

__all__ = [
    "DIRECTIONS",
    "HAN",
    "LINK",
    "clean_content",
    "count_han",
    "first_colon",
    "has_han",
    "is_english_definition",
    "is_note",
    "only_extends",
    "repeats",
]

HAN: Final = re.compile("[\u3400-\u9fff]")
_COLON = re.compile(r"[:：](?!//)(?!(?<=\d.)\d\d)|[（(《“「『）)》”」』]")
_OPENING: Final = "（(《“「『"
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,100}>")
LINK: Final = re.compile(r"!?\[([^\[\]]{1,200})\]\([^()]{0,400}(?:\([^()]{0,200}\)[^()]{0,200})?\)")
"""A link or a picture; the group is what it shows."""

_STAR = re.compile(r"(?<!\\)\*")
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
# Marks of direction that are not closed would turn round what stands beside them in a list.
DIRECTIONS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_NOTE_CHARACTERS: Final = frozenset("推此原译譯编編校听聽转轉字口笔筆误誤应應疑拼识識音无無注註按")
_NOTE_LENGTH: Final = 24
_MOST_MORE: Final = 12
_MOST_MORE_IN_NAME: Final = 4


def clean_content(content: str) -> str:
    """Return a bracket's text without asterisks, tags, addresses of links, marks of direction."""
    if "](" in content:
        content = LINK.sub(r"\1", content)
    if "*" in content:
        content = _STAR.sub("", content)
    if "<" in content:
        content = _TAG.sub("", content)
    if not content.isprintable():
        content = content.translate(DIRECTIONS)
    return content.strip().rstrip("，,、；;")


def has_han(text: str) -> bool:
    """Tell whether there is a Chinese character in a text."""
    return not text.isascii() and HAN.search(text) is not None


def count_han(text: str) -> int:
    """Return how many Chinese characters a text has."""
    return 0 if text.isascii() else len(HAN.findall(text))


def repeats(text: str, other: str) -> bool:
    """Tell whether two wordings are one, but for case, spaces and punctuation."""
    if text == other:
        return True
    first, second = text[:1], other[:1]
    if first.isalnum() and second.isalnum() and first.casefold() != second.casefold():
        return False
    return abs(len(text) - len(other)) <= _MOST_MORE and _letters(text) == _letters(other)


def only_extends(text: str, other: str) -> bool:
    """Tell whether a text is another in Chinese with up to four characters more: a fuller name."""
    return (
        other in text
        and count_han(other) > 1
        and len(text) - len(other) <= _MOST_MORE_IN_NAME
        and "的" not in text
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def is_note(text: str) -> bool:
    """Tell whether a text remarks on the wording: a slip of the tongue, an inaudible word."""
    if text.isascii():
        return False
    start = text[:_NOTE_LENGTH]
    return not _NOTE_CHARACTERS.isdisjoint(start) and NOTE.search(start) is not None


def first_colon(text: str) -> int:
    """Return the offset of the first colon outside inner brackets and quotes, or -1."""
    if ":" not in text and "：" not in text:
        return -1
    depth = 0
    for match in _COLON.finditer(text):
        mark = match.group()
        if mark in _OPENING:
            depth += 1
        elif mark not in ":：":
            depth -= 1
        elif depth <= 0:
            return match.start()
    return -1


def is_english_definition(text: str) -> bool:
    """Tell whether English words are a clause: with an article, a full stop, or in lower case."""
    if text.count(" ") < 3:
        return False
    words = _WORD.findall(text)
    small = sum(map(str.islower, words))
    if len(words) >= 4 and small >= 3 and ENGLISH_DEFINITION.match(text):
        return True
    if len(words) >= 4 and small == len(words) - 1 and text.endswith("."):
        return True
    return len(words) >= 6 and small * 4 >= len(words) * 3
