"""A long book made for the tests with reading systems, and EPUBs taken apart."""

from __future__ import annotations

import io
import random
import zipfile
from typing import Final

from lxml import etree

from converter.model import Book, Heading, Original, Prose

from ..epubs import book, find, heading, original, post, prose

__all__ = ["CHAPTERS", "documents", "find", "long_book", "package"]

CHAPTERS: Final = 20
_PARAGRAPHS: Final = 40
_CHINESE: Final = (
    "模型的能力取决于数据与算力，而我们对它的理解总是慢半拍。",
    "他想了想，说这个问题没有简单的答案。",
    "如果你问十个工程师，大概会得到十一种说法；",
    "真正重要的是，谁来决定什么时候停下来？",
    "那一年我们只有三个人、两张桌子和一台借来的服务器，",
)
_ENGLISH: Final = (
    "What a model can do depends on data and compute, and our understanding lags behind.",
    "He thought for a while and said that there was no simple answer.",
    "Ask ten engineers and you will hear about eleven opinions;",
    "what matters is who decides when to stop.",
    "That year there were three of us, two desks and a borrowed server,",
)


def long_book() -> Book:
    """Return twenty chapters of forty paragraphs, from one sentence to nine, all with originals."""
    chance = random.Random(5)  # noqa: S311 -- the same book each time is what is wanted
    chapters = []
    for chapter in range(1, CHAPTERS + 1):
        blocks: list[Heading | Prose | Original] = []
        for number in range(1, _PARAGRAPHS + 1):
            if number % 10 == 1:
                blocks.append(heading(3, f"第 {number // 10 + 1} 节"))
            chosen = [chance.randrange(len(_CHINESE)) for _ in range(chance.randint(1, 9))]
            blocks.append(prose(f"第 {number} 段。" + "".join(_CHINESE[i] for i in chosen)))
            english = " ".join(_ENGLISH[i] for i in chosen)
            blocks.append(original(f"Chapter {chapter}, paragraph {number}. {english}"))
        chapters.append(post(f"chapter-{chapter}", *blocks, title=f"第 {chapter} 章"))
    return book(*chapters, slug="long", title="一本长书")


def documents(epub: bytes) -> dict[str, etree._Element]:
    """Return the documents of an EPUB file, by their names below ``EPUB/``."""
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        return {
            name.removeprefix("EPUB/"): etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".xhtml")
        }


def package(epub: bytes) -> etree._Element:
    """Return the package document of an EPUB file."""
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        return etree.fromstring(archive.read("EPUB/content.opf"))
