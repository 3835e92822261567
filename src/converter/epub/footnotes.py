"""Footnotes of a post in its EPUB: popup notes, where a mark that shows leads to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..footnotes import Footnotes, find_footnotes, link_footnotes
from ..markdown import Link, render_xhtml
from ..model import Heading, Post, prose_anchor

__all__ = ["Notes", "find_notes", "lead_across"]

# Only our own links look like these: quotation marks of a post's text are escaped.
_MARK = re.compile(r'<a href="#p(\d+)-[^"]+" class="cp-noteref"')
_MARK_ID = re.compile(r' class="cp-noteref" id="([^"]+)"')
_MARK_ROLES: Final = 'epub:type="noteref" role="doc-noteref"'
_ROLES = re.compile(r' epub:type="\w+" role="[\w-]+"')
_LINK = re.compile(r'<a href="#([pm]\d+-[^"]+)" class="cp-note(?:ref)?"(?: epub:type[^>]*)?')
_POPUP = re.compile(r'<aside [^>]*id="([^"]+)" class="cp-footnote[^>]*>.*?</aside>', re.DOTALL)
_TO_MARK = re.compile(r'href="#(m\d+-[^"]+)"')
_BACKLINK: Final = 'class="cp-note"'
_BACKLINK_ROLES: Final = 'epub:type="backlink" role="doc-backlink"'


@dataclass(frozen=True, slots=True)
class Notes:
    """The footnotes of a post, as numbers of blocks.

    ``popups`` are those that a mark leads to. A reading system may show them nowhere else: so a
    note whose mark cannot be a link, since it stands in one, is a paragraph. ``targets`` are the
    blocks that a link leads to.
    """

    slug: str
    footnotes: Footnotes
    popups: frozenset[int]
    targets: frozenset[int] = frozenset()

    def links(self, post: Post, index: int) -> Iterator[Link]:
        """Yield the links of a block to notes, or from one back to its mark."""
        block = post.blocks[index]
        if not isinstance(block, Heading):
            yield from link_footnotes(block, index, self.footnotes, self._address, self._mark_id)

    def mark_up(self, fragment: str) -> str:
        """Say in the XHTML of a block what its marks are."""
        return _MARK.sub(self._mark_up, fragment) if self.popups else fragment

    def wrap(self, fragment: str, attributes: str) -> str:
        """Return the element of a popup, from its XHTML."""
        note = fragment.replace(_BACKLINK, f"{_BACKLINK} {_BACKLINK_ROLES}", 1)
        return f'<aside epub:type="footnote" role="doc-footnote"{attributes}>{note}</aside>'

    def _mark_up(self, mark: re.Match[str]) -> str:
        return f"{mark[0]} {_MARK_ROLES}" if int(mark[1]) in self.popups else mark[0]

    def _address(self, index: int) -> str:
        return f"#{prose_anchor(self.slug, index)}"

    def _mark_id(self, note: int) -> str:
        return f"m{note}-{self.slug}" if note in self.popups else ""


def find_notes(post: Post) -> Notes:
    """Return the footnotes of a post."""
    footnotes = find_footnotes(post.blocks)
    wanted = Notes(post.slug, footnotes, frozenset(footnotes.references))
    shown: set[str] = set()
    for index in set(footnotes.references.values()):
        block = post.blocks[index]
        if not isinstance(block, Heading):
            links = tuple(wanted.links(post, index))
            shown.update(_MARK_ID.findall(render_xhtml(block.markdown, links=links)))
    popups = frozenset(note for note in wanted.popups if f"m{note}-{post.slug}" in shown)
    targets = frozenset(
        block
        for label, notes in footnotes.notes.items()
        for note in notes.values()
        # One that is no popup leads back to the paragraph of its mark.
        for block in (note, *([] if note in popups else [footnotes.reference(label, note)]))
    )
    return replace(wanted, popups=popups, targets=targets)


def lead_across(content: str, name: str, anchors: Mapping[str, str]) -> str:
    """Return the XHTML of a document of several, with links to notes and marks in the others.

    ``name`` is the document's own, ``anchors`` are places by their ids. A note in another document
    than its mark is a paragraph: Thorium shows no popup there, nor anything in its place.
    """
    opened: set[str] = set()

    def lead(link: re.Match[str]) -> str:
        place = anchors.get(link[1], f"{name}#{link[1]}")
        if not place.startswith(f"{name}#"):
            return _ROLES.sub("", link[0].replace(f'"#{link[1]}"', f'"{place}"'))
        return _ROLES.sub("", link[0]) if link[1] in opened else link[0]

    def open_up(note: re.Match[str]) -> str:
        mark = _TO_MARK.search(note[0])
        if mark is None or anchors.get(mark[1], "").startswith(f"{name}#"):
            return note[0]
        opened.add(note[1])
        opening, rest = note[0].removesuffix("</aside>").split(">", 1)
        return f"<div{_ROLES.sub('', opening.removeprefix('<aside'))}>{rest}</div>"

    return _LINK.sub(lead, _POPUP.sub(open_up, content))
