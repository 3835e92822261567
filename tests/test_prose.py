"""Prose blocks: who speaks, and in which language."""

from __future__ import annotations

import pytest

from converter.model import Block, Heading, Original, Prose, Span
from converter.prose import make_prose, name_speakers, settle_languages

SPAN = Span(1, 2)


def blocks(*texts: str) -> list[Block]:
    return [make_prose(SPAN, text) for text in texts]


def speakers(*texts: str) -> list[str]:
    return [getattr(block, "speaker", "") for block in name_speakers(blocks(*texts))]


@pytest.mark.parametrize(
    ("prose", "language"),
    [
        ("嘉宾: OK。", "zh-Hans"),
        ("提问者：Edward", "zh-Hans"),
        ("**Host**: Good morning.", "en"),
        ("He said “你好” and left the room.", "en"),
    ],
)
def test_a_chinese_label_tells_more_than_a_word_of_english(prose, language):
    assert make_prose(SPAN, prose).language == language


@pytest.mark.parametrize(
    ("prose", "speaker"),
    [
        ("**主持人**: 你好。", "主持人"),
        ("**主持人：** 你好。", "主持人"),
        ("**[Speaker 1]**: 你好。", "Speaker 1"),
        ("[Speaker 2]: 你好。", "Speaker 2"),
        (">> **Ada**: 你好。", "Ada"),
        ('<span class="speaker">**Ada:**</span> 你好。', "Ada"),
        ("**>>**: 你好。", ""),
        ("**重点**在这里：你好。", ""),
        ("[注]（河）：你好。", ""),
        ("Ada: 你好。", ""),
    ],
)
def test_a_turn_names_its_speaker(prose, speaker):
    assert make_prose(SPAN, prose).speaker == speaker


@pytest.mark.parametrize(
    "turn", ["Ada: 甲。", "王老师：甲。", ">> Ada Lane: 甲。", "**俞白**\n甲。"]
)
def test_a_plain_name_is_a_speaker_where_it_recurs(turn):
    assert speakers(turn, turn) == ["", ""]
    assert all(speakers(turn, "乙。", turn, turn)[index] for index in (0, 2, 3))
    assert speakers(turn, "乙。", turn, turn)[1] == ""


def test_headings_and_speakers_that_are_known_stay():
    known = make_prose(SPAN, "**Ada**: 甲。")
    heading = Heading(SPAN, 3, "Ada: 甲")
    assert name_speakers([known, heading]) == [known, heading]


def test_code_has_no_terms():
    assert make_prose(SPAN, "```\n**河**（River: 流动的水）\n```").glosses == ()
    (gloss,) = make_prose(SPAN, "**河**（River: 流动的水）").glosses
    assert (gloss.headword, gloss.original) == ("河", "River")


def test_the_blocks_are_prose():
    assert all(isinstance(block, Prose) for block in blocks("甲", "- 乙"))


def settled(language: str, original_language: str, *given: Block) -> list[str]:
    found = settle_languages(given, language, original_language)
    return [block.language for block in found if not isinstance(block, Heading)]


def test_blocks_are_in_the_languages_of_their_library():
    prose = Prose(SPAN, "Hello.", "en")
    original = Original(SPAN, "", "en", "Bonjour.")
    chinese = Prose(SPAN, "你好。", "zh-Hant")
    blocks = (Heading(SPAN, 2, "a"), prose, original, chinese)
    assert settled("zh-TW", "en", *blocks) == ["en", "en", "zh-Hant"]
    assert settled("zh-TW", "fr", *blocks) == ["fr", "fr", "zh-Hant"]
    assert settled("en", "fr", *blocks) == ["en", "fr", "zh-Hant"]
    assert settled("de", "en", *blocks) == ["de", "en", "zh-Hant"]
