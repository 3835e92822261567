"""Inline glosses: what is one, what is none, where it stands; whatever the text."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from converter.gloss import find_gloss_slips, find_glosses, find_original_glosses
from converter.model import Gloss

CASES = read_fixture_file(Path(__file__).parent / "cases" / "glosses.md")
CLAUSE = re.compile(
    r"^(\d+)\. .+\n(?:   .*\n)*?   (`+) ?(.+?) ?\2(?=\n(?:\d+\. |\n|\Z))", re.MULTILINE
)


def collect(text: str, title: str = "") -> list[Gloss]:
    if "originals" in title:
        return list(find_original_glosses(text))
    found = find_glosses(text)
    assert all(gloss.definition for gloss in found.definitions)
    assert not any(gloss.definition for gloss in found.names)
    return sorted([*found.definitions, *found.names], key=lambda gloss: gloss.start)


def dump(text: str, title: str) -> str:
    lines = []
    for gloss in collect(text, title):
        covered = text[gloss.start : gloss.headword_end].replace("\n", "⏎")
        line = f"[{covered}] {gloss.headword} | {gloss.original}"
        lines.append(f"define {line} | {gloss.definition}" if gloss.definition else f"name {line}")
    return "\n".join(lines) or "nothing"


@pytest.mark.parametrize(("title", "text", "expected"), [case[1:] for case in CASES])
def test_case(title, text, expected):
    assert dump(text.removesuffix("\n"), title) == expected.removesuffix("\n"), title


def test_each_clause_of_the_page_has_a_case(root):
    page = (root / "docs" / "reference" / "glossary.md").read_text("utf-8")
    section = page.split("## What is a gloss\n")[1].split("\n## ")[0] + "\n"
    clauses = {number: example for number, _, example in CLAUSE.findall(section)}
    assert list(clauses) == [str(n) for n in range(1, len(clauses) + 1)]
    assert section.count("\n1. ") == 1
    assert len(clauses) == len(re.findall(r"^\d+\. ", section, re.MULTILINE))
    texts: dict[str, list[str]] = {}
    for _, title, text, _ in CASES:
        texts.setdefault(title.split()[0], []).append(text.strip().replace("\n", " ⏎ "))
    assert list(texts) == list(clauses)
    for number, example in clauses.items():
        assert example in texts[number], number


def test_marks_are_paired_in_sequence_and_line_by_line():
    text = "**一**与**二**（B: 第二个数）和**三\n**四**（D: 第四个数）"
    assert [gloss.headword for gloss in find_glosses(text).definitions] == ["二", "四"]


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("**甲****乙**（tide: 海水的涨落）", "**乙**"),
        ("***潮汐***（tide: 海水的涨落）", "***潮汐***"),
        ("**潮汐** `码`（tide: 海水的涨落）", "tide"),
        ("[潮汐](http://a)（tide: 海水的涨落）", "tide"),
        ("甲&amp;B（<b>tide</b>: 海水的涨落）", "tide"),
        ("**a *b（tide: 海水的涨落）**", "tide"),
        ("词（**tide**, flow: 海水的涨落）", ""),
    ],
)
def test_a_link_never_cuts_through_markup(text, covered):
    glosses = find_glosses(text).definitions
    assert [text[g.start : g.headword_end] for g in glosses] == ([covered] if covered else [])


def test_a_wrapped_line_gives_no_gloss_twice():
    text = "见**甲**（A: 第一个数）Tide\nGauge（一种测量水位的仪器）与**乙**（B: 第二个数）"
    assert [g.headword for g in find_glosses(text).definitions] == ["甲", "Tide Gauge", "乙"]


@pytest.mark.parametrize(
    "text",
    [
        "**河**（）",
        "**河**（: ）",
        "**河**（River: ）",
        "**河**（，：）",
        "**河**（: 向低处流动的水）",
        "****（River: 向低处流动的水）",
        "** **（River: 向低处流动的水）",
        "**河",
        "（",
        "）（",
        "**（**）**",
        "“”（River: 向低处流动的水",
        f"**河**（River: {'水' * 2000}）",
        f"**{'河' * 90}**（River，向低处流动的水）",
        "**河<script>x</script>**（River: 向低处流动的水）",
    ],
)
def test_what_is_malformed_is_skipped(text):
    assert collect(text) == []


def test_a_definition_keeps_no_markup_that_could_leave_its_place():
    (gloss,) = find_glosses("**河**（<b>River</b>: 向**低处**\u202e流动的水）").definitions
    assert (gloss.original, gloss.definition) == ("River", "向低处流动的水")


def test_the_same_gloss_ten_thousand_times():
    text = "**河**（River: 向低处流动的水）" * 10_000
    assert len(find_glosses(text).definitions) == 10_000


PIECES = [
    "**", "** ", "（", "(", "）", ")", "（（）", "**词**（", "**词（", "“", "“词”（a", "《", "`",
    "` （", "](", "[a](", "<a (", "$", "$（_", "&", "\\(", "***", "a ", "a·（", "词，", "A（b，",
    "；a：（", "*", "**河**（River: 流动的水）", "Tide\n(一种", "（A: 水，", "、词（A B）",
    "约·（A B）",
]  # fmt: skip


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize("find", [find_glosses, find_original_glosses])
@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_length(piece, find):
    def seconds(size):
        text = piece * (size // len(piece))
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            find(text)
            best = min(best, time.process_time() - start)
        return best

    # Quadratic would be sixteen times; the constant lets what is too short to measure pass.
    assert any(seconds(80_000) < 9 * seconds(20_000) + 0.03 for _ in range(3))


MARKUP = [
    *PIECES, ": ", "：", "，", "River", "一种流动的水", "河", "**河**", "里德·里德", "\n", " ",
    "英文：", "即", "‘", "’", "”", "》", '"', "GPU", "'s", "1. ", "的", "。", "12:30", "https://a",
    "_", "\0", "\ud800", "\u202e",
]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(MARKUP), st.text(max_size=4)), max_size=40))
def test_any_text_gives_glosses_in_order_and_within_it(pieces):
    text = "".join(pieces)
    found = find_glosses(text)
    for glosses in (found.definitions, found.names, find_original_glosses(text)):
        assert list(glosses) == sorted(glosses, key=lambda gloss: gloss.start)
    end = headword_end = 0
    for gloss in collect(text):
        assert gloss.start < gloss.headword_end <= gloss.end <= len(text)
        assert end <= gloss.start or (headword_end <= gloss.start and gloss.end < end)
        assert text[gloss.end - 1] in "）)"
        assert text[gloss.start : gloss.headword_end].count("**") in (0, 2, 4)
        assert gloss.headword == " ".join(gloss.headword.split())
        assert gloss.headword
        assert gloss.definition or gloss.original
        assert "**" not in gloss.headword + gloss.original + gloss.definition
        if gloss.start >= end:
            end, headword_end = gloss.end, gloss.headword_end
    assert set(find_original_glosses(text)) <= set(found.definitions)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("水**河**（River: ）", ["gloss-empty"]),
        ("**河**（River:）与**桥** (Bridge：)", ["gloss-empty", "gloss-empty"]),
        ("**河**（River: 水的路\n**桥**（Bridge: 水上的路）", ["gloss-unclosed"]),
        ("**河**（River: 水（淡水）的路", ["gloss-unclosed"]),
        (f"**河**（River: {'水' * 700}）", ["gloss-long"]),
        ("**水来了。快走**（River: 水流动的路）", ["gloss-headword"]),
        (f"**{'水' * 30}**（River: 水流动的路）", ["gloss-headword"]),
        ("**河**（River: 水流动的路）", []),
        ("**河**（River）与**桥**（水上的路", []),
        ("**河**（https://a.example 的说明", []),
        ("**艾达** (Ada 12:30)，`**河**（River: ）`", []),
        ("河（River: ）", []),
    ],
)
def test_slips(text, codes):
    glosses = find_glosses(text)
    found = list(find_gloss_slips(text, (*glosses.definitions, *glosses.names)))
    assert [slip.code for slip in found] == [f"post.{code}" for code in codes]
    assert all(text.startswith("**", slip.offset) for slip in found)


@pytest.mark.usefixtures("undisturbed")
def test_ten_thousand_slips():
    start = time.process_time()
    assert len(list(find_gloss_slips("**河**（River: " * 10_000, ()))) == 10_000
    assert time.process_time() - start < 10


@pytest.mark.usefixtures("undisturbed")
def test_time_for_slips_grows_with_the_number_of_glosses():
    def seconds(count):
        text = "**河**（River: 向低处流动的水）" * count + "**河**（River: ）"
        glosses = find_glosses(text).definitions
        assert len(glosses) == count
        start = time.process_time()
        (slip,) = find_gloss_slips(text, glosses)
        assert slip.code == "post.gloss-empty"
        return time.process_time() - start

    # Quadratic would be sixteen times; the constant lets what is too short to measure pass.
    assert any(seconds(8_000) < 9 * seconds(2_000) + 0.03 for _ in range(3))
