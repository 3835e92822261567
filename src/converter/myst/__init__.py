"""The web edition's text: a book as an ordinary Sphinx project of MyST documents."""

from __future__ import annotations

from .project import PROJECT_MARK, render_myst
from .reference import entry_pages

__all__ = ["PROJECT_MARK", "entry_pages", "render_myst"]
