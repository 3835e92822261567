"""The indexes: names, and where in the text they occur.

The vocabulary is that of https://idpf.org/epub/idx/: an ``index`` holds one list of entries, or
groups with one each; an entry has one term, and locators or a reference to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..model import Book, IndexEntry, SeeReference
from .listing import Line, Listing, render_listing
from .locators import Places, foreign_attributes, render_locator
from .wording import Wording, wording_for
from .xhtml import Document, escape

__all__ = ["render_index"]

_SECTION = 'epub:type="index" role="doc-index"'
_LOCATOR = ' epub:type="index-locator"'


def render_index(listing: Listing, book: Book, places: Places) -> tuple[Document, ...]:
    """Return ``text/index-people.xhtml`` and the like, with what goes on with a long one.

    Lines keep the order of the book's index.
    """
    writer = _Writer(book, places, listing.hrefs, wording_for(book.language))
    return tuple(render_listing(listing, book.language, _SECTION, writer.render_group))


@dataclass(frozen=True, slots=True)
class _Writer:
    book: Book
    places: Places
    hrefs: Mapping[str, str]
    wording: Wording

    def render_group(self, lines: Sequence[Line], heading: str) -> str:
        rendered = "\n".join(map(self._render, lines))
        entries = f'<ul epub:type="index-entry-list">\n{rendered}\n</ul>'
        if not heading:
            return entries
        return f'<section epub:type="index-group">\n{heading}{entries}\n</section>'

    def _render(self, line: Line) -> str:
        if isinstance(line, SeeReference):
            link = (
                f'<a epub:type="index-term" href="{escape(self.hrefs[line.id])}">'
                f"{escape(line.headword)}</a>"
            )
            return (
                f'<li epub:type="index-entry"><span epub:type="index-term">'
                f"{self._text(line.alias)}</span> "
                '<span class="see" epub:type="index-xref-preferred">'
                f"{self.wording.see.format(link)}</span></li>"
            )
        return self._render_entry(line) if isinstance(line, IndexEntry) else ""

    def _render_entry(self, entry: IndexEntry) -> str:
        originals = self.wording.join(*map(self._text, entry.originals))
        named = self.wording.expansion.format(originals)
        expansion = f'<span class="expansion">{named}</span>' if originals else ""
        return (
            f'<li epub:type="index-entry" id="{escape(entry.id)}">'
            f'<span epub:type="index-term" class="term">{self._text(entry.name)}</span>'
            f"{expansion} {self._render_locators(entry)}</li>"
        )

    def _render_locators(self, entry: IndexEntry) -> str:
        """Return the only chapter behind the name, or a line each below it: titles are long."""
        rendered = [
            render_locator(each, self.places, _LOCATOR, self.wording) for each in entry.locators
        ]
        locators = [each for each in rendered if each]
        if len(locators) < 2:
            return f'<span class="locators">{"".join(locators)}</span>'
        items = "".join(f"<li>{each}</li>" for each in locators)
        return f'<ul epub:type="index-locator-list" class="locators">{items}</ul>'

    def _text(self, name: str) -> str:
        """Return a name, in its language if it is not the book's."""
        attributes = foreign_attributes(name, self.book)
        return f"<span{attributes}>{escape(name)}</span>" if attributes else escape(name)
