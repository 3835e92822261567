"""From the body of a post to its blocks.

The body is cut at the openers of originals; what lies between is parted at blank lines into
headings and Markdown blocks. What is not understood stays visible text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from .diagnostics import Diagnostic, Edit
from .gloss import find_gloss_slips, find_glosses, find_original_glosses
from .language import language_of, language_outside_brackets
from .model import Block, Heading, Original, Prose, Span
from .original import LABELS, OPENER, read_content, read_original, skip_space
from .prose import make_prose
from .source import Source
from .speaker import part_turns
from .verbatim import Regions, find_code, find_comments, find_quote_marks

__all__ = ["read_body"]

_SPACE_LINE = re.compile(r"\n[^\S\n]+(?=\n)")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*)|(?<=##)([^#\s].*)|)$")
_HEADING_ELEMENT = re.compile(r"<h([1-6])(?:\s[^<>]{0,200})?>(.*)</h\1>\s*")
_HEADING_AHEAD = re.compile(r"^ {0,3}#", re.MULTILINE)
_STRAY = re.compile(
    r"</?(?:details|summary|p)\b[^<>\n]{0,200}>|</(?:details|summary)\b", re.IGNORECASE
)
_DETAILS_CLOSER: Final = "</details>"
_NEAR: Final = 2000
_FOLLOWS: Final = frozenset(("<s", "<S", "<p", "<P", "<d", "<D"))
# Any other tag is text to every edition.
_TAG = re.compile(
    r"</?(?:a|b|big|br|code|div|em|font|i|p|s|small|span|strong|sub|sup|u)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_LEFTOVER = re.compile(r"^\[(?:BODY|AI_META|TRANSCRIPT)_(?:START|END)\]", re.MULTILINE)
_LIST_ITEM = re.compile(r" {0,3}(?:[-*]|\d{1,3}[.)])(?:[ \t]|$)")
_ITEM_STARTS: Final = frozenset(" \t-*0123456789")
_MAY_MEAN_MORE: Final = _ITEM_STARTS | frozenset("#`~")
"""Where a line begins otherwise, and holds no tag, it is a paragraph."""


def read_body(
    path: str, body: str, start: int, first_line: int
) -> tuple[list[Block], list[Diagnostic]]:
    """Return the blocks of a body in reading order, and what was found in it.

    ``start`` and ``first_line`` say where in its file the body begins.
    """
    reader = _Body(path, body, start, first_line)
    reader.read()
    return reader.blocks, reader.found


@dataclass(slots=True)
class _Body:
    """The reader of one body: where it is, and the lines and list items that it is gathering."""

    path: str
    body: str
    start: int
    first_line: int
    found: list[Diagnostic] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    _whole: str = ""
    _source: Source = field(default_factory=lambda: Source(""))
    _fences: Regions = field(default_factory=Regions)
    _code: Regions = field(default_factory=Regions)
    _stray_fences: set[int] = field(default_factory=set)
    _place: int = 0
    _row: int = 0
    _line_starts: list[int] = field(default_factory=list)
    _row_starts: list[int] = field(default_factory=list)
    _chunk: list[str] = field(default_factory=list)
    _chunk_line: int = 0
    _items: list[str] = field(default_factory=list)
    _items_line: int = 0
    _items_end: int = 0
    _interrupted: int = 0

    def read(self) -> None:
        """Read it all, block by block."""
        self._prepare()
        position = 0
        for opener in OPENER.finditer(self.body):
            start = opener.start()
            if start >= position and start not in self._code and self._opens(opener):
                self._read_between(position, start)
                position = self._read_original(start)
        self._read_between(position, len(self.body))

    def _opens(self, opener: re.Match[str]) -> bool:
        """Tell whether a tag opens an original; one that a sentence only mentions does not."""
        start = opener.start()
        if not start or self.body[start - 1] == "\n":
            return True
        if self.body[start - 1] == "\\":
            return False
        line_start = self.body.rfind("\n", max(0, start - _NEAR), start) + 1
        if not self.body[line_start:start].strip(" \t>") or opener.group()[1] not in "dD":
            return True
        ahead = skip_space(self.body, opener.end(), len(self.body))
        return self.body[ahead : ahead + 2] in _FOLLOWS

    def _prepare(self) -> None:
        """Find code; take out comments, which are for the author alone."""
        source = Source(self.body)
        if "<!--" in source.text:
            source = source.without(find_comments(source.text, find_code(source.text)[1]))
        if "> <details" in source.text or "><details" in source.text:
            source = source.without(find_quote_marks(source.text))
        # Behind a line break more than there is, so that the first line may be blank too.
        blanks = _SPACE_LINE.finditer("\n" + source.text)
        source = source.without((blank.start(), blank.end() - 1) for blank in blanks)
        self._whole, self._source = self.body, source
        self.body = body = source.text
        self._fences, self._code, strays = find_code(body)
        self._stray_fences = set(strays)
        for offset in strays:
            self._report(offset, "post.fence-stray", "the code fence has no partner")
        if self._fences.regions and self._fences.regions[-1][1] > len(body):
            end = len(body.rstrip())
            message = "the code is not closed"
            edit = Edit(end, end, "\n```")
            self._report(self._fences.regions[-1][0], "post.fence-stray", message, [edit])
        if "_START]" in body or "_END]" in body:
            for match in _LEFTOVER.finditer(body):
                message = f"`{match.group()}` is a mark of a generator"
                self._report(match.start(), "post.leftover", message)

    def _line(self, offset: int) -> int:
        """Return the line of an offset, counted from where it was asked for last: that is near."""
        if offset == len(self.body) and self.body.endswith("\n"):
            offset -= 1
        if offset >= self._place:
            self._row += self.body.count("\n", self._place, offset)
        else:
            self._row -= self.body.count("\n", offset, self._place)
        self._place = offset
        return self.first_line + self._row

    def _report(self, offset: int, code: str, message: str, edits: Sequence[Edit] = ()) -> None:
        line = self._line(offset)
        if not self._line_starts:
            lines = self._whole.splitlines(keepends=True)
            self._line_starts = [0, *accumulate(map(len, lines))]
        column = self._source.origin(offset) - self._line_starts[line - self.first_line] + 1
        restored = self._source.restore(edits, self.start)
        self.found.append(Diagnostic(self.path, line, column, code, message, restored))

    def _read_original(self, start: int) -> int:
        folded = read_original(self.body, start, self._code)
        if folded.hidden:
            self._report(start, "post.original-hidden", "the block is hidden from readers")
            return folded.end
        is_lone = not (folded.markdown or folded.misplaced)
        if is_lone and self.body[start + 1] not in "dD":
            self._report_lone_tags(start, folded.end)
            return folded.end
        for slip in folded.slips:
            self._report(slip.offset, slip.code, slip.message, slip.edits)
        line, end = self._line(start), self._line(folded.end - 1) + 1
        if folded.misplaced:
            self._append(folded.misplaced, line)
            self._flush(line + 1)
            self._flush_items()
        language = language_outside_brackets(folded.markdown)
        if not folded.markdown:
            self._report(start, "post.original-empty", "the original has no text")
        elif not self.blocks or isinstance(self.blocks[-1], Heading):
            message = "no paragraph stands above the original"
            self._report(start, "post.original-unpaired", message)
        glosses = find_original_glosses(folded.markdown)
        self.blocks.append(
            Original(Span(line, end), folded.label, language, folded.markdown, glosses)
        )
        self._interrupted += folded.interrupted
        return folded.end

    def _report_lone_tags(self, start: int, end: int) -> None:
        """Report the summary, or paragraph of HTML, that no original follows."""
        edit = Edit(start, end, "")
        tags = self.body[start:end].strip()
        self._report(start, "post.stray-tag", f"`{tags[:40]}` opens nothing", [edit])

    def _read_between(self, start: int, end: int) -> None:
        """Read what stands between two originals, or behind the last.

        English above a closing tag there is an original too: of one that was not opened, or
        what follows inside an original that another one stands in.
        """
        floor = start
        while (closing := self.body.find(_DETAILS_CLOSER, floor, end)) >= 0:
            first = self._start_of_english(floor, closing)
            floor = closing + len(_DETAILS_CLOSER)
            text = read_content(self.body[first:closing])
            above = self.body[max(start, first - _NEAR) : first].strip()
            if text and closing not in self._code and self._may_have_original(above):
                self._read_prose(start, first)
                first = skip_space(self.body, first, closing)
                self._report_unopened(first, is_inside=not above)
                span = Span(self._line(first), self._line(closing) + 1)
                glosses = find_original_glosses(text)
                self.blocks.append(Original(span, "", "en", text, glosses))
                start = floor
        self._read_prose(start, end)

    def _start_of_english(self, start: int, end: int) -> int:
        """Return where the English lines begin that stand last in a stretch of the body."""
        first = end
        while first > start:
            line_start = max(start, self.body.rfind("\n", start, first - 1) + 1)
            line = self.body[line_start:first].strip()
            if line.startswith("#") or language_of(line) not in ("en", ""):
                break
            first = line_start
        return first

    def _may_have_original(self, above: str) -> bool:
        """Tell whether the English below some text translates it, or continues an original."""
        if above:
            line = above.rsplit("\n", 1)[-1]
            return not line.startswith("#") and language_of(line) == "zh-Hans"
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Original):
            return self._interrupted > 0
        return isinstance(last, Prose) and last.language == "zh-Hans"

    def _report_unopened(self, offset: int, *, is_inside: bool) -> None:
        if is_inside and isinstance(self.blocks[-1], Original):
            self._interrupted -= 1
            self._report(offset, "post.details-nested", "an original holds another one")
            return
        opening = f"<details>\n<summary>{LABELS['en']}</summary>\n\n"
        message = "an original is closed that was not opened"
        self._report(offset, "post.details-missing", message, [Edit(offset, offset, opening)])

    def _read_prose(self, start: int, end: int) -> None:
        """Read the lines between two originals; the last block ends with them."""
        if start and self.body[start - 1] != "\n":
            while start < end and self.body[start] in " \t":
                start += 1
        if self._fences.meet(start, end):
            self._read_lines(self.body[start:end], self._line(start), start)
        else:
            for lines in _PARAGRAPH.finditer(self.body, start, end):
                self._read_paragraph(lines.group().rstrip(), lines.start())
        self._flush_items()

    def _read_paragraph(self, text: str, offset: int) -> None:
        """Read lines without a blank one among them."""
        number = self._line(offset)
        if text and "\n" not in text and text[0] not in _MAY_MEAN_MORE and "<" not in text:
            # Nine paragraphs of ten are a line like this.
            self._flush_items()
            self._add_prose(Span(number, number + 1), text)
            return
        plain = "<" not in text and not ("#" in text and _HEADING_AHEAD.search(text))
        if not plain or (self._stray_fences and "```" in text):
            self._read_lines(text, number, offset)
        elif text:
            self._add_lines(text, number, number + text.count("\n") + 1)

    def _read_lines(self, text: str, number: int, offset: int) -> None:
        for line in text.split("\n"):
            if offset in self._fences:
                self._append(line, number)
            elif offset not in self._stray_fences:
                self._read_line(line, number, offset)
            elif words := line.strip().lstrip("`~"):
                # What is no language, or no language of any code, is words.
                self._flush(number)
                self._read_line(words, number, offset)
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
            element = _HEADING_ELEMENT.fullmatch(line) if line.startswith("<h") else None
            if element is None:
                self._append(line, number)
                return
            heading = _HEADING.match(f"{'#' * int(element[1])} {element[2]}")
            assert heading is not None
        self._flush(number)
        self._flush_items()
        text = _strip_closing_hashes((heading[2] or heading[3] or "").strip())
        if any(map(str.isalnum, _TAG.sub("", text))):
            if heading[3]:
                message = "no space parts the hashes from the heading"
                edit = Edit(offset + heading.end(1), offset + heading.end(1), " ")
                self._report(offset, "post.heading-no-space", message, [edit])
            glosses = find_glosses(text).definitions
            self.blocks.append(Heading(Span(number, number + 1), len(heading[1]), text, glosses))
            return
        self._report(offset, "post.heading-empty", "the heading has no text")
        if _TAG.sub("", text).strip():
            self._append(text, number)

    def _drop_stray_tags(self, line: str, offset: int) -> str:
        def drop(match: re.Match[str]) -> str:
            place = offset + match.start()
            if place in self._code or line[match.start() - 1 : match.start()] == "\\":
                return match.group()
            if not match.group().lower().startswith("<p"):
                tag = match.group()
                edits = [Edit(place, place + len(tag), "")] if tag[1] == "/" else []
                message = f"`{tag}` {'closes' if edits else 'opens'} nothing"
                self._report(place, "post.stray-tag", message, edits)
            return " "

        return _STRAY.sub(drop, line)

    def _append(self, line: str, number: int) -> None:
        if not self._chunk:
            self._chunk_line = number
        self._chunk.append(line)

    def _flush(self, end: int) -> None:
        """Make a block of the gathered lines."""
        if self._chunk:
            text = "\n".join(self._chunk)
            self._chunk = []
            self._add_lines(text, self._chunk_line, end)

    def _add_lines(self, text: str, start: int, end: int) -> None:
        """Make a block of some lines, or one of each speaker's turn and each footnote in them."""
        *earlier, last = part_turns(text) if "\n" in text else (text,)
        for turn in earlier:
            after = start + turn.count("\n") + 1
            self._add_markdown(turn, start, after)
            start = after
        self._add_markdown(last, start, end)

    def _add_markdown(self, markdown: str, start: int, end: int) -> None:
        """Make a block of some lines; items of a list wait for those that follow."""
        if markdown[0] in _ITEM_STARTS and (
            _LIST_ITEM.match(markdown) or (self._items and markdown.startswith(("  ", "\t")))
        ):
            if not self._items:
                self._items_line = start
            self._items.append(markdown)
            self._items_end = end
            return
        self._flush_items()
        self._add_prose(Span(start, end), markdown)

    def _add_prose(self, span: Span, markdown: str) -> None:
        block = make_prose(span, markdown)
        self.blocks.append(block)
        if "**" in markdown and "```" not in markdown:
            for slip in find_gloss_slips(markdown, (*block.glosses, *block.names)):
                self._report(self._offset(span, markdown, slip.offset), slip.code, slip.message)

    def _offset(self, span: Span, markdown: str, offset: int) -> int:
        """Return where in the body a character of a block stands, or the line that it is on."""
        if not self._row_starts:
            rows = self.body.split("\n")
            self._row_starts = [0, *accumulate(len(row) + 1 for row in rows)]
        row = span.start - self.first_line + markdown.count("\n", 0, offset)
        line_start = markdown.rfind("\n", 0, offset) + 1
        line = markdown[line_start:].split("\n", 1)[0]
        # Items of a list are gathered with one blank line between them, whatever there was.
        end = self._row_starts[min(span.end - self.first_line, len(self._row_starts) - 1)]
        place = self.body.find(line, self._row_starts[row], end)
        return self._row_starts[row] if place < 0 else place + offset - line_start

    def _flush_items(self) -> None:
        if self._items:
            span = Span(self._items_line, self._items_end)
            self._add_prose(span, "\n\n".join(self._items))
            self._items = []


def _strip_closing_hashes(text: str) -> str:
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else text
