"""The words of an EPUB that are the program's own: in Chinese for Chinese books, else English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..model import Edition

__all__ = ["REFERENCE_MARK", "Wording", "language_name", "original_label", "wording_for"]

REFERENCE_MARK: Final = "※"
"""The mark of a note, in the text and before the note.

One mark for all, since every note stands behind its paragraph: a number would count what
nobody looks up, in every paragraph of the book.
"""

_MOST_NAMES: Final = 6
_LANGUAGES: Final = {
    "en": ("英文", "English"),
    "zh-hans": ("中文（简体）", "Chinese (simplified)"),
    "zh-cn": ("中文（简体）", "Chinese (simplified)"),
    "zh-hant": ("中文（繁体）", "Chinese (traditional)"),
    "zh-tw": ("中文（繁体）", "Chinese (traditional)"),
    "zh-hk": ("中文（繁体）", "Chinese (traditional)"),
    "zh": ("中文", "Chinese"),
    "ja": ("日文", "Japanese"),
    "fr": ("法文", "French"),
    "de": ("德文", "German"),
}
"""In Chinese, in English."""

_LABELS: Final = {
    "en": "英文原文",
    "zh": "中文原文",
    "ja": "日文原文",
    "fr": "法文原文",
    "de": "德文原文",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Titles of pages and labels; in ``volume`` and ``chapters`` ``{}`` stands for the number."""

    cover: str
    title_page: str
    contents: str
    landmarks: str
    body: str
    preface: str
    afterword: str
    sources: str
    colophon: str
    summary: str
    insight: str
    date: str
    speakers: str
    guests: str
    source: str
    mentioned: str
    names: Mapping[str, str]
    """Of the kinds of names that a chapter mentions, by the field of its front matter."""

    chapters: str
    title: str
    series: str
    volume: str
    creators: str
    others: str
    """After the first names of a long list."""

    translators: str
    translated_by: str
    publisher: str
    languages: str
    accessibility_label: str
    dates: str
    extent: str
    about: str
    rights: str
    conformance: str
    """With ``{}`` for who vouches for it."""

    identifier: str
    made_with: str
    accessibility: str
    editions: Mapping[Edition, str]
    """What is added to a book's title; nothing to that of the bilingual edition."""

    colon: str
    comma: str
    semicolon: str
    full_stop: str
    to: str

    def join(self, *parts: str) -> str:
        """Return the parts of a list that say anything, with commas."""
        return self.comma.join(filter(None, parts))

    def sentence(self, *clauses: str) -> str:
        """Return the clauses that say anything as one sentence."""
        return self.semicolon.join(filter(None, clauses)) + self.full_stop

    def join_few(self, names: tuple[str, ...]) -> str:
        """Return the first names of a list that may have hundreds."""
        if len(names) <= _MOST_NAMES:
            return self.join(*names)
        return f"{self.join(*names[:_MOST_NAMES])} {self.others}"

    def join_dates(self, dates: tuple[str, ...]) -> str:
        """Return the first and the last of sorted dates, nothing if there are none."""
        return self.to.join(dict.fromkeys([dates[0], dates[-1]])) if dates else ""


_CHINESE: Final = Wording(
    cover="封面",
    title_page="书名页",
    contents="目录",
    landmarks="导航",
    body="正文",
    preface="前言",
    afterword="后记",
    sources="出处",
    colophon="版本记录",
    summary="摘要",
    insight="编者按",
    date="日期",
    speakers="讲者",
    guests="嘉宾",
    source="来源",
    mentioned="本文提及",
    names={
        "people": "人物",
        "organizations": "机构",
        "products": "产品与模型",
        "media": "书刊与媒体",
    },
    chapters="{} 篇",
    title="书名",
    series="丛书",
    volume="第 {} 卷",
    creators="讲者与作者",
    others="等",
    translators="译者",
    translated_by="{} 译",
    publisher="出版",
    languages="语言",
    accessibility_label="无障碍",
    dates="各篇日期",
    extent="篇幅",
    about="内容提要",
    rights="版权",
    conformance="符合 WCAG 2.2 AA（由{}认证）",
    identifier="标识",
    made_with="用“对照”（Duizhao）制作",
    accessibility="全书为可缩放的文字，标题分级，目录可用",
    editions={
        Edition.BILINGUAL: "",
        Edition.TRANSLATION: "（译文）",
        Edition.ORIGINAL: "（原文）",
    },
    colon="：",
    comma="、",
    semicolon="；",
    full_stop="。",
    to=" — ",
)
_ENGLISH: Final = Wording(
    cover="Cover",
    title_page="Title page",
    contents="Contents",
    landmarks="Landmarks",
    body="Text",
    preface="Preface",
    afterword="Afterword",
    sources="Sources",
    colophon="Colophon",
    summary="Summary",
    insight="Editor’s note",
    date="Date",
    speakers="Speaking",
    guests="Guests",
    source="Source",
    mentioned="Mentioned here",
    names={
        "people": "People",
        "organizations": "Organizations",
        "products": "Products",
        "media": "Media",
    },
    chapters="Chapters: {}",
    title="Title",
    series="Series",
    volume="Volume {}",
    creators="By",
    others="et al.",
    translators="Translated by",
    translated_by="translated by {}",
    publisher="Publisher",
    languages="Language",
    accessibility_label="Accessibility",
    dates="Dates of the chapters",
    extent="Extent",
    about="About this book",
    rights="Rights",
    conformance="meets WCAG 2.2 AA (certified by {})",
    identifier="Identifier",
    made_with="Made with Duizhao",
    accessibility="All of it is text that can be enlarged, with headings and a table of contents",
    editions={
        Edition.BILINGUAL: "",
        Edition.TRANSLATION: " (translation)",
        Edition.ORIGINAL: " (original)",
    },
    colon=": ",
    comma=", ",
    semicolon="; ",
    full_stop=".",
    to=" — ",
)


def wording_for(language: str) -> Wording:
    """Return the words for a book in a language, given by its BCP 47 tag."""
    return _CHINESE if _primary(language) == "zh" else _ENGLISH


def language_name(tag: str, language: str) -> str:
    """Return what a book in ``language`` calls the language of a BCP 47 tag."""
    names = _LANGUAGES.get(tag.lower()) or _LANGUAGES.get(_primary(tag)) or (tag, tag)
    return names[_primary(language) != "zh"]


def original_label(language: str) -> str:
    """Return what readers of Chinese call an original in the given language."""
    return _LABELS.get(_primary(language), "原文")


def _primary(language: str) -> str:
    return language.lower().partition("-")[0]
