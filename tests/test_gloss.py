"""Inline glosses: what is one, what is none, and where it stands."""

from __future__ import annotations

import pytest

from converter.gloss import find_glosses


@pytest.mark.parametrize(
    ("text", "headword", "original", "definition"),
    [
        ("**同业存单**（NCD: 银行间的存款凭证）", "同业存单", "NCD", "银行间的存款凭证"),
        ("**测序** (RNA-seq: 测量基因的方法)", "测序", "RNA-seq", "测量基因的方法"),
        ("**合伙**（GP: Partner: 管钱的人）", "合伙", "GP: Partner", "管钱的人"),
        ("**career path**（职涯规划：指一生的工作）", "career path", "职涯规划", "指一生的工作"),
        ("**河（长）**（River (long): 水（淡）的路）", "河（长）", "River (long)", "水（淡）的路"),
        ("**网站**（Site: 见 https://a.b 的说明）", "网站", "Site", "见 https://a.b 的说明"),
        ("**词元**（一种最小的文本处理单元）", "词元", "", "一种最小的文本处理单元"),
        ("**《河》**（River: 一本讲水的书）", "河", "River", "一本讲水的书"),
    ],
)  # fmt: skip
def test_gloss(text, headword, original, definition):
    [gloss] = find_glosses(f"前文{text}后文")
    assert (gloss.headword, gloss.original, gloss.definition) == (headword, original, definition)
    assert f"前文{text}后文"[gloss.start : gloss.end] == text
    assert text.startswith("**")
    assert f"前文{text}"[gloss.start : gloss.headword_end].endswith("**")


@pytest.mark.parametrize(
    "text",
    [
        "**黄仁勋**（Jensen Huang）",
        "**河**（注：此处应为“桥”）",
        "**河**（例如：长江）",
        "**Smirnoff**（斯米诺伏特加）",
        "**产品**（MVP: Minimum Viable Product）",
        "**时间**（12:30）",
        "**河**（他说。后来: 又说）",
        "**河** 和（River: 水的路）",
        "**河（River: 水的路）",
        "**河**（River: 水的路",
        "河（River: 水的路）",
    ],
)
def test_no_gloss(text):
    assert not list(find_glosses(text))


def test_marks_are_paired_in_sequence_and_line_by_line():
    text = "**一**与**二**（B: 第二个数）和**三\n**四**（D: 第四个数）"
    assert [gloss.headword for gloss in find_glosses(text)] == ["二", "四"]
