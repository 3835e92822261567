"""The glossary of a book: its glosses merged into entries, with all places where they occur.

``concepts`` gathers headwords, which ``merging`` joins by what ``keys`` says of spellings;
``definitions`` chooses what is printed, ``mentions`` finds the places, where ``senses`` tells a
term from an ordinary word, and ``lines`` puts all in order.
"""

from __future__ import annotations

from .collect import CollectedGlossary, collect_glossary
from .keys import concept_key

__all__ = [
    "CollectedGlossary",
    "collect_glossary",
    "concept_key",
]
