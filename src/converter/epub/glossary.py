"""The glossary: every headword with its definitions and the paragraphs that explain it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..language import language_among, script_of
from ..markdown import plain_text, render_inline_xhtml
from ..model import Book, Definition, GlossaryEntry, Locator, SeeReference
from .listing import Line, Listing, render_listing
from .locators import Places, foreign_attributes, render_locator
from .wording import Wording, wording_for
from .xhtml import Document, escape, language_attributes

__all__ = ["render_glossary"]

_SECTION = 'epub:type="glossary" role="doc-glossary"'
_BACKLINK = ' role="doc-backlink"'


def render_glossary(listing: Listing, book: Book, places: Places) -> tuple[Document, ...]:
    """Return ``text/glossary.xhtml`` and, for a long glossary, the documents that go on with it.

    Lines keep the order of the book's glossary. The id of an entry is on the element that holds
    its definitions too: readers that show the target in a popup would else show the term alone.
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
        rendered = "\n".join("\n".join(self._render(line)) for line in lines)
        return f"{heading}<dl>\n{rendered}\n</dl>"

    def _render(self, line: Line) -> Iterator[str]:
        if isinstance(line, SeeReference):
            yield from self._render_reference(line)
        elif isinstance(line, GlossaryEntry):
            yield from self._render_entry(line)

    def _render_reference(self, line: SeeReference) -> Iterator[str]:
        # What a post's Markdown makes of a headword may hold a link, which another cannot.
        label = escape(plain_text(line.headword))
        yield f"<div>\n<dt>{self._text(line.alias)}</dt>"
        link = (
            '<a epub:type="glossref" role="doc-glossref" '
            f'href="{escape(self.hrefs[line.id])}">{label}</a>'
        )
        yield f"<dd>{self.wording.see.format(link)}</dd>\n</div>"

    def _render_entry(self, entry: GlossaryEntry) -> Iterator[str]:
        wording = self.wording
        expansions = wording.expansion.format(wording.join(*map(self._text, entry.originals)))
        yield f'<div id="{escape(entry.id)}">'
        yield (
            f'<dt epub:type="glossterm"><dfn{foreign_attributes(entry.headword, self.book)}>'
            f"{render_inline_xhtml(entry.headword)}</dfn>"
            + (f'<span class="expansion">{expansions}</span>' if entry.originals else "")
            + "</dt>"
        )
        for definition in entry.definitions:
            yield self._render_definition(definition)
        if aliases := wording.join(*map(self._text, entry.aliases)):
            yield f'<dd class="aliases">{wording.also.format(aliases)}</dd>'
        if mentions := self._render_mentions(entry):
            yield f'<dd class="mentions">{wording.mentions.format(mentions)}</dd>'
        yield "</div>"

    def _render_definition(self, definition: Definition) -> str:
        languages = (self.book.language, self.book.original_language)
        language = language_among(definition.text, languages)
        foreign = language and script_of(language) != script_of(self.book.language)
        attributes = language_attributes(language) if foreign else ""
        text = render_inline_xhtml(definition.text)
        source = self._render_source(definition)
        if attributes and source:  # the source is a title in the book's language
            text, attributes = f"<span{attributes}>{text}</span>", ""
        return f'<dd epub:type="glossdef"{attributes}>{text}{source}</dd>'

    def _render_source(self, definition: Definition) -> str:
        mention = definition.mention
        hrefs = self.places.find(Locator(mention.chapter, (mention.anchor,)))
        if not hrefs:
            return ""
        title = self.wording.quoted_title.format(escape(self.places.titles[mention.chapter]))
        link = f'<a{_BACKLINK} href="{escape(hrefs[0])}">{title}</a>'
        return f' <span class="source">{self.wording.by_source.format(link)}</span>'

    def _render_mentions(self, entry: GlossaryEntry) -> str:
        """Return a locator a chapter, or nothing if the sources lead to all of it already."""
        sources = {definition.mention for definition in entry.definitions}
        if sources.issuperset(entry.mentions):
            return ""
        chapters: dict[str, dict[str, None]] = {}
        for mention in entry.mentions:
            chapters.setdefault(mention.chapter, {})[mention.anchor] = None
        locators = (
            render_locator(Locator(chapter, tuple(anchors)), self.places, _BACKLINK, self.wording)
            for chapter, anchors in chapters.items()
        )
        return self.wording.semicolon.join(filter(None, locators))

    def _text(self, markdown: str) -> str:
        """Return an alias or an expansion, in its language if it is not the book's."""
        text = render_inline_xhtml(markdown)
        attributes = foreign_attributes(markdown, self.book)
        return f"<span{attributes}>{text}</span>" if attributes else text
