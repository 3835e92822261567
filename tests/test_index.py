"""The indexes of a book: which names they have, under which form, and where they occur."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.index import collect_indexes
from converter.index.person import is_generic_speaker, is_person, may_be_person
from converter.model import INDEX_TITLES, FrontMatter, IndexEntry, Locator, Post, SeeReference
from converter.post import parse_post
from converter.rules import parse_rules


def chapter(slug, body="", **names):
    post = parse_post(f"{slug}.md", f"---\ntitle: x\n---\n{body}\n").post
    fields: dict[str, Any] = {kind: tuple(found) for kind, found in names.items()}
    matter = replace(FrontMatter(title="x"), **fields)
    return replace(post, slug=slug, front_matter=matter)


def index(kind, *chapters, **options):
    found = {index.kind: index for index in collect_indexes(chapters, **options).indexes}
    return found[kind].lines if kind in found else ()


def names(lines):
    return [line.name if isinstance(line, IndexEntry) else f"→{line.alias}" for line in lines]


def test_a_name_is_found_in_each_paragraph_once_and_in_the_order_of_chapters():
    lines = index(
        "organizations",
        chapter("a", "河桥社与河桥社。\n\n没有。\n\n河桥社。"),
        chapter("b", "没有。", organizations=["河桥社"]),
        chapter("c", "没有。"),
    )
    assert lines == (
        IndexEntry(
            "organizations-he-qiao-she",
            "河桥社",
            "H",
            (),
            (Locator("a", ("p0-a", "p2-a")), Locator("b", ())),
        ),
    )


def test_headings_and_originals_are_not_searched():
    body = (
        "## 河桥社\n\n文\n\n<details>\n<summary>Original English</summary>\n\n河桥社\n\n</details>"
    )
    (entry,) = index("organizations", chapter("a", body, organizations=["河桥社"]))
    assert entry.locators == (Locator("a", ()),)


def test_at_most_24_paragraphs_of_a_chapter_are_given():
    body = "\n\n".join(["河桥社。"] * 30)
    (entry,) = index("organizations", chapter("a", body, organizations=["河桥社"]))
    assert entry.locators[0].anchors == tuple(f"p{number}-a" for number in range(24))


def test_the_text_ties_chinese_and_latin_forms_together():
    entry, see = index(
        "people",
        chapter("a", "**安娜·河岸**（Anna Riverside）来了。", people=["Anna Riverside"]),
        chapter("b", "安娜·河岸说。\n\nANNA RIVERSIDE 说。", people=["Anna Riverside"]),
    )
    assert (entry.name, entry.originals, entry.letter) == ("安娜·河岸", ("Anna Riverside",), "A")
    assert entry.locators == (Locator("a", ("p0-a",)), Locator("b", ("p0-b", "p1-b")))
    assert see == SeeReference("Anna Riverside", "A", entry.id, "安娜·河岸")


def test_a_definition_ties_names_of_front_matter_too():
    body = "**河桥社**（Bridge Press，BP: 一家出版书的公司）。**水**（Water: 一种液体）"
    lines = index("organizations", chapter("a", body, organizations=["Bridge Press"]))
    assert names(lines) == ["→Bridge Press", "河桥社"]
    assert [line.kind for line in collect_indexes([chapter("a", body)]).indexes] == []


def test_front_matter_in_both_languages_becomes_one_entry():
    lines = index(
        "people",
        chapter("a", "", people=["安娜·河岸", "河大山"]),
        chapter("b", "**安娜·河岸**（Anna Riverside）", people=["Anna Riverside"]),
    )
    assert names(lines) == ["安娜·河岸", "→Anna Riverside", "河大山"]
    assert [locator.chapter for locator in lines[0].locators] == ["a", "b"]


def test_two_latin_names_of_front_matter_stay_two():
    body = "**约翰·河岸**（John Riverside）与**约翰·河岸**（Jon Riverside）"
    lines = index("people", chapter("a", body, people=["John Riverside", "Jon Riverside"]))
    assert sum(isinstance(line, IndexEntry) for line in lines) == 2


def test_a_latin_name_that_is_short_for_another_joins_it():
    body = "**海潮局**（Tide）说。\n\n**海潮局**（Tide Office）答。"
    found = index("organizations", chapter("a", body, organizations=["Tide", "Tide Office"]))
    assert sorted(names(found)) == ["→Tide", "→Tide Office", "海潮局"]


def test_initials_join_the_one_name_that_has_them():
    one = chapter("a", "无", organizations=["Ministry of Tides and Rivers", "MTR"])
    assert sum(hasattr(line, "locators") for line in index("organizations", one)) == 1
    two = chapter("a", "无", organizations=["Ministry of Tides", "Museum of Tales", "MOT"])
    assert sum(hasattr(line, "locators") for line in index("organizations", two)) == 3


def test_a_chinese_name_meets_its_own_sounds_but_not_a_homophone():
    one = chapter("a", "无", organizations=["河山", "Heshan"], people=["Shan He", "河珊"])
    assert sum(hasattr(line, "locators") for line in index("organizations", one)) == 1
    assert sum(hasattr(line, "locators") for line in index("people", one)) == 1
    two = chapter("a", "无", people=["河珊", "和山", "He Shan"])
    assert sum(hasattr(line, "locators") for line in index("people", two)) == 3


def test_what_is_more_often_an_organization_is_no_person():
    chapters = [
        chapter("a", "无", organizations=["Tide Office"], people=["Tide Office", "Ada Reed"]),
        chapter("b", "无", organizations=["Tide Office"]),
    ]
    assert names(index("people", *chapters)) == ["Ada Reed"]


def test_a_surname_alone_joins_the_one_person_who_has_it():
    one = chapter("a", "**安娜·里弗赛德**（Anna Riverside）", people=["Anna Riverside"])
    two = chapter("b", "里弗赛德来了。", people=["里弗赛德"])
    other = chapter("c", "**本·里弗赛德**（Ben Riverside）", people=["Ben Riverside"])
    assert names(index("people", one, two)) == ["→安娜·里弗赛德", "→Anna Riverside", "里弗赛德"]
    assert len(index("people", one, two, other)) == 5
    assert names(index("people", one)) == ["安娜·里弗赛德", "→Anna Riverside"]


def test_roles_and_descriptions_are_no_forms():
    body = "**总统**（Anna Riverside）说，**Bridge Press**（一家公司），**桥牌**（Bridge Press）"
    lines = index("people", chapter("a", body, people=["Anna Riverside"]))
    assert names(lines) == ["Anna Riverside"]
    lines = index(
        "organizations", chapter("a", "Bridge Press（出版平台）", organizations=["Bridge Press"])
    )
    assert names(lines) == ["Bridge Press"]


def test_persons_whom_only_the_text_names():
    body = (
        "**安娜·河岸**（Anna Riverside），**王小河**（Wang Xiaohe），"
        "**反馈循环**（Feedback Loop），**河岸·大学**（Anna University），**桥**（Bridge）。"
    )
    assert names(index("people", chapter("a", body))) == [
        "安娜·河岸", "→Anna Riverside", "王小河", "→Wang Xiaohe",
    ]  # fmt: skip
    known = chapter("b", organizations=["Anna Riverside"])
    assert "安娜·河岸" not in names(index("people", chapter("a", body), known))


@pytest.mark.parametrize(
    ("chinese", "latin"),
    [("安娜·河岸", "Anna Riverside"), ("乔·范德河", "Joe van der He"), ("王小河", "Xiaohe Wang"),
     ("朱麗婭·河", "Julia He"), ("尤·河", "Eugene O’He"), ("任小河", "Ren Xiaohe")],
)  # fmt: skip
def test_persons(chinese, latin):
    assert is_person(chinese, latin)
    assert may_be_person(chinese, latin)


@pytest.mark.parametrize(
    ("chinese", "latin"),
    [("反馈循环", "Feedback Loop"), ("安娜·河岸", "anna riverside"), ("安娜·河岸", "Anna"),
     ("娜·河岸", "Anna Riverside"), ("安娜·河岸基金", "Anna Riverside"), ("安娜·河岸", "Anna Bank"),
     ("王小河", "Small River"), ("人工智能", "Ren Gong"), ("王府井大街", "Wang Fujing"), ("", "")],
)  # fmt: skip
def test_not_surely_persons(chinese, latin):
    assert not is_person(chinese, latin)


@pytest.mark.parametrize(
    "name",
    [
        "主持人",
        "Host",
        "Speaker 1",
        "speaker b",
        "旁白",
        "观众",
        "嘉宾二",
        "HOST",
        "主持人1",
        "Guest-2",
    ],
)
def test_generic_speakers_are_no_names(name):
    assert is_generic_speaker(name)
    assert index("people", chapter("a", f"**{name}**: 你好", people=[name], speakers=[name])) == ()
    assert not is_generic_speaker(f"{name}河")


def test_a_speaker_is_a_person_only_with_a_turn_or_among_people():
    assert index("people", chapter("a", "你好", speakers=["河边频道"])) == ()
    talk = chapter("a", "**河大山**：你好", speakers=["河大山"])
    assert names(index("people", talk)) == ["河大山"]
    named = chapter("b", "你好", people=["河大山"])
    assert len(index("people", chapter("a", "你好", speakers=["河大山"]), named)[0].locators) == 2
    assert names(index("people", chapter("a", guests=["河大山"]))) == ["河大山"]


def test_a_part_of_a_longer_name_is_not_the_name():
    body = "Anna Riverside 说。\n\nMary Anna 说。\n\n莉娅·河岸。\n\nAnna 说，Anna’s。\n\n玛丽·莉娅"
    found = index("people", chapter("a", body, people=["Anna", "莉娅"]))
    assert [line.locators[0].anchors for line in found] == [("p3-a",), ()]


def test_works_named_by_an_ordinary_word_are_found_between_quotation_marks():
    body = (
        "River 流。\n\n《River》好。\n\n河流。\n\n书《河流》好。\n\n《河流与桥》。\n\n河边的一座桥"
    )
    lines = index("media", chapter("a", body, media=["River", "《河流》", "河边的一座桥"]))
    anchors = {line.name: line.locators[0].anchors for line in lines}
    assert anchors == {"River": ("p1-a",), "《河流》": ("p3-a",), "河边的一座桥": ("p5-a",)}


def test_one_name_in_two_kinds_is_in_both():
    post = chapter("a", "Riverly 来了。", organizations=["Riverly"], products=["Riverly"])
    found = collect_indexes([post]).indexes
    assert [index.kind for index in found] == ["organizations", "products"]
    assert [index.entries[0].id for index in found] == ["organizations-riverly", "products-riverly"]
    assert all(index.entries[0].locators[0].anchors == ("p0-a",) for index in found)


def test_near_duplicates_meet():
    lines = index(
        "organizations",
        chapter("a", "", organizations=["The River Times", "臺灣河社", "Bridge-Press"]),
        chapter("b", "", organizations=["River Times", "台湾河社", "bridge press"]),
    )
    assert len(lines) == 3
    people = chapter("a", "", people=["J.R. River", "JR River"])
    assert len(index("people", people)) == 1


def test_order_letters_and_latin_apart():
    people = ["单小河", "任小河", "Bea He", "河大山", "山本河", "3D 河", "查·河", "Ada He"]
    post = chapter("a", people=people)
    lines = index("people", post)
    assert names(lines) == [
        "Ada He",
        "Bea He",
        "查·河",
        "河大山",
        "任小河",
        "山本河",
        "单小河",
        "3D 河",
    ]
    assert [line.letter for line in lines] == [*"ABCHRSS#"]
    apart = index("people", post, latin_apart=True)
    assert names(apart) == [
        "查·河",
        "河大山",
        "任小河",
        "山本河",
        "单小河",
        "Ada He",
        "Bea He",
        "3D 河",
    ]
    times = index("organizations", chapter("a", organizations=["The Bridge Times", "Ark", "Cat"]))
    assert names(times) == ["Ark", "The Bridge Times", "Cat"]


def test_a_surname_has_its_reading_only_in_chinese_names():
    body = "**查理**（Charlie Riverside）来了"
    lines = index("people", chapter("a", body, people=["Charlie Riverside"]))
    assert [line.letter for line in lines] == ["C", "C"]
    assert index("people", chapter("a", people=["查小河"]))[0].letter == "Z"


def test_ids_are_unique_and_begin_with_their_kind():
    matter = ["河桥", "和桥", "贺桥", "。河。桥", "🌉桥"]
    post = chapter("a", "**河桥**（Bridge: 一种水上的路）", **dict.fromkeys(INDEX_TITLES, matter))
    ids = [entry.id for index in collect_indexes([post]).indexes for entry in index.entries]
    assert len(ids) == len(set(ids)) > 8
    kinds = {id_.split("-")[0] for id_ in ids}
    assert kinds == set(INDEX_TITLES), "those of the glossary begin with gloss-"


NASTY = ["*", "·", "", " ", "\u202e", "x" * 500, "河" * 500, "<b>河</b>", "**河桥**", "[河桥](x)",
         "河\u202e桥", "`河桥`", "\x00", "\ud800", "河\n桥", "1. 河", "(", "河 (桥", "a\u0301" * 90,
         "\u200b河\u200b"]  # fmt: skip


def test_nasty_names_do_no_harm():
    post = chapter(
        "a", "河桥与<b>河</b>与河桥\n\n**河桥**（**河桥**）", **dict.fromkeys(INDEX_TITLES, NASTY)
    )
    for found in collect_indexes([post]).indexes:
        for line in found.lines:
            shown = line.name if isinstance(line, IndexEntry) else line.alias
            assert shown.isprintable()
            assert any(map(str.isalnum, shown))
            assert len(shown) <= 200


def test_no_chapters_make_no_indexes():
    assert collect_indexes([]).indexes == ()
    assert collect_indexes([chapter("a", "文")]).indexes == ()


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize("kind", INDEX_TITLES)
def test_ten_thousand_names_in_one_post(kind):
    some = [f"{chr(0x4E00 + number % 97)}{chr(0x5E00 + number // 97)}" for number in range(10_000)]
    post = chapter("a", "。".join(some), **{kind: some})
    started = time.process_time()
    assert len(index(kind, post)) > 8000
    assert time.process_time() - started < 10


matters = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=9)), max_size=5)
bodies = st.lists(
    st.sampled_from(
        [
            "**安娜·河岸**（Anna Riverside）",
            "安娜·河岸",
            "Anna",
            "**河**（He: 一种水）",
            "\n\n",
            "，",
        ]
    )
).map("".join)


@given(st.lists(st.tuples(bodies, matters, matters), max_size=3))
def test_every_link_leads_somewhere(posts):
    chapters = [
        chapter(f"c{number}", body, people=["Anna Riverside", *people], products=products)
        for number, (body, people, products) in enumerate(posts)
    ]
    anchors = {
        f"p{number}-{post.slug}" for post in chapters for number, _ in enumerate(post.blocks)
    }
    found = collect_indexes(chapters).indexes
    ids = {entry.id for index in found for entry in index.entries}
    assert len(ids) == sum(len(index.entries) for index in found)
    for line in (line for index in found for line in index.lines):
        assert line.letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ#"
        if isinstance(line, SeeReference):
            assert line.id in ids
        else:
            assert line.locators
            assert {anchor for place in line.locators for anchor in place.anchors} <= anchors
    assert collect_indexes(chapters).indexes == found


def test_the_hash_seed_changes_nothing():
    code = (
        "from converter.index import collect_indexes\n"
        "from converter.model import *\n"
        "names = tuple(f'河{chr(0x4e00 + n)}' for n in range(50))\n"
        "posts = [Post(f'{s}.md', s, FrontMatter(people=names, products=names), (Prose(Span(1, 2),"
        " ''.join(names), 'zh-Hans'),)) for s in 'ab']\n"
        "print(ascii(collect_indexes(posts).indexes))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(printed) == 1
    assert b"IndexEntry" in printed.pop()


def test_real_posts_have_the_people_that_a_reader_looks_for(corpus):
    posts = [
        replace(parse_post(path.name, path.read_text("utf-8")).post, slug=f"c{number}")
        for number, path in enumerate(sorted(corpus.rglob("*.md")))
    ]
    people = {
        entry.name: entry for entry in index("people", *posts) if isinstance(entry, IndexEntry)
    }
    assert people["黄仁勋"].originals == ("Jensen Huang",)
    assert len(people) > 200


def test_posts_without_blocks():
    assert index("people", Post("a.md", "a", FrontMatter(people=("河桥",)), ()))[0].name == "河桥"


RULES = parse_rules(
    """
