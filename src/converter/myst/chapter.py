"""A chapter as a MyST document: its facts, its blocks with their originals, what is around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..footnotes import find_footnotes, link_footnotes
from ..language import language_of, script_of
from ..markdown import (
    Link,
    escape_myst,
    plain_text,
    render_myst_blocks,
    render_myst_directive,
    render_myst_inline,
)
from ..model import (
    Block,
    Book,
    FrontMatter,
    Heading,
    Original,
    Post,
    Prose,
    prose_anchor,
    section_levels,
    unit_numbers,
)

__all__ = ["render_chapter", "render_matter"]

_NEIGHBOURS: Final = 4
_LABELS: Final = {"en": "英文原文", "zh": "中文原文"}
_URL = re.compile(r"https?://[^\s<>\\]+")
_EMPTY: Final = "（此处没有原文）"


def render_chapter(
    book: Book, number: int, entries: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Yield the parts of the document of chapter ``number``, counted from 0.

    ``entries`` maps the kind of an index to the ids that the forms of its names lead to.
    """
    chapter = book.chapters[number]
    matter = chapter.front_matter
    yield f"# {escape_myst(matter.title)}"
    yield _div("cp-meta", list(_render_facts(matter)))
    for title, name, text in (
        ("摘要", "cp-summary", matter.summary),
        ("编者按", "cp-insight", matter.insight),
    ):
        if body := render_myst_inline(text):
            yield render_myst_directive("admonition", title, f":class: {name}\n\n{body}")
    yield from _render_blocks(book, chapter)
    yield from _render_closing(book, number, entries)


def render_matter(book: Book, post: Post) -> Iterator[str]:
    """Yield the parts of the document of a preface or an afterword."""
    matter = post.front_matter
    yield f"# {escape_myst(matter.title)}"
    yield from _render_blocks(book, post)
    if signed := " ".join(filter(None, (matter.author, matter.date))):
        yield f"{{.cp-signature}}\n{escape_myst(signed)}"


def _div(name: str, lines: Sequence[str]) -> str:
    return render_myst_directive("div", name, "\n".join(lines)) if lines else ""


def _render_facts(matter: FrontMatter) -> Iterator[str]:
    for label, names in (
        ("日期", (matter.date,)),
        ("作者", () if matter.author in matter.speakers else (matter.author,)),
        ("讲者", matter.speakers),
        ("嘉宾", matter.guests),
        ("频道", () if matter.channel in matter.speakers else (matter.channel,)),
        ("标签", matter.tags),
    ):
        text = "、".join(escape_myst(name) for name in names if name)
        if text:
            yield f"- {label}：{text}"
    if matter.source_url:
        yield f"- 来源：{_render_url(matter.source_url)}"


def _render_url(url: str) -> str:
    return render_myst_inline(f"<{url}>") if _URL.fullmatch(url) else escape_myst(url)


def _render_blocks(book: Book, chapter: Post) -> Iterator[str]:
    units = unit_numbers(chapter.blocks)
    links = list(_find_links(book, chapter))
    levels = section_levels(block for block in chapter.blocks if _is_shown(block, chapter))
    for index, (block, unit) in enumerate(zip(chapter.blocks, units, strict=True)):
        if isinstance(block, Heading):
            if _is_shown(block, chapter):
                yield f"{'#' * next(levels)} {render_myst_inline(block.text)}"
        elif isinstance(block, Prose):
            # Every paragraph has its address: for mentions, for search, for whoever quotes it.
            anchor = prose_anchor(chapter.slug, index)
            yield _render_prose(book, block, unit, anchor, links[index])
        elif block.markdown:
            yield _render_original(block, unit, links[index])


def _is_shown(block: Block, chapter: Post) -> bool:
    """Tell whether a block shows: not an empty heading, nor a first one that says the title."""
    if not isinstance(block, Heading):
        return True
    text = plain_text(block.text)
    return bool(text) and (block is not chapter.blocks[0] or text != chapter.front_matter.title)


def _find_links(book: Book, chapter: Post) -> Iterator[list[Link]]:
    """Yield for each block its links to the glossary and to footnotes."""
    footnotes = find_footnotes(chapter.blocks)
    for index, block in enumerate(chapter.blocks):
        found = book.glossary.links.get(prose_anchor(chapter.slug, index), ())
        links = [Link(place.start, place.end, f"#{place.id}") for place in found]
        if footnotes.notes and not isinstance(block, Heading):
            links += link_footnotes(
                block, index, footnotes, lambda i: f"#{prose_anchor(chapter.slug, i)}"
            )
        yield links


def _render_prose(book: Book, block: Prose, unit: int, anchor: str, links: Sequence[Link]) -> str:
    classes = ["cp-prose"]
    if unit:
        classes += ["cp-translation", f"cp-unit-{unit}"]
    if block.speaker:
        classes.append("cp-turn")
    if block.language and script_of(block.language) != script_of(book.language):
        classes.append(f"language-{block.language.lower()}")
    text = render_myst_blocks(block.markdown, links=links, classes=classes, anchor=anchor)
    # Where nothing shows, the address is still one that an entry may lead to.
    return text or f"[]{{#{anchor}}}"


def _render_original(block: Original, unit: int, links: Sequence[Link]) -> str:
    text = render_myst_blocks(block.markdown, links=links) or _EMPTY
    label = escape_myst(block.label) or _LABELS.get(block.language.partition("-")[0], "原文")
    classes = f"cp-original cp-unit-{unit}"
    if block.language:
        classes += f" language-{block.language.lower()}"
    label_language = language_of(block.label).lower() or "zh-hans"
    options = f":class-container: {classes}\n:class-title: cp-label language-{label_language}"
    return render_myst_directive("dropdown", label, f"{options}\n\n{text}")


def _render_closing(
    book: Book, number: int, entries: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Yield the names that a chapter mentions and the chapters around it."""
    matter = book.chapters[number].front_matter
    groups = (
        ("人物", "people", matter.people),
        ("机构", "organizations", matter.organizations),
        ("产品与模型", "products", matter.products),
        ("书刊与媒体", "media", matter.media),
    )
    lines = [
        f"- **{label}**　" + "、".join(_render_name(name, entries.get(kind, {})) for name in names)
        for label, kind, names in groups
        if names
    ]
    if lines:
        yield "{.cp-mentioned}\n## 本文提及"
        yield _div("cp-names", lines)
    before = book.chapters[max(0, number - _NEIGHBOURS) : number]
    after = book.chapters[number + 1 : number + 1 + _NEIGHBOURS]
    others = [
        f"- [{escape_myst(other.front_matter.title)}]({other.slug}.md)"
        for other in (*before, *after)
    ]
    if others:
        yield "{.cp-mentioned}\n## 同书文章"
        total = f"- [全书 {len(book.chapters)} 篇](index.md)"
        yield _div("cp-series", [*others, total])


def _render_name(name: str, ids: Mapping[str, str]) -> str:
    text = escape_myst(name)
    return f"[{text}](#{ids[name]})" if name in ids and text else text
