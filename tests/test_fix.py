"""Mending posts: what is mended says the same, and nothing else is touched."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from converter import fix
from converter.diagnostics import Edit
from converter.fix import fix_post
from converter.model import Span
from converter.post import parse_post

FOLDERS: Final = Path(__file__).parent / "diagnostics"
HEAD: Final = "---\ntitle: 河\n---\n"
_ATOMS: Final = (
    "<details>", "<details", "<detials>", "<summary>", "</summary>", "</summary_>", "</p>", "<p>",
    '<p class="english-text">', "</details>", "</detais>", "</text>", "</", "Original English",
    "Veiw/Hide Original English", "View/Hide Original Chinese", "时间是一条河。",
    "Time is a river.", "**", ">> ", "###", "### 河",
    "<!-- c -->", "```", "`", "> ", "- ", ": ", "“", "”",
)  # fmt: skip
posts = st.lists(
    st.one_of(st.sampled_from(_ATOMS), st.sampled_from(["\n", "\n\n", " ", "\r\n", "   \n"])),
    max_size=24,
).map("".join)
fields = st.lists(
    st.sampled_from(
        ["title: 河: 桥", "title: “河”", "tags: '[]'", "tags: ['\"a\"', b]", "people: [a", "- b",
         "summary: \"x", "x: y", "series: '“河”：桥'", "date: 2026-01-31", "# c", "  - '\"c\"'"]
    ),
    max_size=5,
).map("\n".join)  # fmt: skip


def content(text: str):
    post = parse_post("post.md", text).post
    return post.front_matter, [replace(block, span=Span(0, 0)) for block in post.blocks]


@settings(max_examples=300, derandomize=True, deadline=None)
@given(fields, posts, st.sampled_from(["---\n", "----\n"]))
def test_a_mended_post_says_the_same_and_has_nothing_more_to_mend(front_matter, body, fence):
    text = f"{fence}{front_matter}\n{fence}{body}"
    fixed = fix_post("post.md", text)

    assert content(fixed.text) == content(text)
    assert fix_post("post.md", fixed.text) == replace(fixed, mended=0)
    assert fixed.left == parse_post("post.md", fixed.text).diagnostics


@pytest.mark.parametrize("folder", sorted(FOLDERS.glob("*/fixed.md")), ids=lambda p: p.parent.name)
def test_a_code_that_can_be_mended_is_gone(folder):
    fixed = parse_post("post.md", folder.read_bytes().decode()).diagnostics
    assert folder.parent.name not in {found.code for found in fixed}


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("<summary>Original English</p>\n\nA.\n", "<summary>Original English</summary>\n\nA.\n"),
        ("<summary>Original English\nA.\n", "<summary>Original English</summary>\n\nA.\n"),
        ("<summary>Ada**: A.\n", "<summary>View/Hide Original English</summary>\n\n**Ada**: A.\n"),
        ("\nA b c.\n", "\n<summary>View/Hide Original English</summary>\n\nA b c.\n"),
        ("\n  天地。\n", "\n<summary>View/Hide Original Chinese</summary>\n\n天地。\n"),
        ("<summary>Veiw/Hide Original English</summary>\n\nA.\n",
         "<summary>View/Hide Original English</summary>\n\nA.\n"),
    ],
)  # fmt: skip
def test_what_stands_before_an_original(text, fixed):
    frame = f"{HEAD}河。\n\n<details>{{}}\n</details>\n"
    assert fix_post("post.md", frame.format(text)).text == frame.format(fixed)


def test_two_paragraphs_of_html_that_lost_the_tags_between_them():
    text = (
        f'{HEAD}河。\n\n<details>\n<summary>Original English</summary>\n<p class="english-text">A b'
        '</p>\n桥。\n<p class="english-text">C d</p>\n</details>\n'
    )
    fixed = fix_post("post.md", text).text
    assert fixed.count("<details>") == fixed.count("</details>") == fixed.count("<summary>") == 2


def test_line_breaks_stay_as_they_are():
    text = f"{HEAD}河。\n\n<details>\n<summary>Original English\nTime.\n</details>\n桥。\n"
    fixed = fix_post("post.md", text.replace("\n", "\r\n")).text
    assert fixed == fix_post("post.md", text).text.replace("\n", "\r\n")
    assert fix_post("post.md", f"\ufeff{text}").text == "\ufeff" + fix_post("post.md", text).text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("other", ["\n", "\r\n"])
def test_each_line_keeps_its_own_end(end, other):
    head = HEAD.replace("\n", other, 1)
    text = f"{head}河。\n\n<details>\n<summary>Original English\nTime.\n</details>\n桥。\n"
    text = head + text.removeprefix(head).replace("\n", end)
    fixed = fix_post("post.md", text).text
    start = fixed.index("<summary>")
    assert fixed[start:].startswith(f"<summary>Original English</summary>{end}{end}Time.{end}")
    assert fixed[:start] == text[:start]


@pytest.mark.parametrize("odd", ["\x07", "\x00", "\u2028", "\ufdd0"])
def test_a_character_that_no_edition_can_hold_stays_in_the_file(odd):
    text = f"---\ntitle: “河{odd}”\n---\n水。\n"
    assert fix_post("post.md", text).text == text


def test_a_tag_that_a_sentence_mentions_stays():
    text = f"{HEAD}写 \\<details\\> 与 <details> 的人。\n"
    assert fix_post("post.md", text).text == text


def test_comments_of_yaml_stay_comments():
    text = "---\ntitle: 河 # 注\nauthor: 甲: 乙 # 注\n---\n水。\n"
    fixed = fix_post("post.md", text).text
    assert fixed == text.replace("甲: 乙", '"甲: 乙"')
    assert parse_post("post.md", text).post.front_matter.title == "河"


def test_comments_and_blank_lines_stay_as_they_are():
    text = (
        f"{HEAD}河。 <!-- 注 -->   \n \t \n<!-- a\nb --> <details>\n<summary>Original English</p>"
        "\n\nTime. <!-- c --> More.\n   \n</detais> <!-- d -->\n\n桥。\n"
    )
    fixed = text.replace("</p>", "</summary>").replace("</detais>", "</details>")
    assert fix_post("post.md", text).text == fixed


def test_an_edit_that_would_touch_a_comment_is_not_made():
    text = (
        f"{HEAD}河。\n\n<details><!-- 注 --><details>\n<summary>Original English</summary>\n\nA.\n"
    )
    assert "<!-- 注 -->" in fix_post("post.md", text).text


def test_only_the_codes_that_are_named_are_mended():
    text = f"{HEAD}河。\n\n<details>\n<summary>Original English</p>\n\nTime.\n</detais>\n"
    fixed = fix_post("post.md", text, {"post.details-misclosed"})
    assert fixed.text == text.replace("</detais>", "</details>")
    assert fixed.mended == 1
    assert [found.code for found in fixed.left] == ["post.summary-closed-by-p"]


def test_an_edit_that_changes_what_the_post_says_is_dropped_and_the_others_are_made(monkeypatch):
    text = f"{HEAD}###河\n\n时间。\n\n###桥\n\n时间。\n"

    def parse_badly(path: str, text: str):
        """Propose, for the second of two findings, an edit that takes words away."""
        parsed = parse_post(path, text)
        bad = Edit(text.index("###桥"), len(text), "") if "###桥" in text else None
        found = tuple(
            replace(one, edits=(bad,)) if bad and one == parsed.diagnostics[-1] else one
            for one in parsed.diagnostics
        )
        return replace(parsed, diagnostics=found)

    monkeypatch.setattr(fix, "parse_post", parse_badly)
    fixed = fix_post("post.md", text)
    assert fixed.text == text.replace("###河", "### 河")
    assert fixed.mended == 1


@pytest.mark.usefixtures("undisturbed")
def test_posts_that_are_nothing_but_slips_are_mended_in_bounded_time():
    chosen = random.Random(1).choices(_ATOMS, k=1000)  # noqa: S311 -- a test's own dice
    text = HEAD + "\n".join(chosen)
    start = time.process_time()
    fixed = fix_post("post.md", text)
    assert time.process_time() - start < 30
    assert content(fixed.text) == content(text)


def test_a_post_that_does_not_come_to_rest_is_left_alone(monkeypatch):
    text = f"{HEAD}###河\n\n时间。\n"
    monkeypatch.setattr(fix, "_MOST_ROUNDS", 1)
    assert fix_post("post.md", text).text == text
