"""From text to Post: front matter, then the body as a flat tuple of blocks.

Parsing cannot fail. The body is cut at the openers of originals; what lies between is parted
at blank lines into headings and Markdown blocks. What is not understood stays visible text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import PurePosixPath
from typing import Final

from .diagnostics import Diagnostic
from .front_matter import parse_front_matter, split_front_matter
from .gloss import find_glosses
from .language import chinese_variant, language_of, sample_texts
from .markdown import CJK, plain_text
from .model import Block, FrontMatter, Heading, Original, Post, Prose, Span
from .original import OPENER, read_original
from .verbatim import Regions, blank_comments, find_code

__all__ = ["Parsed", "parse_post", "plain_title"]

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACES: Final = frozenset("\x0b\x0c\x85\u2028\u2029")
_SPACE_LINE = re.compile(r"\n[^\S\n]+(?=\n)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*)|(?<=##)([^#\s].*)|)$")
_HEADING_AHEAD = re.compile(r"^ {0,3}#", re.MULTILINE)
_STRAY = re.compile(
    r"</?(?:details|summary|p)\b[^<>\n]{0,200}>|</(?:details|summary)\b", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]{0,500}>")
_MARKUP = re.compile(r"[\\`*_\[\]<>&~$!]|://|\n")
_LEFTOVER = re.compile(r"^\[(?:BODY|AI_META|TRANSCRIPT)_(?:START|END)\]", re.MULTILINE)
_LIST_ITEM = re.compile(r" {0,3}(?:[-*]|\d{1,3}[.)])(?:[ \t]|$)")
_ITEM_STARTS: Final = frozenset(" -*0123456789")
_TURN = re.compile(
    r"(?:>>[ ]{0,3})?(?:\*\*\[?(?P<before>[^*\n:：\]]{1,40})\]?\*\*[ ]?[:：]"
    r"|\*\*\[?(?P<inside>[^*\n:：\]]{1,40})\]?[:：][ ]?\*\*"
    r"|\[(?P<bracket>[^\[\]*\n:：]{1,40})\][:：]"
    r"|<span class=\"speaker\">(?:\*\*)?(?P<span>[^<>*\n]{1,40}?)[:：]?(?:\*\*)?</span>)"
)
_TURN_STARTS: Final = frozenset("*>[<")
_PLAIN_TURN = re.compile(
    r"(?:>>[ ]{0,3})?(?:(?P<latin>[A-Z][\w.'’-]{0,20}(?: [A-Z0-9][\w.'’-]{0,20}){0,3}): "
    r"|(?P<han>[\u3400-\u9fff·]{2,8})[:：]|\*\*(?P<line>[^*\n:：。？！，]{2,20})\*\*\n)"
)
_NAME = re.compile(r"\w")
_CJK = re.compile(f"[{CJK}]")
_WORD = re.compile("[A-Za-z]+")
_FEW_WORDS: Final = 3
_LONGEST_TITLE: Final = 2000
_FEWEST_TURNS: Final = 3
"""How often a plain ``Name:`` must begin a paragraph of a post to be a speaker's."""


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
    blocks = tuple(_set_variant(_set_speakers(reader.read())))
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
    if text.replace("\n", "").isprintable():
        return text
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
    title = plain_title(front_matter.title)
    if title == front_matter.title != "":
        return front_matter
    if not title:
        headings = (plain_title(block.text) for block in blocks if isinstance(block, Heading))
        title = next(filter(None, headings), "") or PurePosixPath(path).stem
        message = f"the post has no title; {title[:60]!r} stands in"
        found.append(Diagnostic(path, 1, 0, "front-matter.no-title", message))
    return replace(front_matter, title=title)


def plain_title(text: str) -> str:
    """Return a title or heading without its Markdown; one that is no title any more as it is."""
    is_marked_up = len(text) < _LONGEST_TITLE and _MARKUP.search(text)
    return plain_text(text) if is_marked_up else text


def _set_speakers(blocks: list[Block]) -> list[Block]:
    """Name the speakers of turns written as plain ``Name:``, where the name recurs."""
    turns: list[tuple[int, Prose, str]] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Prose) and not block.speaker:
            match = _PLAIN_TURN.match(block.markdown)
            if match:
                name = match["latin"] or match["han"] or match["line"]
                turns.append((index, block, name))
    counts = Counter(name for _, _, name in turns)
    for index, block, name in turns:
        if counts[name] >= _FEWEST_TURNS:
            blocks[index] = replace(block, speaker=name)
    return blocks


