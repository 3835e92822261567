"""What a cover says: a book's values turned into the few short strings that are printed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .words import hold_words

__all__ = ["Columns", "CoverText", "Wording", "compose", "printable"]

_LONGEST_TITLE: Final = 300
_LONGEST_LINE: Final = 100
_CREATORS: Final = 3
_REPLACEMENT: Final = "\ufffd"

_UNSPEAKABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)
_UNBROKEN: Final = re.compile(
    r"[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]{24,}"
)
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


Columns = tuple[tuple[str, ...], tuple[str, ...]]
"""Lines on the left of the fold, and on its right."""


@dataclass(frozen=True, slots=True)
class CoverText:
    """What a book says about itself; any text at all."""

    title: str
    language: str
    series: str = ""
    volume: int = 0
    creators: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    publisher: str = ""
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """The strings of a cover by place; the header and the footer have two columns each.

    ``name`` is the whole title without a volume, as all volumes share it.
    """

    name: str
    title: str
    subtitle: str
    note: str
    volume: str
    header: Columns
    footer: Columns


def compose(text: CoverText) -> Wording:
    """Return what is printed where."""
    language = text.language.lower().partition("-")[0]
    series, publisher, edition = map(_line, (text.series, text.publisher, text.edition))
    whole = _cut(printable(text.title), _LONGEST_TITLE) or series or publisher
    name = _without_volume(whole, text.volume)
    title, subtitle, note = _split_title(name)
    if series.casefold() in {part.casefold() for part in (whole, name, title)}:
        series = ""
    dates = _period(text.dates)
    return Wording(
        name,
        title=hold_words(_breakable(title)),
        subtitle=hold_words(_breakable(subtitle)),
        note=hold_words(_breakable(note)),
        volume=_volume_label(text.volume, language),
        header=_columns(_present(series), _present(edition)),
        footer=_columns(_few(text.creators, language), _present(dates, publisher)),
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


def _present(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _columns(left: tuple[str, ...], right: tuple[str, ...]) -> Columns:
    """Return the two columns; what there is stands on the left."""
    return (left, right) if left else (right, ())


def _breakable(text: str) -> str:
    """Allow breaks within runs that have none and are longer than a line."""
    return _UNBROKEN.sub(lambda run: _with_breaks(run[0]), text)


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


def _volume_label(volume: int, language: str) -> str:
    if volume < 1:
        return ""
    forms = {"zh": f"第{_numeral(volume)}卷", "ja": f"第{volume}巻", "ko": f"제{volume}권"}
    return forms.get(language, f"Volume {volume}")


def _numeral(number: int) -> str:
    """Return a number up to 99 in Chinese numerals; a greater one in digits, set off by spaces."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return f" {number} "
    leading = "" if tens < 2 else _DIGITS[tens]
    return (f"{leading}十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")


def _few(creators: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Return the first names, a line each; the last one says that there are more."""
    names = [name for name in dict.fromkeys(map(_line, creators)) if name]
    if len(names) <= _CREATORS:
        return tuple(names)
    more = {"zh": " 等", "ja": " ほか", "ko": " 외"}.get(language, " et al.")
    return (*names[: _CREATORS - 1], names[_CREATORS - 1] + more)


def _period(dates: tuple[str, ...]) -> str:
    """Return one date as a day, two as the months from and to."""
    ends = list(dict.fromkeys(filter(None, map(_line, dates))))
    if len(ends) < 2:
        return "".join(_ISO_DATE.sub(_dotted, end) for end in ends)
    months = [_ISO_DATE.sub(r"\1.\2", end) for end in (ends[0], ends[-1])]
    return "–".join(dict.fromkeys(months))


def _dotted(date: re.Match[str]) -> str:
    return ".".join(filter(None, date.groups()))
