"""TeX formulas as MathML, for every edition.

The TeX comes from posts, and a library turns it into MathML; neither is trusted. What goes in is
bounded, and made of known commands that define, load and style nothing. What comes out is written
anew from an allow-list of elements and attributes, and must hold every letter of the formula.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["LONGEST_FORMULA", "render_mathml"]

LONGEST_FORMULA: Final = 3_000
"""Characters beyond which TeX is not converted."""

_DEEPEST_BRACES: Final = 16
_DEEPEST_ELEMENT: Final = 80
_NAMESPACE: Final = "http://www.w3.org/1998/Math/MathML"

# Commands with arguments or an effect. Not among them is what defines (\def), hides (\phantom),
# styles, measures, links or loads; a symbol is a command of the library's own table.
_COMMANDS: Final = frozenset(
    "frac dfrac tfrac cfrac binom dbinom tbinom over choose sqrt overset underset stackrel"
    " substack hat widehat bar overline underline vec tilde widetilde dot ddot check breve acute"
    " grave mathring overbrace underbrace overrightarrow overleftarrow xrightarrow xleftarrow"
    " text textbf textit textrm textsf texttt textup textnormal mbox operatorname boxed tag"
    " mathbb mathbf mathcal mathfrak mathit mathrm mathscr mathsf mathtt mathnormal"
    " boldsymbol bm rm bf it cal left right middle not limits nolimits"
    " big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm"
    " displaystyle textstyle scriptstyle begin end hline cr nonumber notag"
    " quad qquad enspace thinspace space mod pmod bmod argmax argmin"
    " lim limsup liminf sup inf max min det gcd Pr".split()
)
# What an environment is to the library, which does not know all of them and numbers some.
_ENVIRONMENTS: Final = {
    **{name: name for name in "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix".split()},
    **{name: name for name in "smallmatrix array cases split".split()},
    **dict.fromkeys("align align* aligned eqnarray eqnarray*".split(), "split"),
    **dict.fromkeys("gather gather* gathered equation equation*".split(), "matrix"),
}
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+\*?)\}")
_COLUMNS = re.compile(r"(\\begin\{array\})\s*\{[lcr| ]*\}")
# Pairs from the left: in a\\b the b stands behind a line break.
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)|.)", re.DOTALL)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_TEXT_WITH_GROUP = re.compile(r"\\(?:text[a-z]*|mbox|tag|operatorname)\s*\{[^{}]*\{")
# As fences the library would have them grow with whatever stands near.
_BAR = re.compile(r"\\[lr]([Vv])ert(?![A-Za-z])")
_COMMENT = re.compile(r"(\\.)|%", re.DOTALL)
# 2 in, 3 ex: the library reads a length where TeX reads a number and letters.
_LENGTH = re.compile(r"(?<=\d)\s*(?=in|mm|cm|pt|em|ex|pc|bp|dd|cc|sp|mu)")
_ESCAPED = re.compile(r"\\([%$#&_{}])")
_ENTITY = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

# Elements by what they may hold: characters, nothing, so many elements, any number of elements.
_TOKENS: Final = frozenset(("mi", "mn", "mo", "mtext"))
_ARITIES: Final = {
    "mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3,
    "mroot": 2, "mspace": 0,
}  # fmt: skip
_ROWS: Final = frozenset(("math", "mrow", "mstyle", "mpadded", "msqrt", "menclose", "mtd"))
_CHILDREN: Final = {"mtable": "mtr", "mtr": "mtd"}
_ATTRIBUTES: Final = frozenset(
    "accent columnalign columnlines columnspacing depth displaystyle fence form height"
    " linethickness lspace mathvariant maxsize minsize movablelimits notation rowlines"
    " rowspacing rspace scriptlevel separator stretchy voffset width".split()
)
_BOUNDED = re.compile('<mo[^>]* movablelimits="true"')
_VALUE = re.compile(r"[A-Za-z0-9 .+-]{1,40}")
_ALPHABETS: Final = {
    "bold": "mathbf",
    "bold-italic": "mathbfit",
    "double-struck": "mathbb",
    "fraktur": "mathfrak",
    "monospace": "mathtt",
    "sans-serif": "mathsf",
    "script": "mathcal",
}
# Operators whose bounds stand above and below them where a formula stands alone.
_WITH_BOUNDS: Final = frozenset("∑∏∐⋂⋃⋁⋀⨁⨂") | frozenset("lim max min sup inf det gcd Pr".split())
_SCRIPTS: Final = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_NOT_SPACED: Final = frozenset("∞∅")


class _RefusedError(Exception):
    """The formula cannot be shown as MathML."""


@lru_cache(maxsize=4096)
def render_mathml(tex: str, *, display: bool = False) -> str:
    """Return a ``math`` element, well-formed as XML and HTML; ``alttext`` holds the TeX.

    Where the TeX names an environment it is an annotation too, so that no word of a post is
    missing from the text. Empty for TeX that is no formula, is unknown to us, too long or too
    deep, or would lose a letter: it should be shown as code. ``display`` asks for a formula that
    stands alone.
    """
    mode = "block" if display else "inline"
    try:
        root = _convert(_prepare(tex), mode)
        inside = "".join(_write(child, 1) for child in root)
    except _RefusedError:
        return ""
    if not _letters(_visible(tex)) <= _letters(re.sub("<[^>]*>", "", inside)):
        return ""
    alternative = escape(" ".join(tex.split()))
    if r"\begin" in tex:
        note = f'<annotation encoding="application/x-tex">{alternative}</annotation>'
        inside = f"<semantics>{inside}{note}</semantics>"
    return f'<math xmlns="{_NAMESPACE}" display="{mode}" alttext="{alternative}">{inside}</math>'


def _prepare(tex: str) -> str:
    """Return TeX as the library should read it; raise ``_RefusedError`` for what it should not."""
    if len(tex) > LONGEST_FORMULA or not tex.strip() or _FORBIDDEN.search(tex):
        raise _RefusedError
    depth = 0
    for brace in _BRACE.findall(tex):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if not 0 <= depth <= _DEEPEST_BRACES:
            raise _RefusedError
    if depth or _TEXT_WITH_GROUP.search(tex):
        raise _RefusedError
    if any(name not in _ENVIRONMENTS for _, name in _ENVIRONMENT.findall(tex)):
        raise _RefusedError
    if not all(_is_known(name) for name in set(_COMMAND.findall(tex)) - {""}):
        raise _RefusedError
    tex = _ENVIRONMENT.sub(lambda found: f"\\{found[1]}{{{_ENVIRONMENTS[found[2]]}}}", tex)
    if r"\\" in tex and r"\begin" not in tex and "substack" not in tex:
        name = "split" if "&" in tex else "matrix"
        tex = rf"\begin{{{name}}}{tex}\end{{{name}}}"
    tex = _BAR.sub(lambda found: r"\|" if found[1] == "V" else "|", tex)
    # Authors of Markdown mean the sign, not a comment.
    tex = _COMMENT.sub(lambda found: found[1] or r"\%", tex)
    return _LENGTH.sub("{}", tex)


def _is_known(name: str) -> bool:
    from latex2mathml.commands import FUNCTIONS  # noqa: PLC0415 -- as said below
    from latex2mathml.symbols_parser import convert_symbol  # noqa: PLC0415 -- as said below

    command = f"\\{name}"
    return name in _COMMANDS or command in FUNCTIONS or convert_symbol(command) is not None


def _convert(tex: str, mode: str) -> Element:
    # Reading the table of symbols takes 50 ms, and most posts have no formula.
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415 -- as said above

    try:
        return convert_to_element(tex, display=mode)
    except Exception as error:  # StopIteration, KeyError, RecursionError …
        raise _RefusedError from error


def _write(element: Element, depth: int) -> str:
    """Return an element as text, if it is one that MathML has and we allow."""
    name = element.tag
    if depth > _DEEPEST_ELEMENT or element.tail:
        raise _RefusedError
    if not _ATTRIBUTES.issuperset(element.attrib.keys() - {"linebreak", "largeop"}):
        raise _RefusedError
    attributes = {key: value for key, value in element.attrib.items() if key in _ATTRIBUTES}
    if not all(map(_VALUE.fullmatch, attributes.values())):
        raise _RefusedError
    if name in _TOKENS:
        name, content = _write_token(element, attributes)
    else:
        _check_children(element)
        content = "".join(_write(child, depth + 1) for child in element)
        if name in _SCRIPTS and element[0].tag == "mo":
            name = _SCRIPTS[name] if _BOUNDED.match(content) else name
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return (
        f"<{name}{written}>{content}</{name}>"
        if content or name != "mspace"
        else (f"<{name}{written}/>")
    )


def _check_children(element: Element) -> None:
    name = element.tag
    if element.text:
        raise _RefusedError
    if name in _ARITIES:
        if len(element) != _ARITIES[name]:
            raise _RefusedError
    elif name in _CHILDREN:
        if any(child.tag != _CHILDREN[name] for child in element):
            raise _RefusedError
    elif name not in _ROWS:
        raise _RefusedError


def _write_token(element: Element, attributes: dict[str, str]) -> tuple[str, str]:
    """Return the name and the content of an element that holds characters.

    The library calls some operators identifiers and the reverse; browsers space them by that.
    """
    name = element.tag
    if len(element):
        raise _RefusedError
    text = _ENTITY.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), element.text or "")
    if name == "mtext":
        text = _ESCAPED.sub(r"\1", text)
    if _FORBIDDEN.search(text) or (name != "mtext" and text[:1] == "\\" != text):
        raise _RefusedError
    if attributes.get("mathvariant") in _ALPHABETS:
        text = _in_alphabet(text, attributes)
    if name == "mi" and len(text) > 1 and text.isascii() and text.isalpha():
        name = "mo"
        attributes |= {"lspace": "0.167em", "rspace": "0.167em"}
    elif name == "mi" and len(text) == 1 and unicodedata.category(text) in ("Sm", "Ps", "Pe"):
        if text not in _NOT_SPACED:
            name, text = "mo", text.replace("~", "∼")
            attributes.setdefault("stretchy", "false")
    elif name == "mo" and text in _WITH_BOUNDS:
        attributes["movablelimits"] = "true"
    elif name == "mo" and text in _NOT_SPACED:
        name = "mi"
        attributes.clear()
    return name, escape(text, quote=False)


def _in_alphabet(text: str, attributes: dict[str, str]) -> str:
    """Return a letter of an alphabet as the character that it is in Unicode, if it is one.

    MathML Core has no other way (section 2.1.6); browsers pass over the attribute.
    """
    from latex2mathml.symbols_parser import convert_symbol  # noqa: PLC0415 -- as said above

    symbol = convert_symbol(f"\\{_ALPHABETS[attributes['mathvariant']]}{{{text}}}")
    if symbol is None:
        return text
    del attributes["mathvariant"]
    return chr(int(symbol, 16))


def _visible(tex: str) -> str:
    """Return TeX without the names of its commands and environments."""
    tex = _COLUMNS.sub(r"\1", tex)
    return _COMMAND.sub(" ", _ENVIRONMENT.sub(" ", tex))


def _letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
