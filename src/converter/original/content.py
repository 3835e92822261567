"""What an original holds: its tags as blank lines, its broken words as running text."""

from __future__ import annotations

import re
from typing import Final

from ..diagnostics import Edit
from ..language import language_of
from ..speaker import part_turns
from .tags import CLOSER, LABEL, PARAGRAPH, Offsets, Slip

__all__ = ["check_content", "has_lost_bold", "read_content", "tidy_space"]

_LABEL_LINE = (
    rf"<summary(?![\w-])[^<>\n]{{0,200}}>{LABEL.pattern}(?:</summary[a-z0-9_;]{{0,20}}>?|(?=\n))"
)
_SUMMARY_TAG = r"</?summary[a-z0-9_;]{0,20}[^\S\n]{0,9}>?"
_NOISE = re.compile(
    f"{_LABEL_LINE}|{PARAGRAPH.pattern}|{_SUMMARY_TAG}|<{CLOSER}", re.IGNORECASE | re.MULTILINE
)
_STRAY = re.compile(f"{_LABEL_LINE}|{_SUMMARY_TAG}|<{CLOSER}", re.IGNORECASE)
# Without one of its brackets it is text, and shown; its end is not unbalanced for that.
_ANY_PARAGRAPH = re.compile(
    rf"{PARAGRAPH.pattern}|<p\s?class=\"[\w -]{{1,30}}\"(?!\s{{0,9}}>)>?"
    r"|^p class=\"[\w -]{1,30}\">",
    re.IGNORECASE | re.MULTILINE,
)
_CLASS = re.compile(r"class=\"[\w -]*\"")
_LOST_BOLD = re.compile(r"[^*\n]{1,60}\*\*")
_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_FEWEST_BREAKS: Final = 3
_MOST_BROKEN_WORDS: Final = 2


def read_content(text: str, start: int = 0, code: Offsets = ()) -> str:
    """Return the Markdown of a block, which begins at ``start``: its tags become blank lines."""

    def drop(tag: re.Match[str]) -> str:
        return tag.group() if start + tag.start() in code else "\n\n"

    return tidy_space(_NOISE.sub(drop, text) if "<" in text else text)


def tidy_space(text: str) -> str:
    """Return a block's Markdown with one blank line, and no more, between paragraphs and turns."""
    text = text.strip("\n ")
    if "<br" in text and text.count("<br") >= _FEWEST_BREAKS and language_of(text) == "en":
        text = _join_broken_words(text)
    if "\n" not in text:
        return text
    text = "\n\n".join(part_turns(text))
    return re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" in text else text


def _join_broken_words(text: str) -> str:
    """Return text whose every word has been put on a line of its own as running text again.

    Subtitles come like that; a poem has more than two words on most of its lines.
    """
    lines = [" ".join(line.split()) for line in _BREAK.split(text)]
    lines = [line for line in lines if line]
    short = sum(len(line.split(" ", _MOST_BROKEN_WORDS)) <= _MOST_BROKEN_WORDS for line in lines)
    return " ".join(lines) if short > 0.8 * len(lines) else text


def check_content(content: str, offset: int, code: Offsets, slips: list[Slip]) -> None:
    """Report tags that are out of place in a content, which begins at ``offset``."""
    if "<p" in content or "</p" in content or "p class" in content:
        _check_paragraphs(content, offset, slips)
    if "summary" in content or "</" in content:
        for tag in _STRAY.finditer(content):
            place = offset + tag.start()
            if place not in code:
                edit = Edit(place, place + len(tag.group()), "")
                message = f"`{tag.group().strip()[:40]}` is out of place"
                slips.append(Slip("post.stray-tag", place, message, [edit]))


def _check_paragraphs(content: str, offset: int, slips: list[Slip]) -> None:
    """Report ``<p>`` that are cut off, and those that do not alternate with ``</p>``."""
    edits: list[Edit] = []
    is_open = False
    for tag in _ANY_PARAGRAPH.finditer(content):
        text, closes = tag.group(), tag.group()[:2] == "</"
        name = _CLASS.search(text)
        if name and not (text[:3] in ("<p ", "<P ") and text.endswith(">")):
            place = offset + tag.start()
            slips.append(Slip("post.tag-cut", place, f"the tag `{text}` is cut off"))
        if closes and not is_open:
            edits.append(Edit(offset + tag.start(), offset + tag.end(), ""))
        elif not closes and is_open:
            edits.append(_closing(content, tag.start(), offset))
        is_open = not closes
    if is_open:
        edits.append(_closing(content, len(content), offset))
    if edits:
        message = "`<p>` and `</p>` do not match"
        slips.append(Slip("post.p-unbalanced", edits[0].start, message, edits))


def _closing(content: str, end: int, offset: int) -> Edit:
    place = offset + len(content[:end].rstrip())
    return Edit(place, place, "</p>")


def has_lost_bold(markdown: str) -> bool:
    """Tell whether a label has swallowed the asterisks before a speaker's name."""
    line = markdown.split("\n", 1)[0]
    return line.count("**") % 2 == 1 and _LOST_BOLD.match(line) is not None
