"""Blocks of a post as XHTML: headings, prose, and the originals that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..markdown import Link, plain_text, render_inline_xhtml, render_xhtml
from ..model import (
    Block,
    Heading,
    Original,
    OriginalsMode,
    Post,
    Prose,
    prose_anchor,
    section_levels,
    unit_numbers,
)
from .footnotes import Notes, find_notes
from .layout import Layout
from .listing import ReferenceLinks
from .originals import render_original, render_references, with_attributes
from .xhtml import clean, escape, language_attributes, same_language

__all__ = ["Piece", "render_blocks"]

# A mark must not stand alone on a line. Of other characters the last may be half of what shows.
_LAST_CHARACTER = re.compile(
    r"(?:&[#\w]{1,8};|[!-%'-:=?-~\u2014-\u2026\u3000-\u9fff\uff01-\uff60])$"
)
_MARKUP_OF_AN_ORIGINAL = 300
_TEXT_CLOSERS = ("</li>", "</ul>", "</ol>", "</blockquote>")


@dataclass(frozen=True, slots=True)
class Piece:
    """A rendered block: what stands in the text, and the original that comes behind it.

    That one stands there or at the end of the document, as the layout has it. ``anchor`` is the
    block's id, if it has one, ``place`` what it is called in all editions, ``marks`` are the ids
    of marks in it; headings have a ``level`` of 2 or more and a plain ``label``.
    ``may_start_document`` is false where a cut would part what belongs together. ``weight`` is
    the size in bytes, which is the same however the originals are shown, so that documents end at
    the same places.
    """

    body: str
    note: str = ""
    anchor: str = ""
    marks: tuple[str, ...] = ()
    place: str = ""
    level: int = 0
    label: str = ""
    may_start_document: bool = False
    weight: int = 0


def render_blocks(
    post: Post, title: str, reference: ReferenceLinks, layout: Layout
) -> Iterator[Piece]:
    """Yield the blocks of a post in order.

    Left out are empty headings, a first one that repeats ``title``, the chapter's in plain
    text, and the originals that the mode leaves out. Prose has an id if anything leads to it.
    Originals are numbered from 1 in a post.
    """
    units = unit_numbers(post.blocks)
    pairs = zip(post.blocks, units, strict=True)
    translated = frozenset(
        unit for block, unit in pairs if unit and isinstance(block, Prose) and block.markdown
    )
    notes, homes = find_notes(post), _note_homes(post)
    writer = _Writer(post, reference, layout, notes, homes, units, translated)
    shown = _shown_blocks(post.blocks, title)
    levels = section_levels(block for _, block in shown)
    sections = number = 0
    previous: Block | None = None
    for index, block in shown:
        apart = not isinstance(previous, Heading)
        if isinstance(block, Heading):
            sections += 1
            yield _render_heading(block, next(levels), f"s{sections}", layout, apart=apart)
        elif isinstance(block, Prose):
            yield writer.render_prose(block, index, apart=apart)
        else:
            number += 1
            yield writer.render_original(block, index, number)
        previous = block


@dataclass(frozen=True, slots=True)
class _Writer:
    """What the blocks of a post are rendered with; ``homes`` and ``units`` go by their numbers.

    ``translated`` are the units that have any prose.
    """

    post: Post
    reference: ReferenceLinks
    layout: Layout
    notes: Notes
    homes: Sequence[Sequence[tuple[int, int]]]
    units: Sequence[int]
    translated: frozenset[int]

    def render_prose(self, block: Prose, index: int, *, apart: bool) -> Piece:
        unit = self.units[index]
        anchor = prose_anchor(self.post.slug, index)
        is_target = anchor in self.reference.targets or index in self.notes.targets
        anchor = anchor if is_target else ""
        references = self._references(index)
        links = self._links(index)
        is_popup = index in self.notes.popups
        language = self._foreign(block)
        attributes = _prose_attributes(block, anchor, unit, is_popup=is_popup) + language
        fragment = _append_references(_render_prose(block, links), references)
        fragment = self.notes.mark_up(fragment)
        if is_popup:
            # On the content too, as of an original.
            body = self.notes.wrap(with_attributes(fragment, language), attributes)
        else:
            body = with_attributes(fragment, attributes)
        return Piece(
            body,
            anchor=anchor,
            place=prose_anchor(self.post.slug, index),
            marks=tuple(link.id for link in links if link.id),
            may_start_document=apart and (unit == 0 or unit != self.units[index - 1]),
            weight=len(body.encode(errors="replace")) - len(references),
        )

    def render_original(self, block: Original, index: int, number: int) -> Piece:
        unit = self.units[index]
        weight = len(block.markdown.encode(errors="replace")) + _MARKUP_OF_AN_ORIGINAL
        if self.layout.options.originals is OriginalsMode.NONE and unit in self.translated:
            return Piece("", weight=weight)
        links = self._links(index)
        note = self.notes.mark_up(render_original(block, number, unit, links, self.layout))
        references = self._references(index)
        label = self.layout.wording.original_label(block.language)
        body = _own_paragraph(f"{label} {references}") if references else ""
        return Piece(body, note, weight=weight)

    def _references(self, index: int) -> str:
        with_notes = self.layout.options.originals is OriginalsMode.NOTES
        notes = self.homes[index] if with_notes else ()
        return render_references(self.post.blocks, notes, self.layout.wording)

    def _links(self, index: int) -> tuple[Link, ...]:
        """Return the links to the glossary, where a headword comes first, and to notes."""
        places = self.reference.glosses.get(prose_anchor(self.post.slug, index), ())
        glosses = [Link(place.start, place.end, self.reference.hrefs[place.id]) for place in places]
        return (*glosses, *self.notes.links(self.post, index))

    def _foreign(self, block: Prose) -> str:
        foreign = not same_language(block.language, self.layout.language)
        return language_attributes(block.language) if foreign else ""


def _shown_blocks(blocks: Sequence[Block], title: str) -> list[tuple[int, Block]]:
    """Return blocks with their numbers, less empty ones and a heading that says the title."""
    shown: list[tuple[int, Block]] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            text = plain_text(block.text).strip()
            if not text or (index == 0 and clean(text) == title):
                continue
        elif not block.markdown:
            # An original that tells of none; a paragraph of which an edition keeps the address.
            continue
        shown.append((index, block))
    return shown


def _note_homes(post: Post) -> list[list[tuple[int, int]]]:
    """Return for each block the (number, index) of the originals whose references it carries.

    That is the last prose above them, or, where a section starts with an original, itself.
    """
    placed: list[list[tuple[int, int]]] = [[] for _ in post.blocks]
    number = 0
    home = -1
    begins_unit = True
    for index, block in enumerate(post.blocks):
        if isinstance(block, Heading):
            home = -1
        elif isinstance(block, Prose):
            if block.markdown:
                home = index
            elif begins_unit:
                # What stands above is another paragraph's translation.
                home = -1
            begins_unit = False
        else:
            begins_unit = True
            if block.markdown:
                number += 1
                home = index if home < 0 else home
                placed[home].append((number, index))
    return placed


def _render_heading(
    block: Heading, level: int, anchor: str, layout: Layout, *, apart: bool
) -> Piece:
    attributes = layout.title_attributes(block.text)
    text = render_inline_xhtml(block.text).strip()
    return Piece(
        f'<h{level} id="{anchor}"{attributes}>{text}</h{level}>',
        anchor=anchor,
        level=level,
        label=clean(plain_text(block.text)).strip(),
        may_start_document=apart,
        weight=len(text.encode(errors="replace")),
    )


def _prose_attributes(block: Prose, anchor: str, unit: int, *, is_popup: bool) -> str:
    classes = ["cp-footnote"] if is_popup else []
    classes += ["cp-translation"] if unit else []
    classes += ["cp-turn"] if block.speaker else []
    return "".join(
        [
            f' id="{escape(anchor)}"' if anchor else "",
            f' class="{" ".join(classes)}"' if classes else "",
            f' data-unit="{unit}"' if unit else "",
        ]
    )


def _render_prose(block: Prose, links: Sequence[Link]) -> str:
    fragment = render_xhtml(block.markdown, links=links).strip()
    if links:
        # Only our own links have this attribute: quotation marks of a post's text are escaped.
        fragment = fragment.replace(
            'class="gloss"', 'class="gloss" epub:type="glossref" role="doc-glossref"'
        )
    return fragment


def _append_references(fragment: str, references: str) -> str:
    """Put references at the end of the last paragraph, quotation or list item of a fragment."""
    text = fragment
    while text.endswith(_TEXT_CLOSERS):
        text = text[: text.rindex("</")].rstrip()
    text = text.removesuffix("</p>")
    if not references or text == fragment:
        return "\n".join(filter(None, [fragment, _own_paragraph(references)]))
    kept = _LAST_CHARACTER.search(text)
    end = text[kept.start() :] if kept else ""
    mark = f'<span class="kept">{end}{references}</span>' if end else references
    return f"{text.removesuffix(end)}{mark}{fragment[len(text) :]}"


def _own_paragraph(references: str) -> str:
    return f'<p class="references">{references}</p>' if references else ""
