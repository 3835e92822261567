"""The glossary of a book: merging, definitions, mentions, order, and what rules do to it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from converter.glossary import collect_glossary, concept_key
from converter.glossary.definitions import select_definitions
from converter.glossary.keys import is_abbreviation, singular_key, split_expansion
from converter.model import (
    Definition,
    FrontMatter,
    Gloss,
    Glossary,
    GlossaryEntry,
    Heading,
    Mention,
    Original,
    Post,
    Prose,
    SeeReference,
    Span,
    prose_anchor,
)
from converter.rules import parse_rules

SPAN = Span(1, 2)


def gloss(markdown, headword, original="", definition="", start=None):
    """Return a gloss whose headword stands in bold in the text, with a bracket behind it."""
    bold = f"**{headword}**"
    at = markdown.index(bold) if start is None else start
    end = markdown.index("）", at) + 1
    return Gloss(at, at + len(bold), end, headword, original, definition)


def term(headword, original="", definition=""):
    """Return a paragraph that holds one gloss, or a name if there is no definition."""
    inside = ": ".join(filter(None, (original, definition)))
    text = f"这里有**{headword}**（{inside}）。"
    found = (gloss(text, headword, original, definition),)
    names = () if definition else found
    return Prose(SPAN, text, "zh-Hans", glosses=found if definition else (), names=names)


def prose(text):
    return Prose(SPAN, text, "zh-Hans")


def chapter(slug, *blocks):
    return Post(f"{slug}.md", slug, FrontMatter(title=slug), blocks)


def collect(*terms, **options) -> Glossary:
    """Return the glossary of a chapter with a paragraph for each term."""
    return collect_glossary([chapter("a", *(term(*each) for each in terms))], **options).glossary


def headwords(glossary):
    return {entry.headword for entry in glossary.entries}


def walk_links(glossary, chapters):
    """Check that links and mentions lead to each other."""
    entries = {entry.id: entry for entry in glossary.entries}
    anchors = {
        prose_anchor(each.slug, index): (each.slug, block)
        for each in chapters
        for index, block in enumerate(each.blocks)
        if isinstance(block, Prose)
    }
    linked = set()
    for anchor, occurrences in glossary.links.items():
        slug, block = anchors[anchor]
        end = 0
        for occurrence in occurrences:
            assert end <= occurrence.start < occurrence.end <= len(block.markdown)
            end = occurrence.end
            assert (slug, occurrence.id) not in linked
            linked.add((slug, occurrence.id))
            places = [m for m in entries[occurrence.id].mentions if m.chapter == slug]
            assert places[0].anchor == anchor
    for entry in entries.values():
        assert entry.mentions
        assert len(set(entry.mentions)) == len(entry.mentions)
        for mention in entry.mentions:
            assert anchors[mention.anchor][0] == mention.chapter
        for definition in entry.definitions:
            assert definition.mention.anchor in anchors
    for line in glossary.lines:
        if isinstance(line, SeeReference):
            assert entries[line.id].headword == line.headword


# ---------------------------------------------------------------------------------------------
# Keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“ＧＰＵ 卡”", "gpu卡"),
        ("标普500指数", "標普 500 指數"),
        ("Chain-of-Thought", "chain of thought"),
        ("`Token`", "token"),
        ("**长尾**", "长尾"),
    ],
)
def test_spellings_of_one_headword(one, other):
    assert concept_key(one) == concept_key(other)


@pytest.mark.parametrize(("one", "other"), [("河", "桥"), ("C", "C++"), ("GPT-4.1", "GPT-41")])
def test_different_headwords(one, other):
    assert concept_key(one) != concept_key(other)


@pytest.mark.parametrize(
    "text", ["**", "", "\ud800", "<b>x</b>", "x" * 5000, "`a` [b](c)", "\x00水"]
)
def test_any_headword_has_a_key(text):
    assert concept_key(text) == concept_key(text)
    assert singular_key(text) == singular_key(text)


@pytest.mark.parametrize(
    ("original", "parts"),
    [
        ("Basis Point, bp", ("Basis Point", "bp")),
        ("HBM: High Bandwidth Memory", ("HBM", "High Bandwidth Memory")),
        ("Graphics Processing Unit (GPU)", ("Graphics Processing Unit", "GPU")),
        ("Static Site Generator，静态网站生成器", ("Static Site Generator", "静态网站生成器")),
        ("Food, Drug, and Cosmetic Act", ("Food, Drug, and Cosmetic Act",)),
        ("Godliness/Piety", ("Godliness/Piety",)),
        ("英文全称: Mobility", ("Mobility",)),
        ("https://example.org", ("https://example.org",)),
        ("", ()),
        (": : ,", (",",)),
    ],
)
def test_expansions_of_a_gloss(original, parts):
    assert split_expansion(original) == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LLMs", "LLM"),
        ("Large Language Models", "large language model"),
        ("Policies", "Policy"),
        ("Tax Losses", "Tax Loss"),
        ("Boxes", "box"),
    ],
)
def test_plurals(one, other):
    assert singular_key(one) == singular_key(other)


@pytest.mark.parametrize("word", ["Bias", "Process", "iOS", "Virus", "AWS", "Analysis"])
def test_no_plurals(word):
    assert singular_key(word) == concept_key(word)


def test_abbreviations():
    assert is_abbreviation("GPU")
    assert is_abbreviation("bp", "Basis Point")
    assert is_abbreviation("S&P")
    assert not is_abbreviation("bp")
    assert not is_abbreviation("Agent")
    assert not is_abbreviation("UNITED NATIONS")


# ---------------------------------------------------------------------------------------------
# Merging

ONE_CONCEPT: dict[str, list[tuple[str, ...]]] = {
    "headword and expansion": [
        ("GPU", "Graphics Processing Unit", "并行计算的芯片"),
        ("图形处理器", "GPU", "画图的芯片"),
    ],
    "a name in between": [
        ("并行芯片", "Graphics Processing Unit", "算得快的芯片"),
        ("图形处理器", "Graphics Processing Unit"),
    ],
    "Chinese as expansion": [
        ("career path", "职业道路", "一生里工作的次序"),
        ("职业道路", "career path", "一个人做过的工作"),
    ],
    "two translations": [
        ("对冲基金", "Hedge Fund", "私下募集的基金"),
        ("避险基金", "Hedge Funds", "不公开募集的基金"),
    ],
    "a code": [
        ("标普500指数", "S&P 500", "五百家公司的股价"),
        ("SPX", "S&P 500", "标普指数的代码"),
    ],
    "traditional characters": [("長尾", "Long Tail", "很多小的"), ("长尾", "", "许多小的")],
    "one word, akin headwords": [
        ("护栏", "Guardrail", "限制模型的规则"),
        ("防护栏", "Guardrails", "限制模型的规定"),
    ],
    "one word, with its kind": [
        ("杠杆", "Leverage", "借来的力"),
        ("杠杆作用", "Leverage", "以小力得大利"),
        ("财务杠杆", "Leverage", "用债扩大收益"),
    ],
    "plurals of each other": [
        ("执行器", "Actuator", "把电信号变成动作的设备"),
        ("Actuators", "", "将电信号转换为动作的设备"),
    ],
    "the plural of what is explained": [
        ("Actuators", "执行元件", "会动的部分"),
        ("执行元件", "Actuators", "把电变成动作"),
    ],
    "a name and a shorter one": [
        ("生成式人工智能", "Generative AI", "会画画的程序"),
        ("生成式AI", "Generative AI, Gen AI", "能写作的模型"),
        ("生成式AI", "Gen AI", "能作曲的模型"),
    ],
    "one word and itself": [
        ("词元", "Token", "文字的最小单位"),
        ("Token", "词元", "模型读的最小单位"),
    ],
    "abbreviation and name in turn": [
        ("首次上市", "IPO", "第一次卖股票"),
        ("首次上市", "Initial Public Offering", "公司上市"),
        ("IPO", "Initial Public Offering", "公开发行"),
    ],
}


@pytest.mark.parametrize("name", ONE_CONCEPT)
def test_one_concept(name):
    glossary = collect(*ONE_CONCEPT[name])
    assert len(glossary.entries) == 1


CONCEPTS_APART: dict[str, list[tuple[str, ...]]] = {
    "an abbreviation of two names": [
        ("市盈率", "PE: Price-to-Earnings Ratio", "股价与收益之比"),
        ("私募股权", "PE: Private Equity", "不上市的股份"),
    ],
    "three letters, two names": [
        ("注册会计师", "CPA: Certified Public Accountant", "查账的人"),
        ("行动成本", "CPA: Cost Per Action", "广告的价钱"),
    ],
    "a word of many meanings": [
        ("令牌", "Token", "进门的凭证"),
        ("词元", "Token", "文字的最小单位"),
        ("代币", "Token", "链上的资产"),
    ],
    "one character in common": [
        ("偏差", "Bias", "测量总是偏高"),
        ("偏见", "Bias", "没有根据的成见"),
    ],
    "a person and what they do": [
        ("风险投资", "VC", "投给新公司的钱"),
        ("风险投资家", "VC", "投新公司的那些人"),
    ],
    "a word and what is made of it": [
        ("精英", "Meritocracy", "出众的人物"),
        ("精英治国", "Meritocracy", "按才能授予权力的制度"),
    ],
    "a name that looks like a plural": [
        ("窗口", "window", "一段时间"),
        ("Windows", "", "一种操作系统"),
    ],
    "a description as expansion": [
        ("Ada Reed", "历史学家", "写过河流的历史"),
        ("Ben Stone", "历史学家", "写过桥的历史"),
    ],
    "an expansion that is a slip": [
        ("护城河", "Moat", "别人学不来的长处"),
        ("护城河", "Competitive Advantage", "长久的优势"),
        ("竞争优势", "Competitive Advantage", "比对手强的地方"),
    ],
    "the same letters for something else": [
        ("政府效率部", "DOGE", "一个削减开支的部门"),
        ("Doge", "狗狗币", "一种玩笑货币"),
    ],
}


@pytest.mark.parametrize("name", CONCEPTS_APART)
def test_concepts_apart(name):
    terms = CONCEPTS_APART[name]
    assert headwords(collect(*terms)) == {headword for headword, *_ in terms}


def test_the_entry_has_the_name_used_most():
    glossary = collect(
        ("大语言模型", "LLM", "会写字的模型"),
        ("LLM", "Large Language Model", "读过很多书的模型"),
        ("LLM", "Large Language Models"),
        ("大语言模型", "Large Language Model"),
        ("大语言模型", "Large Language Model"),
    )
    (entry,) = glossary.entries
    assert entry.headword == "大语言模型"
    assert entry.aliases == ("LLM",)
    assert entry.originals == ("Large Language Model",)
    assert entry.letter == "D"


def test_at_a_tie_chinese_names_the_entry():
    glossary = collect(("GPU", "图形芯片", "芯片"), ("图形芯片", "GPU", "画图用"))
    assert headwords(glossary) == {"图形芯片"}


def test_expansions_stand_apart():
    (entry,) = collect(("基点", "Basis Point, bp", "万分之一")).entries
    assert entry.originals == ("Basis Point", "bp")


def test_a_name_alone_is_no_entry():
    assert collect(("艾达", "Ada Reed")).entries == ()


# ---------------------------------------------------------------------------------------------
# Definitions


def test_definitions_are_kept_fullest_first_with_their_posts():
    chapters = [
        chapter("a", term("河", "River", "水流")),
        chapter("b", prose("水"), term("河", "River", "从山里一直流到海里去的水道")),
        chapter("c", term("河", "River", "从山里流到海里去的水道")),
        chapter("d", term("河", "River", "水流")),
    ]
    (entry,) = collect_glossary(chapters).glossary.entries
    assert entry.definitions == (
        Definition("从山里一直流到海里去的水道", Mention("b", "p1-b")),
        Definition("水流", Mention("a", "p0-a")),
    )


def test_a_definition_that_repeats_the_name_gives_way():
    (entry,) = collect(("河", "River", "River"), ("河", "River", "水道")).entries
    assert [each.text for each in entry.definitions] == ["水道"]
    (entry,) = collect(("河", "River", "River")).entries
    assert [each.text for each in entry.definitions] == ["River"]


def test_twelve_definitions_are_enough():
    mention = Mention("a", "p0-a")
    texts = [chr(0x4E00 + 40 * n) * 3 + chr(0x5E00 + n) * (n + 2) for n in range(40)]
    kept = select_definitions(Definition(text, mention) for text in texts)
    assert len(kept) == 12
    assert [len(each.text) for each in kept] == sorted(len(each.text) for each in kept)[::-1]


# ---------------------------------------------------------------------------------------------
# Mentions and links


def test_the_first_occurrence_is_linked_glossed_or_not():
    text = "先说潮汐，再说**潮汐**（Tide: 海水的涨落）"
    block = Prose(SPAN, text, "zh-Hans", glosses=(gloss(text, "潮汐", "Tide", "海水的涨落"),))
    chapters = [chapter("a", prose("没有"), block), chapter("b", prose("又见潮汐，潮汐"))]
    glossary = collect_glossary(chapters).glossary
    (entry,) = glossary.entries
    assert entry.mentions == (Mention("a", "p1-a"), Mention("b", "p0-b"))
    first, other = glossary.links["p1-a"][0], glossary.links["p0-b"][0]
    assert text[first.start : first.end] == "潮汐"
    assert first.start == 2
    assert other.start == 2
    assert len(glossary.links["p0-b"]) == 1
    walk_links(glossary, chapters)


def test_a_gloss_before_any_plain_occurrence_is_linked_with_its_asterisks():
    chapters = [chapter("a", term("潮汐", "Tide", "海水的涨落"), prose("潮汐"))]
    glossary = collect_glossary(chapters).glossary
    (occurrence,) = glossary.links["p0-a"]
    assert (occurrence.start, occurrence.end) == (3, 9)
    assert glossary.entries[0].mentions == (Mention("a", "p0-a"),)


def test_paragraphs_that_explain_again_are_mentions_too():
    chapters = [chapter("a", *[term("潮汐", "Tide", f"涨落之{n}") for n in range(20)])]
    (entry,) = collect_glossary(chapters).glossary.entries
    assert [mention.anchor for mention in entry.mentions] == [f"p{n}-a" for n in range(8)]


def test_what_stands_in_the_bracket_of_another_gloss_is_not_linked():
    chapters = [chapter("a", term("大潮", "Spring Tide", "最强的潮汐"), term("潮汐", "", "涨落"))]
    glossary = collect_glossary(chapters).glossary
    assert {anchor: len(found) for anchor, found in glossary.links.items()} == {
        "p0-a": 1,
        "p1-a": 1,
    }
    walk_links(glossary, chapters)


def test_an_alias_leads_to_the_entry():
    chapters = [
        chapter("a", term("图形处理器", "GPU: Graphics Processing Unit", "画图的芯片")),
        chapter("b", prose("有了 GPU 就快了")),
    ]
    glossary = collect_glossary(chapters).glossary
    assert glossary.links["p0-b"][0].id == glossary.entries[0].id
    walk_links(glossary, chapters)


def test_a_gloss_in_an_original_belongs_to_the_prose_above():
    english = "The **tide** (潮汐: 海水的涨落) turns"
    inside = Gloss(4, 12, 24, "tide", "潮汐", "海水的涨落")
    original = Original(SPAN, "", "en", english, (inside,))
    chapters = [chapter("a", Heading(SPAN, 3, "标题"), prose("甲"), original, prose("乙"))]
    glossary = collect_glossary(chapters).glossary
    (entry,) = glossary.entries
    assert entry.definitions[0].mention == Mention("a", "p1-a")
    assert entry.mentions == (Mention("a", "p1-a"),)
    assert glossary.links == {}
    # A link further down makes that the first mention, so that it leads back.
    chapters = [chapter("a", prose("甲"), original, prose("这个 tide 来了"))]
    glossary = collect_glossary(chapters).glossary
    assert glossary.entries[0].mentions == (Mention("a", "p2-a"),)
    walk_links(glossary, chapters)
    # Without prose there is no paragraph to lead to.
    assert collect_glossary([chapter("a", original)]).glossary.lines == ()


# ---------------------------------------------------------------------------------------------
# Order

SEVERAL = [
    ("重力", "Gravity", "向下的力"),
    ("重组", "Recombination", "再排一次"),
    ("长期", "Long Term", "很久"),
    ("GPU", "Graphics Processing Unit", "芯片"),
    ("3D", "", "立体"),
    ("銀行", "Bank", "管钱的"),
    ("β射线", "", "一种射线"),
]


def _printed(glossary):
    return [
        line.headword if isinstance(line, GlossaryEntry) else f"{line.alias}→{line.headword}"
        for line in glossary.lines
    ]


def test_lines_stand_by_sound_with_their_references():
    glossary = collect(*SEVERAL)
    assert _printed(glossary) == [
        "Bank→銀行", "长期", "重组", "GPU", "Gravity→重力", "Long Term→长期",
        "Recombination→重组", "銀行", "重力", "3D", "β射线",
    ]  # fmt: skip
    assert "".join(line.letter for line in glossary.lines) == "BCCGGLRYZ##"


def test_latin_stands_apart_if_wished():
    glossary = collect(*SEVERAL, latin_apart=True)
    assert _printed(glossary) == [
        "长期", "重组", "銀行", "重力", "Bank→銀行", "GPU", "Gravity→重力",
        "Long Term→长期", "Recombination→重组", "3D", "β射线",
    ]  # fmt: skip


def test_an_alias_of_two_entries_leads_to_both():
    glossary = collect(*CONCEPTS_APART["an abbreviation of two names"])
    assert {"PE→市盈率", "PE→私募股权"} <= set(_printed(glossary))


def _wording(glossary):
    """Return the lines of a glossary without the places that they lead to."""
    return [
        (replace(line, mentions=(), definitions=()), [each.text for each in line.definitions])
        if isinstance(line, GlossaryEntry)
        else line
        for line in glossary.lines
    ]


def test_the_order_of_chapters_changes_nothing_but_mentions():
    terms = [each for group in (*ONE_CONCEPT.values(), *CONCEPTS_APART.values()) for each in group]
    chapters = [chapter(f"c{n}", term(*each)) for n, each in enumerate(terms)]

    forward = collect_glossary(chapters).glossary
    backward = collect_glossary(chapters[::-1]).glossary
    assert _wording(forward) == _wording(backward)
    assert len({entry.id for entry in forward.entries}) == len(forward.entries)
    walk_links(forward, chapters)
    walk_links(backward, chapters)


def test_hash_seeds_change_nothing():
    code = (
        "from tests.test_glossary import *\n"
        "terms = [t for g in (*ONE_CONCEPT.values(), *CONCEPTS_APART.values()) for t in g]\n"
        "print(ascii(collect(*terms)))"
    )
    printed = {
        subprocess.run(  # this very interpreter, no word from outside
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


def test_ids_do_not_change_when_other_headwords_come():
    alone = collect(("河", "River", "水道")).entries[0]
    with_others = collect(("河", "River", "水道"), ("桥", "Bridge", "水上的路"))
    assert alone.id == "gloss-he"
    assert alone.id in {entry.id for entry in with_others.entries}


# ---------------------------------------------------------------------------------------------
# Rules

RULES = """\
forbid = [
  "桥",
  "船",
]

