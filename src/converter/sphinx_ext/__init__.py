"""The Sphinx extension that generated books load: it knows doctrees, nothing of posts.

A book builds without it too, with plainer pages; ``conf.py`` adds it when it is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the book's editions with Sphinx."""
    # The processes that set and bind a PDF are in this package too, and need none of Sphinx.
    from converter.sphinx_ext import cards, html, latex, math, pdf  # noqa: PLC0415 -- as said above

    html.setup(app)
    cards.setup(app)
    latex.setup(app)
    math.setup(app)
    pdf.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
