r"""Formulas told from money: what authors wrote, and in which places it works."""

from __future__ import annotations

import pytest

from converter.markdown import plain_text, render_inline_xhtml, render_myst_blocks, render_xhtml
from converter.markdown.math import find_formula


def is_formula(text: str) -> bool:
    found = find_formula(text, text.index("$"))
    return found is not None


@pytest.mark.parametrize(
    "text",
    [
        "$K+1$", "$n$", "$x=5$", "$2k+1$", "$f(x)$", "$a, b$", "$α$", "$n!$", "$x'$", "$|x|$",
        "$AB$", "$O(n log n)$", "$1/n$", "$-x$", "$p < 0.05$", r"$\alpha$", "$x_1$", "$x^2$",
        r"$10^{-5}$", r"$\{1, 2\}$", r"$P_{总}$", r"$\text{甲 乙} \to x$", r"$\mathbb{R}^+$",
        "看$x$个", "（$x$）", "“$A_0$”", "**$x$**", "$x$-轴", "$x$，", "$a_1\n+ b$", "$a &lt; b$",
        r"$x_1 \$ y$", "$$x=1$$", "$$ x_1 $$", "$$\na\n+b_1\n= c\n$$", "$d_{model}$", "$x_i y_j$",
    ],
)  # fmt: skip
def test_formulas(text):
    assert is_formula(text)


@pytest.mark.parametrize(
    "text",
    [
        "$5$", "$5-$7", "$5-7$", "$7.5B$", "$7.5B", "US$5 US$", "$5k$", "$1.5M-$2M", "$5M-10M$",
        "$7.5 billion … $500", "$5 and $7", "$1/M、$2/M", "$20/mo$", "$20/月 到 $30/月",
        "$AAPL and $TSLA", "$BTC/$ETH", "$HOME/bin:$PATH", "${a}/${b}", "$(a)/$(b)", "$HOME$",
        "$my_variable$", "$d_model$", "$ x$", "$x $", "$x", "$$", "$$$", "$$ and $$", "$x$1",
        "$x$y", "é$x$", "a$x$", "1$x$", "\\\\$x$", "]$x_1$", "http://a.b/?c=$x_1$", "$中$",
        "$x 和 y_1$", "$five_1 words of prose$", "$x`$`$", "$x\ny\nz_1$", "$a)+(b$", "$n-$",
        "$x_1,$", "$%^&$", "$" + "x_1" * 200 + "$", "$$" + "x_1" * 1000 + "$$",
        "$a\"b_1$", "$a — b_1$", "$A. b$",
    ],
)  # fmt: skip
def test_text(text):
    start = 0
    while (start := text.find("$", start)) >= 0:
        assert find_formula(text, start) is None
        start += 1


@pytest.mark.parametrize(
    "text", [r"\$x_1\$", "`$x_1$`", "```\n$x_1$\n```", "[$x_1$ 甲", "![甲](http://a.b/$x_1$)"]
)
def test_places_where_dollars_open_nothing(text):
    assert ("<math" in render_xhtml(text)) == (text[0] == "[")


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("- 甲\n- $$x_1$$", "- 甲\n\n- :::{math}\n  :class: cp-math\n\n  x_1\n  :::"),
        ("> $$x_1$$", "> :::{math}\n> :class: cp-math\n>\n> x_1\n> :::"),
        ("$$\n:x_1\n---y\n$$", ":::{math}\n:class: cp-math\n\n:x_1\n---y\n:::"),
        ("$$:::x_1$$", "::::{math}\n:class: cp-math\n\n:::x_1\n::::"),
        ("## $x_1$", "**{math}`x_1`**"),
        ("![$x_1$](http://a.b)", "[x\\_1](<http://a.b>)"),
    ],
)
def test_places_of_formulas(text, tail):
    assert render_myst_blocks(text) == tail


def test_a_formula_has_the_classes_and_the_anchor_of_its_block():
    assert render_myst_blocks("$$x_1$$", classes=["a", "b"], anchor="p1") == (
        "(p1)=\n:::{math}\n:class: cp-math a b\n\nx_1\n:::"
    )
    assert render_myst_blocks("$$x_1$$\n甲", classes=["a"], anchor="p1") == (
        "::::{div} a\n(p1)=\n:::{math}\n:class: cp-math\n\nx_1\n:::\n\n甲\n::::"
    )


@pytest.mark.parametrize("text", ["甲\n$$\nx_1\n", "$$\n\nx_1\n$$", "$$x_1\n- y"])
def test_what_is_not_closed_is_text(text):
    assert "<math" not in render_xhtml(text)
    assert "$$" in render_xhtml(text)


def test_what_cannot_be_set_is_code():
    assert render_inline_xhtml(r"甲 $\cssId{a}{b}$") == r"甲 <code>\cssId{a}{b}</code>"


def test_asterisks_in_a_formula_are_its_own():
    assert render_inline_xhtml("**$a*b$** *乙*").endswith("</math></strong> <em>乙</em>")


def test_plain_text_has_the_tex():
    assert plain_text("第 $K+1$ 个 $$x_1$$") == "第 K+1 个 x_1"
