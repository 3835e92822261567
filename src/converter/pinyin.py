"""Chinese by its sound: slugs for addresses, and the order of entries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache, lru_cache
from hashlib import sha256
from typing import Final

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

__all__ = [
    "begins_like",
    "initial",
    "name_sort_key",
    "simplify",
    "slugify",
    "sort_key",
    "surname_reading",
    "unique_slug",
]

_LONGEST_SLUG: Final = 60
_LONGEST_READ: Final = 200
_SEPARATORS = re.compile("[^a-z0-9]+")
_HAN = re.compile("([\u3400-\u9fff]+)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSOUNDED = re.compile(r"[\W_]+")
_SINGLE_READINGS: Final = {
    "长": "cháng,zhǎng",
    "还": "huán,hái",
    "调": "tiáo,diào",
    "差": "chā,chà,chāi",
    "曾": "zēng,céng",
}
"""Characters whose first reading in terms is not the one that pypinyin takes."""

_READINGS: Final = """
重写 chóng xiě, 重构 chóng gòu, 重采样 chóng cǎi yàng, 重排 chóng pái, 重放 chóng fàng,
重试 chóng shì, 重入 chóng rù, 重载 chóng zài, 重定向 chóng dìng xiàng, 重置 chóng zhì,
重整化 chóng zhěng huà,
重估 chóng gū, 重命名 chóng mìng míng, 重参数 chóng cān shù, 重训练 chóng xùn liàn, 多重 duō chóng,
重平衡 chóng píng héng, 微调 wēi tiáo, 升调 shēng diào, 调性 diào xìng, 标准差 biāo zhǔn chā,
出差 chū chāi, 差旅 chāi lǚ, 最差 zuì chà, 很差 hěn chà, 散点 sǎn diǎn, 散列 sǎn liè, 空置 kòng zhì,
应力 yìng lì, 应激 yìng jī, 分子 fēn zǐ, 投行 tóu háng, 跨行 kuà háng, 行列 háng liè,
还款 huán kuǎn, 还有 hái yǒu, 还要 hái yào, 还会 hái huì, 何曾 hé céng,
圈养 juàn yǎng, 朴槿惠 piáo jǐn huì,
伺服 sì fú, 旋转 xuán zhuàn, 粘性 nián xìng, 粘度 nián dù, 粘菌 nián jūn, 泊松 bó sōng, 大夫 dài fu,
秘书长 mì shū zhǎng, 参谋长 cān móu zhǎng, 检察长 jiǎn chá zhǎng, 防长 fáng zhǎng, 族长 zú zhǎng,
盟长 méng zhǎng, 典狱长 diǎn yù zhǎng, 委员长 wěi yuán zhǎng, 股长 gǔ zhǎng
"""
"""Words that the phrase dictionary lacks, or reads as they are not read in terms."""


def slugify(text: str) -> str:
    """Return lower-case ASCII words joined by hyphens, Chinese as pinyin; may be empty.

    Safe as a file name and as an id: letters, digits and single inner hyphens, 60 at most.
    """
    read = "-".join(_syllables(text[:_LONGEST_READ]))
    ascii_text = unicodedata.normalize("NFKD", read).encode("ascii", "ignore").decode()
    slug = _SEPARATORS.sub("-", ascii_text.lower()).strip("-")
    if len(slug) > _LONGEST_SLUG:
        head, _, _ = slug[: _LONGEST_SLUG + 1].rpartition("-")
        slug = head or slug[:_LONGEST_SLUG]
    return slug


def unique_slug(wish: str, salt: str, taken: Collection[str]) -> str:
    """Return the wish, or the wish with a short digest of ``salt`` if it is taken or empty.

    The digest depends on the salt only, so that a slug does not change when others come.
    """
    if wish and wish not in taken:
        return wish
    digest = sha256(salt.encode("utf-8", "surrogatepass")).hexdigest()
    slugs = (f"{wish or 'n'}-{digest[:length]}" for length in range(6, len(digest)))
    return next(slug for slug in slugs if slug not in taken)


def simplify(text: str) -> str:
    """Return a text with its traditional characters as simplified ones."""
    if not _HAN.search(text) or _SURROGATE.search(text):
        return text
    simplified: str = _simplifier().convert(text)
    return simplified


def sort_key(text: str) -> tuple[str, str, str]:
    """Return what puts Latin words and Chinese by pinyin in one alphabet.

    Sounds come first, without accents and signs, then tones, then the characters. Only the
    first 200 characters are read.
    """
    syllables, tones = _sounds(text[:_LONGEST_READ])
    return syllables, tones, text


def initial(text: str) -> str:
    """Return the letter A–Z under which a text is listed, ``#`` for all others."""
    first = _sounds(text[:_LONGEST_READ])[0][:1].upper()
    return first if "A" <= first <= "Z" else "#"


