"""What a cover says: a book's values turned into the few short strings that are printed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .words import hold_words

__all__ = ["CoverText", "Name", "Wording", "compose", "edition_name", "printable"]

_LONGEST_TITLE: Final = 300
_LONGEST_LINE: Final = 100
_NAMES: Final = 3
_SHORT_NAME: Final = 16
_REPLACEMENT: Final = "\ufffd"

_UNSPEAKABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
_UNBROKEN: Final = re.compile(
    r"[^\s\u200b\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]{24,}"
)
_HYPHEN: Final = re.compile(r"(?<=[^\W\d_]-)(?=[^\W\d_])")
_SEPARATOR: Final = re.compile(r"\s*(?:：|[|｜]|:(?=\s))\s*")
_VOLUME: Final = re.compile(
    r"[\s·,，、：:|｜(（]*(?:第\s*([0-9]+|[一二三四五六七八九十百]+)\s*[卷巻]"
    r"|\b(?:vol\.|volume)\s*([0-9]+))\s*[)）]?$",
    re.IGNORECASE,
)
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_BRACKETS: Final = {
    "《": "》",
    "〈": "〉",
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "“": "”",
    "【": "】",
}
_JOINERS: Final = "\u200c\u200d"
_DIGITS: Final = "〇一二三四五六七八九"


_CHINESE_NAME: Final = re.compile("[\u3400-\u9fff]{2,4}")

# What editions are called in the configuration, and what in the book's language.
_EDITIONS: Final = {
    "translation": {"zh": "译文", "hant": "譯文", "ja": "訳文", "ko": "번역문", "": "Translation"},
    "original": {"zh": "原文", "hant": "原文", "ja": "原文", "ko": "원문", "": "Original"},
    "bilingual": {"zh": "对照", "hant": "對照", "ja": "対訳", "ko": "대역", "": "Bilingual"},
}
_BILINGUAL: Final = frozenset(_EDITIONS["bilingual"].values())
_EDITION_NAMES: Final = {
    name.casefold(): forms for forms in _EDITIONS.values() for name in forms.values()
}
_ROLES: Final = {"zh": " 译", "hant": " 譯", "ja": " 訳", "ko": " 옮김"}
_MORE: Final = {"zh": " 等", "hant": " 等", "ja": " ほか", "ko": " 외"}
_VOLUMES: Final = {"zh": ("第", "卷"), "hant": ("第", "卷"), "ja": ("第", "巻"), "ko": ("제", "권")}
_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})

Name = tuple[str, str]
"""What may be cut where there is no room, and what stands after it all the same."""


@dataclass(frozen=True, slots=True)
class CoverText:
    """What a book says about itself; any text at all."""

    title: str
    language: str
    volume: int = 0
    creators: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    publisher: str = ""
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """The strings of a cover by place.

    ``name`` is the whole title without a volume, as all volumes share it. ``volume`` is the
    number, and what is before and after it. ``creators`` and ``translators`` are said in several
    ways, each with fewer names than the last: lines of the former, one line of the latter.
    """

    name: str
    title: str
    subtitle: str
    note: str
    volume: tuple[str, str, str]
    edition: str
    is_bilingual: bool
    creators: tuple[tuple[Name, ...], ...]
    translators: tuple[Name, ...]
    dates: str
    publisher: str


def compose(text: CoverText) -> Wording:
    """Return what is printed where."""
    language = _language(text.language)
    publisher, edition = map(_line, (text.publisher, text.edition))
    whole = _cut(printable(text.title), _LONGEST_TITLE) or publisher
    name = _without_volume(whole, text.volume)
    title, subtitle, note = _split_title(name)
    edition = edition_name(edition, text.language)
    creators, translators = (_names(names) for names in (text.creators, text.translators))
    return Wording(
        name,
        title=hold_words(_breakable(title)),
        subtitle=hold_words(_breakable(subtitle)),
        note=hold_words(_breakable(note)),
        volume=_volume(text.volume, language),
        edition=_breakable(edition),
        is_bilingual=edition in {"", *_BILINGUAL},
        creators=tuple(_lines(few, language) for few in _fewer(creators)),
        translators=tuple(_role(few, language) for few in _fewer(translators) if few[0]),
        dates=_breakable(_period(text.dates)),
        publisher=hold_words(_breakable(publisher)),
    )


def printable(text: str) -> str:
    """Return the text on one line, without what cannot be encoded or only steers a display."""
    text = _UNSPEAKABLE.sub(_REPLACEMENT, text)
    # Marks of direction would turn what stands around them; soft hyphens and the like are unseen.
    kept = (c for c in text if c in _JOINERS or unicodedata.category(c) != "Cf")
    return " ".join("".join(kept).split())


def _line(text: str) -> str:
    return _cut(printable(text), _LONGEST_LINE)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def edition_name(edition: str, language: str) -> str:
    """Return what an edition is called in a language, by any of its names; others stay."""
    return _EDITION_NAMES.get(edition.casefold(), {}).get(_language(language), edition)


def _language(tag: str) -> str:
    """Return the language that a cover's own words are in: empty for English."""
    subtags = tag.lower().split("-")
    if subtags[0] == "zh" and not _TRADITIONAL.isdisjoint(subtags):
        return "hant"
    return subtags[0] if subtags[0] in _ROLES else ""


