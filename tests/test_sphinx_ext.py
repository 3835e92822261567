"""The HTML edition of a small book, built as a reader gets it, warnings as errors."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from converter.sphinx_ext import html as html_edition
from converter.sphinx_ext.cards import collect_cards
from converter.sphinx_ext.languages import interface_labels, language_tag

# The theme's own, which no setting of ours can mend.
pytestmark = pytest.mark.filterwarnings(
    "ignore::sphinx.deprecation.RemovedInSphinx11Warning",
    "ignore::sphinx.deprecation.RemovedInSphinx10Warning",
)

CONF = """\
project = "书"
author = "某人"
extensions = ["myst_parser", "sphinx_design", "converter.sphinx_ext"]
myst_enable_extensions = ["colon_fence", "attrs_block", "attrs_inline", "deflist"]
myst_ref_domains = ["std"]
language = "zh_CN"
smartquotes = False
html_theme = "sphinx_book_theme"
html_title = project
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
"""
CHAPTER = """\
# 甲<乙> & "丙"

:::{div} cp-meta
- 日期：2025-11-26
:::

## 第一节

{#p1-a .cp-prose .cp-translation .cp-unit-12}
河畔的译者谈[**推理**](#gloss-tui-li)（Reasoning: 想一想），不是[空话](#gloss-kong-hua)。

:::{dropdown} 英文原文
:class-container: cp-original cp-unit-12 language-en
:class-title: cp-label language-zh-hans
The translator by the river.
:::

{.cp-prose .language-zh-hant}
這一段是繁體。

{.cp-prose .cp-unit-13}
| 甲 | 乙 |
|---|---|
| 1 | 2 |
"""
GLOSSARY = """\
# 术语表

:::{div} cp-letters
[T](#letter-t) [Y](#letter-y)
:::

{#letter-t}
## T

{.cp-glossary}
[**推理**]{#gloss-tui-li .cp-headword} [[Reasoning]{.language-en}]{.cp-expansion}
: 由[已知](#gloss-yu-yan)推出`未知`。 [[甲](#p1-a)]{.cp-source}

  [又作 推断]{.cp-aliases}

  [见 [甲](#p1-a)]{.cp-mentions}

[空话]{#gloss-kong-hua .cp-headword}
: [见 [甲](#p1-a)]{.cp-mentions}

{#letter-y}
## Y

{.cp-glossary}
[**语言**]{#gloss-yu-yan .cp-headword} (Language)
: 说话。
"""
INDEX = """\
# 书

:::{toctree}
:maxdepth: 1

a
b
glossary
:::
"""
BOOK = {"index": INDEX, "a": CHAPTER, "b": "# 第二章\n\n正文。\n", "glossary": GLOSSARY}


class _Page(HTMLParser):
    """A page's elements, each as (tag, attributes, tags and attributes of its ancestors)."""

    VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], list[dict[str, str]]]] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes, [above for _, above in self._open]))
        if tag not in self.VOID:
            self._open.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def find(self, tag: str, name: str = "") -> list[dict[str, str]]:
        return [
            attributes
            for found, attributes, _ in self.elements
            if found == tag and (not name or name in attributes.get("class", "").split())
        ]


def _build(
    root: Path, documents: dict[str, str], builder: str = "html", jobs: int = 1, **settings: str
) -> Path:
    source, output = root / "source", root / builder
    source.mkdir(parents=True, exist_ok=True)
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    for name, text in documents.items():
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    with docutils_namespace():
        app = Sphinx(
            source,
            source,
            output,
            root / "doctrees",
            builder,
            confoverrides={"nitpicky": True, **settings},
            status=None,
            warningiserror=True,
            exception_on_warning=True,
            parallel=jobs,
        )
        app.build()
    return output


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(tmp_path_factory.mktemp("book"), BOOK)


@pytest.fixture(scope="module")
def chapter(book: Path) -> _Page:
    return _Page((book / "a.html").read_text(encoding="utf-8"))


def test_prose_and_its_original_share_a_data_unit(chapter: _Page) -> None:
    (prose,) = chapter.find("p", "cp-translation")
    (original,) = chapter.find("details", "cp-original")
    assert prose == {
        "class": "cp-prose cp-translation",
        "data-unit": "12",
        "id": "p1-a",
    }
    assert original["data-unit"] == "12"
    assert [table["data-unit"] for table in chapter.find("table", "cp-prose")] == ["13"]


def test_no_class_carries_data_any_more(book: Path) -> None:
    for page in book.glob("*.html"):
        classes = re.findall(r'class="([^"]*)"', page.read_text(encoding="utf-8"))
        assert not [value for value in classes if "cp-unit-" in value or "language-" in value]


def test_languages_are_in_the_case_of_bcp_47(chapter: _Page) -> None:
    (original,) = chapter.find("details", "cp-original")
    (label,) = chapter.find("summary", "cp-label")
    languages = [prose.get("lang") for prose in chapter.find("p", "cp-prose")]
    assert (original["lang"], label["lang"]) == ("en", "zh-Hans")
    assert languages == [None, "zh-Hant"]


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("zh-hans", "zh-Hans"),
        ("zh_CN", "zh-CN"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("en-x-twain", "en-x-twain"),
        ("de-ch-1901", "de-CH-1901"),
    ],
)
def test_language_tag(value: str, tag: str) -> None:
    assert language_tag(value) == tag


def test_sphinx_leaves_no_search_of_its_own(book: Path) -> None:
    written = {path.relative_to(book).parts[0] for path in book.rglob("*") if path.is_file()}
    assert "a.html" in written
    assert written.isdisjoint({"searchindex.js", "search.html", "genindex.html", "_sources"})


def test_only_the_text_is_searched(chapter: _Page) -> None:
    bodies = [
        attributes for _, attributes, _ in chapter.elements if "data-pagefind-body" in attributes
    ]
    assert [body["data-title"] for body in bodies] == ['甲<乙> & "丙"']
    for tag, attributes, above in chapter.elements:
        inside = any("data-pagefind-body" in ancestor for ancestor in above)
        assert inside or tag not in {"details", "h1"}
        assert not inside or tag not in {"nav", "dialog", "form"}
        if {"cp-meta", "cp-label"} & set(attributes.get("class", "").split()):
            assert "data-pagefind-ignore" in attributes


def test_every_page_has_the_style_and_the_script(book: Path, chapter: _Page) -> None:
    styles = [link["href"].split("?")[0] for link in chapter.find("link")]
    scripts = [script.get("src", "").split("?")[0] for script in chapter.find("script")]
    assert "_static/book.css" in styles
    assert "_static/book.js" in scripts
    assert (book / "_static/book.css").read_text(encoding="utf-8").count("cp-original") > 5
    assert "details.cp-original" in (book / "_static/book.js").read_text(encoding="utf-8")


def test_pages_load_only_files_that_are_there(book: Path) -> None:
    loaded = set()
    for path in book.glob("*.html"):
        for tag, attributes, _ in _Page(path.read_text(encoding="utf-8")).elements:
            if tag == "link" and attributes.get("rel") in {"prev", "next"}:
                continue
            if tag == "link" and attributes.get("rel") == "icon":
                # In the page itself: a browser that is told of none asks for favicon.ico.
                assert attributes["href"].startswith("data:image/svg+xml,")
                continue
            if tag in {"link", "script", "img", "source", "iframe"}:
                loaded |= {attributes[name] for name in ("href", "src") if attributes.get(name)}
    assert loaded
    for address in loaded:
        assert "//" not in address
        assert (book / address.split("?")[0]).is_file(), address


def test_styles_and_scripts_fetch_nothing_from_elsewhere(book: Path) -> None:
    for path in [*book.rglob("*.css"), book / "_static/book.js"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""(url\(|@import )["']?(https?:)?//""", text), path
        assert path.suffix == ".css" or "http" not in text


def test_files_that_no_page_loads_are_gone(book: Path) -> None:
    static = book / "_static"
    assert not list(static.rglob("*.map"))
    assert not (static / "scripts/fontawesome.js").exists()
    assert (static / "vendor/fontawesome/webfonts/fa-solid-900.woff2").exists()
    assert sum(path.stat().st_size for path in static.rglob("*") if path.is_file()) < 1_500_000


def test_the_button_for_all_originals_waits_for_its_script(chapter: _Page) -> None:
    (button,) = chapter.find("button", "cp-toggle-all")
    assert "hidden" in button
    assert button["aria-pressed"] == "false"
    assert "全部展开原文" in button["title"]
    assert "全部收起原文" in button["data-close"]


def test_the_search_field_names_its_results(chapter: _Page) -> None:
    (field,) = [field for field in chapter.find("input") if field.get("role") == "combobox"]
    (results,) = [box for box in chapter.find("div") if box.get("role") == "listbox"]
    assert field["aria-controls"] == results["id"]
    (dialog,) = chapter.find("dialog", "cp-search")
    assert "duizhao serve" in dialog["data-offline"]


def test_the_sidebar_lists_the_chapters(chapter: _Page, book: Path) -> None:
    links = [
        attributes
        for tag, attributes, above in chapter.elements
        if tag == "a" and any("bd-sidenav" in ancestor.get("class", "") for ancestor in above)
    ]
    assert [link["href"] for link in links] == ["#", "b.html", "glossary.html"]
    assert [link.get("aria-current") for link in links] == ["page", None, None]
    assert "甲&lt;乙&gt; &amp; &#34;丙&#34;</a>" in (book / "b.html").read_text(encoding="utf-8")


def test_contents_that_are_no_list_are_the_themes_own(tmp_path: Path) -> None:
    part = "# 卷一\n\n:::{toctree}\na\n:::\n"
    index = "# 书\n\n:::{toctree}\npart\n:::\n"
    output = _build(tmp_path, {"index": index, "part": part, "a": "# 深处的一章\n"})
    page = _Page((output / "index.html").read_text(encoding="utf-8"))
    assert "a.html" in {
        attributes.get("href")
        for _, attributes, above in page.elements
        if any("bd-sidenav" in ancestor.get("class", "") for ancestor in above)
    }


def test_the_glossary_jumps_to_letters_that_exist(book: Path) -> None:
    page = _Page((book / "glossary.html").read_text(encoding="utf-8"))
    ids = {attributes.get("id") for _, attributes, _ in page.elements}
    (bar,) = page.find("div", "cp-letters")
    letters = [
        attributes["href"]
        for tag, attributes, above in page.elements
        if tag == "a" and bar in above
    ]
    assert letters == ["#letter-t", "#letter-y"]
    assert {letter.removeprefix("#") for letter in letters} <= ids
    assert (bar["role"], bar["aria-label"]) == ("navigation", "按字母跳转")
    for name in ("cp-letters", "cp-mentions", "cp-source"):
        (found, *_) = page.find("div", name) or page.find("span", name)
        assert found["data-pagefind-ignore"] == "index"
    assert "cp-letters" not in (book / "a.html").read_text(encoding="utf-8")


def _cards(page: Path) -> str:
    _, start, rest = page.read_text(encoding="utf-8").partition('<template id="cp-cards"')
    return start + rest.partition("</template>")[0]


def test_a_page_holds_the_cards_of_its_own_terms(book: Path) -> None:
    cards = _cards(book / "a.html")
    assert re.findall('data-gloss="([^"]*)"', cards) == ["gloss-tui-li"]
    assert 'data-entry="查看词条" data-close="关闭"' in cards
    text = re.sub("<[^>]*>", "", cards.partition(">")[2]).split()
    assert text == ["推理", "Reasoning", "由已知推出未知。"]
    assert '<span lang="en">Reasoning</span>' in cards
    assert not re.search('<a |id=(?!"cp-cards)', cards)
    assert "cards.js" in (book / "a.html").read_text(encoding="utf-8")
    for name in ("b", "glossary", "index"):
        assert _cards(book / f"{name}.html") == ""
        assert "cards.js" not in (book / f"{name}.html").read_text(encoding="utf-8")


def test_cards_stay_when_only_the_chapter_is_read_again(tmp_path: Path) -> None:
    before = _cards(_build(tmp_path, BOOK) / "a.html")
    after = _cards(_build(tmp_path, {**BOOK, "a": f"{CHAPTER}\n更多。\n"}) / "a.html")
    assert before == after != ""
    shorter = GLOSSARY.replace("由[已知](#gloss-yu-yan)推出`未知`。", "改了。")
    changed = {**BOOK, "a": CHAPTER, "glossary": shorter}
    assert "改了。" in _cards(_build(tmp_path, changed) / "a.html")


def test_a_long_definition_is_cut_in_its_card() -> None:
    long = nodes.paragraph("", "", nodes.strong("", "甲" * 200), nodes.math("", "x" * 99))
    long += [nodes.literal("", "乙" * 50), nodes.math("", "y"), nodes.Text("丙")]
    headword = nodes.inline("", "词", classes=["cp-headword"], ids=["gloss-a"])
    item = nodes.definition_list_item("", nodes.term("", "", headword), nodes.definition("", long))
    document = new_document("x")
    document += nodes.definition_list("", item)

    ((identity, (term, definition)),) = collect_cards(document).items()

    assert identity == "gloss-a"
    assert term["classes"] == ["cp-card-of-gloss-a"]
    assert definition.astext() == "甲" * 200 + "x" * 99
    assert long.astext().endswith("y丙")


def test_the_drawn_chevron_is_left_out(book: Path) -> None:
    assert "sd-summary-state-marker" not in (book / "a.html").read_text(encoding="utf-8")


def test_a_page_without_math_loads_no_mathjax(book: Path) -> None:
    assert "mathjax" not in (book / "a.html").read_text(encoding="utf-8").lower()


def test_formulas_are_mathml_without_a_script(tmp_path: Path) -> None:
    index = (
        "# 书 {math}`K+1`\n\n行内 {math}`x_1`，坏的 {math}`\\cssId{a}{b}`。\n\n"
        f"{{math}}`{'x_1 + ' * 9}y`\n\n"
        "(p1)=\n:::{math}\n:class: cp-math cp-prose cp-unit-1 language-en\n\n:x^2\n:::\n\n"
        "[链接](#p1)\n\n:::{math}\n:label: e\n\ny < 1\n:::\n"
    )
    page = (_build(tmp_path, {"index": index}) / "index.html").read_text(encoding="utf-8")
    found = _Page(page)
    (block,) = found.find("div", "cp-prose")
    assert (block["data-unit"], block["lang"], block["id"]) == ("1", "en", "p1")
    formulas = [formula["alttext"] for formula in found.find("math")]
    assert formulas[-4:] == ["x_1", f"{'x_1 + ' * 9}y", ":x^2", "y < 1"]
    assert [formula["display"] for formula in found.find("math")][-2:] == ["block", "block"]
    assert len(found.find("span", "cp-math-long")) == 1
    assert '<code class="docutils literal notranslate">\\cssId{a}{b}</code>' in page
    assert '<span class="eqno">(1)' in page
    assert "mathjax" not in page.lower()
    assert "cdn" not in page.lower()


def test_parallel_writing_gives_the_same_pages(tmp_path: Path) -> None:
    more = {f"x{number}": f"# 第 {number} 讲\n" for number in range(6)}
    index = INDEX.replace("glossary\n", "glossary\n" + "\n".join(more) + "\n")
    serial = _build(tmp_path / "serial", {**BOOK, **more, "index": index})
    parallel = _build(tmp_path / "parallel", {**BOOK, **more, "index": index}, jobs=2)
    for page in serial.glob("*.html"):
        assert page.read_bytes() == (parallel / page.name).read_bytes(), page.name


def test_sphinx_makes_its_epub_with_its_own_theme(tmp_path: Path) -> None:
    output = _build(tmp_path, BOOK, builder="epub", version="1", copyright="某人")

    page = (output / "a.xhtml").read_text(encoding="utf-8")
    assert 'data-unit="12"' in page
    assert "webpack" not in page


def test_other_builders_are_left_alone(tmp_path: Path) -> None:
    output = _build(tmp_path, BOOK, builder="text")
    assert "The translator by the river." in (output / "a.txt").read_text(encoding="utf-8")


def test_the_start_tag_does_not_change_the_node() -> None:
    class Translator:
        def starttag(self, node: Any, tagname: str, suffix: str, empty: Any, **marks: Any) -> str:
            return f"{tagname} {node['classes']} {marks} {suffix}{empty}"

    class Book(html_edition.BookTranslatorMixin, Translator):
        pass

    node = {"classes": ["cp-prose", "cp-unit-3", "language-zh-hans"]}
    tag = Book().starttag(node, "p", CLASS="x")
    assert tag == "p ['cp-prose'] {'CLASS': 'x', 'data-unit': '3', 'lang': 'zh-Hans'} \nFalse"
    assert node == {"classes": ["cp-prose", "cp-unit-3", "language-zh-hans"]}


@pytest.mark.parametrize(
    ("language", "label"),
    [("zh_CN", "搜索本书"), ("zh_TW", "搜尋本書"), ("en", "Search this book")],
)
def test_the_interface_speaks_the_language_of_the_book(language: str, label: str) -> None:
    labels = interface_labels(language)
    assert labels["search"] == label
    assert labels.keys() == interface_labels("zh_CN").keys()


def test_pagefind_finds_the_text_and_not_the_navigation(tmp_path: Path) -> None:
    pytest.importorskip("pagefind")
    site = _build(tmp_path, BOOK)
    subprocess.run(
        [sys.executable, "-m", "pagefind", "--site", str(site), "--silent"], check=True, timeout=60
    )
    assert (site / "pagefind/pagefind.js").is_file()
    fragments = {}
    for path in (site / "pagefind/fragment").iterdir():
        data = gzip.decompress(path.read_bytes())
        fragment = json.loads(data[data.index(b"{") :])
        fragments[fragment["url"]] = fragment
    found = fragments["/a.html"]
    assert found["meta"]["title"] == '甲<乙> & "丙"'
    assert "p1-a" in {anchor["id"] for anchor in found["anchors"]}
    words = found["content"].replace("\u200b", "")
    assert "河畔的译者" in words
    assert "The translator by the river." in words
    for unwanted in ("英文原文", "2025-11-26", "第二章", "#", "推出", "查看词条"):
        assert unwanted not in words
