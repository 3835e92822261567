"""The face that a cover is set in, and the compiler that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from os import walk
from pathlib import Path
from typing import Final

from typst import Compiler, Fonts

__all__ = ["FONT_ROOTS", "Face", "compiler_for", "face_for", "font_folder"]

FONT_ROOTS: Final = (
    "~/.local/share/fonts",
    "~/.fonts",
    "~/Library/Fonts",
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "/Library/Fonts",
)
"""Where systems keep their fonts."""

_DESIGN: Final = Path(__file__).with_name("cover.typ")

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
    for font in _fonts(folder, everything=False).fonts():
        if font.family in wanted and font.style == "normal" and font.weight <= 700:
            weights[font.family] = max(weights.get(font.family, 0), font.weight)
    faces = [Face(family, weights[family]) for family in wanted if family in weights]
    return next((face for face in faces if face.is_bold), faces[0] if faces else None)


@cache
def compiler_for(folder: Path | None, *, everything: bool) -> Compiler:
    """Return the compiler of the design, with a folder's fonts or with all of the system's.

    It reads nothing but the design's own folder, and a font only when a letter asks for it.
    """
    return Compiler(_DESIGN, root=_DESIGN.parent, font_paths=_fonts(folder, everything=everything))


@cache
def _fonts(folder: Path | None, *, everything: bool) -> Fonts:
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
