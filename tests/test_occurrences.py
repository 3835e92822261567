"""Where names occur in Markdown: what is found, what never is, and in which time."""

from __future__ import annotations

import re
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.markdown import Link, render_xhtml
from converter.occurrences import Finder, fold, is_findable

MARKS = "aB河。 *_`[]()<>$\\&;!~|#\n-1.:/@'·"
ANCHOR = re.compile("<a [^>]*>|</a>")
texts = st.one_of(st.text(), st.text(MARKS), st.text("河桥水ab ", max_size=40))
names = st.one_of(st.text(MARKS, max_size=6), st.text("河桥水ab ", min_size=1, max_size=4))


def find(markdown, *spellings):
    found = Finder(dict(zip(spellings, spellings, strict=True))).find(markdown)
    return [markdown[occurrence.start : occurrence.end] for occurrence in found]


@pytest.mark.parametrize(
    ("markdown", "spelling", "found"),
    [
        ("Metadata与Meta公司", "Meta", ["Meta"]),
        ("AIGC，AI，AI的", "AI", ["AI", "AI"]),
        ("GPT-4.5与GPT-4o与GPT-4-1与GPT-4。", "GPT-4", ["GPT-4"]),
        ("a@meta.com x.meta meta.com meta+ meta# meta_x x-meta", "meta", []),
        ("meta-owned, “meta”", "meta", ["meta", "meta"]),
        ("ASP.NET .NET", ".NET", [".NET"]),
        ("notion NOTION Notion", "Notion", ["Notion"]),
        ("jensen huang JENSEN HUANG", "Jensen Huang", ["jensen huang", "JENSEN HUANG"]),
        ("openai Openai", "OpenAI", ["openai", "Openai"]),
        ("ＡＩ与Ｊｅｎｓｅｎ　Ｈｕａｎｇ", "Jensen Huang", ["Ｊｅｎｓｅｎ　Ｈｕａｎｇ"]),
        ("ＡＩ与人", "AI", ["ＡＩ"]),
        ("臺灣積體電路", "台湾积体电路", ["臺灣積體電路"]),
        ("台湾积体电路", "臺灣積體電路", ["台湾积体电路"]),
        ("基於模型", "基于模型", ["基於模型"]),
        ("用GPU集群和GPU 集群", "GPU 集群", ["GPU集群", "GPU 集群"]),
        ("用GPU 集群", "GPU集群", ["GPU 集群"]),
        ("张三·李四与张三•李四与张三李四", "张三·李四", ["张三·李四", "张三•李四", "张三李四"]),
        ("O’Neil Park, O'Neil Park", "O'Neil Park", ["O’Neil Park", "O'Neil Park"]),
        ("caf\u00e9 noir", "Cafe\u0301 Noir", ["caf\u00e9 noir"]),
        ("\u0130 \u0130 河桥", "河桥", ["河桥"]),
        ("Ελλάς ΕΛΛΆΣ", "Ελλάς", ["Ελλάς"]),
        ("\U00020000河桥\U00020000河桥", "河桥", ["河桥", "河桥"]),
        ("\ud800河桥", "河桥", ["河桥"]),
        ("AT&T与S&P 500。", "S&P 500", ["S&P 500"]),
        ("**GPU** 集群", "GPU 集群", []),
        ("**河桥**与*河桥*", "河桥", ["河桥", "河桥"]),
        ("Jensen\nHuang", "Jensen Huang", []),
    ],
)
def test_found(markdown, spelling, found):
    assert find(markdown, spelling) == found


def test_the_longest_at_a_place_is_found():
    assert find("大河桥头", "河桥", "大河", "大河桥", "桥头") == ["大河桥"]
    assert find("AI Agents", "AI", "AI Agent") == ["AI"]
    assert find("阿里河里", "阿里", "阿里河", "河里") == ["阿里河"]


def test_the_first_of_equal_spellings_wins_and_case_tells_others_apart():
    finder = Finder({"river bank": "a", "River Bank": "b", "Bank": "c", "bank": "d", "BANK": "e"})
    assert [found.id for found in finder.find("RIVER BANK, Bank bank BANK")] == list("acde")
    assert finder.find("") == ()
    assert Finder({}).find("河桥") == ()


@pytest.mark.parametrize(
    "spelling",
    ["河", "《河》", "a", "X", "bp", "Io", "7", "2024", "4.5", "100%", "·", "", "。！", " ",
     "x" * 81, "a*b河", "[河桥]", "`河桥`", "<河桥>", "$河桥", "河|桥", "河~桥", "my_name",
     "河\n桥", "a&amp;b", "# 河桥", "- 河桥", "1. 河桥", "3) 河桥", "http://河桥",
     "河\u2028桥"],
)  # fmt: skip
def test_what_is_not_looked_for(spelling):
    assert not is_findable(spelling)
    assert find(f"河桥 {spelling} 河桥", spelling) == []


@pytest.mark.parametrize("spelling", ["河桥", "AI", "o1", "4o", "5G", "abc", "C++", "C#", "3D 河"])
def test_what_is_looked_for(spelling):
    assert find(f"（{spelling}）", spelling) == [spelling]


