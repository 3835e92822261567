"""Covers drawn by Typst. The design is cover.typ; it gets values, and no program is written."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

from typst import Compiler

from ..faces import Face, face_for, font_folder, fonts_in, script_of
from .image import encode_drawing
from .motif import leaves, palette_for
from .wording import CoverText, Wording, compose

__all__ = ["render_cover"]

_DESIGN: Final = Path(__file__).with_name("cover.typ")
_LATIN: Final = "Libertinus Serif"
"""It comes with Typst, so that a cover in an alphabet looks alike everywhere."""

_CJK: Final = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uffee\U00020000-\U0003ffff]"
)
# What the chosen face or the one above has letters for, if anything has.
_USUAL: Final = re.compile(
    "[\0-\u052f\u1e00-\u1fff\u2000-\u22ff\u2460-\u25ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\ufe30-\ufe4f\uff00-\uffef\ufffd\U00020000-\U0003ffff]*"
)
_EMBOLDEN: Final = 0.018
_SQUARE: Final = frozenset({"zh", "ja", "ko"})
"""Languages whose letters fill squares."""

_Entry = tuple[tuple[tuple[str, str], ...], int]
"""The ways to say something, and on how many lines at most."""


def render_cover(text: CoverText) -> bytes:
    """Return a cover as JPEG, 1400 by 2100 pixels; the same values give the same bytes."""
    wording = compose(text)
    folder = font_folder()
    face = face_for(script_of(text.language), folder)
    # Most titles need one face. Only for letters that it lacks are the system's fonts looked at.
    everything = _USUAL.fullmatch(_printed(wording)) is None
    values = json.dumps(_values(text, wording, face), ensure_ascii=True)
    compiler = _compiler(folder, everything=everything)
    drawing = compiler.compile(format="png", ppi=72, sys_inputs={"cover": values})
    assert isinstance(drawing, bytes)
    return encode_drawing(drawing)


@cache
def _compiler(folder: Path | None, *, everything: bool) -> Compiler:
    # It reads nothing but the design's own folder.
    fonts = fonts_in(folder, everything=everything)
    return Compiler(_DESIGN, root=_DESIGN.parent, font_paths=fonts)


def _values(text: CoverText, wording: Wording, face: Face | None) -> dict[str, object]:
    palette = palette_for(wording.name)
    left, right = leaves(wording.name, text.volume)
    if not wording.is_bilingual:
        left, right = (left, []) if _language(text.language) in _SQUARE else ([], right)
    # A title in an alphabet has the book face of alphabets, beside Chinese only if as bold.
    said = wording.title if face is None or face.is_bold else _printed(wording)
    western = _CJK.search(said) is None
    families = [face.family] if face else []
    entries = _entries(wording)
    return {
        "title": wording.title,
        "subtitle": wording.subtitle,
        "note": wording.note,
        "latin": _CJK.search(wording.title) is None,
        "volume": wording.volume,
        "edition": wording.edition,
        "creators": wording.creators or [[]],
        "footer": ([], entries) if wording.creators else (entries, []),
        "language": _language(text.language),
        "region": _region(text.language),
        "book-face": _LATIN,
        "fonts": [_LATIN, *families] if western else [*families, _LATIN],
        "weight": 700,
        "embolden": 0 if western or face is None or face.is_bold else _EMBOLDEN,
        "colours": palette.colours,
        "left": left,
        "right": right,
    }


def _entries(wording: Wording) -> list[_Entry]:
    """Return what a cover says beside its creators."""
    entries: list[_Entry] = [
        (wording.translators, 2),
        (((wording.dates, ""),), 1),
        (((wording.publisher, ""),), 2),
    ]
    return [entry for entry in entries if any(string for string, _ in entry[0])]


def _printed(wording: Wording) -> str:
    names = [*wording.translators, *(name for few in wording.creators for name in few)]
    lines = (wording.title, wording.subtitle, wording.note, wording.edition)
    more = (wording.dates, wording.publisher)
    return "".join((*lines, *more, *wording.volume, *map("".join, names)))


def _language(tag: str) -> str:
    found = re.match("[A-Za-z]{2,3}(?=-|$)", tag)
    return found[0].lower() if found else "und"


def _region(tag: str) -> str | None:
    found = re.search("-([A-Za-z]{2})(?=-|$)", tag)
    return found[1].upper() if found else None
