"""Folded originals, one block at a time."""

from __future__ import annotations

import re

import pytest

from converter import original
from converter.original import OPENER, read_original

ENGLISH = "Time is a river."
PARAGRAPH = f'<p class="english-text">{ENGLISH}</p>'


@pytest.mark.parametrize(
    "block",
    [
        f"<details>\n<summary>View/Hide Original English</summary>\n{PARAGRAPH}\n</details>",
        f"<details>\n<summary>Original English</summary>\n\n{ENGLISH}\n\n\n\nMore\n\n</details>",
        f"<details>\n<summary>Original English Source</summary>\n\n{ENGLISH}\n</details>\n",
        "<details>\n<summary>Original English</summary>\n\n</details>\n\n",
    ],
)
def test_the_short_way_reads_what_the_long_way_reads(block, monkeypatch):
    short = read_original(block, 0)
    monkeypatch.setattr(original, "_CANONICAL", re.compile(r"(?!)"))
    assert read_original(block, 0) == short


@pytest.mark.parametrize(
    "tag",
    [
        "<details>", "<DETAILS open>", "<details", "<summary>", '<p class="english-text">',
        "<p class='chinese-text'>", '<p class="p-english-text">',
        '<p class="p class="english-text">',
    ],
)  # fmt: skip
def test_openers(tag):
    assert OPENER.match(tag)


@pytest.mark.parametrize(
    "tag",
    ["<detailsx>", "<details-menu>", "<summary-list>", "<p>", '<p class="note">', "</details>"],
)
def test_what_opens_nothing(tag):
    assert OPENER.match(tag) is None


def test_a_label_of_its_own_is_kept_and_the_usual_one_is_not():
    block = "<details>\n<summary>{}</summary>\n\nTime.\n\n</details>"
    assert read_original(block.format("From the diary"), 0).label == "From the diary"
    assert read_original(block.format("VIEW/HIDE  ORIGINAL ENGLISH"), 0).label == ""


def test_english_at_the_start_of_an_unclosed_summary_is_no_label():
    folded = read_original("<details>\n<summary>English is what I speak.\n\n</details>", 0)
    assert folded.markdown == "English is what I speak."


def test_a_closing_tag_of_the_text_itself_closes_no_original():
    text = "<details>\n<summary>Original English</summary>\n\n<aside>\nA\n</aside>\nB\n\n</details>"
    folded = read_original(text, 0)
    assert "B" in folded.markdown
    assert folded.end == len(text)


def test_a_heading_of_the_translation_ends_only_an_english_original():
    block = "<details>\n<summary>Original Text</summary>\n\n{}\n\n### 桥\n\n{}\n\n</details>"
    assert read_original(block.format("河", "水"), 0).markdown == "河\n\n### 桥\n\n水"
    assert read_original(block.format("River", "水"), 0).markdown == "River"


def html_original(content: str) -> str:
    text = (
        f'<details>\n<summary>Original English</summary>\n<p class="english-text">{content}</p>\n'
    )
    return read_original(text + "</details>", 0).markdown


def test_words_on_lines_of_their_own_are_running_text_again():
    broken = html_original("Time<br> is<br><br>a<br>slow river.<br/> [Music]")
    assert broken == "Time is a slow river. [Music]"


@pytest.mark.parametrize(
    "poem",
    [
        "Time is a river<br>that nobody owns<br>and nobody crosses<br>in the same boat",
        "时间<br>是一条<br>没有人拥有的<br>河",
    ],
)
def test_a_poem_keeps_its_lines(poem):
    assert html_original(poem) == poem