[[entry]]
headword = "潮汐"
original = "Tide"
definition = "海水因日月引力而涨落"
aliases = ["潮水"]

[[entry]]
headword = "火星"
definition = "第四颗行星"

[[merge]]
into = "江河"
headwords = ["河", "江"]

[[rename]]
headword = "月球"
to = "月亮"

[index]
forbid = ["甲"]
[[index.merge]]
into = "Ada Reed"
headwords = ["A. Reed"]
"""


def test_rules_rule():
    chapters = [
        chapter("a", term("桥", "Bridge", "水上的路"), prose("潮水来了")),
        chapter("b", term("河", "River", "水道"), term("江", "Stream", "大的水道")),
        chapter("c", term("月球", "Moon", "地球的卫星"), term("潮汐", "Tides", "涨涨落落")),
    ]
    collected = collect_glossary(chapters, parse_rules(RULES))
    glossary = collected.glossary
    by_headword = {entry.headword: entry for entry in glossary.entries}
    assert set(by_headword) == {"潮汐", "江河", "月亮"}
    assert set(by_headword["江河"].aliases) == {"河", "江"}
    assert by_headword["月亮"].aliases == ("月球",)
    tides = by_headword["潮汐"]
    assert tides.definitions[0] == Definition("海水因日月引力而涨落", Mention("a", "p1-a"))
    assert tides.definitions[1].text == "涨涨落落"
    assert tides.originals == ("Tide",)
    assert tides.aliases == ("潮水",)
    assert collected.applied == {"forbid:1", "entry:1", "merge:1", "rename:1"}
    walk_links(glossary, chapters)


def test_a_rule_for_a_forbidden_headword_replaces_what_posts_say():
    rules = parse_rules('forbid = ["河"]\n[[entry]]\nheadword = "河"\ndefinition = "水道"\n')
    collected = collect_glossary([chapter("a", term("河", "River", "错的"))], rules)
    (entry,) = collected.glossary.entries
    assert [each.text for each in entry.definitions] == ["水道"]
    assert collected.applied == {"forbid:1", "entry:1"}


def test_a_forbidden_expansion_leads_nowhere():
    collected = collect_glossary(
        [chapter("a", term("河", "River", "水道"))], parse_rules('forbid = ["river"]')
    )
    assert _printed(collected.glossary) == ["河"]
    assert collected.applied == {"forbid:1"}


# ---------------------------------------------------------------------------------------------
# Bad input


def _seconds(chapters):
    start = time.process_time()
    walk = collect_glossary(chapters).glossary
    return time.process_time() - start, walk


def test_the_same_term_ten_thousand_times():
    blocks = [term("河", "River", f"第{n}种说法" + "水" * 390) for n in range(10_000)]
    taken, glossary = _seconds([chapter("a", *blocks)])
    assert len(glossary.entries) == 1
    assert len(glossary.entries[0].mentions) == 8
    assert taken < 20


def test_ten_thousand_terms_in_a_post():
    blocks = [term(f"词{n}", f"Word {n}", f"第{n}个词") for n in range(10_000)]
    taken, glossary = _seconds([chapter("a", *blocks)])
    assert len(glossary.entries) == 10_000
    assert taken < 30


def test_ten_thousand_terms_of_one_expansion():
    blocks = [
        term(f"{chr(0x4E00 + n)}词", "Word", chr(0x4E00 + n) + chr(0x4E00 + n * 7 % 20_000))
        for n in range(10_000)
    ]
    taken, glossary = _seconds([chapter("a", *blocks)])
    assert len(glossary.entries) > 5000
    assert taken < 30


def test_ten_thousand_expansions_of_one_term():
    blocks = [term("河", f"River {n}", "水") for n in range(10_000)]
    taken, glossary = _seconds([chapter("a", *blocks)])
    assert len(glossary.entries[0].originals) <= 12
    assert taken < 20


@pytest.mark.parametrize(
    "headword", ["<script>", "[a](b)", "`x`", "a**b", "\ud800", "\u202e", "水" * 80, "$x$", "\\"]
)
def test_markup_as_a_headword(headword):
    chapters = [chapter("a", term(headword, "X", "说"), prose(headword))]
    glossary = collect_glossary(chapters).glossary
    assert [entry.headword for entry in glossary.entries] == [headword]
    walk_links(glossary, chapters)
