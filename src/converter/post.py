"""From text to Post: front matter, then the body as a flat tuple of blocks.

Parsing cannot fail. The body is cut at the openers of originals; what lies between is read
line by line into headings and Markdown blocks. What is not understood stays visible text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final

from .diagnostics import Diagnostic
from .front_matter import parse_front_matter, split_front_matter
from .gloss import find_glosses
from .language import chinese_variant, language_of
from .markdown import plain_text
from .model import Block, FrontMatter, Heading, Original, Post, Prose, Span
from .original import OPENER, read_original, strip_comments

__all__ = ["Parsed", "parse_post"]

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACES: Final = frozenset("\x0b\x0c\x85\u2028\u2029")
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})(.*)$", re.MULTILINE)
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*)|(?<=##)([^#\s].*)|)$")
_STRAY = re.compile(
    r"</?(?:details|summary|p)\b[^<>\n]{0,200}>|</(?:details|summary)\b", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]*>")
_LIST_ITEM = re.compile(r" {0,3}(?:[-*]|\d{1,3}[.)])(?:[ \t]|$)")
_TURN = re.compile(
    r"(?:>>[ ]*)?(?:\*\*\[?(?P<before>[^*\n:：\]]{1,40})\]?\*\*[ ]?[:：]"
    r"|\*\*\[?(?P<inside>[^*\n:：\]]{1,40})\]?[:：]\*\*)"
)
_SAMPLE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Parsed:
    """A post and what was found while reading it."""

    post: Post
    diagnostics: tuple[Diagnostic, ...]


def parse_post(path: str, text: str) -> Parsed:
    """Return the post that a text holds; every visible character of it is in some block."""
    found: list[Diagnostic] = []
    text = _clean_text(path, text, found)
    fenced = split_front_matter(text)
    front_matter, problems = parse_front_matter(path, fenced)
    found += problems
    line_offset = text.count("\n", 0, fenced.body_start)
    reader = _Body(path, fenced.body, line_offset + 1)
    blocks = _set_variant(tuple(reader.read()))
    found += reader.found
    if not blocks:
        found.append(Diagnostic(path, 0, 0, "post.empty", "the post has no text"))
    front_matter = _complete_title(path, front_matter, blocks, found)
    return Parsed(Post(path, "", front_matter, blocks), tuple(sorted(found)))


def _clean_text(path: str, text: str, found: list[Diagnostic]) -> str:
    """Replace what no edition can hold: control characters, surrogates, noncharacters."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = _CONTROL.search(text)
    if first is None:
        return text
    line = text.count("\n", 0, first.start()) + 1
    column = first.start() - text.rfind("\n", 0, first.start())
    message = f"the text holds U+{ord(first.group()):04X}, which no edition can show"
    found.append(Diagnostic(path, line, column, "input.control-character", message))
    return _CONTROL.sub(lambda m: " " if m.group() in _SPACES else "\ufffd", text)


def _complete_title(
    path: str, front_matter: FrontMatter, blocks: tuple[Block, ...], found: list[Diagnostic]
) -> FrontMatter:
    title = plain_text(front_matter.title)
    if title:
        return replace(front_matter, title=title)
    headings = (plain_text(block.text) for block in blocks if isinstance(block, Heading))
    title = next(filter(None, headings), "") or PurePosixPath(path).stem
    message = f"the post has no title; {title[:60]!r} stands in"
    found.append(Diagnostic(path, 1, 0, "front-matter.no-title", message))
    return replace(front_matter, title=title)


