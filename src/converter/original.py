"""The folded original: finding where a block starts and ends, and reading what it holds.

Both dialects (a ``<p>`` of HTML, or Markdown between the tags) and their slips are read by
one tolerant grammar: an opener, an optional summary, a body, and whatever closes it. Every
search is bounded by the next tag, so that the time is linear in the length of the post.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

from .language import language_of

__all__ = ["OPENER", "Folded", "Slip", "read_original"]

OPENER = re.compile(
    r"<(?:details(?![\w-])[^<>\n]{0,200}>?"
    r"|summary(?![\w-])[^<>\n]{0,200}>"
    r"|p\s{1,9}class=[\"']?(?:english|chinese|original|p-english|p\sclass|class)[^<>\n]{0,60}>)",
    re.IGNORECASE,
)
_DETAILS: Final = "<details"
_CLOSER = r"/\s{0,9}s?i?deta?i?l?s\b[^<>\n\u3400-\u9fff]{0,8}[>\]]?"
_FORMATTING = (
    "summary|source|p|b|i|u|s|em|strong|font|span|br|a|sup|sub|div|li|ul|ol|h[1-6]|code|table"
    "|tr|td|th"
)
_GARBAGE = (
    rf"/(?!(?:{_FORMATTING})\b)(?=[^\S\n]{{0,9}}(?:[A-Za-z_][\w ]{{0,30}})?[;_>\]]{{0,9}}"
    r"[^\S\n]{0,9}(?:\n|\Z))[^\n]*|/(?=[\u3400-\u9fff])|/s [A-Z][a-z]{1,30}>"
    r"|/(?!(?:p|summary)\b)[A-Za-z]{1,9}(?=[^\S\n]{0,9}(?:\n|\Z))"
)
_TAGS = (
    rf"(?P<closer>{_CLOSER})|(?P<garbage>{_GARBAGE})"
    r"|(?P<details>details(?![\w-])[^<>\n]{0,200}>?)|(?P<summary>summary(?![\w-])[^<>\n]{0,200}>)"
)
_NEXT = re.compile(f"<(?:{_TAGS})", re.IGNORECASE)
_NEXT_OR_PARAGRAPH = re.compile(rf"<(?:{_TAGS}|(?P<paragraph>p\s[^<>\n]{{0,99}}>))", re.IGNORECASE)
_PROPER_CLOSER = re.compile(r"</details\s{0,9}>", re.IGNORECASE)
_SUMMARY_TEXT = re.compile(r"([^<]{0,120})</summary\s{0,9}>", re.IGNORECASE)
_PREFIX = r"(?:(?:View|Veiw|V)\s?/\s?(?:Hide|Show|H)\s)"
_SUFFIX = r"(?:\s(?:Source|Transcript|Original|Text))?(?:-\d{1,3})?"
_LABEL = re.compile(
    rf"\s{{0,9}}((?:查看/隐藏英文原文\s{{0,3}}/\s{{0,3}})?"
    rf"(?:{_PREFIX}?(?:Original\s){{1,3}}(?:English|Text|Chinese|Transcript){_SUFFIX}(?![A-Za-z])"
    rf"|{_PREFIX}(?:English|Original){_SUFFIX}(?![A-Za-z])"
    rf"|English(?:\sOriginal|\sText)?(?=\s{{0,9}}(?:<|[”\"]>|\n|\Z)))"
    r"|(?:查看|显示|展开|点击|隐藏|/){0,5}(?:英文|中文)?原文)[^\S\n]{0,9}",
    re.IGNORECASE,
)
_MISSPELT = re.compile(r"\bVeiw\b|\bV/|/H\b|(?:\bOriginal\s){2}", re.IGNORECASE)
_LABEL_CLOSER = re.compile(r"</[^<>\n\u3400-\u9fff]{0,30}[>;]?|[”\"]>")
_LABEL_LINE = re.compile(
    rf"<summary(?![\w-])[^<>\n]{{0,200}}>{_LABEL.pattern}(?:</summary[\w;]{{0,20}}>?|(?=\n))",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"<p(?:\s[^<>\n]{0,80})?>|</p\s{0,9}>?", re.IGNORECASE)
_SUMMARY_TAG = re.compile(r"</?summary[\w;]{0,20}[^\S\n]{0,9}>?", re.IGNORECASE)
_HIDDEN = re.compile(r"\bstyle=[\"'][^\"'>]{0,99}display:\s{0,9}none", re.IGNORECASE)
_NOISE = re.compile(
    f"{_LABEL_LINE.pattern}|{_PARAGRAPH.pattern}|{_SUMMARY_TAG.pattern}|<{_CLOSER}", re.IGNORECASE
)
_LOST_BOLD = re.compile(r"[^*\n]{1,60}\*\*")
_LOST_BLANK = re.compile(r"[^\S\n]{0,9}\n?[^\S\n]{0,9}[^<\s]")
_SPACE = re.compile(r"\s*")
# Nineteen of twenty originals are one of these, and have nothing to mend.
_CANONICAL = re.compile(
    r"<details>\n<summary>(?:View/Hide |)Original English(?: Source|)</summary>\n"
    r"(?:<p class=\"english-text\">([^<]*)</p>\n|\n([^<]*)\n)</details>(?=\n(?:\n|\Z)|\Z)"
)
_LONGEST_LABEL: Final = 60
_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_FEWEST_BREAKS: Final = 3
_MOST_BROKEN_WORDS: Final = 2
_SAMPLE: Final = 4000


class Offsets(Protocol):
    """A set of offsets in the body."""

    def __contains__(self, offset: int, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Slip:
    """A mended mistake: what it was, and where in the body."""

    code: str
    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class Folded:
    """What a block holds, where in the body it ends, and what was mended.

    The label is empty where it only says that here is the original, as it nearly always does.
    ``misplaced`` is text of the translation that had slipped between the tags.
    """

    label: str
    markdown: str
    end: int
    slips: tuple[Slip, ...]
    misplaced: str = ""
    hidden: bool = False


@dataclass(slots=True)
class _Summary:
    """What was read up to the content: text before the summary, its label, where it stops."""

    before: str
    label: str
    end: int
    misplaced: str = ""
    holds_text: bool = False


def read_original(body: str, start: int, code: Offsets = ()) -> Folded:
    """Read the block whose opener begins at ``start``; this never fails and loses no text.

    ``code`` holds the offsets of the body at which a tag is only shown.
    """
    canonical = _CANONICAL.match(body, start)
    if canonical:
        markdown = canonical[1] or canonical[2] or ""
        if "\n#" not in markdown:
            return Folded("", _tidy_space(markdown), canonical.end(), ())
    slips: list[Slip] = []
    opener = OPENER.match(body, start)
    assert opener is not None
    hidden = _HIDDEN.search(opener.group()) is not None
    position = _read_openers(body, opener, slips)
    summary = _read_summary(body, position, slips)
    content_end, end = _find_end(body, summary.end, slips, code)
    content = body[summary.end : content_end]
    _check_paragraphs(content, summary.end, slips)
    markdown = _read_content(content, summary.end, code)
    if summary.holds_text and _has_lost_bold(markdown):
        markdown = f"**{markdown}"
    before = _read_content(summary.before) if summary.before else ""
    misplaced = summary.misplaced
    if before and language_of(before) == "zh-Hans" and language_of(markdown) == "en":
        misplaced = f"{before}\n\n{misplaced}".strip()
    elif before:
        markdown = f"{before}\n\n{markdown}".strip()
    label = summary.label
    if not markdown and not _LABEL.fullmatch(label):
        label, markdown = "", label
    if label and _LABEL.fullmatch(label):
        label = ""
    return Folded(label, markdown, max(end, opener.end()), tuple(slips), misplaced, hidden)


def _read_openers(body: str, opener: re.Match[str], slips: list[Slip]) -> int:
    """Return where the openers of a block stop; a doubled one is of no account."""
    if opener.group()[:8].lower() != _DETAILS:
        slips.append(Slip("post.details-missing", opener.start(), "the original is not opened"))
        return opener.start()
    while True:
        if not opener.group().endswith(">"):
            message = f"the tag `{opener.group().strip()}` is cut off"
            slips.append(Slip("post.tag-cut", opener.start(), message))
        again = OPENER.match(body, _skip_space(body, opener.end(), len(body)))
        if again is None or again.group()[:8].lower() != _DETAILS:
            return opener.end()
        slips.append(Slip("post.details-nested", again.start(), "an original is opened twice"))
        opener = again


def _read_summary(body: str, start: int, slips: list[Slip]) -> _Summary:
    """Read the summary, if there is one before the next other tag.

    One that is closed by another tag, or not at all, is recognised by the label's words; one
    that holds the content itself has no label.
    """
    if body.startswith("<p", start):
        return _Summary("", "", start)
    tag = _NEXT.search(body, start)
    if tag is None or not tag["summary"]:
        slips.append(Slip("post.summary-missing", start, "the original has no summary"))
        return _Summary("", "", start)
    before, position = body[start : tag.start()].strip(), tag.end()
    if before:
        message = "text stands between the opening tag and the summary"
        slips.append(Slip("post.text-misplaced", start, message))
    proper = _SUMMARY_TEXT.match(body, position)
    label = " ".join(proper[1].split()) if proper else ""
    if proper and len(label) <= _LONGEST_LABEL:
        if _MISSPELT.search(label):
            slips.append(Slip("post.summary-label", position, f"the label is {label!r}"))
        elif not body.startswith(("\n\n", "\n<p"), proper.end()):
            _check_blank(body, proper.end(), "the summary", slips)
        return _Summary(before, label, proper.end())
    known = _LABEL.match(body, position)
    if known is None:
        message = "the summary holds the original's text"
        slips.append(Slip("post.summary-not-closed", tag.start(), message))
        return _Summary(before, "", position, holds_text=True)
    return _close_summary(body, known, before, slips)


def _close_summary(body: str, known: re.Match[str], before: str, slips: list[Slip]) -> _Summary:
    """Find what stands for the closing tag behind a label that is known by its words."""
    closer = _LABEL_CLOSER.match(body, known.end())
    label = known[1]
    if closer is None:
        slips.append(Slip("post.summary-not-closed", known.end(), "the summary is not closed"))
        return _Summary(before, label, known.end())
    code, message = "post.summary-not-closed", f"the summary is closed by `{closer.group()}`"
    if closer.group().startswith("</p"):
        code = "post.summary-closed-by-p"
    elif re.match(f"<{_CLOSER}", closer.group()) and not _has_content(body, closer.end()):
        # It closes the block: there is no original between the tags.
        return _Summary(before, label, known.end())
    slips.append(Slip(code, closer.start(), message))
    if closer.group() != "</":
        return _Summary(before, label, closer.end())
    line_end = body.find("\n", closer.end())
    line_end = len(body) if line_end < 0 else line_end
    leaked = body[closer.end() : line_end].strip()
    if language_of(leaked) != "zh-Hans":
        return _Summary(before, label, closer.end())
    message = "text of the translation stands in the closing tag"
    slips.append(Slip("post.text-misplaced", closer.end(), message))
    return _Summary(before, label, line_end, leaked)


def _check_blank(body: str, position: int, what: str, slips: list[Slip]) -> None:
    """Report text that Markdown would take for HTML, for want of a blank line above it."""
    if _LOST_BLANK.match(body, position):
        message = f"no blank line follows {what}"
        slips.append(Slip("post.no-blank-line", position, message))


def _check_paragraphs(content: str, offset: int, slips: list[Slip]) -> None:
    if "<p" in content or "</p" in content:
        tags = [match.group()[1] == "/" for match in _PARAGRAPH.finditer(content)]
        if any(tags[::2]) or not all(tags[1::2]) or len(tags) % 2:
            message = "`<p>` and `</p>` do not match"
            slips.append(Slip("post.p-unbalanced", offset, message))


def _has_content(body: str, position: int) -> bool:
    """Tell whether an original follows, rather than the translation's next paragraph."""
    ahead = _NEXT.search(body, position)
    if ahead is None or not ahead["closer"]:
        return False
    return language_of(_PARAGRAPH.sub(" ", body[position : ahead.start()])) == "en"


