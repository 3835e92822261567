"""The folded original: finding where a block starts and ends, and reading what it holds.

Both dialects (a ``<p>`` of HTML, or Markdown between the tags) and their slips are read by
one tolerant grammar: an opener, an optional summary, a body, and whatever closes it. Every
search is bounded by the next tag, so that the time is linear in the length of the post.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..diagnostics import Edit
from ..language import language_of
from .content import check_content, has_lost_bold, read_content, tidy_space
from .extent import find_extent
from .summary import read_openers, read_summary
from .tags import LABELS, OPENER, USUAL_LABEL, Offsets, Slip, skip_space

__all__ = [
    "LABELS",
    "OPENER",
    "Folded",
    "Slip",
    "read_content",
    "read_original",
    "skip_space",
]

_HIDDEN = re.compile(r"\bstyle=[\"'][^\"'>]{0,99}display:\s{0,9}none", re.IGNORECASE)
# Nineteen of twenty originals are one of these, and have nothing to mend.
_CANONICAL = re.compile(
    r"<details>\n<summary>(?:View/Hide |)Original English(?: Source|)</summary>\n"
    r"(?:<p class=\"english-text\">([^<]*)</p>\n|\n([^<]*)\n)</details>(?=\n(?:\n|\Z)|\Z)"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """What a block holds, where in the body it ends, and what was mended.

    The label is empty where it only says that here is the original, as it nearly always does.
    ``misplaced`` is text of the translation that had slipped between the tags. A block is
    ``interrupted`` where the next one opens before it is closed.
    """

    label: str
    markdown: str
    end: int
    slips: tuple[Slip, ...]
    misplaced: str = ""
    hidden: bool = False
    interrupted: bool = False


def read_original(body: str, start: int, code: Offsets = ()) -> Folded:
    """Read the block whose opener begins at ``start``; this never fails and loses no text.

    ``code`` holds the offsets of the body at which a tag is only shown.
    """
    canonical = _CANONICAL.match(body, start)
    if canonical:
        markdown = canonical[1] or canonical[2] or ""
        if "\n#" not in markdown:
            return Folded("", tidy_space(markdown), canonical.end(), ())
    slips: list[Slip] = []
    opener = OPENER.match(body, start)
    assert opener is not None
    position = read_openers(body, opener, slips)
    summary = read_summary(body, position, slips)
    extent = find_extent(body, summary.end, slips, code)
    content = body[summary.end : extent.content_end]
    check_content(content, summary.end, code, slips)
    markdown = read_content(content, summary.end, code)
    if summary.holds_text and has_lost_bold(markdown):
        markdown = f"**{markdown}"
        slips = [_restore_bold(slip) for slip in slips]
    before = read_content(summary.before) if summary.before else ""
    misplaced = summary.misplaced
    if before and language_of(before) == "zh-Hans" and language_of(markdown) == "en":
        misplaced = f"{before}\n\n{misplaced}".strip()
    elif before:
        markdown = f"{before}\n\n{markdown}".strip()
    label = summary.label
    if not markdown and not USUAL_LABEL.fullmatch(label):
        label, markdown = "", label
    return Folded(
        label="" if USUAL_LABEL.fullmatch(label) else label,
        markdown=markdown,
        end=max(extent.end, opener.end()),
        slips=tuple(slips),
        misplaced=misplaced,
        hidden=_HIDDEN.search(opener.group()) is not None,
        interrupted=extent.interrupted,
    )


def _restore_bold(slip: Slip) -> Slip:
    """Let the edit that closes the summary write the asterisks too that it had swallowed."""
    if slip.code != "post.summary-not-closed":
        return slip
    edits = [Edit(edit.start, edit.end, f"{edit.text}**") for edit in slip.edits]
    return replace(slip, edits=edits)