def _set_variant(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Say of all Chinese blocks whether they are in simplified or traditional characters."""
    sample = ""
    for block in blocks:
        if isinstance(block, Prose | Original) and block.language == "zh-Hans":
            sample += block.markdown
            if len(sample) > _SAMPLE:
                break
    if chinese_variant(sample) == "zh-Hans":
        return blocks
    return tuple(
        replace(block, language="zh-Hant")
        if isinstance(block, Prose | Original) and block.language == "zh-Hans"
        else block
        for block in blocks
    )


@dataclass(slots=True)
class _Body:
    """The reader of one body: where it is, and the block that it is gathering lines for."""

    path: str
    body: str
    first_line: int
    found: list[Diagnostic] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    _chunk: list[str] = field(default_factory=list)
    _chunk_line: int = 0
    _line_starts: list[int] = field(default_factory=list)
    _is_list: bool = False

    def read(self) -> list[Block]:
        """Return the blocks in reading order."""
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", self.body))]
        code = _code_regions(self.body)
        position = 0
        for opener in self._openers(code):
            if opener < position:
                continue
            self._read_prose(position, opener, code)
            position = self._read_original(opener)
        self._read_prose(position, len(self.body), code)
        return self.blocks

    def _openers(self, code: list[tuple[int, int]]) -> Iterator[int]:
        """Yield the offsets of all openers outside code."""
        starts = [start for start, _ in code]
        for match in OPENER.finditer(self.body):
            region = bisect_right(starts, match.start()) - 1
            if region >= 0 and match.start() < code[region][1]:
                continue
            line_start = self.body.rfind("\n", 0, match.start()) + 1
            line_end = self.body.find("\n", match.start())
            line = self.body[line_start : line_end if line_end >= 0 else len(self.body)]
            if "`" not in line or not _in_code_span(line, match.start() - line_start):
                yield match.start()

    def _place(self, offset: int) -> tuple[int, int]:
        row = bisect_right(self._line_starts, offset) - 1
        return self.first_line + row, offset - self._line_starts[row] + 1

    def _report(self, offset: int, code: str, message: str) -> None:
        line, column = self._place(offset)
        self.found.append(Diagnostic(self.path, line, column, code, message))

    def _read_original(self, start: int) -> int:
        folded = read_original(self.body, start)
        for code, message in folded.codes:
            self._report(start, code, message)
        language = language_of(folded.markdown)
        if not folded.markdown or not (language or any(map(str.isalnum, folded.markdown))):
            self._report(start, "post.original-empty", "the original has no text")
            return folded.end
        if not self.blocks or isinstance(self.blocks[-1], Heading):
            self._report(start, "post.original-unpaired", "no paragraph stands above the original")
        span = Span(self._place(start)[0], self._place(folded.end - 1)[0] + 1)
        self.blocks.append(Original(span, folded.label, language, folded.markdown))
        return folded.end

    def _read_prose(self, start: int, end: int, code: list[tuple[int, int]]) -> None:
        """Read the lines between two originals; the last block ends with them."""
        text = self.body[start:end]
        if "<!--" in text:
            text = _blank_comments(text)
        line_number = self._place(start)[0]
        starts = [region_start for region_start, _ in code]
        offset = start
        in_code_until = 0
        for line in text.split("\n"):
            region = bisect_right(starts, offset) - 1 if code else -1
            if region >= 0 and offset < code[region][1]:
                in_code_until = code[region][1]
            if offset < in_code_until:
                self._append(line, line_number)
            else:
                self._read_line(line, line_number, offset)
            offset += len(line) + 1
            line_number += 1
        self._flush(line_number)
        self._is_list = False

    def _read_line(self, line: str, number: int, offset: int) -> None:
        if "<" in line and "`" not in line:
            line = self._drop_stray_tags(line, offset)
        if not line or line.isspace():
            self._flush(number)
            return
        heading = _HEADING.match(line) if "#" in line[:4] else None
        if heading is None:
            self._append(line, number)
            return
        self._flush(number)
        self._is_list = False
        text = (heading[2] or heading[3] or "").strip()
        text = re.sub(r"(?:^|[ \t]+)#+$", "", text)
        if any(map(str.isalnum, _TAG.sub("", text))):
            self.blocks.append(Heading(Span(number, number + 1), len(heading[1]), text))
        elif text:
            self._append(text, number)

    def _drop_stray_tags(self, line: str, offset: int) -> str:
        for match in _STRAY.finditer(line):
            if not match.group().lower().startswith("<p"):
                message = f"`{match.group()}` closes nothing"
                self._report(offset + match.start(), "post.stray-tag", message)
        return _STRAY.sub(" ", line) if "<" in line else line

    def _append(self, line: str, number: int) -> None:
        if not self._chunk:
            self._chunk_line = number
        self._chunk.append(line)

    def _flush(self, end: int) -> None:
        """Make a block of the gathered lines; one that continues a list joins it."""
        if not self._chunk:
            return
        markdown = "\n".join(self._chunk)
        item = _LIST_ITEM.match(markdown) is not None
        continues = self._is_list and (item or markdown.startswith(("  ", "\t")))
        span = Span(self._chunk_line, end)
        if continues and self.blocks and isinstance(self.blocks[-1], Prose):
            last = self.blocks.pop()
            assert isinstance(last, Prose)
            markdown = f"{last.markdown}\n\n{markdown}"
            span = Span(last.span.start, end)
        self._is_list = item or continues
        self._chunk = []
        self.blocks.append(_prose(span, markdown))


def _prose(span: Span, markdown: str) -> Prose:
    turn = _TURN.match(markdown)
    speaker = (turn["before"] or turn["inside"] or "").strip() if turn else ""
    language = language_of(markdown)
    shows_code = "```" in markdown or "~~~" in markdown
    glosses = () if shows_code else tuple(find_glosses(markdown))
    return Prose(span, markdown, language, speaker, glosses)


def _blank_comments(text: str) -> str:
    """Return text without comments but with their line breaks."""
    if strip_comments(text) == text:
        return text
    return re.sub(r"<!--.*?-->", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)


def _in_code_span(line: str, position: int) -> bool:
    return any(
        match.start() < position < match.end()
        for match in re.finditer(r"(`+)(?!`)[^`]+\1(?!`)", line)
    )


def _code_regions(body: str) -> list[tuple[int, int]]:
    """Return the offsets of closed code fences.

    A fence without its like below is a slip of the author and no code; so is one without a
    language that would swallow an original: three stray backticks at two places of a post.
    """
    if "```" not in body and "~~~" not in body:
        return []
    regions: list[tuple[int, int]] = []
    opening: re.Match[str] | None = None
    for fence in _FENCE.finditer(body):
        if opening is None:
            opening = fence if "`" not in fence[2] or fence[1][0] == "~" else None
        elif fence[1].startswith(opening[1]) and not fence[2].strip():
            content = body[opening.end() : fence.start()]
            slip = not opening[2].strip() and "\n<details" in content
            if not slip:
                regions.append((opening.start(), fence.end()))
            opening = fence if slip else None
        elif fence[2].strip() and fence[1][0] == opening[1][0] and len(fence[1]) == len(opening[1]):
            opening = fence
    return regions