def _find_end(body: str, start: int, slips: list[Slip], code: Offsets) -> tuple[int, int]:
    """Return where the content stops and where the block with its closer ends."""
    tags = _NEXT
    position = start
    if (opener := OPENER.match(body, start)) and opener.group()[1] in "pP":
        tags, position = _NEXT_OR_PARAGRAPH, opener.end()
    match = _next_end(tags, body, start, position, code)
    while match and match["closer"] and (summary := _summary_behind(body, match.end())):
        message = f"the summary is closed by `{match.group()}`"
        slips.append(Slip("post.summary-not-closed", match.start(), message))
        match = _next_end(tags, body, start, summary.end(), code)
    limit = match.start() if match else len(body)
    closer = match.group() if match and (match["closer"] or match["garbage"]) else ""
    cut = (_cut_at_heading if closer else _cut_unclosed)(body, start, limit)
    if match is None or not closer or cut < limit:
        slips.append(Slip("post.details-not-closed", start, "the original is not closed"))
        return cut, cut
    if not _PROPER_CLOSER.fullmatch(closer):
        message = f"the original is closed by `{closer.strip()[:40]}`"
        slips.append(Slip("post.details-misclosed", limit, message))
    else:
        _check_blank(body, match.end(), "`</details>`", slips)
    return limit, match.end()


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
        name = re.match(r"</\s{0,9}([A-Za-z]\w{0,30})", match.group())
        if name is None:
            break
        if name[1] not in own and body.find(f"<{name[1]}", start, match.start()) < 0:
            break
        own.add(name[1])
        match = tags.search(body, match.end())
    return match


