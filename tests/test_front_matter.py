"""Front matter: every variant is read as meant, and nothing that YAML can do is done."""

from __future__ import annotations

import time

import pytest

from converter.front_matter import parse_front_matter, split_front_matter


def read(fields):
    return parse_front_matter("post.md", split_front_matter(f"---\n{fields}\n---\n正文\n"))


def codes(fields):
    return [(d.line, d.code) for d in read(fields)[1]]


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ("title: “水与桥：记”", "title", "水与桥：记"),
        ("title: '\"水与桥\"'", "title", "水与桥"),
        ("title: “甲”与“乙”", "title", "“甲”与“乙”"),
        ("title: '\\\"水\\\"与桥'", "title", '"水"与桥'),
        ("title: 水与\n  桥\n  and more", "title", "水与桥 and more"),
        ("title: A & B < C > D $5", "title", "A & B < C > D $5"),
        ("title: 2020", "title", "2020"),
        ("title: null", "title", ""),
        ("title: [水, 桥]", "title", "水、桥"),
        ("date: 2026-01-31", "date", "2026-01-31"),
        ("date: '2026-01-31'", "date", "2026-01-31"),
        ("date: 2026-1-3T03:00", "date", "2026-01-03"),
        ("date: 2026年1月31日", "date", "2026-01-31"),
        ("date: ''", "date", ""),
        ("tags: '[]'", "tags", ()),
        ("tags: []", "tags", ()),
        ("tags:", "tags", ()),
        ("tags: ~", "tags", ()),
        ("tags: ['\"ai-safety\"', “国家统计局”, ' ']", "tags", ("ai-safety", "国家统计局")),
        ("tags: 一, 二、三；四", "tags", ("一", "二", "三", "四")),
        ("tags:\n- a\n- b\n- a", "tags", ("a", "b")),
        ("speaker: Money & Macro", "speakers", ("Money & Macro",)),
        ("speaker: Ada Lane, Bo Chen", "speakers", ("Ada Lane", "Bo Chen")),
        ("companies: [A]\ncompanies_orgs: [B, A]", "organizations", ("A", "B")),
        ("Series: 河\nseries: ''", "series", "河"),
        ("series: null\nSeries: 桥", "series", "桥"),
        ("draft: true", "draft", True),
        ("draft: 'true'", "draft", True),
        ("draft: no", "draft", False),
        ("exclude: yes", "exclude", True),
        ("source: null", "source_url", ""),
        ("source: '#${id}'", "source_url", "#${id}"),
        ("insight: >\n  一行\n  又一行", "insight", "一行又一行"),
        ("year: '2020-11-28'\nlayout: book-note.njk", "extra", {"year": "2020-11-28"}),
        ("publisher: &p 甲\nrating: *p", "extra", {"publisher": "甲", "rating": "甲"}),
        ("people: [甲, [乙, 丙], {丁: 戊}]", "people", ("甲",)),
        ("title: !!python/object/apply:os.system ['ls']", "title", "ls"),
        ("title: !!binary 5rC0", "title", "5rC0"),
    ],
)
def test_values(fields, name, value):
    front_matter, found = read(fields)
    assert getattr(front_matter, name) == value
    assert {diagnostic.code for diagnostic in found} <= {"front-matter.quoted"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("title: a\nauthor: b\ntitle: c", [(4, "front-matter.duplicate-key")]),
        ("title: 水\ndate: soon", [(3, "front-matter.bad-value")]),
        ("draft: perhaps", [(2, "front-matter.bad-value")]),
        ("title: {a: b}", [(2, "front-matter.bad-value")]),
        ("title: 水: 桥", [(2, "front-matter.invalid")]),
        ("a: 1\ntitle: 'x", [(3, "front-matter.invalid")]),
        ("a: " + "[" * 40 + "]" * 40, [(1, "front-matter.invalid")]),
    ],
)
def test_findings(fields, expected):
    assert codes(fields) == expected


def test_no_name_of_a_long_list_is_lost():
    names = [f"Name {number}" for number in range(3000)]
    text = "---\npeople:\n" + "".join(f"- {name}\n" for name in names) + "---\n"
    matter, found = parse_front_matter("post.md", split_front_matter(text))
    assert matter.people == tuple(names)
    assert found == []


def test_an_anchor_repeated_without_end_is_one_name():
    people = f"people: [&a {'x' * 1000}{', *a' * 20_000}]\n"
    summary = f"summary: [&b {'y' * 1000}{', *b' * 20_000}]\n"
    text = f"---\n{people}{summary}---\n"
    matter, _ = parse_front_matter("post.md", split_front_matter(text))
    assert matter.people == ("x" * 1000,)
    assert matter.summary == "y" * 1000


def test_block_scalars_of_yaml_that_does_not_parse_are_salvaged():
    front_matter, _ = read("author: a: b\nsummary: |-\n  甲\n  乙\ntitle: 水 # 注")
    assert front_matter.summary == "甲乙"
    assert front_matter.title == "水"


def test_fields_of_yaml_that_does_not_parse_are_salvaged():
    front_matter, _ = read("title: 水: 桥\ntags:\n  - a\n  - b\nspeaker: Ada\nodd: 'x")
    assert front_matter.title == "水: 桥"
    assert front_matter.tags == ("a", "b")
    assert front_matter.speakers == ("Ada",)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("正文", "正文"),
        ("", ""),
        ("---", "---"),
        ("---\n", "---\n"),
        ("---\n\n一段话\n\n---\n二", "---\n\n一段话\n\n---\n二"),
        ("---\n---\n正文", "正文"),
        ("----\ntitle: a\n-----\n正文", "正文"),
        ("---  \ntitle: a\n---\t\n正文", "正文"),
        ("---\ntitle: a\n---", ""),
        ("---\r\ntitle: a\r\n---\r\n正文", "正文"),
        ("---\ntitle: a\ntags:\n  - b\n\n正文", "\n正文"),
        ("---\ntitle: a\n正文：没有围栏", "正文：没有围栏"),
        ("---\n# 注\n\ntitle: a\n---\n正文", "正文"),
    ],
)
def test_split(text, body):
    fenced = split_front_matter(text)
    assert fenced.body == body
    assert text[fenced.body_start :] == body


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize(
    "fields",
    [
        "a: " + "[" * 100_000,
        "a: " + "{a: " * 100_000,
        "a:\n" + "".join(" " * n + "- \n" for n in range(1, 1000)),
        "- " * 100_000,
        "? " * 100_000,
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]\n" for n in range(1, 60)),
        "a: &a [*a]",
        "a: *nowhere",
        "title: \x00\x07\ud800",
        "title: !!python/object:os.system",
        "%YAML 9.9\n",
        "title: |\n" + "  x\n" * 50_000,
        ": " * 50_000,
        "title: " + "水" * 300,
    ],
    ids=range(14),
)
def test_nothing_raises_or_takes_long(fields):
    start = time.process_time()
    read(fields)
    assert time.process_time() - start < 2
