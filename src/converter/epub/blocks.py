"""Blocks of a post as XHTML: headings, prose, and originals as popup notes.

The markup of a note is what Apple Books, Thorium, Kobo, Kindle and foliate each need to show
it over the page: a superscript noteref, an aside *in the same file*, its id on the aside, a
link back, and nothing hidden by CSS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..footnotes import Footnotes, find_footnotes, link_footnotes
from ..language import language_of
from ..markdown import Link, plain_text, render_inline_xhtml, render_xhtml
from ..model import (
    Block,
    Heading,
    Original,
    Post,
    Prose,
    prose_anchor,
    section_levels,
    unit_numbers,
)
from .listing import ReferenceLinks
from .title import REFERENCE_MARK, original_label
from .xhtml import clean, escape, language_attributes, same_language

__all__ = ["Piece", "render_blocks"]

_TEXT_CLOSERS = ("</li>", "</ul>", "</ol>", "</blockquote>")

# In the language of the note that they stand in; a note without one has the book's.
_BACK_LABELS = {"": "返回正文", "zh": "返回正文", "en": "Back to paragraph"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A rendered block: what stands in the text, and the note that it puts at the end.

    ``anchor`` is its id, if it has one; headings have a ``level`` of 2 or more and a plain
    ``label``. ``may_start_document`` is false where a cut would part what belongs together.
    """

    body: str
    note: str = ""
    anchor: str = ""
    level: int = 0
    label: str = ""
    may_start_document: bool = False


def render_blocks(
    post: Post, language: str, title: str, reference: ReferenceLinks
) -> Iterator[Piece]:
    """Yield the blocks of a post in order; ``language`` is the book's.

    Left out are empty headings, and a first one that repeats ``title``, the chapter's in plain
    text. Prose has an id if anything leads to it. Notes are numbered from 1 in a post.
    """
    shown = _shown_blocks(post.blocks, title)
    levels = section_levels(block for _, block in shown)
    units = unit_numbers(post.blocks)
    homes = _note_homes(post.blocks)
    footnotes = find_footnotes(post.blocks)
    links = _find_links(post, reference, footnotes)
    sections = number = 0
    previous: Block | None = None
    for index, block in shown:
        references = _render_references(post.blocks, homes[index])
        apart = not isinstance(previous, Heading)
        if isinstance(block, Heading):
            sections += 1
            yield _render_heading(block, next(levels), f"s{sections}", apart=apart)
        elif isinstance(block, Prose):
            anchor = prose_anchor(post.slug, index)
            is_target = anchor in reference.targets or index in footnotes.targets
            anchor = anchor if is_target else ""
            attributes = _prose_attributes(block, anchor, units[index], language)
            body = _render_prose(block, attributes, references, links[index])
            apart = apart and (units[index] == 0 or units[index] != units[index - 1])
            yield Piece(body, anchor=anchor, may_start_document=apart)
        else:
            number += 1
            note = _render_note(block, number, units[index], links[index])
            label = original_label(block.language)
            yield Piece(_own_paragraph(f"{label} {references}") if references else "", note)
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
        places = reference.glosses.get(prose_anchor(post.slug, index), ())
        found = [Link(place.start, place.end, reference.hrefs[place.id]) for place in places]
        if footnotes.notes and not isinstance(block, Heading):
            found += link_footnotes(
                block.markdown, index, footnotes, lambda i: f"#{prose_anchor(post.slug, i)}"
            )
        links.append(tuple(found))
    return links


def _render_heading(block: Heading, level: int, anchor: str, *, apart: bool) -> Piece:
    return Piece(
        f'<h{level} id="{anchor}">{render_inline_xhtml(block.text).strip()}</h{level}>',
        anchor=anchor,
        level=level,
        label=clean(plain_text(block.text)).strip(),
        may_start_document=apart,
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
    return _with_attributes(_append_references(fragment, references), attributes)


def _with_attributes(fragment: str, attributes: str) -> str:
    """Put attributes on a fragment's element: its only paragraph, or a div around it all."""
    if not attributes:
        return fragment
    if fragment.startswith("<p>") and fragment.find("</p>") == len(fragment) - len("</p>"):
        return f"<p{attributes}>{fragment.removeprefix('<p>')}"
    return f"<div{attributes}>\n{fragment}\n</div>"


def _append_references(fragment: str, references: str) -> str:
    """Put references at the end of the last paragraph, quotation or list item of a fragment."""
    text = fragment
    while text.endswith(_TEXT_CLOSERS):
        text = text[: text.rindex("</")].rstrip()
    text = text.removesuffix("</p>")
    if not references or text == fragment:
        return "\n".join(filter(None, [fragment, _own_paragraph(references)]))
    return f"{text}{references}{fragment[len(text) :]}"


def _own_paragraph(references: str) -> str:
    return f'<p class="references">{references}</p>' if references else ""


def _render_references(blocks: Sequence[Block], notes: Iterable[tuple[int, int]]) -> str:
    return " ".join(
        f'<sup><a class="noteref" epub:type="noteref" role="doc-noteref" id="r{number}" '
        f'href="#o{number}" aria-label="{_label(blocks[index])} {number}">'
        f"{REFERENCE_MARK}</a></sup>"
        for number, index in notes
    )


def _label(block: Block) -> str:
    return original_label(block.language if isinstance(block, Original) else "")


def _render_note(block: Original, number: int, unit: int, links: Sequence[Link]) -> str:
    """Return the aside of an original; the link back stands first, where Kindle looks for it.

    The language is on the content too: foliate shows the content of the aside without it.
    """
    fragment = render_xhtml(block.markdown, links=links).strip()
    language = block.language if fragment else ""
    fragment = fragment or "<p>（此处没有原文）</p>"
    back_label = _BACK_LABELS.get(language.partition("-")[0], "")
    label = f' aria-label="{back_label} {number}"' if back_label else ""
    back = (
        '<a class="backlink" epub:type="backlink" role="doc-backlink" '
        f'href="#r{number}"{label}>{REFERENCE_MARK}</a>'
    )
    if block.label:
        attributes = language_attributes(language_of(block.label))
        back += f' <span class="label"{attributes}>{escape(block.label)}</span>'
    if fragment.startswith("<p>"):
        fragment = f"<p>{back} {fragment.removeprefix('<p>')}"
    else:
        fragment = f"<p>{back}</p>\n{fragment}"
    attributes = language_attributes(language)
    return (
        f'<aside epub:type="footnote" role="doc-footnote" class="cp-original" id="o{number}" '
        f'data-unit="{unit}"{attributes}>{_with_attributes(fragment, attributes)}</aside>'
    )
