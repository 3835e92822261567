"""Slugs and the order of entries."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.pinyin import initial, name_sort_key, simplify, slugify, sort_key, unique_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("水与桥", "shui-yu-qiao"),
        ("AI 时代 2.0", "ai-shi-dai-2-0"),
        ("Café Ünïon", "cafe-union"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\x\x00y", "c-x-y"),
        ("-rf", "rf"),
        ("。！", ""),
        ("", ""),
        ("\ud800", ""),
    ],
)
def test_slugs(text, slug):
    assert slugify(text) == slug


@given(st.text())
def test_any_text_makes_a_safe_slug(text):
    slug = slugify(text)
    assert len(slug) <= 60
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)


def test_long_titles_are_cut_between_words():
    assert slugify("word " * 60).endswith("-word")
    assert len(slugify("水" * 300)) <= 60
    assert len(slugify("x" * 300)) == 60


def test_unique_slugs_depend_on_their_salt_alone():
    assert unique_slug("a", "x", {"b"}) == "a"
    first = unique_slug("a", "x", {"a"})
    assert first == unique_slug("a", "x", {"a", "b", "c"})
    assert first != unique_slug("a", "y", {"a"})
    assert unique_slug("a", "x", {"a", first}) not in {"a", first}
    assert unique_slug("", "x", set()).startswith("n-")
    assert unique_slug("", "\ud800", set())


def test_latin_and_chinese_stand_in_one_alphabet():
    words = ["桥", "“河”", "Bridge", "apple", "水", "ＡＩ"]
    assert sorted(words, key=sort_key) == ["ＡＩ", "apple", "Bridge", "“河”", "桥", "水"]
    assert [initial(word) for word in (*words, "3D", "éclair", "。", "")] == [
        "Q", "H", "B", "A", "S", "A", "#", "E", "#", "#",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "terms",
    [
        "重力 zhong, 重组 chong, 重写 chong, 重构 chong, 重定向 chong, 重庆 chong, 权重 quanzhong",
        "长期 chang, 长尾 chang, 长文本 chang, 增长 zengzhang, 校长 xiaozhang, 秘书长 mishuzhang",
        "银行 yinhang, 行为 xing, 央行 yanghang, 投行 touhang, 行列式 hang, 可行性 kexing",
        "调整 tiao, 调查 diao, 调优 tiao, 微调 weitiao, 调度 diao, 强调 qiangdiao, 调用 diao",
        "还原 huan, 还款 huan, 还是 hai, 曾国藩 zeng, 曾经 ceng, 单于 chan, 单元 dan",
        "参数 can, 人参 renshen, 参差 cen, 数据 shu, 率 lu!, 效率 xiaolu!, 率先 shuai",
        "会计 kuai, 差分 cha, 出差 chuchai, 便宜 pian, 便利 bian, 折扣 zhe, 系数 xi",
        "供给 gongji, 角色 jue, 三角形 sanjiao, 模型 mo, 模样 mu, 朝代 chao, 传记 zhuan",
        "传感器 chuan, 乐器 yue, 快乐 kuaile, 厦门 xia, 六安 lu, 解调 jietiao, 奇数 ji",
        "着陆 zhuo, 曲率 qu, 降维 jiang, 投降 touxiang, 弹性 tan, 子弹 zidan, 冠军 guan",
        "宁静 ning, 区块链 qu, 泊松 bo, 伺服 si, 华为 hua, 朴素 pu, 朴槿惠 piao",
        "标准差 biaozhuncha, 分子 fenzi, 旋转 xuanzhuan, 粘性 nian, 散点图 san, 尽职 jin",
    ],
)
def test_readings_of_characters_with_several(terms):
    for term in terms.split(", "):
        text, read = term.split()
        assert sort_key(text)[0].replace(" ", "").startswith(read), text


@pytest.mark.parametrize(
    ("text", "tones"),
    [("大夫", "45"), ("行长", "23"), ("长", "2"), ("应力", "44"), ("散点", "33"), ("GPU", "")],
)
def test_tones_are_the_second_key(text, tones):
    assert sort_key(text)[1] == tones


def test_words_stand_in_the_order_of_a_dictionary():
    words = ["妈", "麻", "马", "骂", "路", "绿", "卵", "略", "论", "Lu", "西安", "先"]
    ordered = "Lu 路 绿 卵 略 论 妈 麻 马 骂 西安 先".split()
    assert sorted(words, key=sort_key) == ordered


@pytest.mark.parametrize(("one", "other"), [("銀行", "银行"), ("重構", "重构"), ("頭髮", "头发")])
def test_traditional_characters_are_read_as_simplified_ones(one, other):
    assert simplify(one) == other
    assert sort_key(one)[:2] == sort_key(other)[:2]


@given(st.text())
def test_any_text_can_be_sorted(text):
    sounds, tones, itself = sort_key(text)
    assert itself == text
    assert not sounds.startswith(" ")
    assert tones == "" or tones.strip("12345") == ""
    assert initial(text) in "ABCDEFGHIJKLMNOPQRSTUVWXYZ#"
    assert isinstance(simplify(text), str)


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("曾小河", "zeng"), ("单小河", "shan"), ("仇河", "qiu"), ("查河", "zha"), ("解河", "xie"),
        ("區河", "ou"), ("任河", "ren"), ("尉迟河", "yu chi"), ("万俟河", "mo qi"), ("乐河", "yue"),
        ("纪河", "ji"), ("朴河", "piao"), ("盖河", "ge"), ("王河", "wang"), ("长孙河", "zhang sun"),
    ],
)  # fmt: skip
def test_surnames_are_read_as_such(name, sound):
    assert name_sort_key(name)[0].startswith(f"{sound} ")


@pytest.mark.parametrize("name", ["查理·河", "单小河岸桥", "Ren", "", "单", "单 He", "。单"])
def test_other_names_sort_as_texts_do(name):
    assert name_sort_key(name) == sort_key(name)


@given(st.text())
def test_any_name_has_a_key(name):
    assert len(name_sort_key(name)) == len(sort_key(name))