[index]
forbid = ["潮汐社", "没有的"]
[[index.merge]]
into = "艾达·里德"
headwords = ["A. Reed", "里德女士"]
[[index.merge]]
into = "海"
headwords = ["洋"]
"""
)


def test_a_rule_renames():
    rules = parse_rules('[[index.rename]]\nheadword = "Tide Office"\nto = "海潮局"\n')
    chapters = [chapter("a", "Tide Office 到了。", organizations=["Tide Office"])]
    collected = collect_indexes(chapters, rules)
    (organizations,) = collected.indexes
    (entry,) = organizations.entries
    assert (entry.name, entry.originals) == ("海潮局", ("Tide Office",))
    assert entry.locators == (Locator("a", ("p0-a",)),)
    assert organizations.ids["Tide Office"] == entry.id
    assert collected.applied == {"index.rename:1"}
    assert collect_indexes([chapter("a", "甲。", people=["甲"])], rules).applied == frozenset()


def test_rules_merge_and_forbid():
    chapters = [
        chapter("a", "里德女士。\n\nA. Reed 到了。", people=["A. Reed"], organizations=["潮汐社"]),
        chapter("b", "艾达·里德与潮汐社。", people=["里德女士"], organizations=["海"]),
    ]
    collected = collect_indexes(chapters, RULES)
    people, organizations = collected.indexes
    (entry,) = people.entries
    assert (entry.name, entry.originals) == ("艾达·里德", ("A. Reed",))
    assert entry.locators == (Locator("a", ("p0-a", "p1-a")), Locator("b", ("p0-b",)))
    assert [entry.name for entry in organizations.entries] == ["海"]
    assert collected.applied == {"index.forbid:1", "index.merge:1"}
