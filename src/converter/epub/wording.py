"""The words of an EPUB that are the program's own: in Chinese for Chinese books, else English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..cover import edition_name
from ..model import INDEX_TITLES, Edition, OriginalsMode

__all__ = ["REFERENCE_MARK", "Wording", "edition_title", "primary_subtag", "wording_for"]

REFERENCE_MARK: Final = "※"
"""The mark of a note, in the text and before the note.

One mark for all, since nobody looks a note up: a number would count, in every paragraph of the
book, what a tap or the next line shows.
"""

_MOST_NAMES: Final = 6
_LANGUAGES: Final = {
    "en": ("英文", "English"),
    "zh": ("中文", "Chinese"),
    "zh-hans": ("中文（简体）", "Chinese (simplified)"),
    "zh-hant": ("中文（繁体）", "Chinese (traditional)"),
    "ja": ("日文", "Japanese"),
    "ko": ("韩文", "Korean"),
    "fr": ("法文", "French"),
    "de": ("德文", "German"),
    "es": ("西班牙文", "Spanish"),
    "pt": ("葡萄牙文", "Portuguese"),
    "it": ("意大利文", "Italian"),
    "ru": ("俄文", "Russian"),
    "ar": ("阿拉伯文", "Arabic"),
}
"""In Chinese, in English."""

_REGIONS: Final = {"zh-cn": "zh-hans", "zh-tw": "zh-hant", "zh-hk": "zh-hant"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Titles of pages and labels, in which ``{}`` stands for a number, a name or a text."""

    cover: str
    title_page: str
    contents: str
    pages: str
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
    edition: str
    """What is added to the title of an edition of one language, with ``{}`` for its name."""

    part: str
    """The title of a long chapter's second document: of the chapter's title and a number."""

    language_names: Mapping[str, str]
    """By BCP 47 tags of one subtag, of Chinese also by script."""

    original: str
    """An original, with ``{}`` for the name of its language."""

    no_original: str
    advice: Mapping[OriginalsMode, str]
    """How readers reach the originals; ``{}`` is what these are called."""

    glossary_advice: str
    summaries: Mapping[OriginalsMode, str]
    """What the accessibility summary says of the originals."""

    back: str
    """Where the mark before a note leads."""

    extent_originals: str
    """Of what the originals are called, and their number."""

    extent_terms: str
    listings: Mapping[str, str]
    """The titles of the glossary and the indexes, by kind."""

    numbers: str
    """What the numbers behind a locator are."""

    place: str
    continued: str
    see: str
    also: str
    mentions: str
    expansion: str
    quoted_title: str
    by_source: str
    colon: str
    comma: str
    semicolon: str
    full_stop: str
    sentence_space: str
    to: str

    def language_name(self, tag: str) -> str:
        """Return what the language of a BCP 47 tag is called; the tag where that is not known."""
        name = self.language_names.get(_REGIONS.get(tag.lower(), tag.lower()), "")
        return name or self.language_names.get(primary_subtag(tag), tag)

    def original_label(self, language: str) -> str:
        """Return what an original in a language is called; without one, or one without a name."""
        return self.original.format(self.language_names.get(primary_subtag(language), "")).strip()

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
    pages="PDF 页码",
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
    edition="（{}）",
    part="{}（{}）",
    language_names={tag: names[0] for tag, names in _LANGUAGES.items()},
    original="{}原文",
    no_original="（此处没有原文）",
    advice={
        OriginalsMode.NOTES: (
            f"点按段末的 {REFERENCE_MARK} 看{{}}，再点按原文前的 {REFERENCE_MARK} 回到正文。"
        ),
        OriginalsMode.DETAILS: "点按段落下面的“{}”，展开或收起这一段的原文。",
        OriginalsMode.INLINE: "每段译文下面是它的{}。",
        OriginalsMode.NONE: "",
    },
    glossary_advice="点按带点线的词看释义。",
    summaries={
        OriginalsMode.NOTES: "原文以脚注给出，每处都有返回正文的链接，并标明语言",
        OriginalsMode.DETAILS: "原文收在段落下面，可以展开，并标明语言",
        OriginalsMode.INLINE: "原文在段落下面，并标明语言",
        OriginalsMode.NONE: "",
    },
    back="返回正文",
    extent_originals="{} {} 段",
    extent_terms="术语 {} 条",
    listings={"glossary": "术语表", **INDEX_TITLES},
    numbers="篇名后面的数字，指同一篇里再次提到的地方。",
    place="第 {} 处",
    continued="{}（续）",
    see="见 {}",
    also="又作 {}",
    mentions="见于 {}",
    expansion="（{}）",
    quoted_title="《{}》",
    by_source="——{}",
    colon="：",
    comma="、",
    semicolon="；",
    full_stop="。",
    sentence_space="",
    to=" — ",
)
_ENGLISH: Final = Wording(
    cover="Cover",
    title_page="Title page",
    contents="Contents",
    pages="Pages of the PDF",
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
    edition=" ({})",
    part="{} ({})",
    language_names={tag: names[1] for tag, names in _LANGUAGES.items()},
    original="{} original",
    no_original="(no original here)",
    advice={
        OriginalsMode.NOTES: (
            f"Tap {REFERENCE_MARK} at the end of a paragraph for its {{}}, and {REFERENCE_MARK} "
            "before that to come back."
        ),
        OriginalsMode.DETAILS: "Tap “{}” below a paragraph to unfold it or to fold it again.",
        OriginalsMode.INLINE: "Each paragraph is followed by its {}.",
        OriginalsMode.NONE: "",
    },
    glossary_advice="Tap a word with a dotted line for its definition.",
    summaries={
        OriginalsMode.NOTES: "originals are notes with links back, their language marked",
        OriginalsMode.DETAILS: "originals are folded below the paragraphs, their language marked",
        OriginalsMode.INLINE: "originals stand below the paragraphs, their language marked",
        OriginalsMode.NONE: "",
    },
    back="Back to paragraph",
    extent_originals="{}s: {}",
    extent_terms="Terms: {}",
    listings={
        "glossary": "Glossary",
        "people": "Index of people",
        "organizations": "Index of organizations",
        "products": "Index of products",
        "media": "Index of media",
    },
    numbers="Numbers behind a title lead to further places in the same chapter.",
    place="Place {}",
    continued="{} (continued)",
    see="see {}",
    also="also {}",
    mentions="in {}",
    expansion=" ({})",
    quoted_title="“{}”",
    by_source="— {}",
    colon=": ",
    comma=", ",
    semicolon="; ",
    full_stop=".",
    sentence_space=" ",
    to=" — ",
)


def wording_for(language: str) -> Wording:
    """Return the words for a book in a language, given by its BCP 47 tag."""
    return _CHINESE if primary_subtag(language) == "zh" else _ENGLISH


def edition_title(title: str, edition: Edition, language: str) -> str:
    """Return what an edition of a book is called; the bilingual one is the book."""
    if edition is Edition.BILINGUAL:
        return title
    name = edition_name(edition.value, language).lower()
    return title + wording_for(language).edition.format(name)


def primary_subtag(language: str) -> str:
    """Return the first part of a BCP 47 tag, which names the language alone."""
    return language.lower().partition("-")[0]
