"""Where names and headwords occur in Markdown: stretches that can be made links.

One automaton (Aho and Corasick) holds all spellings, so a text is read once, however many they
are. Text and spellings are compared folded, character by character: case, width, traditional
characters, the kinds of middle dots and apostrophes. A stretch is one that may be wrapped in a
link: it cuts through no emphasis and lies in no code, formula, address, link or tag.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Final, NamedTuple

from ahocorasick import Automaton
from opencc import OpenCC

from ..markdown import is_cjk
from ..model import Occurrence
from .barred import find_barred

__all__ = ["Finder", "fold", "is_findable", "simplified_characters"]

_LONGEST: Final = 80
"""Characters of the longest spelling that is looked for; beyond stand sentences."""

_MARKUP = re.compile(r"[\\`*_\[\]<>$|~\x00-\x1f\x7f-\x9f\u2028\u2029]|://|&#?[A-Za-z0-9]+;")
# At the beginning of a line these would be a list, a heading, a quotation.
_BLOCK_START = re.compile(r"[#+=:-]|\d+[.)](?:\s|$)")
_SPACES = re.compile(r"\s+")
_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SEAM = re.compile(f"(?<=[{_HAN}])(?=[a-z0-9])|(?<=[a-z0-9])(?=[{_HAN}])")
_SPACED_SEAM = re.compile(f"(?<=[{_HAN}]) (?=[a-z0-9])|(?<=[a-z0-9]) (?=[{_HAN}])")
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
_CAMEL = re.compile(r"[a-z][A-Z]")
_SHORT: Final = 2
_FEWEST_OF_CAMEL: Final = 5

_LAST_WESTERN: Final = "\u2e7f"
_DOTS: Final = "\u2022\u2027\u2219\u22c5\u30fb\uff65"
_APOSTROPHES: Final = "\u2018\u2019\u02bc"
_HYPHENS: Final = "\u2010\u2011"
_HOOKS: Final = frozenset("\\$*")
# Words that tell where a longer one goes on: 大型机|构 is no 大型机, 巨|大进步 no 大进步.
_STRADDLING: Final = frozenset(
    "机构 机制 机器 机关 机场 算机 学校 学者 学院 家庭 家族 家长 人民 人士 体系 体制"
    " 法院 法官 市场 市民 权利 权力 业务 业绩 品牌 品质 性别 性格 力量 员工"
    " 识到 温度 巨大 重大 强大 庞大 伟大 扩大".split()
)
# OpenCC leaves these alone, since they are simplified characters too, in other words.
_ALSO_TRADITIONAL: Final = {"於": "于", "瞭": "了", "夥": "伙", "藉": "借"}


@cache
def _folding() -> tuple[dict[int, str], re.Pattern[str]]:
    """Return what lower-case characters fold to, each to one, and a pattern of those that do."""
    simplified = OpenCC("t2s")
    table: dict[int, str] = {}
    for code in chain(range(0x80, 0xD800), range(0xE000, 0x10000)):
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character).lower().replace("ς", "σ")
        if len(folded) == 1 and is_cjk(folded):
            # Twice, as a few simplify to what is a traditional character itself.
            folded = simplified.convert(simplified.convert(_ALSO_TRADITIONAL.get(folded, folded)))
        # Not full-width signs: every Chinese text has them, no name needs them folded.
        if len(folded) == 1 and folded != character and (folded.isalnum() or folded == " "):
            table[code] = folded
    table |= dict.fromkeys(map(ord, _DOTS), "·")
    table |= dict.fromkeys(map(ord, _APOSTROPHES), "'") | dict.fromkeys(map(ord, _HYPHENS), "-")
    return table, re.compile(f"[{re.escape(''.join(map(chr, table)))}]")


@cache
def simplified_characters() -> Mapping[str, str]:
    """Return what traditional characters are as simplified ones, one by one."""
    table, _ = _folding()
    pairs = ((chr(code), folded) for code, folded in table.items())
    return MappingProxyType(
        {one: other for one, other in pairs if _IDEOGRAPH.match(one) and _IDEOGRAPH.match(other)}
    )


def fold(text: str) -> str:
    """Return a text of the same length that it shares with its other spellings.

    Lower case, half width, simplified characters, one kind of middle dot and apostrophe.
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        # The one letter whose lower case is two characters.
        lowered = text.replace("\u0130", "i").lower()
    table, pattern = _folding()
    return lowered.translate(table) if pattern.search(lowered) else lowered


def is_findable(spelling: str) -> bool:
    """Tell whether a spelling is looked for: not if it is too short, a number, or has markup.

    One Chinese character, one Latin letter, two that are not both capitals, or a number would
    be found everywhere, and mean something else.
    """
    text = unicodedata.normalize("NFKC", spelling) if len(spelling) <= _LONGEST else ""
    letters = "".join(filter(str.isalpha, text))
    if not letters or _MARKUP.search(spelling) or _BLOCK_START.match(spelling):
        return False
    signs = sum(character.isalnum() or character in "+#" for character in text)
    if signs < _SHORT:
        return False
    if len(letters) <= _SHORT and not any(map(is_cjk, letters)):
        return letters.isupper() or signs > len(letters)
    return True


class _Pattern(NamedTuple):
    """What a folded spelling of ``width`` characters names.

    ``exact`` has the ids by the spelling as written, ``loose`` none or one id for any case; the
    flags tell which ends need the border of a word.
    """

    width: int
    starts_word: bool
    ends_word: bool
    exact: dict[str, str]
    loose: list[str]