def _summary_behind(body: str, position: int) -> re.Match[str] | None:
    """Return the summary that follows at once: what seemed to close the block did not."""
    match = _NEXT.match(body, _skip_space(body, position, position + 20))
    return match if match and match["summary"] else None


def _skip_space(body: str, start: int, limit: int) -> int:
    space = _SPACE.match(body, start, limit)
    return space.end() if space else start


def _cut_at_heading(body: str, start: int, limit: int) -> int:
    """Return where an English block runs into a Chinese heading, or ``limit``."""
    position = body.find("\n#", start, limit)
    if position < 0 or language_of(body[start : min(position, start + _SAMPLE)]) != "en":
        return limit
    while position >= 0:
        line_end = body.find("\n", position + 1, limit)
        line_end = limit if line_end < 0 else line_end
        line = body[position + 1 : line_end]
        if line.lstrip("#")[:1] in (" ", "\t") and language_of(line) == "zh-Hans":
            return position + 1
        position = body.find("\n#", position + 1, limit)
    return limit


def _cut_unclosed(body: str, start: int, limit: int) -> int:
    """Return where the content of an unclosed block stops.

    That is the first heading, the first line in another language than the block's, or the
    first that follows the last ``</p>``.
    """
    language = ""
    ended = False
    offset = start
    while offset < limit:
        line_end = body.find("\n", offset, limit)
        line_end = limit if line_end < 0 else line_end
        line = body[offset:line_end].strip()
        if line and language:
            if line.startswith("#") and line.lstrip("#")[:1] in (" ", "\t"):
                return offset
            if ended and not _PARAGRAPH.match(line):
                return offset
            found = language_of(_PARAGRAPH.sub(" ", line))
            if found and found != language:
                return offset
        elif line:
            language = language_of(_PARAGRAPH.sub(" ", line))
        ended = line.endswith("</p>") or (ended and not line)
        offset = line_end + 1
    return limit


