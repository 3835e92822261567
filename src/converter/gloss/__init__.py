"""The grammar of inline glosses: ``**术语**（Expansion: 释义）``, and its dialects.

A gloss is a headword with a bracket right behind it, full- or half-width, that holds an original
and a definition parted by a colon, or one of them. The rule stands in docs/reference/glossary.md.

The headword is bold, quoted, all of a bold run before the bracket, or else as much of the text
before as surely belongs to it: an acronym, a transliterated name, what the bracket repeats.
Where its beginning cannot be told, the original in the bracket is the headword, and a link
covers it there: ``start`` and ``headword_end`` then lie behind the bracket's opening.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from ..model import Gloss
from .content import read_content
from .headword import (
    Place,
    clean,
    headword_before,
    headword_in_bold,
    headword_in_markup,
    headword_within,
)
from .phrase import Reading
from .scan import BLANK, BoldRuns, blank_out, bracket_pairs
from .slips import GlossSlip, find_gloss_slips
from .wording import clean_content, count_han, has_han, repeats

__all__ = [
    "GlossSlip",
    "Glosses",
    "find_gloss_slips",
    "find_glosses",
    "find_original_glosses",
]

_QUOTES: Final = '”》」』’〉"'
_PARTICLES: Final = frozenset(
    "de da di van von der den del la le el bin al of the and & du dos".split()
)
_BOLD_BRACKET = re.compile(r"\*\* ?[（(]")
_LEAST_HAN: Final = 4
_SPACES: Final = " \xa0"
_TAIL_BRACKET = re.compile(r"(.{1,60}?) ?[（(]([^（()）]{1,60})[)）]$")
_FIRST_WORDS = re.compile(r"[^\W_][\w·•-]{1,24}")
_GOES_ON = re.compile(r"\*\* ?[（(]")
"""Behind a bracket at the end of a bold run: another one, which is read with all the run."""

_CONTINUES = re.compile(r" ?(?:[A-Za-z][\w.+-]{0,20} ?)?[（(]")
_WRAPPED = re.compile(
    r"[（(][^（(）)\n]{1,300}(?:\n(?!\s|[>#|+-]|\*[^*]|\d)[^（(）)\n]{1,300}){1,3}[)）]"
)
"""A bracket over several lines of a paragraph."""

_GAP = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")
_MAY_GO_ON = re.compile(r"[A-Za-z0-9*.&'-] ?$")
_BREAKS_OFF = re.compile(r"[A-Za-z0-9]$|\w\*\*$")
_MAY_DEFINE = re.compile("[:：，,]")
_LINKED = re.compile(r"\[\*\*[^*\[\]\n]{1,80}\*\*\]\([^()\s]{0,300}\)$")
_FARTHEST: Final = 400
_ARTICLE = re.compile(r"^(?:the|an?) (?=[a-z])")
"""In front of a common noun: no part of it, while ``The Times`` is a name."""

_LEAD = re.compile(r"[^：:，,;；]{1,80}")


@dataclass(frozen=True, slots=True)
class Glosses:
    """What a block explains: terms with a definition, and names given in another language."""

    definitions: tuple[Gloss, ...] = ()
    names: tuple[Gloss, ...] = ()


_NONE: Final = Glosses()


def find_glosses(markdown: str) -> Glosses:
    """Return the glosses of one prose block in order; none overlaps another.

    But a definition may hold others, each in the bracket of the gloss that it is part of.
    """
    if "（" not in markdown and "(" not in markdown:
        return _NONE
    definitions: list[Gloss] = []
    names: list[Gloss] = []
    offset = floor = 0
    previous = ""
    unwrapped = _WRAPPED.sub(_unwrap, markdown) if "\n" in markdown else markdown
    for line in unwrapped.split("\n"):
        if "（" in line or "(" in line:
            text, start, done = line, offset, 0
            if previous and _CONTINUES.match(line) and _BREAKS_OFF.search(previous):
                # The line is wrapped within the headword, or before the bracket.
                text, start = f"{previous} {line}", offset - len(previous) - 1
                done = max(0, floor - start)
            begins = not _MAY_GO_ON.search(previous)
            for gloss in _line_glosses(text, start, done, offset - start, begins=begins):
                is_wrapped = "\n" in markdown[gloss.headword_end : gloss.end]
                if gloss.definition:
                    definitions.append(_close_up(gloss) if is_wrapped else gloss)
                elif not is_wrapped:
                    names.append(gloss)
                floor = max(floor, gloss.end)
        offset += len(line) + 1
        previous = line
    return Glosses(tuple(definitions), tuple(names)) if definitions or names else _NONE


def _unwrap(wrapped: re.Match[str]) -> str:
    return wrapped[0].replace("\n", " ")


def _close_up(gloss: Gloss) -> Gloss:
    """Return a gloss without the spaces that line breaks have left in its Chinese."""
    original, definition = (_GAP.sub("", text) for text in (gloss.original, gloss.definition))
    return replace(gloss, original=original, definition=definition)


def _line_glosses(
    raw: str, offset: int, floor: int, first: int, *, begins: bool
) -> Iterator[Gloss]:
    """Yield the glosses of a line: those whose bracket opens at ``first`` or behind.

    ``begins`` tells that no headword can have begun on the line before.
    """
    line = blank_out(raw)
    bold = BoldRuns(line)
    inner_floor = len(line)
    for opening, end in bracket_pairs(line):
        is_inner = opening < floor
        if (is_inner and opening < inner_floor) or opening < first:
            continue
        before = opening - 1 if opening and line[opening - 1] in _SPACES else opening
        if before > 2 and line[before - 1] == "s" and line[before - 4 : before - 2] == "**":
            before -= 2 * (line[before - 2] in "'’")
        run, is_open = bold.before(before)
        if is_inner and (run < inner_floor or is_open):
            continue
        start = inner_floor if is_inner else floor
        bracket = _Bracket(raw, line, start, before, opening, end, begins)
        gloss = bracket.read(run, is_open=is_open)
        # In a definition only what is a definition beyond doubt is one of its own.
        if gloss is not None and (not is_inner or all(gloss[1])):
            place, reading = gloss
            yield Gloss(
                offset + place.start,
                offset + place.end,
                offset + end,
                _ARTICLE.sub("", place.headword),
                reading.original,
                reading.definition,
            )
            if not is_inner:
                inner_floor = max(opening + 1, place.end) if reading.definition else len(line)
                floor = end
            else:
                inner_floor = end


class _Bracket(NamedTuple):
    """A pair of brackets in a line; the headword stands between ``floor`` and ``before``."""

    raw: str
    line: str
    floor: int
    before: int
    opening: int
    end: int
    begins: bool

    def read(self, run: int, *, is_open: bool) -> tuple[Place, Reading] | None:
        """Return headword and reading; the bold run from ``run`` on ends before, or is open."""
        content = clean_content(self.raw[self.opening + 1 : self.end - 1])
        if len(content) < 2 or self.line.startswith("]", self.opening - 1):
            return None
        if run < 0:
            start = self._start_of_link()
            if start >= 0:
                return self._read_marked_up(content, start)
            return self._read_plain(content, self.floor)
        if is_open:
            return self._read_within(content, run)
        if run and self.line[run - 1] == "_" and self.raw[run - 1] == "*":
            run -= 1
        if run >= self.floor and BLANK in self.line[run : self.before]:
            return self._read_marked_up(content, run)
        place = headword_in_bold(self.line, run, self.before) if run >= self.floor else None
        return self._read_sure(content, place)

    def _start_of_link(self) -> int:
        """Return where the link around a bold headword begins that ends before the bracket."""
        if not self.line.endswith(BLANK, self.floor, self.before):
            return -1
        linked = _LINKED.search(self.raw, max(self.floor, self.before - _FARTHEST), self.before)
        return linked.start() if linked else -1

    def _read_marked_up(self, content: str, start: int) -> tuple[Place, Reading] | None:
        """Read the bracket behind a headword that holds an entity, or is a link of its own.

        No link goes around another: the original is then what leads to the entry.
        """
        headword = headword_in_markup(self.raw[start : self.before])
        if not headword:
            return None
        gloss = self._read_sure(content, Place(start, self.before, headword))
        if gloss is None or "](" not in self.raw[start : self.before]:
            return gloss
        inside = self._inside(gloss[1])
        return (inside[0]._replace(headword=headword), gloss[1]) if inside else None

    def _read_within(self, content: str, run: int) -> tuple[Place, Reading] | None:
        """Read a bracket that stands in a bold run."""
        if self.line.find("**", self.before, self.end) >= 0 or _GOES_ON.match(self.line, self.end):
            return None
        inside = run + 2
        while self.line[inside] in " *":
            inside += 1
        place = headword_within(self.line, inside, self.before) if inside >= self.floor else None
        if place is not None:
            return self._read_sure(content, place)
        return self._read_plain(content, max(self.floor, inside))

    def _read_sure(self, content: str, place: Place | None) -> tuple[Place, Reading] | None:
        """Read the bracket behind a headword that is marked as one."""
        if place is None:
            return None
        inner = ""
        if place.headword[-1] in "）)" and (tail := _TAIL_BRACKET.match(place.headword)):
            place, inner = place._replace(headword=tail[1]), tail[2]
        reading = read_content(content, place.headword, is_sure=True)
        if reading is None:
            return None
        if reading.definition and _is_more_than(place.headword, reading.original):
            place = place._replace(headword=reading.original)
        original = _without_headword(reading.original, place.headword)
        if not reading.definition and not original:
            return None
        original = original or inner
        if original == reading.original:
            return place, reading
        return place, Reading(original, reading.definition)

    def _read_plain(self, content: str, floor: int) -> tuple[Place, Reading] | None:
        """Read the bracket behind text that is not bold."""
        may_define = _MAY_DEFINE.search(content)
        if not may_define and not self._may_be_name():
            return None
        lead = _LEAD.match(content)
        original = lead[0] if lead else ""
        place = headword_before(self.line, floor, self.before, original, begins=self.begins)
        if place is None:
            return self._read_unplaced(content, floor) if may_define else None
        headword = place.headword
        if self.line[place.end - 1] in _QUOTES or headword.isascii():
            gloss = self._read_sure(content, place)
            # What a whole line is before the bracket may be more than the name of something.
            is_sure = place.start or self.line[place.end - 1] in _QUOTES
            return gloss if is_sure or (gloss and gloss[1].definition) else None
        reading = read_content(content, headword, is_sure="·" in headword)
        if reading is None or not self._suffices(reading, headword):
            return None
        original = _without_headword(reading.original, headword)
        return place, Reading(original, reading.definition)

    def _read_unplaced(self, content: str, floor: int) -> tuple[Place, Reading] | None:
        """Read the bracket behind a headword that begins somewhere in the text before."""
        reading = read_content(content, "", is_sure=False)
        if reading is None or not reading.definition or not self._suffices(reading, ""):
            return None
        first = _FIRST_WORDS.match(reading.definition)
        if first is None or not self.line.endswith(first[0], floor, self.before):
            return self._inside(reading)
        # The definition begins with the headword once more.
        place = Place(self.before - len(first[0]), self.before, first[0])
        is_all = first[0] == reading.definition
        return place, Reading(reading.original, "" if is_all else reading.definition)

    def _suffices(self, reading: Reading, headword: str) -> bool:
        """Tell whether a bracket says enough, where neither bold nor quotes mark the headword."""
        if not reading.definition:
            return _is_name(reading.original)
        if self.raw.startswith(("**", "<strong>", "<b>"), self.opening + 1):
            return True
        is_original = not has_han(reading.original) or "·" in headword
        return is_original and count_han(reading.definition) >= _LEAST_HAN

    def _may_be_name(self) -> bool:
        """Tell at a glance whether a headword may end before a bracket that can only name it."""
        near = self.line[max(self.floor, self.before - 24) : self.before]
        return "·" in near or near[-1:].isascii() or near[-1:] in _QUOTES

    def _inside(self, reading: Reading) -> tuple[Place, Reading] | None:
        """Return the original as the headword, where it stands in the bracket."""
        headword, _, original = reading.original.partition(": ")
        headword, _, rest = headword.partition("，")
        start = self.line.find(headword, self.opening + 1, self.end)
        end = start + len(headword)
        if not clean(headword) or start < 0 or "](" in self.raw[self.opening : self.end]:
            return None
        if self.line.startswith("**", start - 2) != self.line.startswith("**", end):
            return None
        if self.line.startswith("**", end):
            start, end = start - 2, end + 2
        return Place(start, end, clean(headword)), Reading(original or rest, reading.definition)


def _is_more_than(headword: str, original: str) -> bool:
    """Tell whether what is defined is but a part of what is bold: ``Tide Office Paper``."""
    return original != "" and headword.isascii() and headword.startswith(f"{original} ")


def _without_headword(original: str, headword: str) -> str:
    """Return an original that does not begin with the headword once more."""
    if repeats(original, headword):
        return ""
    if original.startswith(headword) and original[len(headword)] in "，,：:":
        return original[len(headword) + 1 :].strip()
    return original


def _is_name(original: str) -> bool:
    """Tell whether every word has a capital, as the names of persons and places do."""
    words = original.split()
    return 1 < len(words) < 6 and all(word[0].isupper() or word in _PARTICLES for word in words)


def find_original_glosses(markdown: str) -> tuple[Gloss, ...]:
    """Return the definitions in an original: behind bold words only, with a colon.

    Most brackets of a transcript are asides and noises, ``(digital buzzing)``.
    """
    if not ("**" in markdown and _BOLD_BRACKET.search(markdown)):
        return ()
    found = find_glosses(markdown).definitions
    return tuple(gloss for gloss in found if gloss.original and markdown[gloss.start] == "*")
