"""A book as an ordinary Sphinx project: conf.py, index.md, a document a chapter, glossary.md.

Stock ``sphinx-build -n -W -b html`` builds it with no warning, with this package installed
or without. Classes in attribute lines carry what MyST has no words for; ``sphinx_ext`` turns
``cp-unit-N`` into the attribute ``data-unit``, docutils itself ``language-en`` into ``lang``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from .footnotes import find_footnotes, link_footnotes
from .glossary import entry_key, first_glosses
from .language import language_of
from .markdown import (
    Link,
    escape_myst,
    plain_text,
    render_myst_blocks,
    render_myst_directive,
    render_myst_inline,
)
from .model import (
    Block,
    Book,
    FrontMatter,
    GlossaryEntry,
    Heading,
    Original,
    Post,
    Prose,
    prose_anchor,
    section_levels,
    unit_numbers,
)

__all__ = ["PROJECT_MARK", "render_myst"]

PROJECT_MARK: Final = "Sphinx configuration of one book, written by duizhao."
"""What tells a generated project from one that somebody wrote."""

_NEIGHBOURS: Final = 4
_LABELS: Final = {"en": "英文原文", "zh-Hans": "中文原文", "zh-Hant": "中文原文"}
_URL = re.compile(r"https?://[^\s<>\\]+")
_EMPTY: Final = "（此处没有原文）"

_CONF: Final = '''\
"""{mark}

Build it with: sphinx-build -n -W -b html . _build
"""

from importlib import metadata

project = {title!r}
author = {author!r}
language = {language!r}
extensions = ["myst_parser", "sphinx_design"]
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_ref_domains = ["std"]
smartquotes = False
highlight_language = "none"
# A post may show code that its language's highlighter cannot read; the code is shown all the same.
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = ["_build"]
html_title = project
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
html_domain_indices = False
html_theme_options = {{}}

try:
    metadata.version("sphinx-book-theme")
except metadata.PackageNotFoundError:
    pass
else:
    html_theme = "sphinx_book_theme"
    html_theme_options = {theme_options!r}

try:
    metadata.version("duizhao")
except metadata.PackageNotFoundError:
    pass
else:
    extensions.append("converter.sphinx_ext")
'''

_THEME_OPTIONS: Final[dict[str, object]] = {
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "use_sidenotes": False,
    "home_page_in_toc": True,
    # The theme would cut a link's text short, and with it the post's.
    "shorten_urls": False,
}


def render_myst(book: Book) -> dict[str, str]:
    """Return the project's files by their names; all names are flat and ASCII."""
    files = {"conf.py": _render_conf(book), "index.md": _render_index(book)}
    for number, chapter in enumerate(book.chapters):
        files[f"{chapter.slug}.md"] = _join(_render_chapter(book, number))
    if book.glossary.entries:
        files["glossary.md"] = _join(_render_glossary(book))
    return files


def _join(parts: Iterator[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _render_conf(book: Book) -> str:
    return _CONF.format(
        mark=PROJECT_MARK,
        title=book.title,
        # The theme writes this into the page as it is, too.
        author=escape("、".join(book.creators[:3]) or book.title),
        language=book.language.replace("-", "_"),
        # The theme writes this, or else the project's title, into the page as it is.
        theme_options={**_THEME_OPTIONS, "logo": {"text": escape(book.title)}},
    )


def _render_index(book: Book) -> str:
    originals = sum(chapter.originals for chapter in book.chapters)
    counts = [f"{len(book.chapters):,} 篇文章", f"{originals:,} 段原文"]
    if book.glossary.entries:
        counts.append(f"[{len(book.glossary.entries):,} 条术语](glossary.md)")
    contents = "\n\n".join(_render_contents_entry(chapter) for chapter in book.chapters)
    names = [chapter.slug for chapter in book.chapters]
    if book.glossary.entries:
        names.append("glossary")
    toctree = render_myst_directive("toctree", "", ":hidden:\n:maxdepth: 1\n\n" + "\n".join(names))
    parts = (
        f"# {escape_myst(book.title)}",
        "{.cp-counts}\n" + " · ".join(counts),
        "{.cp-contents}\n" + contents,
        toctree,
    )
    return _join(iter(parts))


def _render_contents_entry(chapter: Post) -> str:
    matter = chapter.front_matter
    facts = " · ".join(escape_myst(fact) for fact in (matter.date, *matter.speakers[:3]) if fact)
    lines = [f"[{escape_myst(matter.title)}]({chapter.slug}.md)"]
    if facts:
        lines.append(f"[{facts}]{{.cp-facts}}")
    return "- " + "\\\n  ".join(lines)


def _render_chapter(book: Book, number: int) -> Iterator[str]:
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
    yield from _render_closing(book, number)


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
    firsts = first_glosses(chapter)
    footnotes = find_footnotes(chapter.blocks)
    ids = book.glossary.ids
    for index, block in enumerate(chapter.blocks):
        found = ((gloss, entry_key(gloss.headword)) for gloss in firsts.get(index, ()))
        links = [
            Link(gloss.start, gloss.headword_end, f"#{ids[key]}")
            for gloss, key in found
            if key in ids
        ]
        if footnotes.notes and not isinstance(block, Heading):
            links += link_footnotes(
                block.markdown, index, footnotes, lambda i: f"#{prose_anchor(chapter.slug, i)}"
            )
        yield links


def _render_prose(book: Book, block: Prose, unit: int, anchor: str, links: Sequence[Link]) -> str:
    classes = ["cp-prose"]
    if unit:
        classes += ["cp-translation", f"cp-unit-{unit}"]
    if block.speaker:
        classes.append("cp-turn")
    if block.language == "en" and book.language != "en":
        classes.append("language-en")
    return render_myst_blocks(block.markdown, links=links, classes=classes, anchor=anchor)


def _render_original(block: Original, unit: int, links: Sequence[Link]) -> str:
    text = render_myst_blocks(block.markdown, links=links) or _EMPTY
    label = escape_myst(block.label) or _LABELS.get(block.language, "原文")
    classes = f"cp-original cp-unit-{unit}"
    if block.language:
        classes += f" language-{block.language.lower()}"
    label_language = language_of(block.label).lower() or "zh-hans"
    options = f":class-container: {classes}\n:class-title: cp-label language-{label_language}"
    return render_myst_directive("dropdown", label, f"{options}\n\n{text}")


def _render_closing(book: Book, number: int) -> Iterator[str]:
    """Yield the names that a chapter mentions and the chapters around it."""
    matter = book.chapters[number].front_matter
    groups = (
        ("人物", matter.people),
        ("机构", matter.organizations),
        ("产品与模型", matter.products),
        ("书刊与媒体", matter.media),
    )
    lines = [
        f"- **{label}**　{'、'.join(escape_myst(name) for name in names)}"
        for label, names in groups
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


def _render_glossary(book: Book) -> Iterator[str]:
    titles = {chapter.slug: chapter.front_matter.title for chapter in book.chapters}
    yield "# 术语表"
    for letter, entries in groupby(book.glossary.entries, key=lambda entry: entry.letter):
        yield f"{{#{_letter_id(letter)}}}\n## {escape_myst(letter)}"
        yield "{.cp-glossary}\n" + "\n\n".join(_render_entry(entry, titles) for entry in entries)


def _letter_id(letter: str) -> str:
    return f"letter-{letter.lower()}" if letter.isalpha() else "letter-other"


def _render_entry(entry: GlossaryEntry, titles: dict[str, str]) -> str:
    term = f"[{escape_myst(entry.headword)}]{{#{entry.id} .cp-headword}}"
    if entry.originals:
        expansions = "; ".join(escape_myst(original) for original in entry.originals)
        term += f" [{expansions}]{{.cp-expansion}}"
    paragraphs = [render_myst_inline(definition) for definition in entry.definitions]
    mentions = "、".join(
        f"[{escape_myst(titles[mention.chapter])}](#{mention.anchor})" for mention in entry.mentions
    )
    if mentions:
        paragraphs.append(f"[见 {mentions}]{{.cp-mentions}}")
    return f"{term}\n: " + ("\n\n  ".join(filter(None, paragraphs)) or "—")
