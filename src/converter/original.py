"""The folded original: finding where a block starts and ends, and reading what it holds.

Both dialects (a ``<p>`` of HTML, or Markdown between the tags) and their slips are read by
one tolerant grammar: an opener, an optional summary, a body, and whatever closes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .language import language_of

__all__ = ["OPENER", "Folded", "read_original", "strip_comments"]

OPENER = re.compile(
    r"<details\b[^<>\n]{0,200}>?"
    r"|<summary\b[^<>\n]{0,200}>"
    r"|<p\s+class=[\"']?(?:english|chinese|original|p-english)[^<>\n]{0,60}>",
    re.IGNORECASE,
)
_CLOSER = r"</\s*(?:s?i?deta?i?l?s)\b[^<>\n\u3400-\u9fff]{0,8}[>\]]?"
_FORMATTING = (
    "summary|source|p|b|i|u|s|em|strong|font|span|br|a|sup|sub|div|li|ul|ol|h[1-6]|code|table"
    "|tr|td|th"
)
_GARBAGE = (
    rf"</(?!(?:{_FORMATTING})\b)(?=[^\S\n]*(?:[A-Za-z_][\w ]{{0,30}})?[;_>\]]*[^\S\n]*(?:\n|\Z))"
    r"[^\n]*|</(?=[\u3400-\u9fff])|</s [A-Z][a-z]+>"
)
_END = re.compile(
    rf"(?P<closer>{_CLOSER})|(?P<opener><details\b[^<>\n]{{0,200}}>?)|(?P<garbage>{_GARBAGE})",
    re.IGNORECASE,
)
_SUMMARY = re.compile(r"<summary\b[^<>\n]{0,200}>", re.IGNORECASE)
_LABEL = re.compile(
    r"\s*((?:查看/隐藏英文原文\s*/\s*)?(?:(?:View|Veiw|V)\s*/\s*(?:Hide|Show|H)\s+)?"
    r"(?:Original\s+)*(?:English|Text|Chinese|Transcript)(?:\s+(?:Source|Transcript|Original))?"
    r"(?:-\d+)?(?![A-Za-z])|(?:查看|显示|展开|点击|隐藏|/)*(?:英文|中文)?原文)[^\S\n]*",
    re.IGNORECASE,
)
_LABEL_CLOSER = re.compile(r"</[^<>\n\u3400-\u9fff]{0,30}[>;]?|[”\"]>")
_PARAGRAPH = re.compile(r"<p(?:\s[^<>\n]{0,80})?>|</p\s*>?", re.IGNORECASE)
_SUMMARY_CLOSER = re.compile(r"</?summary[\w;]*\s*>?", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)
_PARAGRAPH_START = re.compile(r"(?:\A|\n)[^\S\n]*(?=\S)")
_LONGEST_LABEL: Final = 60


@dataclass(frozen=True, slots=True)
class Folded:
    """What a block holds, where in the body it ends, and the codes of what was mended.

    The label is empty where it only says that here is the original, as it nearly always does.
    """

    label: str
    markdown: str
    end: int
    codes: tuple[tuple[str, str], ...]


def read_original(body: str, start: int) -> Folded:
    """Read the block whose opener begins at ``start``; this never fails and loses no text."""
    codes: list[tuple[str, str]] = []
    opener = OPENER.match(body, start)
    assert opener is not None
    position = opener.end() if opener.group()[:8].lower() == "<details" else start
    while (again := OPENER.match(body, _skip_space(body, position))) and (
        again.group()[:8].lower() == "<details"
    ):
        codes.append(("post.details-nested", "an original is opened twice"))
        position = again.end()
    before, label, position = _read_summary(body, position, codes)
    content_end, end = _find_end(body, position, codes)
    markdown = _read_content(before + "\n\n" + body[position:content_end])
    if _LABEL.fullmatch(label):
        label = ""
    return Folded(label, markdown, max(end, opener.end()), tuple(codes))


def strip_comments(text: str) -> str:
    """Return text without HTML comments; an unclosed one stays as text."""
    return _COMMENT.sub("", text) if "<!--" in text else text


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _read_summary(body: str, start: int, codes: list[tuple[str, str]]) -> tuple[str, str, int]:
    """Return the text before the summary, its label, and the offset where the content starts.

    A summary that is closed by another tag, or not at all, is recognised by the label's
    words; one that holds the content itself has no label.
    """
    summary = _SUMMARY.search(body, start)
    limit = _END.search(body, start)
    if summary is None or (limit and limit.start() < summary.start()):
        return "", "", start
    before, position = body[start : summary.start()], summary.end()
    line_end = body.find("\n", position)
    line_end = len(body) if line_end < 0 else line_end
    proper = re.compile(r"\s*([^<]{0,120}?)\s*</summary\s*>", re.IGNORECASE).match(body, position)
    if proper and len(proper[1]) <= _LONGEST_LABEL:
        return before, " ".join(proper[1].split()), proper.end()
    known = _LABEL.match(body, position)
    if known is None:
        codes.append(("post.summary-not-closed", "the summary holds the original's text"))
        return before, "", position
    closer = _LABEL_CLOSER.match(body, known.end(), line_end)
    if closer is None:
        codes.append(("post.summary-not-closed", "the summary is not closed"))
        return before, known[1], known.end()
    if closer.group().startswith("</p"):
        codes.append(("post.summary-closed-by-p", "the summary is closed by `</p>`"))
    elif re.match(_CLOSER, closer.group()) and not _has_content(body, closer.end()):
        return before, known[1], known.end()
    else:
        message = f"the summary is closed by `{closer.group()}`"
        codes.append(("post.summary-not-closed", message))
    return before, known[1], closer.end()


def _has_content(body: str, position: int) -> bool:
    """Tell whether an original follows, rather than the translation's next paragraph."""
    ahead = _END.search(body, position)
    text = body[position : ahead.start()] if ahead else ""
    return bool(ahead and ahead["closer"]) and language_of(_PARAGRAPH.sub(" ", text)) == "en"


