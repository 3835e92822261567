"""Where the headword in front of a bracket begins, and how it reads without its markup."""

from __future__ import annotations

import html
import re
from typing import Final, NamedTuple

from ..pinyin import begins_like
from .scan import BLANK
from .wording import DIRECTIONS, HAN, LINK

__all__ = [
    "Place",
    "clean",
    "headword_before",
    "headword_in_bold",
    "headword_in_markup",
    "headword_within",
]

_LONGEST: Final = 60
_LONGEST_BOLD: Final = 80
_LONGEST_PHRASE: Final = 10
_MOST_BEFORE: Final = 6
_DOTS: Final = "·•‧・"
_MOST_HAN: Final = 24
_CLOSERS: Final = {
    "”": "“",
    "》": "《",
    "」": "「",
    "』": "『",
    "’": "‘",
    "〉": "〈",
    '"': '"',
}
_QUOTES: Final = '*_`“”‘’"《》〈〉「」『』 \u3000\xa0'
_SENTENCE = re.compile(r"[。？！；\n|\]\[]|, |，.*，|[:：] ?\S.*[:：]")
_NUMBER = re.compile(
    r"\s*(?:\d{1,3}[.)、．] ?(?=\D)|[（(]\d{1,2}[）)]|[①-⑳]|[一二三四五六七八九十]{1,3}、"
    r"|#\d{1,3}[.:：]? |[-•·] )\s*"
)
_NUMERALS: Final = frozenset("一二三四五六七八九十")
_LABEL = re.compile(
    r"\s*(?:第[一二三四五六七八九十百\d]{1,4}[名位個个点點条條步章课課集级級类類阶階]?(?:段|是)?"
    r"|N[Oo]\.? ?\d{1,3}|TOP ?\d{1,3}|[\d\u3400-\u9fff]{1,8})[：:] ?"
)
_LATIN_TAIL = re.compile(
    r"(?<![\w.&'’/-])(?:[A-Z0-9][\w.&'’/+-]{0,30} ){0,4}"
    r"(?:[A-Za-z]|\d{1,4}(?=[A-Za-z]))[\w.&'’/+-]{0,40}$",
    re.ASCII,
)
_ENGLISH_BEFORE = re.compile(r"[A-Za-z,;][ ]?$")
_ACRONYM = re.compile(r"(?<![\w.&'’/-])(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9&-]{1,9}s?$", re.ASCII)
# The characters that foreign names are written with; 于, 以 and 和 also join words.
_SOUNDS: Final = (
    "翰托芙薛琼雯绮喀嘉坤堡夸惠敦斐旺柳津渥纶翁耐耶聂芒芝裴陶飞佑修兹冉卓岱廉彬斌朵枚柔樊殷臣蓓豪"
    "阮雍乌乐乔乡于亚亨什仁仑代伊伍伏伐伦伯伽佐佛佩佳侬侯保倍傅克兰内冈冯凯凡切列刘利别努勃勒匡华"
    "博卜卡卢卫厄及古史叶吉吕哈哥唐因图圣坎坦坡埃埋埔培基塔塞墨夏多夫奇奈奎奥奧妮妲姆姬娃娅娜娄孔"
    "孟宁安宾密富寇尔尤尼山岑巴布希帕帖帝库康弗彭彼徐德恩恰戈戴扎扬拉捷摩斯施日昂昆易明普曼朗本朱"
    "杜杰林果查柏柯格桑梅梵森楚欣欧比毕汀汉汤沃沙治法波泰泽洛洪济海涅温滕潘澳热特狄玛玻珀珊珍班琪"
    "琳瑞瑟瑙瓦瓜甘盖盧福科穆米约紐纳纽纪维绍绪缪缅罗考肖胡腓腾舍舒艾芬芭苏若英茨茲莉莎莫莱菲萨葛"
    "蒂蒙蓝蕾藻蘭西詹让诺谢谭贝贡费贾赖赛赫路辛辽达迈连迪逊道那邓邦郎采里金钦铁锡门阿隆雅雪雷霍霸"
    "韦香马魏鲁鲍麦黎黑默齐龙龚丝乃伟劳厅吴哲圭妥威娘宝尚崔巧庞廷提撒文新昌曹朴杨权松根梁欽汪池沈"
    "洁洼涛烈熙爱爾玄璐皮盛祖简索絲納約羅聖肯胥腊與艮范莲萊薇薩蘇貝費賀達邁鄧鈴錫韋顿頓馬魯麗麥黛"
    "龐龍凱喬愛蓋許維瑪漢溫"
)
_NAME = re.compile(rf"[{_SOUNDS}]{{1,7}}(?:[·•‧・][{_SOUNDS}A-Z.]{{1,8}}){{1,3}}$")
_ITEM = re.compile(r"(?:[）)”》]、|^\s{0,6}(?:[-*+]|\d{1,3}[.)])\s+)([\w·-]{2,12})$")
_BOLD = re.compile(r"\*\*[^*]{1,80}\*\*")
_JOINS = re.compile("[的是和与與及或在由被把对對了着著过過为為将將从從有等]|叫|例如|包括|以及")


_CODE = re.compile(r"`+ ?[\w .+#-]{1,80}`+")
_ENTITY = re.compile(r"&#?\w{1,32};")
_MARKUP = re.compile(r"[\\`*_\[\]<>$|~]|&#?\w{1,32};")
_ENTITY_SIGNS: Final = frozenset(" &·’'“”")


class Place(NamedTuple):
    """Offsets in a line of what a link covers, and the headword as it reads."""

    start: int
    end: int
    headword: str


