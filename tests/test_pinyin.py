"""Slugs and the order of entries."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.pinyin import initial, slugify, sort_key, unique_slug


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
