"""Which language a text is written in, by its letters; labels are not trusted."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["chinese_variant", "language_of"]

_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile("[A-Za-z]+")
_TURN = re.compile(r"\s*(?:>>\s*)?\**\[?[^*\n:：]{1,40}\]?\**\s*[:：]")
_SAMPLE: Final = 4000

_SIMPLIFIED = re.compile(
    "[这个们来时对说国会学过后开关现实发经动问门间进还没两应与从见长东车马无书语话谁让认识该请谢买卖钱银铁错难离边远运还连这达选设计许论证评词译讲谈调课谋责败质贵费资赛赢赵]"
)
_TRADITIONAL = re.compile(
    "[這個們來時對說國會學過後開關現實發經動問門間進還沒兩應與從見長東車馬無書語話誰讓認識該請謝買賣錢銀鐵錯難離邊遠運連達選設計許論證評詞譯講談調課謀責敗質貴費資賽贏趙]"
)


def language_of(text: str, *, chinese: str = "zh-Hans") -> str:
    """Return ``"en"``, ``chinese`` or ``""`` for a text with no letters of either.

    A leading speaker label is left out: ``**主持人**: Good morning`` is English. A Chinese
    character weighs as much as a Latin word.
    """
    sample = text[:_SAMPLE]
    turn = _TURN.match(sample)
    if turn:
        sample = sample[turn.end() :] or sample
    han, words = len(_HAN.findall(sample)), len(_WORD.findall(sample))
    if not han + words:
        return language_of(text[_SAMPLE:], chinese=chinese) if len(text) > _SAMPLE else ""
    return chinese if han > words else "en"


def chinese_variant(text: str) -> str:
    """Return ``"zh-Hant"`` for text in traditional characters, else ``"zh-Hans"``."""
    simplified, traditional = len(_SIMPLIFIED.findall(text)), len(_TRADITIONAL.findall(text))
    return "zh-Hant" if traditional > simplified else "zh-Hans"
