"""Blocks of a post as XHTML: headings, prose, and the originals that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..footnotes import Footnotes, find_footnotes, link_footnotes
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
    """A rendered block: what stands in the text, and the note that it puts at the end.

    ``anchor`` is its id, if it has one; headings have a ``level`` of 2 or more and a plain
    ``label``. ``may_start_document`` is false where a cut would part what belongs together.
    ``weight`` is its size in bytes, which is the same however the originals are shown, so that
    documents end at the same places.
    """

    body: str
    note: str = ""
    anchor: str = ""
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
    shown = _shown_blocks(post.blocks, title)
    levels = section_levels(block for _, block in shown)
    units = unit_numbers(post.blocks)
    homes = _note_homes(post.blocks)
    footnotes = find_footnotes(post.blocks)
    links = _find_links(post, reference, footnotes)
    translated = {
        unit
        for block, unit in zip(post.blocks, units, strict=True)
        if unit and isinstance(block, Prose)
    }
    with_notes = layout.options.originals is OriginalsMode.NOTES
    sections = number = 0
    previous: Block | None = None
    for index, block in shown:
        notes = homes[index] if with_notes else ()
        references = render_references(post.blocks, notes, layout.wording)
        apart = not isinstance(previous, Heading)
        if isinstance(block, Heading):
            sections += 1
            yield _render_heading(block, next(levels), f"s{sections}", layout, apart=apart)
        elif isinstance(block, Prose):
            anchor = prose_anchor(post.slug, index)
            is_target = anchor in reference.targets or index in footnotes.targets
            anchor = anchor if is_target else ""
            attributes = _prose_attributes(block, anchor, units[index], layout.language)
            body = _render_prose(block, attributes, references, links[index])
            apart = apart and (units[index] == 0 or units[index] != units[index - 1])
            weight = len(body.encode(errors="replace")) - len(references)
            yield Piece(body, anchor=anchor, may_start_document=apart, weight=weight)
        else:
            number += 1
            weight = len(block.markdown.encode(errors="replace")) + _MARKUP_OF_AN_ORIGINAL
            if layout.options.originals is OriginalsMode.NONE and units[index] in translated:
                yield Piece("", weight=weight)
                continue
            note = render_original(block, number, units[index], links[index], layout)
            label = layout.wording.original_label(block.language)
            body = _own_paragraph(f"{label} {references}") if references else ""
            yield Piece(body, note, weight=weight)
        previous = block


def _shown_blocks(blocks: Sequence[Block], title: str) -> list[tuple[int, Block]]:
    """Return blocks with their numbers, less empty ones and a heading that says the title."""
    shown: list[tuple[int, Block]] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            text = plain_text(block.text).strip()
            if not text or (index == 0 and clean(text) == title):
                continue
        elif isinstance(block, Original) and not block.markdown:
            continue
        shown.append((index, block))
    return shown


def _note_homes(blocks: Sequence[Block]) -> list[list[tuple[int, int]]]:
    """Return for each block the (number, index) of the originals whose references it carries.

    That is the last prose above them, or, where a section starts with an original, itself.
    """
    placed: list[list[tuple[int, int]]] = [[] for _ in blocks]
    number = 0
    home = -1
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            home = -1
        elif isinstance(block, Prose):
            home = index
        elif block.markdown:
            number += 1
            home = index if home < 0 else home
            placed[home].append((number, index))
    return placed


def _find_links(
    post: Post, reference: ReferenceLinks, footnotes: Footnotes
) -> list[tuple[Link, ...]]:
    """Return the links of each block: to the glossary where a headword comes first, to notes."""
    links = []
    for index, block in enumerate(post.blocks):
        # What an edition leaves out of a post has no text to link.
        is_empty = isinstance(block, Prose) and not block.markdown
        places = () if is_empty else reference.glosses.get(prose_anchor(post.slug, index), ())
        found = [Link(place.start, place.end, reference.hrefs[place.id]) for place in places]
        if footnotes.notes and not isinstance(block, Heading):
            found += link_footnotes(
                block.markdown, index, footnotes, lambda i: f"#{prose_anchor(post.slug, i)}"
            )
        links.append(tuple(found))
    return links


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


def _prose_attributes(block: Prose, anchor: str, unit: int, book_language: str) -> str:
    classes = ["cp-translation"] if unit else []
    classes += ["cp-turn"] if block.speaker else []
    foreign = not same_language(block.language, book_language)
    return "".join(
        [
            f' id="{escape(anchor)}"' if anchor else "",
            f' class="{" ".join(classes)}"' if classes else "",
            f' data-unit="{unit}"' if unit else "",
            language_attributes(block.language) if foreign else "",
        ]
    )


def _render_prose(block: Prose, attributes: str, references: str, links: Sequence[Link]) -> str:
    fragment = render_xhtml(block.markdown, links=links).strip()
    if links:
        # Only our own links have this attribute: quotation marks of a post's text are escaped.
        fragment = fragment.replace(
            'class="gloss"', 'class="gloss" epub:type="glossref" role="doc-glossref"'
        )
    return with_attributes(_append_references(fragment, references), attributes)


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
