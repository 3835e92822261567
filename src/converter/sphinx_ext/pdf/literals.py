"""Typst source, written in code mode only: text is a string literal, and nothing else is text.

In a literal nothing but a quotation mark and a backslash means anything to Typst, so no post can
call a function, read a file, or end the literal that it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from unicodedata import category

__all__ = ["SOFT_BREAK", "array", "call", "literal", "sequence", "speakable", "split_words"]

_LONGEST_WORD: Final = 18
_PIECE: Final = 6

# Characters that XML and PDF have no place for; a reader sees that something stood there.
_NO_CHARACTERS: Final = "".join(
    chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_UNSPEAKABLE = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NO_CHARACTERS}]"
)
_ESCAPED = re.compile(r'["\\]')
# Marks that turn the direction of what stands behind them, beyond their own paragraph's care, and
# one that joins and that an accessible PDF may not hold. None of them is seen.
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_IDEOGRAPHIC: Final = (
    "\u2e80-\u2fdf\u3000-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
# Between these, and before or behind them, no line ends by itself.
_NO_BREAK: Final = "\u00a0\u2007\u202f\u2060\ufeff"
_CJK_MARKS: Final = (
    "\u3001-\u301f\u3005\u303b-\u303f\u3041\u3043\u3063\u30fb\u30fc\uff01-\uff0f\uff1a-\uff20"
    "\uff3b-\uff40\uff5b-\uff65\u2014\u2018-\u201d\u2026"
)
_JOINED: Final = rf"[^\s\u200b{_IDEOGRAPHIC}]|[{_NO_BREAK}]|[{_IDEOGRAPHIC}](?=[{_NO_BREAK}])"
_WORD = re.compile(rf"(?:{_JOINED}){{{_LONGEST_WORD + 1},}}|[{_CJK_MARKS}]{{{_PIECE + 2},}}")
# An address may end its line behind any of these.
_MARKS: Final = r"/.?&=_\-#:,;@"
_PIECES = re.compile(rf"[^{_MARKS}]{{1,{_PIECE}}}[{_MARKS}]{{0,{_PIECE}}}|[{_MARKS}]{{1,{_PIECE}}}")
# A space would not do: before many marks no line ends at one.
SOFT_BREAK: Final = "box(width: 0pt)"


def speakable(text: str) -> str:
    """Return a text without what no PDF can hold."""
    return _UNSEEN.sub("", _UNSPEAKABLE.sub("\ufffd", text))


def literal(text: str) -> str:
    """Return a string literal that holds exactly the text, but for what no PDF can hold."""
    text = speakable(text)
    return '"' + _ESCAPED.sub(r"\\\g<0>", text).replace("\n", "\\n") + '"'


def split_words(text: str) -> Iterator[str]:
    """Yield expressions of a text that may be broken into lines inside words too long for one.

    A box that nobody sees stands where a line may end. It is no character: who copies an address
    out of the PDF gets the address.
    """
    place = 0
    for word in _WORD.finditer(text):
        if word.start() > place:
            yield literal(text[place : word.start()])
        for number, piece in enumerate(_PIECES.findall(word[0])):
            # A mark stands on the letter before it, and what is joined stays so.
            if number and category(piece[0])[0] != "M" and piece[0] != "\u200d":
                yield SOFT_BREAK
            yield literal(piece)
        place = word.end()
    if place < len(text):
        yield literal(text[place:])


def sequence(parts: Iterable[str]) -> str:
    """Return expressions as one: a code block, or the only expression there is."""
    given = [part for part in parts if part]
    if not given:
        return "none"
    # A line break parts statements, and stands in no literal.
    is_one = len(given) == 1 and "\n" not in given[0]
    return given[0] if is_one else "{" + "\n".join(given) + "}"


def array(items: Iterable[str]) -> str:
    """Return an array of expressions."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def call(name: str, *arguments: str, options: Mapping[str, str] | None = None) -> str:
    """Return a call of a function of the design; options without a value are left out."""
    named = [f"{key}: {value}" for key, value in (options or {}).items() if value]
    return f"{name}({', '.join((*named, *arguments))})"