class Finder:
    """Finds where spellings occur; made from spellings with the id of what each names.

    Of spellings that are alike folded the first in order has its way. Those that
    ``is_findable`` refuses are left out.
    """

    __slots__ = ("_automaton",)

    def __init__(self, spellings: Mapping[str, str]) -> None:
        patterns: dict[str, _Pattern] = {}
        for spelling, name in spellings.items():
            if is_findable(spelling):
                _add(patterns, _SPACES.sub(" ", spelling.strip()), name)
        self._automaton = Automaton() if patterns else None
        if self._automaton is not None:
            # A node's branches are tried one by one: bytes have few, and Chinese ones come first.
            for text, pattern in sorted(patterns.items(), key=lambda item: item[0].isascii()):
                self._automaton.add_word(_as_bytes(text).decode("latin-1"), pattern)
            self._automaton.make_automaton()

    def find(self, markdown: str) -> tuple[Occurrence, ...]:
        """Return the occurrences in a block in order, the longest at each place; none overlap."""
        if self._automaton is None:
            return ()
        folded = fold(markdown)
        hits = sorted(_hits(self._automaton, markdown, folded))
        if not hits:
            return ()
        found: list[Occurrence] = []
        barred = find_barred(markdown)
        barrier = next(barred, None)
        free = 0
        for start, negative_end, name in hits:
            while barrier is not None and barrier[1] <= start:
                barrier = next(barred, None)
            if start >= free and (barrier is None or -negative_end <= barrier[0]):
                free = -negative_end
                found.append(Occurrence(start, free, name))
        return tuple(found)


def _add(patterns: dict[str, _Pattern], spelling: str, name: str) -> None:
    """Add a spelling and the ways to write it that folding does not make equal."""
    plain = unicodedata.normalize("NFKC", spelling)
    is_camel = _CAMEL.search(plain) and len(plain) >= _FEWEST_OF_CAMEL
    is_loose = " " in plain or is_camel or any(map(is_cjk, plain))
    variants: dict[str, None] = {}
    for folded in (fold(spelling), fold(plain)):
        forms = (folded, _SEAM.sub(" ", folded), _SPACED_SEAM.sub("", folded))
        variants |= dict.fromkeys((*forms, *(form.replace("·", "") for form in forms)))
    for variant in variants:
        if variant not in patterns:
            starts_word = _is_word(variant[0]) or variant[0] == "."
            patterns[variant] = _Pattern(
                len(variant), starts_word, _is_word(variant[-1]), exact={}, loose=[]
            )
        if not is_loose:
            patterns[variant].exact.setdefault(plain, name)
        elif not patterns[variant].loose:
            patterns[variant].loose.append(name)


def _as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _is_word(character: str) -> bool:
    """Tell whether a character makes one word with its like: not Chinese, not a sign."""
    return character <= _LAST_WESTERN and (
        character.isalnum()
        or character in "_@"
        or (character > "\x7f" and unicodedata.category(character)[0] == "M")
    )


def _hits(automaton: Automaton, markdown: str, folded: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, negative end and id of whatever could be an occurrence."""
    if folded.isascii():
        data, text = b"", folded
    else:
        data = _as_bytes(folded)
        text = data.decode("latin-1")
    length = len(folded)
    counted = end = 0
    for last, (width, starts_word, ends_word, exact, loose) in automaton.iter(text):
        if not data:
            end = last + 1
        elif counted <= last:
            end += len(data[counted : last + 1].decode("utf-8", "surrogatepass"))
            counted = last + 1
        start = end - width
        before = folded[start - 1] if start else " "
        after = folded[end] if end < length else " "
        if starts_word and before <= _LAST_WESTERN and not _opens(folded, start):
            continue
        if ends_word and after <= _LAST_WESTERN and not _closes(folded, end):
            continue
        if (before in _HOOKS or after in _HOOKS) and _is_hooked(folded, start, end):
            continue
        if (after > _LAST_WESTERN and folded[end - 1] + after in _STRADDLING) or (
            before > _LAST_WESTERN and before + folded[start] in _STRADDLING
        ):
            continue
        name = _exact(exact, markdown[start:end]) if exact else ""
        if name or loose:
            yield start, -end, name or loose[0]


def _exact(exact: Mapping[str, str], text: str) -> str:
    return exact.get(text) or exact.get(unicodedata.normalize("NFKC", text), "")


def _opens(text: str, start: int) -> bool:
    """Tell whether a word can begin at an offset; ``ai`` in ``x.ai`` does not."""
    before = text[start - 1] if start else " "
    return not (_is_word(before) or (before in ".-'" and start > 1 and _is_word(text[start - 2])))


def _closes(text: str, end: int) -> bool:
    """Tell whether a word can end at an offset; ``GPT-4`` in ``GPT-4.5`` does not."""
    after, beyond = text[end : end + 1] or " ", text[end + 1 : end + 2]
    if _is_word(after) or after in "+#":
        return False
    return not (
        (after == "." and beyond.isalnum() and beyond.isascii())
        or (after == "-" and beyond.isdigit())
    )


def _is_hooked(text: str, start: int, end: int) -> bool:
    r"""Tell whether what touches a stretch would be read otherwise with a link in between.

    So it is with ``\``, with ``$``, and with asterisks that stand within a Latin word.
    """
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in ("\\", "$") or after == "$":
        return True
    if before == "*" and text[start].isascii() and text[start].isalnum():
        while start and text[start - 1] == "*":
            start -= 1
        if start and text[start - 1].isascii() and text[start - 1].isalnum():
            return True
    if after == "*" and text[end - 1].isascii() and text[end - 1].isalnum():
        while text[end : end + 1] == "*":
            end += 1
        beyond = text[end : end + 1]
        return beyond.isascii() and beyond.isalnum()
    return False
