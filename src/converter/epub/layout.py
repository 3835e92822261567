"""What is asked of an EPUB beside its book, and what follows from both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ..model import OriginalsMode
from .wording import Wording, wording_for
from .xhtml import language_attributes, same_language

__all__ = ["EpubOptions", "Layout", "NotePlacement"]

NotePlacement = Literal["document", "paragraph"]
"""Where notes stand: at the end of their document, or behind the paragraph they belong to.

Reading systems that know notes show them alike. Those that do not list the former at the end,
as Kindle wants it, and print the latter as parallel text.
"""

_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class EpubOptions:
    """What is asked of an EPUB beside its book.

    ``modified`` is taken as UTC when it names no time zone; ``notes`` says where they stand if
    ``originals`` are notes; ``cover`` is a JPEG, or empty for a book without one.
    """

    identifier: str
    modified: datetime
    originals: OriginalsMode = OriginalsMode.NOTES
    notes: NotePlacement = "paragraph"
    cover: bytes = b""
    pdf: str = ""
    """The identifier of the PDF that ``pages`` are of."""

    pages: Mapping[str, str] = field(default_factory=dict)
    """The label of the page that a place is on: a paragraph of a post, ``slug#id``, or a post."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The languages of a book and of its titles, and what is asked of its EPUB."""

    language: str
    title_language: str
    options: EpubOptions

    @property
    def has_notes_at_end(self) -> bool:
        """Whether the originals stand at the end of their documents."""
        options = self.options
        return options.originals is OriginalsMode.NOTES and options.notes == "document"

    @property
    def wording(self) -> Wording:
        """The words that are not the posts'."""
        return wording_for(self.language)

    def title_attributes(self, title: str) -> str:
        """Return the language of a title or heading where it is Chinese and the book is not."""
        if same_language(self.title_language, self.language) or not _HAN.search(title):
            return ""
        return language_attributes(self.title_language)
