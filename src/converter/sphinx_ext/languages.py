"""Language tags, and what the pages say around the text in the book's own language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

__all__ = ["interface_labels", "language_tag"]

_HANS = {
    "originals": "全部原文",
    "open_originals": "全部展开原文",
    "close_originals": "全部收起原文",
    "search": "搜索本书",
    "search_hint": "输入要找的字词",
    "search_results": "搜索结果",
    "search_none": "没有找到“{query}”",
    "search_count": "{count} 处结果",
    "search_loading": "正在搜索……",
    "search_offline": "搜索需要网页服务器：请运行 duizhao serve，再从它给的地址打开本书。",
    "search_missing": "本书没有搜索索引。",
    "close": "关闭",
    "entry": "查看词条",
    "letters": "按字母跳转",
    "chapters": "章节目录",
    "library": "全部图书",
    "outline": "本页目录",
    "contents": "目录",
    "page": "第 {} 页",
    "notes": "注释",
    "picture": "图",
}
_HANT = {
    "originals": "全部原文",
    "open_originals": "全部展開原文",
    "close_originals": "全部收起原文",
    "search": "搜尋本書",
    "search_hint": "輸入要找的字詞",
    "search_results": "搜尋結果",
    "search_none": "沒有找到「{query}」",
    "search_count": "{count} 處結果",
    "search_loading": "正在搜尋……",
    "search_offline": "搜尋需要網頁伺服器：請執行 duizhao serve，再從它給的網址開啟本書。",
    "search_missing": "本書沒有搜尋索引。",
    "close": "關閉",
    "entry": "檢視詞條",
    "letters": "按字母跳轉",
    "chapters": "章節目錄",
    "library": "全部圖書",
    "outline": "本頁目錄",
    "contents": "目錄",
    "page": "第 {} 頁",
    "notes": "註釋",
    "picture": "圖",
}
_ENGLISH = {
    "originals": "Originals",
    "open_originals": "Open all originals",
    "close_originals": "Close all originals",
    "search": "Search this book",
    "search_hint": "Words to look for",
    "search_results": "Search results",
    "search_none": "Nothing found for “{query}”",
    "search_count": "{count} results",
    "search_loading": "Searching…",
    "search_offline": "Search needs a web server: run “duizhao serve”, open the book from there.",
    "search_missing": "This book has no search index.",
    "close": "Close",
    "entry": "See the entry",
    "letters": "Jump to a letter",
    "chapters": "Chapters",
    "library": "All books",
    "outline": "On this page",
    "contents": "Contents",
    "page": "Page {}",
    "notes": "Notes",
    "picture": "Image",
}


@lru_cache(maxsize=64)
def language_tag(value: str) -> str:
    """Return a language tag in the case that BCP 47 recommends: ``zh-hans-cn`` → ``zh-Hans-CN``.

    docutils lower-cases class names, and so the languages that travel in them. RFC 5646, 2.1.1:
    four letters are a script and titled, two a region and upper, unless after a singleton.
    """
    first, *rest = value.replace("_", "-").lower().split("-")
    tag = [first]
    for subtag in rest:
        if len(tag[-1]) == 1:
            tag.append(subtag)
        elif len(subtag) == 4 and subtag.isalpha():
            tag.append(subtag.title())
        else:
            tag.append(subtag.upper() if len(subtag) == 2 else subtag)
    return "-".join(tag)


def interface_labels(language: str) -> Mapping[str, str]:
    """Return the words of buttons and messages for a Sphinx ``language`` such as ``zh_CN``."""
    tag = language_tag(language)
    if not tag.startswith("zh"):
        return _ENGLISH
    return _HANT if any(part in tag for part in ("Hant", "TW", "HK", "MO")) else _HANS