@pytest.mark.parametrize(
    "markdown",
    [
        "`河桥`", "``a ` 河桥``", "`河桥\n河桥`", "```\n河桥\n```", "~~~ x\n河桥",
        "> ```\n> 河桥\n> ```",
        "- ```\n  河桥", "````\n```\n河桥\n````", "$\\text{河桥}_1$", "$$\n\\text{河桥}_1\n$$",
        "[河桥](https://x.y)", "[大河桥头](河桥)", "[a [河桥] b](c)", "[a](b '河桥')",
        "[a](b(c)河桥)",
        "![河桥](x)", "[a](河桥", "<https://x.y/河桥>", "<span title='河桥'>", "<!-- 河桥 -->",
        "[^河桥]", "[^河桥]: 河", "\\河桥", "河桥$", "$河桥",
    ],
)  # fmt: skip
def test_never_within(markdown):
    assert find(markdown, "河桥") == []


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("`a` 河桥 `b`", 1),
        ("```\na\n```\n河桥", 1),
        ("- 逗`点\n- `河桥`与河桥", 1),
        ("逗`点\n\n河桥`河桥`", 1),
        ("\\`河桥`", 1),
        ("\\`河桥` `河桥`", 2),
        ("[河桥] 与 [河桥][a]", 2),
        ("[河桥\n\n](x) 河桥", 2),
        ("[a](b) 河桥 [c](d)", 1),
        ("[a](b 河桥\n河桥", 1),
        ("$5 河桥 $7", 1),
        ("a < 河桥 > b", 1),
        ("https://x.y。河桥 www.x.y/z，河桥", 2),
        ("x&y河桥;", 1),
        ("!河桥! a\\\\\\\\ 河桥", 2),
    ],
)
def test_beside(markdown, found):
    assert len(find(markdown, "河桥")) == found


def test_addresses_hold_no_names():
    spellings = ("Meta", "OpenAI")
    assert find("https://Meta/OpenAI www.Meta/OpenAI mailto:Meta Meta@x.y x@Meta", *spellings) == []
    assert find("(https://x.y)，Meta", *spellings) == ["Meta"]


def test_asterisks_within_a_word_are_not_parted_from_it():
    assert find("ERC20**Token**，", "Token") == []
    assert find("**Token**ERC20", "Token") == []
    assert find("的**Token**，**Token**", "Token") == ["Token", "Token"]


def test_folding_keeps_the_length_of_every_character():
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    folded = fold(everything)
    assert len(folded) == len(everything)
    for start in range(0, 0x30000, 0x1000):
        part = everything[start : start + 0x1000]
        assert fold(fold(part)) == fold(part), hex(start)


@given(st.text(), st.text())
def test_folding_goes_character_by_character(one, other):
    # But for the sigma that ends a word, which lower-casing alone would tell apart.
    assert fold(one + other) == fold(one) + fold(other)


@given(texts, st.lists(names, max_size=6))
def test_occurrences_are_spellings_in_order_and_apart(markdown, spellings):
    finder = Finder({spelling: str(index) for index, spelling in enumerate(spellings)})
    end = 0
    for found in finder.find(markdown):
        assert end <= found.start < found.end <= len(markdown)
        end = found.end
        text = fold(markdown[found.start : found.end]).replace(" ", "").replace("·", "")
        spelling = fold(spellings[int(found.id)]).replace(" ", "").replace("·", "")
        assert "".join(text.split()) == "".join(spelling.split())


@given(texts, st.lists(names, max_size=6))
def test_links_change_no_word_and_are_made(markdown, spellings):
    found = Finder(dict.fromkeys(spellings, "a")).find(markdown)
    links = [Link(place.start, place.end, "#a", f"i{n}") for n, place in enumerate(found)]
    bare, linked = render_xhtml(markdown), render_xhtml(markdown, links=links)
    for number in range(len(links)):
        assert linked.count(f' id="i{number}"') == 1, "a link was lost"
    assert ANCHOR.sub("", linked).split() == ANCHOR.sub("", bare).split()


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize(
    "markdown",
    ["[" * 100_000, "`" * 100_000, "` `` " * 20_000, "$" * 100_000, "$a" * 50_000, "](" * 50_000,
     "[](" * 33_000, "<!--" * 25_000, "<a" * 50_000, "&a" * 50_000, "\\" * 100_000, "*" * 100_000,
     "\n" * 100_000, " " * 100_000, "> " * 50_000, "~~~\n" * 25_000, "```\n" * 25_000,
     "(" * 100_000, "[](()" * 20_000,
     "a " * 50_000, "河桥" * 50_000, "AI*" * 33_000, "AI " * 33_000,
     "www." * 25_000, "https://" * 12_000, "[^" * 50_000, "-" * 100_000],
    ids=lambda markdown: repr(markdown[:5]),
)  # fmt: skip
def test_time_is_linear(markdown):
    finder = Finder({"河桥": "a", "AI": "b", "a a": "c"})
    half, whole = f"河桥 {markdown[: len(markdown) // 2]} 河桥", f"河桥 {markdown} 河桥"
    finder.find(half[:100])
    started = time.process_time()
    finder.find(half)
    between = time.process_time()
    finder.find(whole)
    seconds = time.process_time() - between
    assert seconds < 1
    assert seconds < 3.5 * (between - started) + 0.15


@pytest.mark.usefixtures("undisturbed")
def test_ten_thousand_spellings_in_a_long_text():
    han = [chr(0x4E00 + number % 100) + chr(0x5E00 + number // 100) for number in range(10_000)]
    finder = Finder({spelling: str(number) for number, spelling in enumerate(han)})
    text = "，".join(han * 10)
    started = time.process_time()
    assert len(finder.find(text)) == 100_000
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    ("spelling", "text", "found"),
    [
        ("大型机", "大型机构", False),
        ("大型机", "大型机房", True),
        ("大进步", "巨大进步", False),
        ("大进步", "有大进步", True),
        ("意识", "意识到", False),
        ("意识", "意识的", True),
        ("大型機", "大型機構", False),
    ],
)
def test_a_word_across_the_end_of_another_tells_them_apart(spelling, text, found):
    assert bool(Finder({spelling: "a"}).find(text)) is found
