r"""TeX to MathML: what is shown, what is refused, and that refusing is quick."""

from __future__ import annotations

import re
import time
import unicodedata
from collections import Counter
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from converter.mathml import LONGEST_FORMULA, render_mathml

NAMESPACE: Final = "{http://www.w3.org/1998/Math/MathML}"
ELEMENTS: Final = frozenset(
    "math mi mn mo mtext mspace mrow mstyle mpadded msqrt mroot mfrac menclose msub msup msubsup"
    " munder mover munderover mtable mtr mtd semantics annotation".split()
)
HOSTILE: Final = (
    r"\href{javascript:alert(1)}{x}",
    r"\style{position:fixed}{x}",
    r"\class{cp-label}{x}",
    r"\cssId{p1}{x}",
    r"\color{red}{x}",
    r"\input{/etc/passwd}",
    r"\require{html}",
    r"\def\a{\a\a}\a",
    r"\newcommand{\a}{\b\b}\newcommand{\b}{\a\a}\a",
    r"\newenvironment{a}{\begin{a}}{}\begin{a}x\end{a}",
    r"\unicode{x3c}",
    r"\phantom{x}",
    r"\rule{99em}{99em}",
    r"\hspace{99em}x",
    r"\text{a{b}c}",
    r"\begin{iframe}x\end{iframe}",
    "{" * 100_000 + "x" + "}" * 100_000,
    "{x",
    "x}{",
    "x_{",
    r"\frac{1}",
    r"\left( x",
    r"\sqrt" * 400 + "x",
    r"\left(" * 300 + "x",
    r"\begin{matrix}" * 100 + "x" + r"\end{matrix}" * 100,
    "x" * (LONGEST_FORMULA + 1),
    "x^2\ud800",
    "x^2\x00",
    "x_1\ufffe",
    "",
    " ",
    "x^2^2",
)


def parse(mathml: str) -> etree._Element:
    return etree.fromstring(mathml)


def visible(mathml: str) -> str:
    return "".join(str(part) for part in parse(mathml).itertext())


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("K+1", "<mi>K</mi><mo>+</mo><mn>1</mn>"),
        (r"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"\text{好 a}", "<mtext>好\N{NO-BREAK SPACE}a</mtext>"),
        (r"\text{5\%}", "<mtext>5%</mtext>"),
        (r"a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (r"5%", "<mn>5</mn><mi>%</mi>"),
        (r"2in", "<mn>2</mn><mrow></mrow><mi>i</mi><mi>n</mi>"),
        (r"\mathbb R", "<mi>ℝ</mi>"),
        (r"x \pm y", '<mi>x</mi><mo stretchy="false">±</mo><mi>y</mi>'),
        (r"\log x", '<mo lspace="0.167em" rspace="0.167em">log</mo><mi>x</mi>'),
        (r"\lim_n", '<munder><mo movablelimits="true">lim</mo><mi>n</mi></munder>'),
        (r"\lvert x", '<mo stretchy="false">|</mo><mi>x</mi>'),
        (r"\infty", "<mi>∞</mi>"),
    ],
)
def test_elements(tex, expected):
    inside = re.fullmatch(r"<math [^>]*><mrow>(.*)</mrow></math>", render_mathml(tex))

    assert inside is not None
    assert inside[1] == expected


def test_the_element_says_what_it_is():
    root = parse(render_mathml('x < "y"_1\n&', display=True))

    assert root.tag == f"{NAMESPACE}math"
    assert sorted(map(str, root.keys())) == ["alttext", "display"]
    assert (root.get("display"), root.get("alttext")) == ("block", 'x < "y"_1 &')
    assert parse(render_mathml("x")).get("display") == "inline"


@pytest.mark.parametrize(
    "name", ["align", "align*", "aligned", "split", "cases", "array", "matrix"]
)
def test_environments(name):
    columns = "{lr}" if name == "array" else ""
    root = parse(render_mathml(rf"\begin{{{name}}}{columns} a &= b \\ c &= d \end{{{name}}}"))

    assert len(root.findall(f".//{NAMESPACE}mtr")) == 2
    assert "(1)" not in "".join(map(str, root.itertext()))
    # Its name is in the text, where a reader of the source would look for it.
    assert name in root.findtext(f".//{NAMESPACE}annotation", "")


def test_lines_without_an_environment():
    assert parse(render_mathml(r"a \\ b")).findall(f".//{NAMESPACE}mtr")
    assert parse(render_mathml(r"a &= b \\ c &= d")).findall(f".//{NAMESPACE}mtr")


@pytest.mark.parametrize("tex", HOSTILE, ids=lambda tex: repr(tex[:24]))
def test_refused(tex):
    start = time.process_time()

    assert render_mathml(tex) == render_mathml(tex, display=True) == ""
    assert time.process_time() - start < 2


@pytest.mark.parametrize("tex", ["1+", "x_1 ", "'", r"\not", "x", r"\alpha", "a&", r"\,", "a~"])
def test_the_longest_formula_takes_a_moment(tex):
    start = time.process_time()
    render_mathml((tex * LONGEST_FORMULA)[:LONGEST_FORMULA])

    assert time.process_time() - start < 2


PARTS: Final = (
    *r"x y 1 23 + - = < > & ~ % # ' | ( ) [ ] { } _ ^ \ \\ \{ \} \| \, \frac \sqrt \text".split(),
    *r"\left \right \begin{cases} \end{cases} \begin{align} \end{align} \over \not \sum".split(),
    *r"\lim \mathbb \mathbf \hat \overset \underbrace \operatorname \tag \boxed \big".split(),
    *r"\xrightarrow \limits \displaystyle \alpha \rm \mod \pmod \substack \def \href".split(),
    *r"\color \phantom 中 𝐱 &#x3c; &lt; <b>".split(),
    " ", "\n", "{a}", "{12}", "_1", "^2", r"\text{中 a}", "\"", "\u2028", "\ud800",
)  # fmt: skip


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
@example(r"\mathop{x}")
@example(r"\genfrac{}{}{0}{}{1}{2}")
@example(r"{\rm d}x")
def test_whatever_the_tex_the_result_is_plain_mathml_with_all_its_letters(tex):
    mathml = render_mathml(tex)
    if not mathml:
        return
    root = parse(mathml)

    for element in root.iter():
        assert str(element.tag).removeprefix(NAMESPACE) in ELEMENTS
        assert not {"href", "style", "class", "id", "mathcolor", "src"} & set(element.attrib)
    written = re.sub(r"\\(?:[A-Za-z]+|.)", "", tex, flags=re.DOTALL)
    shown = unicodedata.normalize("NFKC", visible(mathml))
    assert not Counter(re.findall("[0-9xy中]", written)) - Counter(shown)
