"""The PDF edition: a Sphinx builder that sets books with Typst."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]


def setup(app: Sphinx) -> None:
    """Register the builder and what it is told in conf.py."""
    # Typst and what binds the PDF are loaded by who builds one.
    from converter.sphinx_ext.pdf.builder import TypstPdfBuilder  # noqa: PLC0415 -- as said above

    app.add_builder(TypstPdfBuilder)
    app.add_config_value("duizhao_pdf", {}, "", dict)
    # What the title page and the one behind it say beside the title and the author.
    app.add_config_value("duizhao_facts", {}, "", dict)
    app.add_config_value("duizhao_identifier", "", "", str)
    app.add_config_value("duizhao_moment", 0, "", int)
    app.add_config_value("duizhao_pdf_cover", "", "", str)
    app.add_config_value("duizhao_pdf_name", "", "", str)
