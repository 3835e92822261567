"""Covers: drawn from what a book says about itself, or made of the user's own image."""

from __future__ import annotations

from .drawing import render_cover
from .image import fit_image, thumbnail
from .wording import CoverText

__all__ = ["CoverText", "fit_image", "render_cover", "thumbnail"]