def _read_content(text: str, start: int = 0, code: Offsets = ()) -> str:
    """Return the Markdown of a block, which begins at ``start``: its tags become blank lines."""

    def drop(tag: re.Match[str]) -> str:
        return tag.group() if start + tag.start() in code else "\n\n"

    return _tidy_space(_NOISE.sub(drop, text) if "<" in text else text)


def _tidy_space(text: str) -> str:
    text = text.strip("\n ")
    if text.count("<br") >= _FEWEST_BREAKS and language_of(text) == "en":
        text = _join_broken_words(text)
    return re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" in text else text


def _join_broken_words(text: str) -> str:
    """Return text whose every word has been put on a line of its own as running text again.

    Subtitles come like that; a poem has more than two words on most of its lines.
    """
    lines = [" ".join(line.split()) for line in _BREAK.split(text)]
    lines = [line for line in lines if line]
    short = sum(len(line.split(" ", _MOST_BROKEN_WORDS)) <= _MOST_BROKEN_WORDS for line in lines)
    return " ".join(lines) if short > 0.8 * len(lines) else text


def _has_lost_bold(markdown: str) -> bool:
    """Tell whether a label has swallowed the asterisks before a speaker's name."""
    line = markdown.split("\n", 1)[0]
    return line.count("**") % 2 == 1 and _LOST_BOLD.match(line) is not None