@lru_cache(maxsize=1 << 14)
def _sounds(text: str) -> tuple[str, str]:
    _load_readings()
    folded = unicodedata.normalize("NFKC", simplify(text)).casefold()
    syllables: list[str] = []
    tones: list[str] = []
    for part in _HAN.split(folded):
        if not _HAN.match(part):
            syllables.append(_UNSOUNDED.sub(" ", _without_accents(part)).strip())
            continue
        for read in lazy_pinyin(part, style=Style.TONE3, neutral_tone_with_five=True):
            # The dictionaries put lü behind lu, and lüe where lue would stand.
            syllable = read.rstrip("12345").replace("ve", "ue").replace("v", "u!")
            syllables.append(_without_accents(syllable))
            tones.append(read[-1] if read[-1] in "12345" else "")
    return " ".join(filter(None, syllables)), "".join(tones)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


@cache
def _load_readings() -> None:
    """Teach pypinyin the words above; it keeps its dictionaries for the whole program."""
    load_single_dict({ord(character): read for character, read in _SINGLE_READINGS.items()})
    words = (line.split() for line in _READINGS.strip().split(","))
    load_phrases_dict({word: [[syllable] for syllable in read] for word, *read in words})


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def _syllables(text: str) -> list[str]:
    _load_readings()
    parts: list[str] = []
    for part in _HAN.split(text):
        parts += lazy_pinyin(part) if _HAN.match(part) else [part]
    return parts


_SURNAMES: Final = dict(
    entry.split("=")
    for entry in (
        "万俟=mo4 qi2, 尉迟=yu4 chi2, 长孙=zhang3 sun1, 澹台=tan2 tai2, 单于=chan2 yu2, "
        "令狐=ling2 hu2, 曾=zeng1, 单=shan4, 仇=qiu2, 查=zha1, 解=xie4, 区=ou1, 任=ren2, "
        "盖=ge3, 葛=ge3, 朴=piao2, 洗=xian3, 冼=xian3, 召=shao4, 乐=yue4, 翟=zhai2, 折=she2, "
        "缪=miao4, 员=yun4, 种=chong2, 秘=bi4, 薄=bo2, 宓=mi4, 覃=qin2, 祭=zhai4, 柏=bai3, "
        "车=che1, 繁=po2, 句=gou1, 阚=kan4, 撒=sa3, 纪=ji3, 华=hua4, 宁=ning4, 燕=yan1, "
        "应=ying1, 佘=she2, 臧=zang1, 訾=zi1, 隗=wei3, 牟=mou2, 那=na1, 过=guo1, 占=zhan1, "
        "晁=chao2, 贾=jia3, 曲=qu1, 沈=shen3, 尹=yin3, 逄=pang2, 黑=he4, 相=xiang4, 郇=xun2"
    ).split(", ")
)
"""Surnames that are read otherwise than the same characters elsewhere, with their tones."""

_CHINESE_NAME = re.compile("[\\u3400-\\u9fff]{2,4}")


def surname_reading(name: str) -> str:
    """Return the syllables of a Chinese name's surname, with tones, if it is read specially.

    Empty for all other names: transliterations hold a middle dot or are longer.
    """
    plain = simplify(name)
    if not _CHINESE_NAME.fullmatch(plain):
        return ""
    return (_SURNAMES.get(plain[:2], "") if len(plain) > 2 else "") or _SURNAMES.get(plain[0], "")


def name_sort_key(name: str) -> tuple[str, str, str]:
    """Return ``sort_key`` of a person's name, its surname read as one: 单 as shàn, 任 as rén."""
    reading = surname_reading(name)
    if not reading:
        return sort_key(name)
    syllables, tones = "".join(c for c in reading if not c.isdigit()), re.sub(r"\D", "", reading)
    rest = sort_key(name[len(tones) :])
    return f"{syllables} {rest[0]}", tones + rest[1], name


# The Latin letters that a transliteration beginning with a Chinese sound may stand for.
_SOUNDS: Final = dict(
    entry.split("=")
    for entry in (
        "b=bpv p=pbf m=mn f=fvp d=dt t=td n=nmk l=lr g=gckjh k=kcqgxh h=hjwgxk j=jgkcz q=cjqkg"
        " x=shxcz zh=zjgcd ch=ctsz sh=scz r=rjly z=zjsgt c=cstz s=sczx y=yieajuhg w=wvouh a=aoehiu"
        " e=eaoih o=oauhe"
    ).split()
)


def begins_like(chinese: str, word: str) -> bool:
    """Tell whether a Chinese text can begin a transliteration of a Latin word, by its sound."""
    sound = slugify(simplify(chinese[:1]))
    letters = _SOUNDS.get(sound[:2]) or _SOUNDS.get(sound[:1], "")
    initial_letter = slugify(word)[:1]
    return initial_letter != "" and initial_letter in letters
