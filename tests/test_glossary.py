"""The glossary of a book."""

from __future__ import annotations

from dataclasses import replace

from converter.glossary import collect_glossary, entry_key, first_glosses
from converter.model import Mention
from converter.post import parse_post


def chapter(slug, body):
    return replace(parse_post(f"{slug}.md", f"---\ntitle: x\n---\n{body}\n").post, slug=slug)


def test_keys_ignore_width_case_and_quotes():
    assert entry_key("“ＧＰＵ 卡”") == entry_key("gpu卡")
    assert entry_key("河") != entry_key("桥")
    assert entry_key("“”") == "“”"


def test_first_glosses_of_a_post():
    post = chapter(
        "a", "**河**（River: 水的路）\n\n**河**（River: 水流）与**桥**（Bridge: 水上的路）"
    )
    firsts = first_glosses(post)
    assert {index: [gloss.headword for gloss in found] for index, found in firsts.items()} == {
        0: ["河"],
        1: ["桥"],
    }


def test_entries_hold_all_that_posts_say():
    glossary = collect_glossary(
        [
            chapter("a", "**河**（River: 水的路）\n\n再说**河**（Stream: 水流）"),
            chapter("b", "**桥**（Bridge: 水上的路）**河**（River: 水的路）"),
        ]
    )
    assert [entry.headword for entry in glossary.entries] == ["河", "桥"]
    river = glossary.entries[0]
    assert river.originals == ("River", "Stream")
    assert river.definitions == ("水的路", "水流")
    assert river.mentions == (Mention("a", "p0-a"), Mention("b", "p0-b"))
    assert glossary.ids == {"河": "gloss-he", "桥": "gloss-qiao"}
    assert river.letter == "H"


def test_ids_are_distinct_and_do_not_depend_on_the_order_of_chapters():
    chapters = [
        chapter("a", "**河**（River: 水的路）"),
        chapter("b", "**和**（Peace: 不打仗的时候）"),
    ]
    one, other = collect_glossary(chapters), collect_glossary(chapters[::-1])
    assert one.ids == other.ids
    assert len(set(one.ids.values())) == 2
    assert not collect_glossary([]).entries
