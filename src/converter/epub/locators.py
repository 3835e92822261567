"""Links from the glossary and the indexes back into the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..language import foreign_language
from ..model import Book, Locator
from .wording import Wording
from .xhtml import escape, language_attributes

__all__ = ["Places", "foreign_attributes", "render_locator"]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the text is, below ``text/``: chapters by their slugs, paragraphs by their anchors.

    ``titles`` are plain text; only paragraphs with an id are known.
    """

    titles: Mapping[str, str]
    starts: Mapping[str, str]
    anchors: Mapping[str, str]

    def find(self, locator: Locator) -> tuple[str, ...]:
        """Return the places that a locator names, each once; none for an unknown chapter.

        Without a paragraph that is known it is the beginning of the chapter.
        """
        if locator.chapter not in self.titles:
            return ()
        found = (self.anchors.get(anchor, "") for anchor in locator.anchors)
        return tuple(dict.fromkeys(filter(None, found))) or (self.starts[locator.chapter],)


def render_locator(locator: Locator, places: Places, attributes: str, wording: Wording) -> str:
    """Return a link labelled by the chapter's title, and numbers for what follows in it.

    ``attributes`` go on each link, with a space before them. The label of a number says to a
    screen reader what the eye sees: that it is another place in the same chapter.
    """
    hrefs = places.find(locator)
    if not hrefs:
        return ""
    first, *others = hrefs
    links = [f'<a{attributes} href="{escape(first)}">{escape(places.titles[locator.chapter])}</a>']
    for number, href in enumerate(others, 2):
        label = wording.place.format(number)
        links.append(f'<a{attributes} href="{escape(href)}" aria-label="{label}">{number}</a>')
    return " ".join(links)


def foreign_attributes(text: str, book: Book) -> str:
    """Return the language attributes of a name or an expansion that is not in the book's."""
    return language_attributes(foreign_language(text, book.language, book.original_language))
