"""Where an original ends: at its closing tag or what stands for one, or before another text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..diagnostics import Edit
from ..language import language_of
from .summary import check_blank
from .tags import (
    ANY_TAG,
    ANY_TAG_OR_PARAGRAPH,
    OPENER,
    PARAGRAPH,
    SUMMARY_OPENER,
    Offsets,
    Slip,
    skip_space,
)

__all__ = ["Extent", "find_extent"]

_PROPER_CLOSER = re.compile(r"</details\s{0,9}>", re.IGNORECASE)
_NAME = re.compile(r"</\s{0,9}([A-Za-z]\w{0,30})")
_LINE_END = re.compile(r"[^\S\n]*(?:\n|\Z)")
_SAMPLE: Final = 4000


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the content stops and the block with its closer ends.

    A block is ``interrupted`` where the next one opens before it is closed.
    """

    content_end: int
    end: int
    interrupted: bool = False


def find_extent(body: str, start: int, slips: list[Slip], code: Offsets) -> Extent:
    """Find the end of the block whose content begins at ``start``."""
    tags, position = ANY_TAG, start
    if (opener := OPENER.match(body, start)) and opener.group()[1] in "pP":
        tags, position = ANY_TAG_OR_PARAGRAPH, opener.end()
    match = _next_end(tags, body, start, position, code)
    while match and match["closer"] and (summary := _summary_behind(body, match.end())):
        match = _next_end(tags, body, start, summary.end(), code)
    limit = match.start() if match else len(body)
    is_closer = match is not None and (
        bool(match["closer"] or match["garbage"]) or _stands_for_closer(body, start, match)
    )
    closer = match.group() if match and is_closer else ""
    cut = (_cut_closed if closer else _cut_unclosed)(body, start, limit)
    if match is None or not closer or cut < limit:
        slips.append(_not_closed(body, start, cut))
        return Extent(cut, cut, match is not None and not closer and cut == limit)
    if _PROPER_CLOSER.fullmatch(closer):
        check_blank(body, match.end(), "`</details>`", slips)
        return Extent(limit, match.end())
    message = f"the original is closed by `{closer.strip()[:40]}`"
    gap = "" if _LINE_END.match(body, match.end()) else "\n\n"
    edit = Edit(limit, match.end(), f"</details>{gap}")
    slips.append(Slip("post.details-misclosed", limit, message, [edit]))
    return Extent(limit, match.end())


def _stands_for_closer(body: str, start: int, opener: re.Match[str]) -> bool:
    """Tell whether ``<details>`` below an English text was meant to close it.

    No summary or paragraph follows it then, but the translation, a heading, or nothing.
    """
    if not opener["details"]:
        return False
    if opener.group().endswith("/>"):
        return True
    ahead = skip_space(body, opener.end(), len(body))
    if body.startswith("<", ahead):
        return False
    line_end = body.find("\n", ahead)
    line = body[ahead : line_end if line_end >= 0 else len(body)]
    if line and language_of(line) != "zh-Hans" and not _is_heading(line):
        return False
    return language_of(body[start : min(opener.start(), start + _SAMPLE)]) == "en"


def _not_closed(body: str, start: int, end: int) -> Slip:
    stop = start + len(body[start:end].rstrip())
    gap = "" if end == len(body) else "\n" * max(0, 2 - body.count("\n", stop, end))
    edit = Edit(stop, stop, f"\n</details>{gap}")
    return Slip("post.details-not-closed", stop, "the original is not closed", [edit])


def _next_end(
    tags: re.Pattern[str], body: str, start: int, position: int, code: Offsets
) -> re.Match[str] | None:
    """Find what ends a block; a closing tag whose opening tag the text has is the text's own."""
    own: set[str] = set()
    match = tags.search(body, position)
    while match and (match["garbage"] or match.start() in code):
        if match.start() in code:
            match = tags.search(body, match.end())
            continue
        name = _NAME.match(match.group())
        if name is None:
            break
        if name[1] not in own and body.find(f"<{name[1]}", start, match.start()) < 0:
            break
        own.add(name[1])
        match = tags.search(body, match.end())
    return match


def _summary_behind(body: str, position: int) -> re.Match[str] | None:
    """Return the summary that follows at once: what seemed to close the block did not."""
    return SUMMARY_OPENER.match(body, skip_space(body, position, position + 20))


def _cut_closed(body: str, start: int, limit: int) -> int:
    """Return where an English block runs into the Chinese text around it, or ``limit``.

    It does so at a Chinese heading, and at a Chinese line behind a paragraph of HTML: there the
    tags between two originals are lost, or the closing tag stands too low.
    """
    heading = body.find("\n#", start, limit)
    paragraph = body.find("</p>\n", start, limit)
    first = min((found for found in (heading, paragraph) if found >= 0), default=-1)
    if first < 0 or language_of(body[start : min(first, start + _SAMPLE)]) != "en":
        return limit
    ended = False
    for offset, line in _lines(body, first, limit):
        is_between = ended and paragraph >= 0 and not line.startswith("<p")
        if (is_between or _is_heading(line)) and language_of(line) == "zh-Hans":
            return offset
        ended = line.endswith("</p>") or (ended and not line)
    return limit


def _cut_unclosed(body: str, start: int, limit: int) -> int:
    """Return where the content of an unclosed block stops.

    That is the first heading, the first line in another language than the block's, or the
    first that follows the last ``</p>``.
    """
    language = ""
    ended = False
    for offset, line in _lines(body, start, limit):
        if line and language:
            if _is_heading(line) or (ended and not PARAGRAPH.match(line)):
                return offset
            found = language_of(PARAGRAPH.sub(" ", line))
            if found and found != language:
                return offset
        elif line:
            language = language_of(PARAGRAPH.sub(" ", line))
        ended = line.endswith("</p>") or (ended and not line)
    return limit


def _lines(body: str, start: int, limit: int) -> Iterator[tuple[int, str]]:
    """Yield offset and stripped text of each line."""
    offset = start
    while offset < limit:
        line_end = body.find("\n", offset, limit)
        line_end = limit if line_end < 0 else line_end
        yield offset, body[offset:line_end].strip()
        offset = line_end + 1


def _is_heading(line: str) -> bool:
    return line.startswith("#") and line.lstrip("#")[:1] in (" ", "\t")
