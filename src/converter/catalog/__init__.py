"""The library's own pages, drawn from facts about its books; pure, and free of any theme."""

from .frame import Section
from .home import BookCard, render_home
from .merging import BookReference
from .opds import EpubLink, Publication, render_opds
from .sections import SECTION_NAMES, CollectedSection, collect_sections, render_sections

__all__ = [
    "SECTION_NAMES",
    "BookCard",
    "BookReference",
    "CollectedSection",
    "EpubLink",
    "Publication",
    "Section",
    "collect_sections",
    "render_home",
    "render_opds",
    "render_sections",
]