def _breakable(text: str) -> str:
    """Allow breaks after hyphens, and within runs that have none and are longer than a line."""
    return _UNBROKEN.sub(lambda run: _with_breaks(run[0]), _HYPHEN.sub("\u200b", text))


def _with_breaks(run: str) -> str:
    parts = [run[0]]
    for before, after in pairwise(run):
        joined = before in _JOINERS or after in _JOINERS or unicodedata.category(after)[0] == "M"
        parts.append(after if joined else f"\u200b{after}")
    return "".join(parts)


def _without_volume(title: str, volume: int) -> str:
    """Return the title without a volume at its end, when the cover says the same in its place."""
    found = _VOLUME.search(title)
    if found is None or not found.start():
        return title
    said = found[1] or found[2]
    same = said in {str(volume), _numeral(volume)}
    return title[: found.start()] if same else title


def _split_title(title: str) -> tuple[str, str, str]:
    """Return the title proper, the subtitle after a colon, and the note after a bar."""
    marks = [found for found in _SEPARATOR.finditer(title) if _divides(title, found)]
    bar = next((found for found in marks if found[0].strip() in {"|", "｜"}), None)
    head, note = (title[: bar.start()], title[bar.end() :]) if bar else (title, "")
    colon = next((found for found in marks if found.end() < len(head)), None)
    if colon is None:
        return head, "", note
    return head[: colon.start()], head[colon.end() :], note


def _divides(title: str, mark: re.Match[str]) -> bool:
    """Whether there is something on both sides, and no bracket is torn from its partner."""
    head = title[: mark.start()]
    balanced = all(head.count(left) == head.count(right) for left, right in _BRACKETS.items())
    return bool(head) and mark.end() < len(title) and balanced


def _volume(volume: int, language: str) -> tuple[str, str, str]:
    if volume < 1:
        return ("", "", "")
    before, after = _VOLUMES.get(language, ("Volume", ""))
    return (before, str(volume), after)


def _numeral(number: int) -> str:
    """Return a number up to 99 in Chinese numerals; a greater one in digits, set off by spaces."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return f" {number} "
    leading = "" if tens < 2 else _DIGITS[tens]
    return (f"{leading}十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(map(_line, names)) if name)


def _fewer(names: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """Return the first names, then fewer and fewer, and whether these are not all."""
    most = min(len(names), _NAMES)
    return tuple((names[:count], count < len(names)) for count in range(most, 0, -1))


def _lines(few: tuple[tuple[str, ...], bool], language: str) -> tuple[Name, ...]:
    """Return names, a line each; the last one says that there are more."""
    names, more = few
    tails = [""] * (len(names) - 1) + [_more(language) if more else ""]
    return tuple(
        (hold_words(_breakable(name)), tail) for name, tail in zip(names, tails, strict=True)
    )


def _role(few: tuple[tuple[str, ...], bool], language: str) -> Name:
    """Return names on one line with what they did."""
    names, more = few
    held = [_breakable(_joined(name)) for name in names]
    comma = "、" if language in {"zh", "hant", "ja"} else ", "
    before = "" if language else "translated\u00a0by "
    tail = (_more(language) if more else "") + _ROLES.get(language, "")
    return (before + comma.join(held), tail.replace(" ", "\u00a0"))


def _joined(name: str) -> str:
    """Return a name that no line breaks, if it is short."""
    if len(name) <= _SHORT_NAME:
        name = name.replace(" ", "\u00a0")
    return _CHINESE_NAME.sub(lambda found: "\u2060".join(found[0]), name)


def _more(language: str) -> str:
    """Return what says that there are more names, on the line of the last one."""
    return _MORE.get(language, " et al.").replace(" ", "\u00a0")


def _period(dates: tuple[str, ...]) -> str:
    """Return one date as a day, two as the months from and to."""
    ends = list(dict.fromkeys(filter(None, map(_line, dates))))
    if len(ends) < 2:
        return "".join(_ISO_DATE.sub(_dotted, end) for end in ends)
    months = [_ISO_DATE.sub(r"\1.\2", end) for end in (ends[0], ends[-1])]
    return "–".join(dict.fromkeys(months))


def _dotted(date: re.Match[str]) -> str:
    return ".".join(filter(None, date.groups()))