def clean(text: str) -> str:
    """Return a headword without asterisks, quotes and list numbers, its spaces as one each."""
    if not text.isprintable():
        text = text.translate(DIRECTIONS)
    text = _without_quotes(text.replace("*", ""))
    if not text[:1].isalpha() or text[0] in _NUMERALS:
        number = _NUMBER.match(text)
        if number and number.end() < len(text):
            text = _without_quotes(text[number.end() :])
    return " ".join(text.split()) if " " in text else text


def _without_quotes(text: str) -> str:
    """Return a text without the quotes around it; those around a part of it stay: 《河》杂志."""
    bare = text.strip(_QUOTES)
    for closer, opener in _CLOSERS.items():
        if closer != opener and (missing := bare.count(closer) - bare.count(opener)):
            mark = opener if missing > 0 else closer
            whole = text.strip(_QUOTES.replace(mark, ""))
            if abs(missing) == 1 and whole.count(opener) == whole.count(closer):
                return whole
    return bare


def _is_term(text: str, longest: int = _LONGEST) -> bool:
    return (
        0 < len(text) <= longest
        and BLANK not in text
        and any(map(str.isalnum, text))
        and not _SENTENCE.search(text)
        and (len(text) <= _MOST_HAN or len(HAN.findall(text)) <= _MOST_HAN)
    )


def headword_in_bold(line: str, start: int, end: int) -> Place | None:
    """Return the headword of a bold run, its list number and its label left out."""
    text = line[start:end].strip("*").strip()
    label = _LABEL.match(text) if ":" in text or "：" in text else None
    headword = clean(text[label.end() :] if label and label.end() < len(text) else text)
    return Place(start, end, headword) if _is_term(headword, _LONGEST_BOLD) else None


def headword_in_markup(raw: str) -> str:
    """Return how a bold run reads that is a link, code, or holds an entity; else nothing."""
    text = _ENTITY.sub(_character, LINK.sub(_shown, raw).strip("*").strip())
    if "`" in text and not _CODE.fullmatch(text):
        return ""
    headword = clean(text)
    if "`" in text and headword != text.strip("` "):
        return ""
    return "" if _MARKUP.search(headword) or not _is_term(headword, _LONGEST_BOLD) else headword


def _shown(link: re.Match[str]) -> str:
    return link[0] if link[0].startswith("!") else link[1]


def _character(entity: re.Match[str]) -> str:
    character = html.unescape(entity[0]).replace("\xa0", " ")
    is_text = character.isalnum() or character in _ENTITY_SIGNS
    return character if is_text else entity[0]


def headword_within(line: str, start: int, end: int) -> Place | None:
    """Return the headword that a bold run begins with, if it is no sentence."""
    if any(mark in line[start:end] for mark in "*_~"):
        return None
    place = headword_in_bold(line, start, end)
    if place is None or (len(place.headword) > _LONGEST_PHRASE and _JOINS.search(place.headword)):
        return None
    return place


def headword_before(
    line: str, floor: int, end: int, original: str, *, begins: bool
) -> Place | None:
    """Return the headword that ends at ``end``, not bold, if its beginning is certain.

    ``floor`` is where it begins at the earliest, ``original`` what the bracket begins with;
    ``begins`` tells that a headword may begin where the line does.
    """
    if end <= floor:
        return None
    if line[end - 1] in _CLOSERS:
        return _quoted(line, floor, end)
    first = max(floor, end - _LONGEST - 20)
    before = line[first:end]
    if original and "*" not in original and before.endswith(original):
        start = len(before) - len(original)
    elif before[-1].isascii():
        start = _start_of_latin(before)
        if (start + first == 0 and not begins) or (start == 0 and first > floor):
            # A line may be wrapped within the headword; a word may be cut off here.
            return None
    else:
        start = _start_of_han(before, original)
    text = before[start:]
    return Place(first + start, end, text) if start >= 0 and _is_term(text) else None


def _start_of_latin(text: str) -> int:
    """Return where the Latin words that end a text begin, in English an acronym only; or -1."""
    tail = _LATIN_TAIL.search(text) if text[-1].isalnum() or text[-1] in "+." else None
    if tail and _ENGLISH_BEFORE.search(text[: tail.start()]):
        tail = _ACRONYM.search(text)
    return tail.start() if tail and len(tail[0]) > 1 else -1


def _start_of_han(text: str, original: str) -> int:
    """Return where the foreign name, or the item of a list, that ends a text begins; or -1."""
    if name := _NAME.search(text):
        start = name.start() + text.startswith("感谢", max(0, name.start() - 1))
        return _start_of_name(text, start, original)
    item = _ITEM.search(text)
    return item.start(1) if item and not _JOINS.search(item[1]) else -1


def _start_of_name(text: str, start: int, original: str) -> int:
    """Return where a foreign name begins, if need be before the characters known for names.

    ``大`` begins ``大卫·河`` and ends ``加大``: what the original begins with tells.
    """
    if not original[:1].isascii() or begins_like(text[start], original):
        return start
    for place in range(start - 1, max(-1, start - _MOST_BEFORE), -1):
        if not HAN.match(text[place]) and text[place] not in _DOTS:
            break
        if text[place] not in _DOTS and begins_like(text[place], original):
            return place
    return -1


def _quoted(line: str, floor: int, end: int) -> Place | None:
    """Return the headword in the quotation marks that end at ``end``."""
    closer = line[end - 1]
    start = line.rfind(_CLOSERS[closer], max(floor, end - _LONGEST - 10), end - 1)
    if start < 0:
        return None
    inside = line[start + 1 : end - 1]
    if closer != '"' and closer in inside:
        return None
    if "*" in inside and not _BOLD.fullmatch(inside):
        return None
    headword = clean(inside)
    return Place(start, end, headword) if _is_term(headword) else None
