"""The tags of an original as authors and generators spell them, and the words of its label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ..diagnostics import Edit

__all__ = [
    "ANY_TAG",
    "ANY_TAG_OR_PARAGRAPH",
    "CLOSER",
    "LABEL",
    "LABELS",
    "OPENER",
    "PARAGRAPH",
    "SUMMARY_OPENER",
    "USUAL_LABEL",
    "Offsets",
    "Slip",
    "is_details",
    "skip_space",
]

_CUT_OFF = r"(?:[^\S\n]{1,9}(?:open|[a-z-]{1,20}=(?:\"[^\"<>\n]{0,99}\"|[\w-]{1,40})))?[^\S\n]{0,9}"
_DETAILS = rf"details(?![\w-])(?:[^<>\n]{{0,200}}>|{_CUT_OFF})"
_SUMMARY = r"summary(?![\w-])[^<>\n]{0,200}>"
OPENER = re.compile(
    rf"<(?:{_DETAILS}|{_SUMMARY}"
    r"|p\s{1,9}class=[\"']?(?:english|chinese|original|p-english|p\sclass|class)[^<>\n]{0,60}>)",
    re.IGNORECASE,
)
SUMMARY_OPENER = re.compile(f"<(?:{_SUMMARY})", re.IGNORECASE)

# ``</</details>`` is one closing tag; so is ``</details>>`` at the end of a line.
CLOSER = (
    r"(?:/\s?<)?/\s{0,9}s?i?d[eta]{2,4}[ail]{1,5}s?\b"
    r"(?:[^<>\w\n]{0,8}(?:>>(?=[^\S\n]*(?:\n|\Z))|[>\]])|[^\S\n]{0,8}[;:_]?)"
)
_FORMATTING = (
    "summary|source|p|b|i|u|s|em|strong|font|span|br|a|sup|sub|div|li|ul|ol|h[1-6]|code|table"
    "|tr|td|th"
)
_LINE_END = r"(?=[^\S\n]{0,9}(?:\n|\Z))"
# Never more than a tag's name: what stands behind it may be somebody's words.
_GARBAGE = (
    r"/(?:"
    rf"(?!(?:{_FORMATTING})\b)[^\S\n]{{0,9}}[a-z_][a-z0-9_]{{0,30}}[;_>\]]{{1,9}}{_LINE_END}"
    rf"|(?!(?:p|summary)\b)(?-i:[a-z_]{{0,9}}){_LINE_END}"
    r"|(?=[\u3400-\u9fff])|s (?=[A-Z][a-z]{1,30}>))"
)
_TAGS = (
    rf"(?P<closer>{CLOSER})|(?P<garbage>{_GARBAGE})"
    rf"|(?P<details>{_DETAILS})|(?P<summary>{_SUMMARY})"
)
ANY_TAG = re.compile(f"<(?:{_TAGS})", re.IGNORECASE)
ANY_TAG_OR_PARAGRAPH = re.compile(
    rf"<(?:{_TAGS}|(?P<paragraph>p\s[^<>\n]{{0,99}}>))", re.IGNORECASE
)
PARAGRAPH = re.compile(r"<p(?:\s[^<>\n]{0,80})?>|</p\s{0,9}>?", re.IGNORECASE)

_PREFIX = r"(?:(?:View|Veiw|V)\s?/\s?(?:Hide|Show|H)\s)"
_SUFFIX = r"(?:\s(?:Source|Transcript|Original|Text))?(?:-\d{1,3})?"
_USUAL = (
    rf"(?:查看/隐藏英文原文\s{{0,3}}/\s{{0,3}})?"
    rf"(?:{_PREFIX}?(?:Original\s){{1,3}}(?:English|Text|Chinese|Transcript){_SUFFIX}(?![A-Za-z])"
    rf"|{_PREFIX}(?:English|Original){_SUFFIX}(?![A-Za-z])"
    rf"|English(?:\sOriginal|\sText)?(?=\s{{0,9}}(?:<|[”\"]>|\n|\Z)))"
    r"|(?:查看|显示|展开|点击|隐藏|/){0,5}(?:英文|中文)?原文"
)
_LIKEWISE = (
    r"(?:(?:Show|View|Hide)(?:\s?/\s?(?:Hide|Show))?\s)(?:English\sOriginal|Original\sEnglish)"
)
LABEL = re.compile(rf"\s{{0,9}}({_USUAL}|{_LIKEWISE}(?![A-Za-z]))[^\S\n]{{0,9}}", re.IGNORECASE)
USUAL_LABEL = re.compile(rf"\s*(?:{_USUAL})\s*", re.IGNORECASE)
"""A label that only says that here is the original: an edition says so itself."""
LABELS: Final = {
    "en": "View/Hide Original English",
    "zh-Hans": "View/Hide Original Chinese",
    "": "View/Hide Original Text",
}
"""How the label is written, by the language of the original."""

_SPACE = re.compile(r"\s*")


class Offsets(Protocol):
    """A set of offsets in the body."""

    def __contains__(self, offset: int, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Slip:
    """A mended mistake: what it was, where in the body, and how the author would mend it."""

    code: str
    offset: int
    message: str
    edits: Sequence[Edit] = ()


def is_details(opener: re.Match[str]) -> bool:
    """Tell whether an opener is ``<details>``, however it is spelt."""
    return opener.group()[1] in "dD"


def skip_space(body: str, start: int, limit: int) -> int:
    """Return the first offset of a body from ``start`` on that holds no white space."""
    space = _SPACE.match(body, start, limit)
    return space.end() if space else start
