"""Originals in an EPUB: as popup notes, folded, in the open below their paragraphs, or not at all.

The markup of a note is what Apple Books, Thorium, Kobo, Kindle and foliate each need to show
it over the page: a superscript noteref, an aside *in the same file*, its id on the aside, a
link back, and nothing hidden by CSS.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ..language import language_of
from ..markdown import Link, render_xhtml
from ..model import Block, Original, OriginalsMode
from .layout import Layout
from .wording import REFERENCE_MARK, original_label
from .xhtml import escape, language_attributes

__all__ = ["ADVICE", "SUMMARIES", "render_original", "render_references", "with_attributes"]

ADVICE: Final = {
    OriginalsMode.NOTES: (
        f"点按段末的 {REFERENCE_MARK} 看{{label}}，再点按原文前的 {REFERENCE_MARK} 回到正文。"
    ),
    OriginalsMode.DETAILS: "点按段落下面的“{label}”，展开或收起这一段的原文。",
    OriginalsMode.INLINE: "每段译文下面是它的{label}。",
    OriginalsMode.NONE: "",
}
"""How readers reach the originals in each mode; ``{label}`` is what these are called."""

SUMMARIES: Final = {
    OriginalsMode.NOTES: "原文以脚注给出，每处都有返回正文的链接，并标明语言",
    OriginalsMode.DETAILS: "原文收在段落下面，可以展开，并标明语言",
    OriginalsMode.INLINE: "原文在段落下面，并标明语言",
    OriginalsMode.NONE: "",
}
"""What the accessibility summary says of them."""

# In the language of the note that they stand in; a note without one has the book's.
_BACK_LABELS: Final = {"": "返回正文", "zh": "返回正文", "en": "Back to paragraph"}
_EMPTY: Final = "<p>（此处没有原文）</p>"


def with_attributes(fragment: str, attributes: str) -> str:
    """Put attributes on a fragment's element: its only paragraph, or a div around it all."""
    if not attributes:
        return fragment
    if fragment.startswith("<p>") and fragment.find("</p>") == len(fragment) - len("</p>"):
        return f"<p{attributes}>{fragment.removeprefix('<p>')}"
    return f"<div{attributes}>\n{fragment}\n</div>"


def render_references(blocks: Sequence[Block], notes: Iterable[tuple[int, int]]) -> str:
    """Return the marks that lead to notes, given as (number, index of the original)."""
    return " ".join(
        f'<sup><a class="noteref" epub:type="noteref" role="doc-noteref" id="r{number}" '
        f'href="#o{number}" aria-label="{_label(blocks[index])} {number}">'
        f"{REFERENCE_MARK}</a></sup>"
        for number, index in notes
    )


def _label(block: Block) -> str:
    return original_label(block.language if isinstance(block, Original) else "")


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
        note = with_attributes(_lead_back(block, number, fragment), language)
        return f'<aside epub:type="footnote" role="doc-footnote" {own}>{note}</aside>'
    label = escape(block.label)
    spoken = language_attributes(language_of(block.label) if label else layout.language)
    if layout.options.originals is OriginalsMode.DETAILS:
        summary = f"<summary{spoken}>{label or original_label(block.language)}</summary>"
        return f"<details {own}>\n{summary}\n{fragment or _EMPTY}\n</details>"
    head = f'<p class="label"{spoken}>{label}</p>\n' if label else ""
    return f"<div {own}>\n{head}{fragment or _EMPTY}\n</div>"


def _lead_back(block: Original, number: int, fragment: str) -> str:
    """Return a note's content with the link back in front, where Kindle looks for it."""
    language = block.language if fragment else ""
    fragment = fragment or _EMPTY
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
        return f"<p>{back} {fragment.removeprefix('<p>')}"
    return f"<p>{back}</p>\n{fragment}"
