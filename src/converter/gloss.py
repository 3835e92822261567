"""The grammar of inline glosses: ``**术语**（Expansion: 释义）``.

A gloss is a bold headword with a bracket right behind it, full- or half-width, that holds an
original and a definition parted by a colon, or a definition alone. Brackets that hold a name,
a translation, an aside or an editor's note are not glosses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .model import Gloss

__all__ = ["find_glosses"]

_CANDIDATE = re.compile(r"\*\* ?[（(]")
_BOLD = re.compile(r"\*\*")
_BRACKET = re.compile(" ?[（(]")
_BRACKETS = re.compile(r"[（()）\n]")
_COLON_OR_BRACKET = re.compile(r"[:：](?!//)(?!\d\d\b)|[（()）]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[。？！]")
_ASIDES: Final = frozenset(
    "注 例如 如 比如 即 简称 又称 亦称 股票代码 原文 译注 note e.g. eg i.e. ie".split()
)
_NOTE = re.compile("此处|原文|口误|应为|疑为")
_DEFINES = re.compile(
    "一种|一个|一家|一类|一项|指|用于|是|由.{1,30}(?:开发|创立|推出)|(?:公司|平台|模型|工具|机构|方法|技术)$"
)
_QUOTES: Final = '*_`“”"《》 '
# Marks of direction that are not closed would turn round what stands beside them in a list.
_DIRECTIONS: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_LONGEST_HEADWORD: Final = 80
_LONGEST_BRACKET: Final = 400
_DEEPEST: Final = 4
_LONGEST_ORIGINAL: Final = 80
_MOST_HAN_IN_ORIGINAL: Final = 14
_LEAST_HAN_ALONE: Final = 8


def find_glosses(markdown: str) -> Iterator[Gloss]:
    """Yield the glosses of one prose block in order, as offsets and plain strings."""
    if not _CANDIDATE.search(markdown):
        return
    for start, headword_end in _bold_runs(markdown):
        bracket = _BRACKET.match(markdown, headword_end)
        end = _bracket_end(markdown, bracket.end()) if bracket else -1
        parts = _split(markdown[bracket.end() : end - 1]) if bracket and end > 0 else None
        if parts is None:
            continue
        original, definition = parts
        headword = markdown[start + 2 : headword_end - 2].translate(_DIRECTIONS).strip(_QUOTES)
        headword = " ".join(headword.split())
        if headword and len(headword) <= _LONGEST_HEADWORD and definition != headword:
            original = original.translate(_DIRECTIONS)
            yield Gloss(start, headword_end, end, headword, original, definition)


def _bold_runs(markdown: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each ``**…**``, paired in sequence line by line."""
    offset = 0
    for line in markdown.split("\n"):
        marks = [offset + match.start() for match in _BOLD.finditer(line)]
        for opening, closing in zip(marks[::2], marks[1::2], strict=False):
            yield opening, closing + 2
        offset += len(line) + 1


def _bracket_end(text: str, start: int) -> int:
    """Return the offset behind the bracket that closes the one before ``start``, or -1."""
    depth = 1
    for match in _BRACKETS.finditer(text, start, start + _LONGEST_BRACKET):
        mark = match.group()
        if mark in "（(":
            depth += 1
        elif mark != "\n":
            depth -= 1
        if not depth:
            return match.end()
        if mark == "\n" or depth > _DEEPEST:
            break
    return -1


def _split(content: str) -> tuple[str, str] | None:
    """Return original and definition of a bracket's content, None if it does not define."""
    content = content.replace("**", "").strip()
    if not content or _NOTE.search(content[:20]):
        return None
    colon = _first_colon(content)
    if colon < 0:
        han = len(_HAN.findall(content))
        defines = han >= _LEAST_HAN_ALONE and _DEFINES.search(content)
        return ("", content) if defines and not _SENTENCE_END.search(content[:-1]) else None
    original, definition = content[:colon].strip(), content[colon + 1 :].strip()
    if original.casefold() in _ASIDES or _SENTENCE_END.search(original):
        return None
    if len(original) > _LONGEST_ORIGINAL or len(_HAN.findall(original)) > _MOST_HAN_IN_ORIGINAL:
        return None
    inner = _first_colon(definition)
    if inner > 0 and not _HAN.search(definition[:inner]) and _HAN.search(definition[inner:]):
        original = f"{original}: {definition[:inner].strip()}"
        definition = definition[inner + 1 :].strip()
    if not original or not _HAN.search(definition):
        return None
    return original, definition


def _first_colon(text: str) -> int:
    """Return the offset of the first colon outside inner brackets, or -1."""
    depth = 0
    for match in _COLON_OR_BRACKET.finditer(text):
        mark = match.group()
        if mark in "（(":
            depth += 1
        elif mark in "）)":
            depth -= 1
        elif depth <= 0:
            return match.start()
    return -1
