"""Which language a text is written in, by its letters; labels are not trusted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = [
    "chinese_variant",
    "foreign_language",
    "language_among",
    "language_of",
    "language_outside_brackets",
    "sample_texts",
    "script_of",
]

_LATIN = re.compile("[A-Za-z]")
_TURN = re.compile(
    r"\s{0,9}(?:>>\s{0,9})?\*{0,3}\[?[^*\n:：，。！？,!?]{1,40}\]?\*{0,3}\s{0,9}[:：]"
)
_NO_WORDS = re.compile(r"<[^<>\n]{0,200}>|https?://[^\s\u3000-\uffef]{1,500}")
_FORMULA = re.compile(r"\$\$[^$]{1,2000}\$\$|\$[^$\n]{1,400}\$")
_TEX = re.compile(r"[\\^_]")
_CHINESE_END = re.compile("[。！？；，：][\\s*_`”’\"')）]*$")
_HAN = re.compile("[\u3400-\u9fff]")
_BRACKET = re.compile("[（(][^（(）)]{0,600}[)）]")
_SAMPLE: Final = 4000
_LONGEST_LABEL: Final = 44
_SAMPLED_TEXTS: Final = 40
_FEWEST_MIXED: Final = 4
_SAMPLED_CHARACTERS: Final = 100
_FEW_WORDS: Final = 3

# Ideographs U+4000 to U+9FFF are the characters that start with these bytes in UTF-8.
_NO_HAN: Final = bytes(byte for byte in range(256) if not 0xE4 <= byte <= 0xE9)
_LETTERS: Final = bytes(byte if chr(byte).isalpha() and byte < 128 else 0x20 for byte in range(256))

_PAIRS: Final = (
    "这這个個们們来來时時对對说說国國会會学學过過后後开開关關现現实實发發经經动動问問门門间間进進还還没沒两兩应應"
    "与與从從见見长長东東车車马馬无無书書语語话話谁誰让讓认認识識该該请請谢謝买買卖賣钱錢银銀铁鐵错錯难難离離边邊"
    "远遠运運连連达達选選设設计計许許论論证證评評词詞译譯讲講谈談调調课課谋謀责責败敗质質贵貴费費资資赛賽赢贏赵趙"
)
_LATIN_SCRIPT: Final = "latn"
_HAN_SCRIPT: Final = "hani"
_KANA: Final = "kana"
# Of languages that are not written in Latin letters: their script, by their first subtag.
_SCRIPTS: Final = {
    **dict.fromkeys(("zh", "yue", "wuu", "nan"), _HAN_SCRIPT),
    "ja": _KANA,
    "ko": "hang",
    **dict.fromkeys("ru uk be bg sr mk kk ky mn tg".split(), "cyrl"),
    "el": "grek",
    **dict.fromkeys(("he", "yi"), "hebr"),
    **dict.fromkeys("ar fa ur ps ug".split(), "arab"),
    **dict.fromkeys("hi mr ne sa".split(), "deva"),
    "th": "thai",
    "hy": "armn",
    "ka": "geor",
    "ta": "taml",
    "bn": "beng",
}
_LETTERS_OF: Final = {
    script: re.compile(f"[{letters}]")
    for script, letters in {
        _KANA: "\u3041-\u30ff",
        "hang": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
        "cyrl": "\u0400-\u052f",
        "grek": "\u0370-\u03ff\u1f00-\u1fff",
        "hebr": "\u05d0-\u05f2",
        "arab": "\u0620-\u06ff\u0750-\u077f",
        "deva": "\u0900-\u097f",
        "thai": "\u0e01-\u0e7f",
        "armn": "\u0531-\u058f",
        "geor": "\u10a0-\u10ff",
        "taml": "\u0b80-\u0bff",
        "beng": "\u0980-\u09ff",
    }.items()
}
_KANA_OF_JAPANESE: Final = 3
"""Of so many characters of Japanese one is no ideograph."""

_SIMPLIFIED = re.compile(f"[{_PAIRS[::2]}]")
_TRADITIONAL = re.compile(f"[{_PAIRS[1::2]}]")


def language_of(text: str) -> str:
    """Return ``"en"``, ``"zh-Hans"`` or ``""`` for a text with no letters of either.

    A leading speaker label is left out: ``**主持人**: Good morning`` is English. A Chinese
    character weighs as much as a Latin word. Formulas are in no language.
    """
    if "$" in text:
        text = _FORMULA.sub(lambda match: "" if _TEX.search(match.group()) else match.group(), text)
    if text.isascii():
        return "en" if _LATIN.search(text) else ""
    for start in range(0, len(text), _SAMPLE):
        sample = text[start : start + _SAMPLE]
        han, words = _count_letters(sample)
        if not (han and words) or abs(han - words) > _LONGEST_LABEL:
            if han or words:
                return "zh-Hans" if han > words else "en"
        elif found := _judge_closely(sample, han, words):
            return found
    return ""


def script_of(language: str) -> str:
    """Return the script of a language, given by its BCP 47 tag, as ISO 15924 has it in part.

    Kana stand for all that Japanese is written in.
    """
    primary, *subtags = language.lower().split("-")
    named = next((subtag for subtag in subtags[:1] if len(subtag) == 4), "")
    if primary in ("zh", "ja", "ko") or not named:
        return _SCRIPTS.get(primary, _LATIN_SCRIPT)
    return named


def language_among(text: str, languages: Sequence[str], found: str | None = None) -> str:
    """Return the language of a text in a book that has these languages, the likeliest first.

    Letters tell the script alone: of two languages that share one, the first is meant.
    ``found`` is what ``language_of`` says of the text, if that is known. A text in none of the
    languages is English or Chinese, as ``language_of`` says, or in a language without a name.
    """
    found = language_of(text) if found is None else found
    scripts = {script_of(language): language for language in reversed(languages)}
    for script, letters in _LETTERS_OF.items():
        if script in scripts and (count := len(letters.findall(text))):
            others = len((_HAN if script == _KANA else _LATIN).findall(text))
            # Latin letters are names of things in Japanese, as ideographs are its own.
            share = _KANA_OF_JAPANESE - 1 if script == _KANA else 1
            if count * share >= others:
                return scripts[script]
    if found == "en":
        return scripts.get(_LATIN_SCRIPT, found)
    is_chinese = found.startswith("zh") and languages and script_of(languages[0]) == _KANA
    if is_chinese and not _SIMPLIFIED.search(text):
        return languages[0]
    return found


def foreign_language(name: str, language: str, original_language: str) -> str:
    """Return the language of a name in other letters than a book's, nothing for any other."""
    script = script_of(language)
    if script in (_HAN_SCRIPT, _KANA) and _HAN.search(name):
        return ""
    found = language_among(name, (language, original_language))
    return found if found and script_of(found) != script else ""


