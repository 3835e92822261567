"""A font for the letters that no font has: each is a box with the number of its letter in it.

A PDF that is accessible must have a glyph for every letter, and a reader must see that something
stands there. The letters themselves stay in the text, for who searches or copies it.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Final

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

__all__ = ["FAMILY", "render_font"]

FAMILY: Final = "Duizhao Last Resort"

_EM: Final = 1000
_WIDTH: Final = 1000
_BOX: Final = (60, -120, 940, 880)
_LINE: Final = 40
_DIGIT_WIDTH: Final = 200
_DIGIT_HEIGHT: Final = 320
_STROKE: Final = 46
_MOST: Final = 60_000
"""Letters; a font holds no more than 65,535 glyphs."""

_DATE: Final = 3_029_529_600
"""Seconds from 1904 to 2000: the same in every font, so that the same letters give the same."""

# The bars of a digit as on a pocket calculator: top, upper left, upper right, middle, lower left,
# lower right, bottom. Letters are those that hexadecimal numbers are made of.
_BARS: Final = {
    "0": "1110111", "1": "0010010", "2": "1011101", "3": "1011011", "4": "0111010", "5": "1101011",
    "6": "1101111", "7": "1010010", "8": "1111111", "9": "1111011", "A": "1111110", "B": "0101111",
    "C": "1100101", "D": "0011111", "E": "1101101", "F": "1101100",
}  # fmt: skip


def render_font(letters: Iterable[str]) -> bytes:
    """Return a TrueType font with a box for each letter; the same letters give the same bytes."""
    codes = sorted(set(map(ord, letters)))[:_MOST]
    glyph_names = {code: f"u{code:04X}" for code in codes}
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", *glyph_names.values()])
    builder.setupCharacterMap(glyph_names)
    glyphs = {".notdef": _box("")} | {
        name: _box(f"{code:04X}") for code, name in glyph_names.items()
    }
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (_WIDTH, _BOX[0])))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    # Typst takes no font without a PostScript name.
    names = {"familyName": FAMILY, "styleName": "Regular", "fullName": FAMILY}
    builder.setupNameTable({**names, "psName": FAMILY.replace(" ", "")})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    builder.updateHead(created=_DATE, modified=_DATE)
    builder.font.recalcTimestamp = False
    file = BytesIO()
    builder.save(file)
    return file.getvalue()


def _box(number: str) -> Glyph:
    """Return a frame with a number in two rows."""
    pen = TTGlyphPen(None)
    left, bottom, right, top = _BOX
    _rectangle(pen, _BOX)
    inside = (left + _LINE, bottom + _LINE, right - _LINE, top - _LINE)
    _rectangle(pen, inside, is_hole=True)
    half = -(-len(number) // 2)
    for row, digits in enumerate((number[:half], number[half:])):
        gap = (right - left - 2 * _LINE - len(digits) * _DIGIT_WIDTH) / (len(digits) + 1)
        base = top - 120 - _DIGIT_HEIGHT if row == 0 else bottom + 120
        for place, digit in enumerate(digits):
            start = left + _LINE + gap + place * (_DIGIT_WIDTH + gap)
            _digit(pen, digit, round(start), base)
    return pen.glyph()


def _digit(pen: TTGlyphPen, digit: str, x: int, y: int) -> None:
    middle, far, top = y + _DIGIT_HEIGHT // 2, x + _DIGIT_WIDTH, y + _DIGIT_HEIGHT
    half = _STROKE // 2
    places = (
        (x, top - _STROKE, far, top),
        (x, middle, x + _STROKE, top),
        (far - _STROKE, middle, far, top),
        (x, middle - half, far, middle + half),
        (x, y, x + _STROKE, middle),
        (far - _STROKE, y, far, middle),
        (x, y, far, y + _STROKE),
    )
    for place, shown in zip(places, _BARS[digit], strict=True):
        if shown == "1":
            _rectangle(pen, place)


def _rectangle(pen: TTGlyphPen, box: tuple[int, int, int, int], *, is_hole: bool = False) -> None:
    left, bottom, right, top = box
    corners = [(left, bottom), (left, top), (right, top), (right, bottom)]
    if is_hole:
        corners.reverse()
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()
