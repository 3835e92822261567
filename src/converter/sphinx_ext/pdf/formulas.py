"""Formulas as Typst source, from the MathML that the other editions show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from converter.sphinx_ext.pdf.literals import array, call, literal, sequence, speakable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["formula"]

_NAMESPACE: Final = "{http://www.w3.org/1998/Math/MathML}"
_ROWS: Final = frozenset({"math", "mrow", "mstyle", "mpadded", "mtd", "semantics"})
_ACCENTS: Final = {
    "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "ˉ": "\u0304",
    "‾": "\u0304", "_": "\u0304", "˘": "\u0306", "˙": "\u0307", ".": "\u0307", "¨": "\u0308",
    "ˇ": "\u030c", "´": "\u0301", "`": "\u0300", "→": "\u20d7", "⃗": "\u20d7", "←": "\u20d6",
}  # fmt: skip
_VARIANTS: Final = {
    "bold": "math.bold", "double-struck": "math.bb", "fraktur": "math.frak",
    "monospace": "math.mono", "normal": "math.upright", "sans-serif": "math.sans",
    "script": "math.cal",
}  # fmt: skip
_PAIRS: Final = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉"}


class _UnknownError(Exception):
    """The MathML holds something that is not known here."""


def formula(mathml: str, tex: str, *, display: bool = False) -> str:
    """Return a formula as an expression; empty for MathML that is empty or not understood."""
    if not mathml:
        return ""
    try:
        # The text was written by converter.mathml from an allow-list: no entity, no DTD.
        body = _write(ET.fromstring(mathml))  # noqa: S314 -- as said above
    except (_UnknownError, ET.ParseError):
        return ""
    options = {"block": "true" if display else "false", "alt": literal(" ".join(tex.split()))}
    return call("math.equation", body, options=options)


def _name(element: Element) -> str:
    return element.tag.removeprefix(_NAMESPACE)


def _write(element: Element) -> str:
    name = _name(element)
    text = speakable(" ".join((element.text or "").split()))
    if name in _ROWS:
        return _row([child for child in element if _name(child) != "annotation"])
    if name in {"mi", "mn", "mo"}:
        return _variant(element, _symbol(name, text))
    if name in {"mtext", "mspace"}:
        words = _variant(element, literal(element.text or ""))
        return words if name == "mtext" else "h(0.25em)"
    if name == "mtable":
        rows = (array(map(_write, row)) for row in element)
        return call("math.mat", *rows, options={"delim": "none"})
    if name in {"menclose", "msqrt"}:
        frame = {"stroke": "0.4pt", "outset": "2pt"}
        row = _row(list(element))
        return call("math.sqrt", row) if name == "msqrt" else call("box", row, options=frame)
    return _scripted(name, element)


def _scripted(name: str, element: Element) -> str:
    """Return what has parts: fractions, roots, scripts, accents."""
    parts = list(element)
    if name == "mfrac":
        if element.get("linethickness", "") in {"0", "0pt", "0px"}:
            return call("math.vec", *map(_write, parts), options={"delim": "none"})
        return call("math.frac", *map(_write, parts))
    if name == "mroot":
        return call("math.root", _write(parts[1]), _write(parts[0]))
    places = {
        "msub": "b", "msup": "t", "msubsup": "bt", "munder": "b", "mover": "t", "munderover": "bt",
    }.get(name)  # fmt: skip
    if places is None or len(parts) != len(places) + 1:
        raise _UnknownError(name)
    mark = (parts[1].text or "").strip()
    if name == "mover" and element.get("accent") == "true" and mark in _ACCENTS:
        return call("math.accent", _write(parts[0]), literal(_ACCENTS[mark]))
    base = _write(parts[0])
    if name.startswith(("mun", "mov")):
        base = call("math.limits", base)
    scripts = {place: _write(part) for place, part in zip(places, parts[1:], strict=True)}
    return call("math.attach", base, options=scripts)


def _symbol(name: str, text: str) -> str:
    if len(text) == 1 and name != "mn":
        return call("symbol", literal(text))
    return call("math.op", literal(text)) if name == "mi" and text else literal(text)


def _variant(element: Element, written: str) -> str:
    variant = element.get("mathvariant", "")
    if variant == "bold-italic":
        return call("math.bold", call("math.italic", written))
    return call(_VARIANTS[variant], written) if variant in _VARIANTS else written


def _row(elements: Sequence[Element]) -> str:
    """Return elements in a row; brackets grow with what they hold."""
    written: list[str] = []
    open_at: list[tuple[int, str]] = []
    for element in elements:
        mark = (element.text or "").strip() if _name(element) == "mo" else ""
        if mark in _PAIRS:
            open_at.append((len(written), _PAIRS[mark]))
        written.append(_write(element))
        if open_at and mark == open_at[-1][1]:
            start, _ = open_at.pop()
            written[start:] = [call("math.lr", sequence(written[start:]))]
    return sequence(written)
