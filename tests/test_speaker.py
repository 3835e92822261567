"""Speaker turns: labels, names, and where one turn ends."""

from __future__ import annotations

import pytest

from converter.speaker import part_turns, plain_speaker_of, speaker_of


@pytest.mark.parametrize(
    ("markdown", "speaker"),
    [
        ("**主持人**: 你好。", "主持人"),
        ("**Ada:** Hello.", "Ada"),
        ("**[Speaker 1]**: Hello.", "Speaker 1"),
        ("[Speaker 2]: Hello.", "Speaker 2"),
        (">> **Ada**：Hello.", "Ada"),
        ("**>>**: Hello.", ""),
        ("[^1]: a note", ""),
        ("plain text", ""),
        ("", ""),
    ],
)
def test_labels(markdown, speaker):
    assert speaker_of(markdown) == speaker


@pytest.mark.parametrize(
    ("markdown", "name"),
    [
        ("Elon：你好。", "Elon"),
        ("Ada Lane: Hello.", "Ada Lane"),
        ("特里·塞诺夫斯基博士：你好。", "特里·塞诺夫斯基博士"),
        ("**俞白**\n欢迎。", "俞白"),
        ("ada: hello", ""),
        ("At 10:30 we met.", ""),
    ],
)
def test_plain_names(markdown, name):
    assert plain_speaker_of(markdown) == name


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("**甲**: 一\n**乙**: 二\n又二", ["**甲**: 一", "**乙**: 二\n又二"]),
        ("[A]: 一\n[B]: 二", ["[A]: 一", "[B]: 二"]),
        (">> one\n>> two", [">> one", ">> two"]),
        ("[^1]: 注\n[^2]: 释", ["[^1]: 注", "[^2]: 释"]),
        ("一行\n**重点**在这里", ["一行\n**重点**在这里"]),
        ("```\n**甲**: 一\n**乙**: 二\n```", ["```\n**甲**: 一\n**乙**: 二\n```"]),
        ("- **甲**: 一\n- **乙**: 二", ["- **甲**: 一\n- **乙**: 二"]),
        ("", [""]),
    ],
)
def test_turns_on_lines_of_their_own(text, turns):
    assert part_turns(text) == turns
    assert "\n".join(part_turns(text)) == text