def _find_end(body: str, start: int, codes: list[tuple[str, str]]) -> tuple[int, int]:
    """Return where the content stops and where the block with its closer ends."""
    match = _END.search(body, start)
    while match and match["garbage"] and _is_element(body, start, match):
        match = _END.search(body, match.end())
    if match is not None and not match["opener"]:
        content = body[start : match.start()]
        cut = _cut_at_heading(content)
        if cut >= 0:
            codes.append(("post.details-not-closed", "the original is not closed"))
            return start + cut, start + cut
        if not re.fullmatch(r"</details\s*>", match.group(), re.IGNORECASE):
            message = f"the original is closed by `{match.group().strip()[:40]}`"
            codes.append(("post.details-misclosed", message))
        return match.start(), match.end()
    limit = match.start() if match else len(body)
    codes.append(("post.details-not-closed", "the original is not closed"))
    end = start + _cut_unclosed(body[start:limit])
    return end, end


def _is_element(body: str, start: int, match: re.Match[str]) -> bool:
    """Tell whether a closing tag has its opening tag in the text: then it is the text's own."""
    name = re.match(r"</\s*([A-Za-z]\w*)", match.group())
    return bool(name) and f"<{name[1] if name else ''}" in body[start : match.start()]


def _cut_at_heading(content: str) -> int:
    """Return where an English block runs into a Chinese heading, or -1."""
    for heading in _HEADING.finditer(content):
        line = content[heading.start() :].split("\n", 1)[0]
        if language_of(line) == "zh-Hans" and language_of(content[: heading.start()]) == "en":
            return heading.start()
    return -1


def _cut_unclosed(content: str) -> int:
    """Return where the content of an unclosed block stops.

    That is the first heading, or the first paragraph in another language than the block's.
    """
    language = ""
    for paragraph in _PARAGRAPH_START.finditer(content):
        offset = paragraph.end()
        line = content[offset:].split("\n", 1)[0] if offset < len(content) else ""
        text = _PARAGRAPH.sub(" ", line)
        if language and _HEADING.match(line):
            return offset
        found = language_of(text)
        if language == "en" and found == "zh-Hans":
            return offset
        language = language or found
    return len(content)


def _read_content(text: str) -> str:
    """Return the Markdown of a block: tags of paragraphs become blank lines."""
    text = strip_comments(text)
    if "<" in text:
        text = _SUMMARY_CLOSER.sub("\n\n", text)
        text = _PARAGRAPH.sub("\n\n", text)
    lines = [line.rstrip(" ") if not line.endswith("  ") else line for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n ")
