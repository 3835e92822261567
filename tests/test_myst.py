"""Whole books through stock Sphinx: no warning, every word on the page, links that resolve."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from converter.model import (
    Block,
    Book,
    Definition,
    FrontMatter,
    Glossary,
    GlossaryEntry,
    Heading,
    Index,
    IndexEntry,
    Locator,
    Mention,
    Occurrence,
    Original,
    Post,
    Prose,
    SeeReference,
    Span,
    prose_anchor,
)
from converter.myst import entry_pages, render_myst

from .links_html import find_broken_links, read_site

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
        self.title = ""
        self._hidden = 0
        self._heading = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.elements.append((tag, given))
        self.ids |= {given["id"]} if given.get("id") else set()
        self.links |= {given["href"]} if tag == "a" and given.get("href") else set()
        self._hidden += tag in ("script", "style")
        self._heading = tag == "h1" or (self._heading and tag != "a")

    def handle_endtag(self, tag):
        self._heading = self._heading and tag != "h1"
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data):
        (self.scripts if self._hidden else self.parts).append(data)
        if self._heading:
            self.title += data


def read_page(path: Path) -> _Text:
    page = _Text()
    page.feed(path.read_text("utf-8"))
    return page


def words(text: str) -> str:
    """Only what a reader reads: letters and digits, without what separates them."""
    return "".join(re.findall(r"[^\W_]+", text))


def make_book(
    *chapters: Post,
    title: str = "对照读本",
    language: str = "zh-CN",
    glossary: Glossary = Glossary(),  # noqa: B008 -- frozen
    indexes: tuple[Index, ...] = (),
) -> Book:
    return Book(
        slug="book",
        title=title,
        language=language,
        original_language="en",
        creators=("甲", "乙"),
        chapters=chapters,
        glossary=glossary,
        indexes=indexes,
    )


def mention(slug: str, index: int) -> Mention:
    return Mention(slug, prose_anchor(slug, index))


def build(book: Book, folder: Path, *, stock: bool, builder: str = "html") -> Path:
    """Write the project and run sphinx-build over it, as a stranger would."""
    source = folder / "project"
    source.mkdir()
    files = render_myst(book)
    if stock:
        files["conf.py"] = files["conf.py"].split("\ntry:\n")[0] + '\nhtml_theme = "basic"\n'
    for name, text in files.items():
        (source / name).write_text(text, "utf-8", newline="\n")
    out = folder / builder
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-b", builder]
    done = subprocess.run(
        [*command, str(source), str(out)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return out


FIRST = "2025-who-controls"


def small_glossary() -> Glossary:
    """Two entries and an alias: one defined by both chapters, one named in one paragraph."""
    model = GlossaryEntry(
        id="gloss-yu-yan-mo-xing",
        headword="语言模型",
        letter="Y",
        originals=("GPT", "*Language* Model"),
        definitions=(
            Definition("一种**语言**模型，见 `gpt`。", mention(FIRST, 1)),
            Definition("A program that *writes*.", mention("second", 1)),
        ),
        mentions=(mention(FIRST, 1), mention(FIRST, 3), mention("second", 1)),
        aliases=("大模型", "LLM"),
    )
    host = GlossaryEntry(
        id="gloss-zhu-chi-ren",
        headword="主持人",
        letter="Z",
        originals=(),
        definitions=(Definition("提问的人。", mention("second", 3)),),
        mentions=(mention("second", 3),),
    )
    lines = (
        SeeReference("大模型", "D", model.id, model.headword),
        SeeReference("LLM", "L", model.id, model.headword),
        model,
        host,
    )
    links = {
        prose_anchor(FIRST, 1): (Occurrence(2, 10, model.id),),
        prose_anchor("second", 1): (Occurrence(2, 10, model.id),),
        prose_anchor("second", 3): (Occurrence(0, 7, host.id),),
    }
    return Glossary(lines, links)


def small_indexes() -> tuple[Index, ...]:
    """Sam Altman twice in the first chapter and named by both; OpenAI only by front matter."""
    anchors = (prose_anchor(FIRST, 1), prose_anchor(FIRST, 3))
    locators = (Locator(FIRST, anchors), Locator("second", ()))
    altman = IndexEntry("person-ao-te-man", "奥特曼", "A", ("Sam Altman",), locators)
    openai = IndexEntry("organization-openai", "OpenAI", "O", (), (Locator(FIRST, ()),))
    reference = SeeReference("Sam Altman", "S", altman.id, altman.name)
    return Index("people", (altman, reference)), Index("organizations", (openai,))


def small_book() -> Book:
    matter = FrontMatter(
        title="谁控制**人工智能**？",
        date="2025-11-26",
        author="编者",
        speakers=("甲",),
        guests=("乙",),
        tags=("ai-ml", "C#"),
        people=("Sam Altman", "无名氏"),
        organizations=("OpenAI",),
        summary="摘要里有**粗体**和 `code`。",
        insight="编者按。",
        source_url="https://www.youtube.com/watch?v=a_b_c&t=1",
        channel="频道",
    )
    blocks: tuple[Block, ...] = (
        Heading(SPAN, 3, "第一节：**重点**"),
        Prose(SPAN, "这是**语言模型**（GPT: 一种语言模型。）的事。", "zh-Hans"),
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
        Post("a.md", FIRST, matter, blocks),
        Post("b.md", "second", FrontMatter(title="第二篇"), blocks),
        glossary=small_glossary(),
        indexes=small_indexes(),
    )


def hostile_reference(chapters: list[Post]) -> tuple[Glossary, tuple[Index, ...]]:
    """An entry a chapter, named and defined by its text, which its first prose links to."""
    lines: list[GlossaryEntry | SeeReference] = []
    names: list[IndexEntry | SeeReference] = []
    links: dict[str, tuple[Occurrence, ...]] = {}
    for number, (chapter, text) in enumerate(zip(chapters, HOSTILE, strict=True)):
        line = " ".join(text.split())
        letter = "#ABC"[number % 4] + "*" * (number % 2)
        index = next(i for i, block in enumerate(chapter.blocks) if isinstance(block, Prose))
        anchors = tuple(
            prose_anchor(chapter.slug, i)
            for i, block in enumerate(chapter.blocks)
            if isinstance(block, Prose)
        )
        place = mention(chapter.slug, index)
        lines.append(
            GlossaryEntry(
                id=f"gloss-{number}",
                headword=line,
                letter=letter,
                originals=(text, line),
                definitions=(Definition(f"一种{text}", place), Definition(text, place)),
                mentions=tuple(Mention(chapter.slug, anchor) for anchor in anchors),
                aliases=(text, f"甲{text}"),
            )
        )
        lines.append(SeeReference(text, letter, f"gloss-{number}", line))
        locators = (Locator(chapter.slug, anchors), Locator(chapters[0].slug, ()))
        names.append(IndexEntry(f"person-{number}", text, letter, (text, line), locators))
        names.append(SeeReference(line, letter, f"person-{number}", text))
        links[place.anchor] = (Occurrence(0, len(text), f"gloss-{number}"),)
    kinds = ("people", "organizations", "products", "media")
    return Glossary(tuple(lines), links), tuple(
        Index(
            kind,
            tuple(replace(name, id=name.id.replace("person", kind)) for name in names),
        )
        for kind in kinds
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
        blocks: list[Block] = [Original(SPAN, text, "en", text)]
        blocks += [Heading(SPAN, level, text) for level in (3, 1, 6, 2, 4, 5)]
        blocks += [
            Prose(SPAN, text, "zh-Hans", speaker=text),
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
    glossary, indexes = hostile_reference(chapters)
    return make_book(
        *chapters,
        title="# <script>alert(1)</script> {x} *书* ]",
        language="zh-Hant",
        glossary=glossary,
        indexes=indexes,
    )


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
def test_links_resolve_both_ways(tmp_path, stock):
    out = build(small_book(), tmp_path, stock=stock)

    site = read_site(out)
    assert find_broken_links(site) == []
    chapter, people = site["2025-who-controls"], site["people"]
    assert "glossary.html#gloss-yu-yan-mo-xing" in chapter.links
    assert "people.html#person-ao-te-man" in chapter.links
    assert "2025-who-controls.html#p1-2025-who-controls" in site["glossary"].links
    assert people.entries["person-ao-te-man"] == [
        "2025-who-controls.html#p1-2025-who-controls",
        "2025-who-controls.html#p3-2025-who-controls",
        "second.html",
    ]


def test_the_walk_finds_what_is_broken(tmp_path):
    entry = '<dl><dt><b id="gloss-a" class="cp-headword">a</b></dt><dd>{}</dd></dl>'
    link = '<a class="internal" href="glossary.html#gloss-a">a</a>'
    (tmp_path / "glossary.html").write_text(entry.format('<a href="one.html#p1">1</a>'), "utf-8")
    (tmp_path / "one.html").write_text(f'<p id="p1">{link}</p>', "utf-8")
    assert find_broken_links(read_site(tmp_path)) == []

    hidden = '<template><i id="p9"></i></template>'
    broken = f'<p id="p2">{link} <a href="#p9">x</a> <a href="no.html">y</a></p><i id="p2"></i>'
    (tmp_path / "two.html").write_text(broken + hidden, "utf-8")

    assert find_broken_links(read_site(tmp_path)) == [
        "two: twice the id p2",
        "two: no id for #p9",
        "two: no page for no.html",
        "glossary: gloss-a does not link back to two",
    ]


@pytest.mark.parametrize("stock", [True, False])
def test_a_hostile_book_builds_and_shows_every_word(tmp_path, stock):
    book = hostile_book()
    out = build(book, tmp_path, stock=stock)

    for chapter, text in zip(book.chapters, HOSTILE, strict=True):
        page = read_page(out / f"{chapter.slug}.html")
        shown = words("".join(page.parts))
        assert shown.count(words(text)) >= 8, text
        assert "root:" not in "".join(page.parts)
    assert find_broken_links(read_site(out)) == []
    for name in ("glossary", "people", "media"):
        shown = words("".join(read_page(out / f"{name}.html").parts))
        for text in HOSTILE:
            assert words(text) in shown, (name, text)
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


def large_book() -> Book:
    """Two letters of which one alone outgrows a page, in a book with a chapter `glossary-2`."""
    anchors = [mention("glossary-2", index) for index in range(3)]
    entries = [
        GlossaryEntry(
            id=f"gloss-{number}",
            headword=f"词条{number}",
            letter="A" if number < 100 else "B",
            originals=("Some Expansion",),
            definitions=(Definition("释义" * 60 + " $x_1^2$", anchors[number % 3]),),
            mentions=tuple(anchors),
        )
        for number in range(900)
    ]
    prose = tuple(Prose(SPAN, f"第{number}段。", "zh-Hans") for number in range(3))
    post = Post("a.md", "glossary-2", FrontMatter(title="一篇题目长一些的文章"), prose)
    return make_book(post, glossary=Glossary(tuple(entries)))


def test_a_long_glossary_is_several_pages(tmp_path):
    book = large_book()
    out = build(book, tmp_path, stock=False)

    site = read_site(out)
    assert find_broken_links(site) == []
    pages = entry_pages(book)
    parts = [name.removesuffix(".html") for name in dict.fromkeys(pages.values())]
    assert parts[:3] == ["glossary", "glossary-3", "glossary-4"]  # glossary-2 is a chapter
    assert read_page(out / "glossary-2.html").title == "一篇题目长一些的文章"
    titles = [read_page(out / f"{name}.html").title for name in parts]
    assert titles == ["术语表 A", "术语表 B", *["术语表 B（续）"] * (len(parts) - 2)]
    held = [identity for name in parts for identity in site[name].entries]
    assert held == [entry.id for entry in book.glossary.entries]
    assert all(entry.id in site[pages[entry.id][:-5]].ids for entry in book.glossary.entries)
    for name in parts:
        assert (out / f"{name}.html").stat().st_size < 500_000, name
        bar = {link.partition("#")[2] for link in site[name].links if "#letter-" in link}
        assert bar == {"letter-glossary-a", "letter-glossary-b"}


def test_a_definition_names_its_post_unless_the_only_mention_does():
    text = render_myst(small_book())["glossary.md"]

    assert text.count("cp-source") == 2
    model = text[text.index("[语言模型]{#") : text.index("## Z")]
    assert "[A program that _writes_.]{.language-en} [[第二篇](#p1-second)]{.cp-source}" in model
    assert "又作 大模型、[LLM]{.language-en}" in model
    assert "[2](#p3-2025-who-controls)；[第二篇](#p1-second)]{.cp-mentions}" in model
    assert "cp-source" not in text[text.index("[主持人]") :]


def test_no_mark_of_direction_reaches_a_list():
    turned = GlossaryEntry(
        id="gloss-a",
        headword="甲\u202e",
        letter="J",
        originals=("a\u2067b",),
        definitions=(Definition("**\u202d丙**&#x202e;丁", mention("second", 1)),),
        mentions=(mention("second", 1), mention("second", 3)),
    )
    book = replace(small_book(), glossary=Glossary((turned,)))

    text = render_myst(book)["glossary.md"]

    assert all(part in text for part in ("甲", "ab", "丙", "丁"))
    assert not re.search("[\u202a-\u202e\u2066-\u2069]|&#82", text)


def test_names_lead_to_the_index_where_it_has_them():
    text = render_myst(small_book())["2025-who-controls.md"]

    assert "[Sam Altman](#person-ao-te-man)、无名氏" in text


def test_the_contents_count_and_link_what_there_is():
    text = render_myst(small_book())["index.md"]

    counts = next(line for line in text.split("\n") if "篇文章" in line)
    assert counts == (
        "2 篇文章 · 4 段原文 · [2 条术语](glossary.md) · [1 位人物](people.md) · "
        "[1 家机构](organizations.md)"
    )
    assert text.rstrip().endswith("second\nglossary\npeople\norganizations\n:::")


def test_a_book_without_entries_has_no_reference_pages():
    empty = make_book(
        Post("a.md", "a", FrontMatter(title="题", people=("甲",)), ()),
        indexes=(Index("people", ()),),
    )

    assert sorted(render_myst(empty)) == ["a.md", "conf.py", "index.md"]


def test_latin_letters_that_stand_apart_have_a_labelled_row_of_their_own():
    post = Post("a.md", "a", FrontMatter(title="词"), (Prose(SPAN, "词", "zh-Hans"),))
    lines = tuple(
        GlossaryEntry(f"gloss-{number}", headword, letter, (), (), (Mention("a", "p0-a"),))
        for number, (headword, letter) in enumerate([("桌", "Z"), ("zebra", "西文 Z"), ("3D", "#")])
    )
    page = render_myst(make_book(post, glossary=Glossary(lines)))["glossary.md"]
    assert re.findall(r"^\{#(.+)\}\n## (.+)$", page, re.MULTILINE) == [
        ("letter-glossary-z", "Z"),
        ("letter-glossary-latin-z", "西文 Z"),
        ("letter-glossary-other", "\\#"),
    ]
    assert "[中文]{.cp-letters-label} [Z](#letter-glossary-z)\n\n[西文]{.cp-letters-label}" in page
    together = tuple(replace(line, letter=line.letter[-1]) for line in lines)
    page = render_myst(make_book(post, glossary=Glossary(together)))["glossary.md"]
    assert "cp-letters-label" not in page
