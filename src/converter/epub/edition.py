"""What is asked of an EPUB beside its book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ..model import OriginalsMode

__all__ = ["Edition", "NotePlacement"]

NotePlacement = Literal["document", "paragraph"]
"""Where notes stand: at the end of their document, or behind the paragraph they belong to.

Reading systems that know notes show them alike. Those that do not list the former at the end,
as Kindle wants it, and print the latter as parallel text.
"""


@dataclass(frozen=True, slots=True)
class Edition:
    """The book's language, what names the edition for good, its date, and its originals."""

    language: str
    identifier: str
    modified: datetime
    originals: OriginalsMode
    notes: NotePlacement

    @property
    def has_notes_at_end(self) -> bool:
        """Whether the originals stand at the end of their documents."""
        return self.originals is OriginalsMode.NOTES and self.notes == "document"
