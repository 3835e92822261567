"""Markdown as authors beside Chinese mean it: classes of real posts, hostile input, speed."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markdown_it.utils import read_fixture_file

from converter.markdown import (
    Link,
    escape_myst,
    is_cjk,
    is_web_address,
    joins_without_space,
    plain_text,
    render_inline_xhtml,
    render_myst_blocks,
    render_myst_directive,
    render_myst_inline,
    render_xhtml,
)
from converter.markdown.parser import parse_blocks
from converter.markdown.to_xhtml import _render

CASES: Final = Path(__file__).parent / "cases"
# Each is repeated; none may cost more than in proportion.
REPEATED: Final = (
    "*", "**", "***", "_", "~~", "`", "`` ` ", "[", "](", "[a](", "![", "[[a](http://b)", "<",
    "<a ", "<!--", "<b>", "</b>x", "<b>a</b>", "<br>", "<span>x", "|", "a|", "|-|\n",
    "| a |\n|-|\n", "**a** ", "**a**\n", "*a", "_a", "**“a”**文", "![*a*](http://u) *b* ",
    "[a](http://b)", "<http://a>", "http://a", "http://a!", "\\*", "&", "&amp;", "{", "$", ":::",
    "> ", "- ", ">> ", "> a\n", "- a\n", "1. ", "a\n", "```\n", "~~~\n", "(", " ", "\t", "\n",
    "\u3000",
)  # fmt: skip


def fixtures(name: str):
    found = read_fixture_file(CASES / name)
    return [pytest.param(text, expected, id=title) for _, title, text, expected in found]


@pytest.mark.parametrize(("text", "expected"), fixtures("xhtml.md"))
def test_xhtml(text, expected):
    assert render_xhtml(text.removesuffix("\n")) == expected.removesuffix("\n")


@pytest.mark.parametrize(("text", "expected"), fixtures("myst.md"))
def test_myst(text, expected):
    assert render_myst_blocks(text.removesuffix("\n")) == expected.removesuffix("\n")


def test_both_editions_have_the_same_cases():
    names = [
        [title for _, title, *_ in read_fixture_file(CASES / name)]
        for name in ("xhtml.md", "myst.md")
    ]

    assert names[0] == names[1]


def seconds(text: str) -> float:
    start = time.process_time()
    render_xhtml(text)
    render_myst_blocks(text)
    return time.process_time() - start


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize("unit", REPEATED)
def test_time_is_in_proportion_to_length(unit):
    # Below this, start-up and chance decide; the ratio is 4 for linear time and 16 for quadratic.
    # A busy machine can lengthen any one run, but never shorten one.
    few = many = float("inf")
    for _ in range(5):
        few, many = min(few, seconds(unit * 500)), min(many, seconds(unit * 2_000))
        if many < max(9 * few, 0.15):
            return

    pytest.fail(f"{many:.2f} s for four times what takes {few:.2f} s")


@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "* > ", "[", "**a *b ", "<b><i>"])
def test_words_in_the_deepest_nesting_show(mark):
    text = f"{mark * (100_000 if mark[-1] == ' ' and 'a' not in mark else 10_000)}word"

    assert "word" in render_xhtml(text)
    assert "word" in render_myst_blocks(text)


def test_a_table_far_wider_than_its_header_keeps_its_words():
    text = "| a | b |\n|---|---|\n" + "| c " * 1_000 + "|\n" + "| d |\n" * 1_000

    xhtml = render_xhtml(text)

    assert xhtml.count("c") == 1_000
    assert len(xhtml) < 100_000


@pytest.mark.parametrize(
    "character", ["\0", "\x0b", "\x1f", "\u2028", "\ud800", "\ufdd0", "\ufdd1", "\uffff"]
)
def test_what_no_edition_can_hold_is_replaced(character):
    xhtml = render_xhtml(f"a{character}b `c{character}`")

    assert etree.fromstring(xhtml).tag == "p"
    assert character not in xhtml + render_myst_blocks(f"a{character}b") + escape_myst(character)


@given(
    st.text(
        st.sampled_from("词a*** 1\u3000\xa0\u200b.)-+#:=>\"'，。（）/\r\n\t&!|^\U0001f600"),
        max_size=12,
    )
)
def test_a_line_without_markup_needs_no_parser_and_reads_the_same(text):
    parsed = _render(parse_blocks(text, ())).strip()
    assert render_xhtml(text) == parsed


@pytest.mark.parametrize(
    "address",
    ["http://", "http:///x", "https:///", "http://[bad", "https://u:p@h:99999/", "http://a.com:port/",
     "http://%zz/", "http://a..b/", "http://1.2.3/", "http://xn--/", "http://.a/", "http://[::1]/",
     "https://用户：密码@a.b/x", "http://a／b@c.d/", "http://a.b/#c#d",
     f"http://{'a' * 72}.b/", "http://xn--a/", "http://㎏.com/", "mailto:a@[::1]"],
)  # fmt: skip
def test_what_is_no_address_stays_text(address):
    for text in (f"[x]({address})", f"<{address}>", f"a {address} b", f"![x]({address})"):
        # The beginning of one may be an address itself.
        hrefs = re.findall('href="([^"]*)"', render_xhtml(text))
        assert all(href != address and is_web_address(href) for href in hrefs), text


@pytest.mark.parametrize(
    "address",
    ["http://a", "https://a.b:8080/c?d=e#f", "http://例子.中国/路", "https://u:p@h/", "http://1.2.3.4/",
     "https://my_host.com", "http://a.com:/", "http://a.com.", "https://xn--fiqs8s.com"],
)  # fmt: skip
def test_what_is_an_address_is_a_link(address):
    assert 'href="http' in render_xhtml(f"[x]({address})")


def test_a_scheme_in_capitals_is_the_same_scheme():
    assert render_xhtml("[x](HTTP://UP.com/A)") == '<p><a href="http://UP.com/A">x</a></p>'
    assert "http://UP.com/A" in render_myst_blocks("[x](HTTP://UP.com/A)")


def test_links_to_the_glossary():
    text = "一个**词**（word: 释义）和**另**（other: 义）"
    start = text.index("**另")
    links = [Link(2, 7, "#gloss-ci", "m1"), Link(start, start + 5, "#gloss-ling")]

    assert render_xhtml(text, links=links) == (
        '<p>一个<a href="#gloss-ci" class="gloss" id="m1"><strong>词</strong></a>（word: 释义）'
        '和<a href="#gloss-ling" class="gloss"><strong>另</strong></a>（other: 义）</p>'
    )
    assert render_myst_blocks(text, links=links) == (
        "一个[**词**](<#gloss-ci>)（word: 释义）和[**另**](<#gloss-ling>)（other: 义）"
    )


@pytest.mark.parametrize(
    "text",
    [
        "[甲 **乙** 丙](http://a.b)",
        "`**乙**`",
        "```\n**乙**\n```",
        "[甲](http://a.b/**乙**)",
        "![**乙**](http://a.b)",
        "``` **乙**\n```",
    ],
)
def test_a_glossary_link_where_none_can_stand_changes_nothing(text):
    start = text.index("**")
    link = Link(start, start + 5, "#gloss")

    assert not re.search("[\ufdd0\ufdd1\U000f0000]|%EF%B7", render_xhtml(text, links=[link]))
    assert not re.search("[\ufdd0\ufdd1\U000f0000]|%EF%B7", render_myst_blocks(text, links=[link]))


def test_thousands_of_glossary_links():
    text = "*a* " * 66_000
    links = [Link(start, start + 3, "#a") for start in range(0, len(text), 4)]

    assert render_inline_xhtml(text, links=links).count("<a ") == 65_536


def test_classes_and_anchor_of_a_block():
    assert render_myst_blocks("甲", classes=["x", "y"], anchor="p1") == "{#p1 .x .y}\n甲"
    assert render_myst_blocks("***", classes=["x"]) == "{.x}\n{.cp-break}\n\\* \\* \\*"
    assert render_myst_blocks("<b></b>", classes=["x"], anchor="p1") == ""


def test_classes_of_several_blocks_go_around_them():
    assert render_myst_blocks("甲\n- 乙", classes=["x"], anchor="p1") == (
        ":::{div} x\n{#p1}\n甲\n\n- 乙\n:::"
    )


def test_a_directive_is_fenced_more_strongly_than_what_it_holds():
    assert render_myst_directive("div", "x", "```\n::::\n```").startswith(":::::{div} x\n")


def test_one_line():
    assert render_myst_inline("甲<br>乙\n`c|d` #") == "甲 乙 `c|d` \\#"
    assert render_inline_xhtml("甲 **乙**") == "甲 <strong>乙</strong>"


def test_plain_text():
    assert (
        plain_text(" **甲** `乙`\n[丙](http://a.b) &amp; ![丁](http://c.d) <i></i>")
        == "甲 乙丙 & 丁"
    )


def test_escape():
    assert escape_myst("# *a* [b]{.c}\n\n1. d #") == r"\# \*a\* \[b\]\{.c\} 1. d \#"
    assert escape_myst("1. a") == r"1\. a"


def test_characters():
    assert all(map(is_cjk, "中。，（）ァ𫫇"))
    assert not any(map(is_cjk, "a1. “…é"))
    assert joins_without_space("中", "“")
    assert joins_without_space("”", "中")
    assert not joins_without_space("中", "a")
    assert not joins_without_space("”", "“")
