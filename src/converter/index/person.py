"""Which names are persons', by how a Chinese name and its original go together.

``**伊丽莎白·河岸**（Elizabeth Riverside）`` is a person: a transliteration has a middle dot and
begins with the sound of its original. ``**反馈循环**（Feedback Loop）`` is none.
"""

from __future__ import annotations

import re
from typing import Final

from ..names import name_key
from ..pinyin import begins_like, simplify, slugify, surname_reading

__all__ = ["is_chinese_name", "is_generic_speaker", "is_person", "may_be_person"]

_HAN: Final = "\u3400-\u9fff"
_DOT: Final = "[·•‧・]"
_TRANSLITERATED = re.compile(f"[{_HAN}]{{1,7}}(?:{_DOT}(?:[{_HAN}]{{1,7}}|[A-Z]\\.?)){{1,3}}")
_CHINESE = re.compile(f"[{_HAN}]{{2,4}}")
_HAN_ONLY = re.compile(f"[{_HAN}·•‧・]{{2,16}}")
_PARTICLES: Final = "de|van|von|der|den|bin|ben|ibn|al|el|la|le|da|di|del|della|dos|du|ter|y"
_WORD: Final = r"[^\W\d_a-z][\w'’.-]{0,30}"
_LATIN = re.compile(rf"{_WORD}(?: (?:{_WORD}|{_PARTICLES})){{1,4}}")
_MOST_WORDS: Final = 4
_LONGEST_CHINESE: Final = 12

_NO_PERSON: Final = frozenset(
    "university college school institute academy inc corp corporation company co group bank llc ltd"
    " foundation association council committee department ministry bureau center centre times post"
    " news journal magazine press party act house street avenue river lake mount mountain island"
    " islands city bay strait sea ocean museum church club team union fund capital partners media"
    " podcast podcasts show network index model system theory war day award prize law agency court"
    " army navy force forces world international national global republic states state kingdom"
    " province county district hotel airport hospital theory effect project program plan agreement"
    " treaty league conference festival the of and for in on".split()
)
_ROLE = re.compile(
    "总统|總統|总理|主席|首相|部长|局长|州长|市长|议员|大使|将军|上将|政府|官员|发言人|先生|女士|太太|夫人|博士|教授|老师|医生"
    "|律师|法官|记者|作者|作家|主持人|嘉宾|主播|博主|导演|演员|歌手|创始人|总裁|首席|董事|经理|老板|投资人|企业家|银行家"
    "|政治家|科学家|学家|专家|工程师|研究员|公司|集团|银行|大学|学院|基金|组织|协会|委员会|机构|平台|团队|本人|创办人"
)
_GENERIC: Final = frozenset(
    map(
        name_key,
        "主持人 主持 嘉宾 旁白 观众 听众 记者 采访者 受访者 提问者 发言人 讲者 讲师 演讲者 主播"
        " 老师 学生 同学 教授 众人 全体 翻译 字幕 未知 匿名 某人 男声 女声 画外音 解说 司仪 男 女"
        " 问 答 host cohost guest speaker narrator audience interviewer interviewee moderator"
        " announcer questioner operator unknown reporter caller voiceover student teacher"
        " professor man woman all both everyone crowd panelist translator anonymous"
        " participant presenter".split(),
    )
)
_NUMBERED = re.compile(r"[-#]?(?:\d{1,3}|[a-z]|[一二三四五六七八九十甲乙丙])$")
_MOST_COMMON_SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪"
    "田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦"
    "季俞章鲁葛伍韦申尤毕聂丛焦向柳邢骆岳齐尚梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍"
    "位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边习仇区"
)


def is_generic_speaker(name: str) -> bool:
    """Tell whether a name only says what somebody does: ``主持人``, ``Speaker 1``, ``观众``."""
    key = name_key(name).replace(".", "")
    return key in _GENERIC or _NUMBERED.sub("", key) in _GENERIC


def _names_person(latin: str) -> bool:
    """Tell whether two to four words look like a person's name: capitals, none that says else."""
    if not _LATIN.fullmatch(latin):
        return False
    words = latin.split()
    return len(words) <= _MOST_WORDS and not any(
        word.lower().strip(".") in _NO_PERSON for word in words
    )


def is_person(chinese: str, latin: str) -> bool:
    """Tell whether a Chinese name and its original are surely a person's, by themselves."""
    if len(chinese) > _LONGEST_CHINESE + 4 or _ROLE.search(chinese) or not _names_person(latin):
        return False
    if _TRANSLITERATED.fullmatch(chinese):
        return _sounds_like(chinese, latin.split()[:1])
    plain = simplify(chinese)
    if not _CHINESE.fullmatch(plain) or plain[0] not in _MOST_COMMON_SURNAMES:
        return False
    return _is_surname_of(plain, latin)


def may_be_person(chinese: str, latin: str) -> bool:
    """Tell whether a Chinese name can be that of a person whose original name is known."""
    if not _HAN_ONLY.fullmatch(chinese) or _ROLE.search(chinese):
        return False
    if _TRANSLITERATED.fullmatch(chinese):
        return _sounds_like(chinese, latin.split()[:1])
    return len(chinese) <= _MOST_WORDS or _sounds_like(chinese, latin.split())


def is_chinese_name(chinese: str, latin: str) -> bool:
    """Tell whether a Chinese name has a surname, which its original has too if there is one."""
    return not latin or _is_surname_of(simplify(chinese), latin)


def _is_surname_of(chinese: str, latin: str) -> bool:
    reading = surname_reading(chinese)
    surname = re.sub("[^a-z]", "", reading) if reading else slugify(chinese[0])
    return surname in (slugify(word) for word in latin.split())


def _sounds_like(chinese: str, words: list[str]) -> bool:
    """Tell whether the first character begins with the sound of one of the words."""
    return any(begins_like(chinese, word) for word in words)
