"""What stands before an original's text: the opening tags, the summary and its label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..diagnostics import Edit
from ..language import language_of
from .tags import (
    ANY_TAG,
    CLOSER,
    LABEL,
    LABELS,
    OPENER,
    PARAGRAPH,
    SUMMARY_OPENER,
    Slip,
    is_details,
    skip_space,
)

__all__ = ["Summary", "check_blank", "read_openers", "read_summary"]

_SUMMARY_TEXT = re.compile(
    r"((?:[^<]|</?(?:b|i|em|strong|u|span|font|small)\b[^<>\n]{0,60}>){0,120})"
    r"(</summary\s{0,9}>(?:>(?=\s))?)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_BOLD = re.compile(r"\A\*\*([^*]+)\*\*\Z")
_PROPER_CLOSER = re.compile(r"</summary\s{0,9}>", re.IGNORECASE)
_MISSPELT = re.compile(r"\bVeiw\b|\bV/|/H\b|(?:\bOriginal\s){2}", re.IGNORECASE)
# One word at most: what stands behind it may be somebody's.
_LABEL_CLOSER = re.compile(
    r"</(?:\s?[A-Za-z_]\w{0,30}\s{0,3}[>;]{1,2}|(?:sum[a-z_]{0,20}|p|det[a-z_]{0,20})(?=\s|<|\Z)|)"
    r"|[”\"]>",
    re.ASCII,
)
_LOST_BLANK = re.compile(r"([^\S\n]{0,9}\n?)[^\S\n]{0,9}(?!>[^\S\n]?\n)[^<\s]")
_LONGEST_LABEL: Final = 60
_SAMPLE: Final = 2000


@dataclass(slots=True)
class Summary:
    """What was read up to the content: text before the summary, its label, where it stops.

    A summary that is not closed may hold the original's own text.
    """

    before: str
    label: str
    end: int
    misplaced: str = ""
    holds_text: bool = False


def read_openers(body: str, opener: re.Match[str], slips: list[Slip]) -> int:
    """Return where the openers of a block stop; a doubled one is of no account."""
    if not is_details(opener):
        slips.append(_missing_details(body, opener))
        return opener.start()
    while True:
        _check_cut(opener, slips)
        again = OPENER.match(body, skip_space(body, opener.end(), len(body)))
        if again is None or not is_details(again):
            return opener.end()
        edit = Edit(opener.end(), again.end(), "")
        message = "an original is opened twice"
        slips.append(Slip("post.details-nested", again.start(), message, [edit]))
        opener = again


def _missing_details(body: str, opener: re.Match[str]) -> Slip:
    start = opener.start()
    tags = "<details>\n" if not start or body[start - 1] == "\n" else "\n\n<details>\n"
    if opener.group()[1] in "pP":
        tags += f"<summary>{LABELS['en']}</summary>\n"
    return Slip(
        "post.details-missing", start, "the original is not opened", [Edit(start, start, tags)]
    )


def _check_cut(tag: re.Match[str], slips: list[Slip]) -> None:
    text = tag.group().rstrip()
    end = tag.start() + len(text)
    if not text.endswith(">"):
        message = f"the tag `{text}` is cut off"
        slips.append(Slip("post.tag-cut", tag.start(), message, [Edit(end, end, ">")]))


def read_summary(body: str, start: int, slips: list[Slip]) -> Summary:
    """Read the summary, if there is one before the next other tag.

    One that is closed by another tag, or not at all, is recognised by the label's words; one
    that holds the content itself has no label.
    """
    if body.startswith("<p", start):
        return Summary("", "", start)
    tag = ANY_TAG.search(body, start)
    if tag is None or not tag["summary"]:
        slips.append(_missing_summary(body, start, tag.start() if tag else len(body)))
        return Summary("", "", start)
    before = body[start : tag.start()].strip()
    while again := SUMMARY_OPENER.match(body, skip_space(body, tag.end(), len(body))):
        message = f"`{tag.group()}` is doubled"
        slips.append(Slip("post.stray-tag", tag.start(), message, [Edit(*tag.span(), "")]))
        tag = again
    position = tag.end()
    if before:
        message = "text stands between the opening tag and the summary"
        slips.append(Slip("post.text-misplaced", start, message))
    proper = _SUMMARY_TEXT.match(body, position)
    label = " ".join(_BOLD.sub(r"\1", _TAG.sub("", proper[1]).strip()).split()) if proper else ""
    if proper and len(label) <= _LONGEST_LABEL:
        _check_label(body, label, proper, slips)
        return Summary(before, label, proper.end())
    known = LABEL.match(body, position)
    if known is None:
        message = "the summary holds the original's text"
        edit = Edit(
            position, skip_space(body, position, len(body)), f"{LABELS['en']}</summary>\n\n"
        )
        slips.append(Slip("post.summary-not-closed", tag.start(), message, [edit]))
        return Summary(before, "", position, holds_text=True)
    return _close_summary(body, known, before, slips)


def _missing_summary(body: str, start: int, limit: int) -> Slip:
    text_start = skip_space(body, start, limit)
    language = language_of(PARAGRAPH.sub(" ", body[text_start : min(limit, start + _SAMPLE)]))
    lines = f"\n<summary>{LABELS[language]}</summary>"
    lines += "\n" if body.startswith("<", text_start) else "\n\n"
    message = "the original has no summary"
    return Slip("post.summary-missing", start, message, [Edit(start, text_start, lines)])


def _check_label(body: str, label: str, proper: re.Match[str], slips: list[Slip]) -> None:
    start, end = proper.span(1)
    if not _PROPER_CLOSER.fullmatch(proper[2]):
        message = f"the summary is closed by `{proper[2]}`"
        edit = Edit(*proper.span(2), "</summary>")
        slips.append(Slip("post.summary-not-closed", end, message, [edit]))
    if _MISSPELT.search(label):
        spelt = LABELS["zh-Hans" if "chinese" in label.lower() else "en"]
        edits = [Edit(start, end, spelt)]
        slips.append(Slip("post.summary-label", start, f"the label is {label!r}", edits))
    elif not body.startswith(("\n\n", "\n<p", "\np class="), proper.end()):
        check_blank(body, proper.end(), "the summary", slips)


def _close_summary(body: str, known: re.Match[str], before: str, slips: list[Slip]) -> Summary:
    """Find what stands for the closing tag behind a label that is known by its words."""
    closer = _LABEL_CLOSER.match(body, known.end())
    label = known[1]
    if closer is None:
        slips.append(_unclosed_label(body, known))
        return Summary(before, label, known.end())
    code, message = "post.summary-not-closed", f"the summary is closed by `{closer.group()}`"
    if closer.group().startswith("</p"):
        code = "post.summary-closed-by-p"
    elif re.match(f"<{CLOSER}", closer.group()) and not _has_content(body, closer.end()):
        # It closes the block: there is no original between the tags.
        return Summary(before, label, known.end())
    leaked, line_end = _leaked_translation(body, closer)
    edits = [] if leaked else [_closing(body, *closer.span())]
    slips.append(Slip(code, closer.start(), message, edits))
    if not leaked:
        return Summary(before, label, closer.end())
    message = "text of the translation stands in the closing tag"
    slips.append(Slip("post.text-misplaced", closer.end(), message))
    return Summary(before, label, line_end, leaked)


def _unclosed_label(body: str, known: re.Match[str]) -> Slip:
    start = known.end(1)
    edit = _closing(body, start, known.end())
    return Slip("post.summary-not-closed", known.end(), "the summary is not closed", [edit])


def _closing(body: str, start: int, end: int) -> Edit:
    """Return the edit that puts a summary's closing tag there, and a blank line below it."""
    lost = _LOST_BLANK.match(body, end)
    if lost is None:
        return Edit(start, end, "</summary>")
    if lost[1].endswith("\n"):
        return Edit(start, end, "</summary>\n")
    return Edit(start, lost.end(1), "</summary>\n\n")


def _leaked_translation(body: str, closer: re.Match[str]) -> tuple[str, int]:
    """Return the Chinese that a bare ``</`` has swallowed, and where its line ends."""
    if closer.group() != "</":
        return "", closer.end()
    line_end = body.find("\n", closer.end())
    line_end = len(body) if line_end < 0 else line_end
    leaked = body[closer.end() : line_end].strip()
    return (leaked, line_end) if language_of(leaked) == "zh-Hans" else ("", line_end)


def check_blank(body: str, position: int, what: str, slips: list[Slip]) -> None:
    """Report text that Markdown would take for HTML, for want of a blank line above it."""
    lost = _LOST_BLANK.match(body, position)
    if lost:
        message = f"no blank line follows {what}"
        edit = Edit(position, lost.end(1), "\n\n")
        if lost[1].endswith("\n"):
            edit = Edit(position, position, "\n")
        slips.append(Slip("post.no-blank-line", position, message, [edit]))


def _has_content(body: str, position: int) -> bool:
    """Tell whether an original follows, rather than the translation's next paragraph."""
    ahead = ANY_TAG.search(body, position)
    if ahead is None or not ahead["closer"]:
        return False
    return language_of(PARAGRAPH.sub(" ", body[position : ahead.start()])) == "en"
