"""Originals in an EPUB: as popup notes, folded, in the open below their paragraphs, or not at all.

The markup of a note is what Apple Books, Thorium, Kobo, Kindle and foliate each need to show
it over the page: a superscript noteref, an aside *in the same file*, its id on the aside, a
link back, and nothing hidden by CSS.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ..language import language_among
from ..markdown import Link, render_xhtml
from ..model import Block, Original, OriginalsMode
from .layout import Layout
from .wording import REFERENCE_MARK, Wording, primary_subtag, wording_for
from .xhtml import escape, language_attributes

__all__ = ["render_original", "render_references", "with_attributes"]

_SPOKEN: Final = ("zh", "en")
"""The languages that there are words of ours in."""


def with_attributes(fragment: str, attributes: str) -> str:
    """Put attributes on a fragment's element: its only paragraph, or a div around it all."""
    if not attributes:
        return fragment
    if fragment.startswith("<p>") and fragment.find("</p>") == len(fragment) - len("</p>"):
        return f"<p{attributes}>{fragment.removeprefix('<p>')}"
    return f"<div{attributes}>\n{fragment}\n</div>"


def render_references(
    blocks: Sequence[Block], notes: Iterable[tuple[int, int]], wording: Wording
) -> str:
    """Return the marks that lead to notes, given as (number, index of the original)."""
    return " ".join(
        f'<sup><a class="noteref" epub:type="noteref" role="doc-noteref" id="r{number}" '
        f'href="#o{number}" aria-label="{_label(blocks[index], wording)} {number}">'
        f"{REFERENCE_MARK}</a></sup>"
        for number, index in notes
    )


def _label(block: Block, wording: Wording) -> str:
    return wording.original_label(block.language if isinstance(block, Original) else "")


def render_original(
    block: Original, number: int, unit: int, links: Sequence[Link], layout: Layout
) -> str:
    """Return the element of an original; one that an edition without any keeps is in the open.

    The language of a note is on its content too: foliate shows the content without the aside.
    """
    fragment = render_xhtml(block.markdown, links=links).strip()
    language = language_attributes(block.language if fragment else "")
    own = f'class="cp-original" id="o{number}" data-unit="{unit}"{language}'
    if layout.options.originals is OriginalsMode.NOTES:
        note = with_attributes(_lead_back(block, number, fragment, layout), language)
        return f'<aside epub:type="footnote" role="doc-footnote" {own}>{note}</aside>'
    label, wording = escape(block.label), layout.wording
    spoken = language_attributes(_spoken(block, layout) if label else layout.language)
    content = fragment or f"<p>{wording.no_original}</p>"
    if layout.options.originals is OriginalsMode.DETAILS:
        summary = f"<summary{spoken}>{label or wording.original_label(block.language)}</summary>"
        return f"<details {own}>\n{summary}\n{content}\n</details>"
    head = f'<p class="label"{spoken}>{label}</p>\n' if label else ""
    return f"<div {own}>\n{head}{content}\n</div>"


def _spoken(block: Original, layout: Layout) -> str:
    """Return the language of an original's label, which may be in either of the two."""
    return language_among(block.label, (layout.language, block.language or layout.language))


def _lead_back(block: Original, number: int, fragment: str, layout: Layout) -> str:
    """Return a note's content with the link back in front, where Kindle looks for it."""
    # In the language of the note; one without a language has the book's.
    language = (block.language if fragment else "") or layout.language
    fragment = fragment or f"<p>{layout.wording.no_original}</p>"
    back = wording_for(language).back if primary_subtag(language) in _SPOKEN else ""
    label = f' aria-label="{back} {number}"' if back else ""
    link = (
        '<a class="backlink" epub:type="backlink" role="doc-backlink" '
        f'href="#r{number}"{label}>{REFERENCE_MARK}</a>'
    )
    if block.label:
        attributes = language_attributes(_spoken(block, layout))
        link += f' <span class="label"{attributes}>{escape(block.label)}</span>'
    if fragment.startswith("<p>"):
        return f"<p>{link} {fragment.removeprefix('<p>')}"
    return f"<p>{link}</p>\n{fragment}"