def _set_variant(blocks: list[Block]) -> list[Block]:
    """Say of Chinese blocks whether they are in simplified or traditional characters.

    A block of a post that mixes the two is judged by its own characters, if they tell.
    """
    chinese = {
        index: block
        for index, block in enumerate(blocks)
        if isinstance(block, Prose | Original) and block.language == "zh-Hans"
    }
    sample = sample_texts([block.markdown for block in chinese.values()])
    variant = chinese_variant(sample)
    if variant in ("zh-Hans", ""):
        return blocks
    for index, block in chinese.items():
        if variant == "zh-Hant" or chinese_variant(block.markdown) == "zh-Hant":
            blocks[index] = replace(block, language="zh-Hant")
    return blocks


@dataclass(slots=True)
class _Body:
    """The reader of one body: where it is, and the lines and list items that it is gathering."""

    path: str
    body: str
    first_line: int
    found: list[Diagnostic] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    _fences: Regions = field(default_factory=Regions)
    _code: Regions = field(default_factory=Regions)
    _stray_fences: set[int] = field(default_factory=set)
    _line_starts: list[int] = field(default_factory=list)
    _chunk: list[str] = field(default_factory=list)
    _chunk_line: int = 0
    _items: list[str] = field(default_factory=list)
    _items_line: int = 0
    _items_end: int = 0

    def read(self) -> list[Block]:
        """Return the blocks in reading order."""
        self._prepare()
        position = 0
        for opener in OPENER.finditer(self.body):
            start = opener.start()
            if start >= position and start not in self._code:
                self._read_prose(position, start)
                position = self._read_original(start)
        self._read_prose(position, len(self.body))
        return self.blocks

    def _prepare(self) -> None:
        """Find lines and code; take out comments, which are for the author alone."""
        body = self.body
        if "<!--" in body:
            body = blank_comments(body, find_code(body)[1])
        body = _SPACE_LINE.sub("\n", "\n" + body)[1:]
        self._fences, self._code, strays = find_code(body)
        self.body = body
        self._line_starts = [0, *accumulate(map(len, body.splitlines(keepends=True)))]
        self._stray_fences = set(strays)
        for offset in strays:
            self._report(offset, "post.fence-stray", "the code fence has no partner")
        if "_START]" in body or "_END]" in body:
            for match in _LEFTOVER.finditer(body):
                message = f"`{match.group()}` is a mark of a generator"
                self._report(match.start(), "post.leftover", message)

    def _place(self, offset: int) -> tuple[int, int]:
        row = bisect_right(self._line_starts, offset) - 1
        return self.first_line + row, offset - self._line_starts[row] + 1

    def _report(self, offset: int, code: str, message: str) -> None:
        line, column = self._place(offset)
        self.found.append(Diagnostic(self.path, line, column, code, message))

    def _read_original(self, start: int) -> int:
        folded = read_original(self.body, start, self._code)
        if folded.hidden:
            self._report(start, "post.original-hidden", "the block is hidden from readers")
            return folded.end
        for slip in folded.slips:
            self._report(slip.offset, slip.code, slip.message)
        line, end = self._place(start)[0], self._place(folded.end - 1)[0] + 1
        if folded.misplaced:
            self._append(folded.misplaced, line)
            self._flush(line + 1)
            self._flush_items()
        if not folded.markdown:
            self._report(start, "post.original-empty", "the original has no text")
        else:
            if not self.blocks or isinstance(self.blocks[-1], Heading):
                message = "no paragraph stands above the original"
                self._report(start, "post.original-unpaired", message)
            language = language_of(folded.markdown)
            self.blocks.append(Original(Span(line, end), folded.label, language, folded.markdown))
        return folded.end

    def _read_prose(self, start: int, end: int) -> None:
        """Read the lines between two originals; the last block ends with them."""
        if start and self.body[start - 1] != "\n":
            while start < end and self.body[start] in " \t":
                start += 1
        text = self.body[start:end]
        if not text or text.isspace():
            return
        number = self._place(start)[0]
        if self._fences.meet(start, end):
            self._read_lines(text, number, start)
            self._flush_items()
            return
        offset = start
        for chunk in text.split("\n\n"):
            stripped = chunk.strip("\n").rstrip()
            if stripped:
                skipped = len(chunk) - len(chunk.lstrip("\n"))
                self._read_chunk(stripped, number + skipped, offset + skipped)
            number += chunk.count("\n") + 2
            offset += len(chunk) + 2
        self._flush_items()

    def _read_chunk(self, chunk: str, number: int, offset: int) -> None:
        """Read lines without a blank one among them."""
        plain = "<" not in chunk and not ("#" in chunk and _HEADING_AHEAD.search(chunk))
        if plain and not (self._stray_fences and "```" in chunk):
            self._append(chunk, number)
            self._flush(number + chunk.count("\n") + 1)
        else:
            self._read_lines(chunk, number, offset)

    def _read_lines(self, text: str, number: int, offset: int) -> None:
        for line in text.split("\n"):
            if offset in self._fences:
                self._append(line, number)
            elif offset not in self._stray_fences:
                self._read_line(line, number, offset)
            offset += len(line) + 1
            number += 1
        self._flush(number)

    def _read_line(self, line: str, number: int, offset: int) -> None:
        if "<" in line:
            line = self._drop_stray_tags(line, offset)
        if not line or line.isspace():
            self._flush(number)
            return
        heading = _HEADING.match(line) if "#" in line[:4] else None
        if heading is None:
            self._append(line, number)
            return
        self._flush(number)
        self._flush_items()
        text = _strip_closing_hashes((heading[2] or heading[3] or "").strip())
        if any(map(str.isalnum, _TAG.sub("", text))):
            if heading[3]:
                message = "no space parts the hashes from the heading"
                self._report(offset, "post.heading-no-space", message)
            self.blocks.append(Heading(Span(number, number + 1), len(heading[1]), text))
            return
        self._report(offset, "post.heading-empty", "the heading has no text")
        if _TAG.sub("", text).strip():
            self._append(text, number)

    def _drop_stray_tags(self, line: str, offset: int) -> str:
        def drop(match: re.Match[str]) -> str:
            place = offset + match.start()
            if place in self._code:
                return match.group()
            if not match.group().lower().startswith("<p"):
                self._report(place, "post.stray-tag", f"`{match.group()}` closes nothing")
            return " "

        return _STRAY.sub(drop, line)

    def _append(self, line: str, number: int) -> None:
        if not self._chunk:
            self._chunk_line = number
        self._chunk.append(line)

    def _flush(self, end: int) -> None:
        """Make a block of the gathered lines; items of a list wait for those that follow."""
        if not self._chunk:
            return
        markdown = "\n".join(self._chunk)
        self._chunk = []
        continues = bool(self._items) and markdown.startswith(("  ", "\t"))
        if continues or (markdown[0] in _ITEM_STARTS and _LIST_ITEM.match(markdown)):
            if not self._items:
                self._items_line = self._chunk_line
            self._items.append(markdown)
            self._items_end = end
            return
        self._flush_items()
        self.blocks.append(_prose(Span(self._chunk_line, end), markdown))

    def _flush_items(self) -> None:
        if self._items:
            span = Span(self._items_line, self._items_end)
            self.blocks.append(_prose(span, "\n\n".join(self._items)))
            self._items = []


def _prose(span: Span, markdown: str) -> Prose:
    turn = _TURN.match(markdown) if markdown[0] in _TURN_STARTS else None
    speaker = (turn["before"] or turn["inside"] or turn["bracket"] or turn["span"]) if turn else ""
    speaker = speaker.strip() if speaker and _NAME.search(speaker) else ""
    shows_code = "```" in markdown or "~~~" in markdown
    glosses = () if shows_code else tuple(find_glosses(markdown))
    language = language_of(markdown)
    if language == "en" and _CJK.search(markdown) and len(_WORD.findall(markdown)) <= _FEW_WORDS:
        # ``嘉宾：OK。`` is Chinese: its label says more than its words.
        language = "zh-Hans"
    return Prose(span, markdown, language, speaker, glosses)


def _strip_closing_hashes(text: str) -> str:
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else text