def language_outside_brackets(text: str) -> str:
    """Return the language as ``language_of`` does, but English for Chinese in brackets only.

    An original may explain its terms in Chinese: ``a **chip** (处理器: 执行指令的电路) hums``.
    """
    language = language_of(text)
    if language != "zh-Hans" or not ("(" in text or "（" in text):
        return language
    rest = _BRACKET.sub(" ", text)
    turn = _TURN.match(rest)
    if _HAN.search(rest, turn.end() if turn else 0):
        return language
    return language_of(rest) or language


def _judge_closely(text: str, han: int, words: int) -> str:
    """Return the language of a text with about as many Chinese characters as Latin words.

    The words of tags, addresses and a speaker's label do not count. A sentence that ends as
    Chinese ones do is Chinese, however many names it has: ``我是Tracy Alloway。``
    """
    text = _NO_WORDS.sub(" ", text)
    turn = _TURN.match(text)
    rest = _count_letters(text[turn.end() :] if turn else text)
    han, words = rest if any(rest) else (han, words)
    if not (han or words):
        return ""
    if "\n" not in text.strip() and _CHINESE_END.search(text[-100:]):
        return "zh-Hans" if han * _FEW_WORDS >= words or words <= _FEW_WORDS else "en"
    return "zh-Hans" if han > words else "en"


def _count_letters(text: str) -> tuple[int, int]:
    """Return the numbers of Chinese characters and of Latin words.

    Where the one outweighs whatever the other may be, the words are not counted, or as one.
    """
    data = text.encode("utf-8", "replace")
    han = len(data.translate(None, _NO_HAN))
    if not han:
        return 0, _LATIN.search(text) is not None
    if han > len(data) - 3 * han + _LONGEST_LABEL:
        return han, 0
    return han, len(data.translate(_LETTERS).split())


def sample_texts(texts: Sequence[str]) -> str:
    """Return the beginnings of texts spread evenly over a sequence, a few thousand characters."""
    step = -(-len(texts) // _SAMPLED_TEXTS) or 1
    return "".join(text[:_SAMPLED_CHARACTERS] for text in texts[::step])


def chinese_variant(text: str) -> str:
    """Return ``"zh-Hant"`` or ``"zh-Hans"``, ``"mixed"``, or ``""`` for a text that tells nothing.

    Mixed is a text of which a tenth or more is in the other kind of characters.
    """
    simplified, traditional = len(_SIMPLIFIED.findall(text)), len(_TRADITIONAL.findall(text))
    if min(simplified, traditional) * 10 > max(simplified, traditional, _FEWEST_MIXED * 10):
        return "mixed"
    if simplified == traditional:
        return ""
    return "zh-Hant" if traditional > simplified else "zh-Hans"
