"""Faces for Chinese, Japanese and Korean: which there are, and which is the best.

It stands on its own and serves covers and the PDF edition alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from os import walk
from pathlib import Path
from typing import Final

from typst import Fonts

__all__ = ["FONT_ROOTS", "Face", "face_for", "font_folder", "fonts_in", "script_of"]

FONT_ROOTS: Final = (
    "~/.local/share/fonts",
    "~/.fonts",
    "~/Library/Fonts",
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "/Library/Fonts",
)
"""Where systems keep their fonts."""

# Serif before sans, bold before regular. Variable fonts are left alone: Typst would set them
# in their thinnest weight.
_SERIF: Final = "NotoSerifCJK|NotoSerif[STHJK][CKPR]|SourceHanSerif"
_SANS: Final = "NotoSansCJK|NotoSans[STHJK][CKPR]|SourceHanSans"
_FILES: Final = tuple(
    re.compile(rf"(?:{family})[A-Za-z]*-{weight}\.(?:ttc|otc|otf|ttf)$")
    for weight in ("(?:Bold|SemiBold|Heavy)", "(?:Regular|Medium)")
    for family in (_SERIF, _SANS)
)
_FAMILIES: Final = (
    *("Noto Serif CJK", "Noto Serif", "Source Han Serif"),
    *("Noto Sans CJK", "Noto Sans", "Source Han Sans"),
)
_BOLD: Final = 600
_SCRIPTS: Final = {"ja": "JP", "ko": "KR"}
_TRADITIONAL: Final = {"hk": "HK", "mo": "HK", "tw": "TC", "hant": "TC"}


@dataclass(frozen=True, slots=True)
class Face:
    """A family of Chinese, Japanese or Korean letters, and its boldest weight up to 700."""

    family: str
    weight: int

    @property
    def is_bold(self) -> bool:
        """Whether it can stand for a title as it is."""
        return self.weight >= _BOLD


def font_folder() -> Path | None:
    """Return the folder with the best Chinese face: the system's, else the wheel's, else none."""
    return _system_folder(FONT_ROOTS) or _wheel_folder()


def face_for(script: str, folder: Path | None) -> Face | None:
    """Return the face of a folder for a script: ``SC``, ``TC``, ``HK``, ``JP`` or ``KR``."""
    if folder is None:
        return None
    wanted = [f"{family} {script}" for family in _FAMILIES]
    weights: dict[str, int] = {}
    for font in fonts_in(folder, everything=False).fonts():
        if font.family in wanted and font.style == "normal" and font.weight <= 700:
            weights[font.family] = max(weights.get(font.family, 0), font.weight)
    faces = [Face(family, weights[family]) for family in wanted if family in weights]
    return next((face for face in faces if face.is_bold), faces[0] if faces else None)


def script_of(tag: str) -> str:
    """Return the script whose forms of Chinese characters the language writes."""
    subtags = tag.lower().split("-")
    traditional = (_TRADITIONAL[part] for part in reversed(subtags) if part in _TRADITIONAL)
    return _SCRIPTS.get(subtags[0]) or next(traditional, "SC")


@cache
def fonts_in(folder: Path | None, *, everything: bool) -> Fonts:
    """Return the fonts of a folder, or all of the system's as well.

    A font is read when a letter asks for it.
    """
    return Fonts(include_system_fonts=everything, font_paths=[folder] if folder else [])


@cache
def _system_folder(roots: tuple[str, ...]) -> Path | None:
    """Return the folder of the best file; among equals, of the first root and the first name."""
    ranked = [
        (rank, order, path)
        for order, root in enumerate(roots)
        for path in _files(Path(root).expanduser())
        for rank, pattern in enumerate(_FILES)
        if pattern.match(path.name)
    ]
    return min(ranked)[2].parent if ranked else None


def _files(root: Path) -> Iterator[Path]:
    for folder, _, names in walk(root):
        yield from (Path(folder, name) for name in names)


def _wheel_folder() -> Path | None:
    found = find_spec("noto_cjk_sans_otc")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent
