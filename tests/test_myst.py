"""Whole books through stock Sphinx: no warning, every word on the page, links that resolve."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from converter.glossary import collect_glossary
from converter.model import Block, Book, FrontMatter, Gloss, Heading, Original, Post, Prose, Span
from converter.myst import render_myst

SPAN = Span(1, 2)
LONG = "长" * 300
HOSTILE = (
    ":::{include} /etc/passwd",
    "```{include} /etc/passwd\n```",
    "```{eval-rst}\n.. raw:: html\n\n   <b>x</b>\n```",
    "{raw}`x` {download}`conf.py`",
    "(target)=",
    "% vanishing",
    "+++",
    "---",
    "***",
    "*",
    "]",
    "](javascript:alert(1)) [a](javascript:alert(2)) [b](data:text/html,x) [c](file:///etc/passwd)",
    "{#id .class}",
    "a | b | c",
    "first\nsecond\n\nthird",
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)"> <iframe src="x"> <svg onload=alert(1)>',
    LONG,
    "？！……",
    "# heading #",
    "1. item",
    "1989. year",
    "[^1] and [^1]: note",
    "[Speaker 2]: 我提交回去。",
    "[耐克](Nike) [x](#none) [y](conf.py) {doc}`index` [[wiki]]",
    "{{ config }} {% raw %} {{< ref x >}}",
    "$5 and $7, $x$, $$y$$",
    "|name| :name: value",
    ":name: value",
    "> quote",
    "term\n: definition",
    "&amp; &#10;&#10;# entity &lt;b&gt; &copy;",
    "back\\slash \\* `tick ``` ~~~",
    "no\u00a0break zero\u200bwidth \u3000 wide",
    '#read("/etc/passwd") \\input{/etc/passwd}',
)
CODE = "```python\n:::{note}\n::::\n```\n\n````\n```\n</details> `x`\n````"


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts = []
        self.ids = set()
        self.links = set()
        self.elements = []
        self.scripts = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.elements.append((tag, given))
        self.ids |= {given["id"]} if given.get("id") else set()
        self.links |= {given["href"]} if tag == "a" and given.get("href") else set()
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag):
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data):
        (self.scripts if self._hidden else self.parts).append(data)


def read_page(path: Path) -> _Text:
    page = _Text()
    page.feed(path.read_text("utf-8"))
    return page


def words(text: str) -> str:
    """Only what a reader reads: letters and digits, without what separates them."""
    return "".join(re.findall(r"[^\W_]+", text))


def make_book(*chapters: Post, title: str = "对照读本", language: str = "zh-CN") -> Book:
    return Book(
        slug="book",
        title=title,
        language=language,
        original_language="en",
        creators=("甲", "乙"),
        chapters=chapters,
        glossary=collect_glossary(chapters),
    )


def make_gloss(markdown: str, bold: str, bracket: str) -> Prose:
    start = markdown.index(bold)
    headword_end = start + len(bold)
    gloss = Gloss(
        start, headword_end, headword_end + len(bracket), bold.strip("*"), "GPT", "一种语言模型。"
    )
    return Prose(SPAN, markdown, "zh-Hans", glosses=(gloss,))


def build(book: Book, folder: Path, *, stock: bool) -> Path:
    """Write the project and run sphinx-build over it, as a stranger would."""
    source = folder / "project"
    source.mkdir()
    files = render_myst(book)
    if stock:
        files["conf.py"] = files["conf.py"].split("\ntry:\n")[0] + '\nhtml_theme = "basic"\n'
    for name, text in files.items():
        (source / name).write_text(text, "utf-8", newline="\n")
    out = folder / "html"
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run(
        [*command, str(source), str(out)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return out


def small_book() -> Book:
    bracket = "（GPT: 一种语言模型。）"
    matter = FrontMatter(
        title="谁控制**人工智能**？",
        date="2025-11-26",
        author="编者",
        speakers=("甲",),
        guests=("乙",),
        tags=("ai-ml", "C#"),
        people=("Sam Altman",),
        organizations=("OpenAI",),
        summary="摘要里有**粗体**和 `code`。",
        insight="编者按。",
        source_url="https://www.youtube.com/watch?v=a_b_c&t=1",
        channel="频道",
    )
    blocks: tuple[Block, ...] = (
        Heading(SPAN, 3, "第一节：**重点**"),
        make_gloss(f"这是**语言模型**{bracket}的事。", "**语言模型**", bracket),
        Original(SPAN, "", "en", ">> This is about *language models*.\n\n- one\n- two"),
        Prose(SPAN, "**主持人**：“你好。”", "zh-Hans", speaker="主持人"),
        Prose(SPAN, "引言：\n- 甲\n- 乙", "zh-Hans"),
        Original(SPAN, "Original English-2", "en", CODE),
        Heading(SPAN, 5, "更深"),
        Prose(SPAN, "| 甲 | 乙 |\n|---|---|\n| 一 | 二 | 三 |", "zh-Hans"),
        Prose(SPAN, "---", "zh-Hans"),
        Prose(SPAN, "Not translated[^1].", "en"),
        Prose(SPAN, "[^1]: 也不必译。", "zh-Hans"),
    )
    return make_book(
        Post("a.md", "2025-who-controls", matter, blocks),
        Post("b.md", "second", FrontMatter(title="第二篇"), blocks),
    )


def hostile_book() -> Book:
    chapters = []
    for number, text in enumerate(HOSTILE):
        line = " ".join(text.split())
        names = (text, f"甲{text}")
        matter = FrontMatter(
            title=line,
            date=line,
            author=text,
            speakers=names,
            guests=names,
            tags=names,
            people=names,
            organizations=names,
            products=names,
            media=names,
            summary=text,
            insight=text,
            channel=text,
            source_url=f"https://example.org/{line}",
        )
        gloss = Gloss(0, len(text), len(text), line, text, f"一种{text}")
        blocks: list[Block] = [Original(SPAN, text, "en", text)]
        blocks += [Heading(SPAN, level, text) for level in (3, 1, 6, 2, 4, 5)]
        blocks += [
            Prose(SPAN, text, "zh-Hans", speaker=text, glosses=(gloss,)),
            Original(SPAN, text, "zh-Hant", text),
            Original(SPAN, line, "", f"{CODE}\n\n{text}"),
            Prose(SPAN, f"前文\n\n{text}\n\n{CODE}", "en"),
            Prose(SPAN, "", "zh-Hans"),
            Prose(SPAN, "<b></b> <!-- x -->", "zh-Hans"),
            Original(SPAN, "", "en", ""),
            Heading(SPAN, 3, "<span></span>"),
            Heading(SPAN, 3, "同名"),
            Heading(SPAN, 3, "同名"),
        ]
        chapters.append(Post(f"{number}.md", f"{number}-chapter", matter, tuple(blocks)))
    return make_book(*chapters, title="# <script>alert(1)</script> {x} *书* ]", language="zh-Hant")


@pytest.mark.parametrize("stock", [True, False])
def test_a_small_book_with_everything(tmp_path, stock):
    out = build(small_book(), tmp_path, stock=stock)

    page = read_page(out / "2025-who-controls.html")
    shown = words("".join(page.parts))
    for text in (
        "这是语言模型GPT一种语言模型的事",
        "Thisisaboutlanguagemodels",
        "主持人你好",
        "一二三",
    ):
        assert text in shown
    originals = [given for tag, given in page.elements if tag == "details"]
    assert all("cp-original" in given["class"] for given in originals)
    assert [given.get("lang") for given in originals] == ["en", "en"]
    prose = [given for _, given in page.elements if "cp-translation" in given.get("class", "")]
    assert len(prose) == 3
    assert {tag for tag, given in page.elements if "cp-break" in given.get("class", "")} == {"p"}


@pytest.mark.parametrize("stock", [True, False])
def test_glossary_links_resolve_both_ways(tmp_path, stock):
    out = build(small_book(), tmp_path, stock=stock)

    pages = {path.name: read_page(path) for path in out.glob("*.html")}
    assert "glossary.html#gloss-yu-yan-mo-xing" in pages["2025-who-controls.html"].links
    assert "gloss-yu-yan-mo-xing" in pages["glossary.html"].ids
    assert "2025-who-controls.html#p1-2025-who-controls" in pages["glossary.html"].links
    for name, page in pages.items():
        for link in page.links:
            file, _, anchor = link.partition("#")
            target = pages.get(file or name)
            if "://" not in link and target and anchor:
                assert anchor in target.ids, f"{name} links to {link}"


@pytest.mark.parametrize("stock", [True, False])
def test_a_hostile_book_builds_and_shows_every_word(tmp_path, stock):
    book = hostile_book()
    out = build(book, tmp_path, stock=stock)

    for chapter, text in zip(book.chapters, HOSTILE, strict=True):
        page = read_page(out / f"{chapter.slug}.html")
        shown = words("".join(page.parts))
        assert shown.count(words(text)) >= 8, text
        assert "root:" not in "".join(page.parts)
    for path in out.glob("*.html"):
        page = read_page(path)
        assert "alert" not in "".join(page.scripts), path.name
        # The icon is ours: no post can name one.
        elements = [given for tag, given in page.elements if given.get("rel") != "icon"]
        assert not [given for given in elements if is_dangerous(given)], path.name


def is_dangerous(attributes: dict[str, str | None]) -> bool:
    """Tell whether an element runs or reads what the hostile texts ask for."""
    addresses = (attributes.get(name) or "" for name in ("href", "src"))
    return any(name.startswith("on") for name in attributes) or any(
        re.match("(?i)(javascript|data|file):", address) for address in addresses
    )


def test_a_title_that_the_body_repeats_shows_once():
    post = Post("a.md", "a", FrontMatter(title="题"), (Heading(SPAN, 1, "**题**"),))

    text = render_myst(make_book(post))["a.md"]

    assert text.count("题") == 1


def test_levels_do_not_skip():
    levels = (Heading(SPAN, 4, "甲"), Heading(SPAN, 6, "乙"), Heading(SPAN, 4, "丙"))
    post = Post("a.md", "a", FrontMatter(title="题"), levels)

    text = render_myst(make_book(post))["a.md"]

    assert re.findall("^#+ .", text, re.MULTILINE) == ["# 题", "## 甲", "### 乙", "## 丙"]


def test_files_are_flat():
    assert all(re.fullmatch(r"[a-z0-9-]+\.(md|py)", name) for name in render_myst(small_book()))
