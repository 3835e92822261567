"""Covers: drawn from what a book says about itself, or made of the user's own image.

The package does not import Typst and Pillow; its modules do, in the process of ``__main__``.
"""

from __future__ import annotations

from .wording import CoverText, edition_name

__all__ = ["CoverText", "edition_name"]
