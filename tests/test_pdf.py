"""The PDF edition: a project with every kind of node, set and bound as a reader gets it."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from typst import Compiler, Fonts

from converter.mathml import render_mathml
from converter.sphinx_ext.pdf import builder as builder_module
from converter.sphinx_ext.pdf import compositor
from converter.sphinx_ext.pdf.binding import _roman
from converter.sphinx_ext.pdf.builder import PAGES
from converter.sphinx_ext.pdf.document import write_chapter
from converter.sphinx_ext.pdf.formulas import formula
from converter.sphinx_ext.pdf.last_resort import FAMILY, render_font
from converter.sphinx_ext.pdf.literals import SOFT_BREAK, literal, sequence, split_words
from converter.sphinx_ext.pdf.press import SettingError
from converter.sphinx_ext.pdf.writer import LINK_SCHEME

PROJECT = Path(__file__).parent / "cases" / "pdf_project"

# Sphinx's and the theme's own, which no setting of ours can mend.
pytestmark = pytest.mark.filterwarnings(
    "ignore::sphinx.deprecation.RemovedInSphinx11Warning",
    "ignore::sphinx.deprecation.RemovedInSphinx10Warning",
)


def pack(text: str) -> str:
    """Return a text without what only its lines and its faces make of it."""
    # Of U+FFFD no PDF of Typst's says what it is.
    text = text.replace("控\ufffd制", "控制")
    return re.sub(r"\s|\u00ad|(?<=控)[A-Z](?=制)", "", unicodedata.normalize("NFKC", text))


class Built:
    """A PDF and what its building said."""

    def __init__(self, folder: Path, warnings: str) -> None:
        self.path = next(folder.glob("*.pdf"))
        self.warnings = warnings
        self.pages: dict[str, str] = json.loads((folder / PAGES).read_text("utf-8"))["pages"]
        with pymupdf.open(self.path) as document:
            self.texts = [page.get_text() for page in document]
            self.boxes = [
                (page.rect, [pymupdf.Rect(word[:4]) for word in page.get_text("words")])
                for page in document
            ]
            self.outline = document.get_toc()
            self.links = [(page.number, link) for page in document for link in page.get_links()]
            self.labels = [page.get_label() for page in document]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def packed(self) -> str:
        return pack(self.text)

    def page_with(self, text: str) -> int:
        return next(n for n, page in enumerate(self.texts) if pack(text) in pack(page))


def build(source: Path, out: Path, **settings: Any) -> Built:
    warning = StringIO()
    with docutils_namespace():
        app = Sphinx(
            source,
            source,
            out,
            out / ".doctrees",
            "typstpdf",
            confoverrides=settings,
            status=None,
            warning=warning,
        )
        app.build(force_all=True)
    return Built(out, warning.getvalue())


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Built:
    return build(PROJECT, tmp_path_factory.mktemp("pdf"))


def small(folder: Path, text: str, **more: str) -> Path:
    folder.mkdir()
    shutil.copy(PROJECT / "conf.py", folder)
    names = ["one", *more]
    toctree = "```{toctree}\n" + "\n".join(names) + "\n```\n"
    (folder / "index.md").write_text(f"# 书\n\n{toctree}", "utf-8")
    (folder / "one.md").write_text(text, "utf-8")
    for name, content in more.items():
        (folder / f"{name}.md").write_text(content, "utf-8")
    return folder


# ---------------------------------------------------------------------------------------------
# Nothing is lost


WORDS = """
首页的导言 粗体 斜体 code 外面 里面 软换行接着写,andEnglishgoeson 脚注的正文 下标 上标 Ctrl 按钮
没有去处 第一节 小节
独词的解释 三起 解释 第二段 注释 注意的话 自己的标题 自己的话 折叠的话 标签一 标签的话
文字里的小图 坏图 远图 图说文字 题词 作者 表头甲 格中项 格中文 表题 乙列 新增的话 话题的话
小标 居中的话 foo(a,b=1) 函数的话 诗行一 诗行二 字段的值 选项的话 边栏的话 >>>1+1 a::=bc
#panic("no") #read("/etc/passwd") alert(1) 值39value 列39 averylongunbrokenaddress6/x
引14层 层8级 末尾的话
第一段译文 Thefirstoriginalparagraph 第二段译文 Withalist 没有原文的一段 本文提及 摘要的话
没有标题的文档 下级的话 安全 security 又作平安 不出事 example.org/source
""".split()


@pytest.mark.parametrize("word", WORDS)
def test_every_node_keeps_its_text(book, word):
    assert word in book.packed


def test_long_words_are_whole(book):
    # Pages, and what their heads say, part them.
    for letter, times in (("x", 800), ("y", 800), ("z", 20_000), ("粗", 500)):
        assert letter * times in re.sub(rf"[^{letter}]", "", book.packed)
    assert book.packed.count("END") == 3


def test_what_only_leads_through_a_web_edition_is_left_out(book):
    assert "网页上的目录" not in book.packed
    assert "同书文章" not in book.packed
    assert "网页专用" not in book.packed


def test_no_text_leaves_its_page(book):
    for number, (page, words) in enumerate(book.boxes):
        for word in words:
            assert page.contains(word), (number, word)


@given(st.text())
def test_a_literal_is_its_text(text):
    assert json.loads(Compiler(b"").eval(literal(text), format="json")) == re.sub(
        "[\u202a-\u202e\u2066-\u2069]",
        "",
        "".join(map(_speakable, text)),
    )


def _speakable(letter: str) -> str:
    code = ord(letter)
    is_control = (code < 32 and letter not in "\t\n\r") or 0x7F <= code <= 0x9F
    is_none = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or 0xD800 <= code <= 0xDFFF
    return "\ufffd" if (is_control or is_none) else letter


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_words_are_split_and_stay_whole(text):
    parts = [part for part in split_words(text) if part != SOFT_BREAK]
    whole = Compiler(b"").eval(f"({sequence(parts)})", format="json") if parts else '""'
    assert json.loads(str(whole)) == json.loads(
        str(Compiler(b"").eval(literal(text), format="json"))
    )


# ---------------------------------------------------------------------------------------------
# Links, pages, outline


def test_links_inside_lead_to_a_page(book):
    inside = [link for _, link in book.links if link["kind"] == pymupdf.LINK_GOTO]
    assert len(inside) > 15
    assert not [link for _, link in book.links if str(link.get("uri", "")).startswith(LINK_SCHEME)]


def test_links_out_lead_only_to_the_web(book):
    addresses = {link["uri"] for _, link in book.links if link["kind"] == pymupdf.LINK_URI}
    assert "https://example.org/a?b=1&c=2" in addresses
    assert "https://example.org/far.png" in addresses
    assert all(address.startswith("https://") for address in addresses)


def test_contents_name_the_pages(book):
    contents = book.texts[book.page_with("目录词句" if "样书" not in book.texts[2] else "目录")]
    for title in ("词句", "块", "原文", "术语表"):
        number = book.labels[_page_of_chapter(book, title)]
        assert re.search(rf"{title}[\s.·…]*{number}\b", contents), title


def _page_of_chapter(book: Built, title: str) -> int:
    pages: list[int] = [page - 1 for _, name, page in book.outline if name == title]
    return pages[0]


def test_the_outline_has_chapters_and_sections(book):
    assert [name for level, name, _ in book.outline if level == 1] == [
        "目录", "样书", "词句", "块", '#let x = 1 y \\ @ref "引号" raw', "原文", "sub/loose",
        "术语表",
    ]  # fmt: skip
    assert [name for level, name, _ in book.outline if level == 2] == [
        "第一节", "本文提及", "下级", "A",
    ]  # fmt: skip
    for (_, name, page), _ in pairwise(book.outline):
        if name not in {"目录", "本文提及"}:
            assert pack(name) in pack(book.texts[page - 1])


def test_the_glossary_has_page_numbers_that_lead_there(book):
    glossary = _page_of_chapter(book, "术语表")
    numbers = {book.pages[key] for key in ("words#p1-words", "blocks#")}
    line = re.search(r"见于\s*([\d、\s]+)", book.texts[glossary])
    assert line is not None
    assert set(re.findall(r"\d+", line[1])) == numbers
    targets = {
        book.labels[link["page"]]
        for page, link in book.links
        if page == glossary and link["kind"] == pymupdf.LINK_GOTO
    }
    assert numbers <= targets


def test_page_labels_count_the_front_apart(book):
    first = book.labels.index("1")
    assert book.labels[:first] == [_roman(n) for n in range(1, first + 1)]
    assert book.labels[first:] == [str(n) for n in range(1, len(book.labels) - first + 1)]


# ---------------------------------------------------------------------------------------------
# Accessibility


def test_tags_cover_the_parts(book):
    with pikepdf.open(book.path) as pdf:
        assert str(pdf.Root.Lang) == "zh-CN"
        assert pdf.Root.MarkInfo.Marked
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()
        tree = pdf.Root.StructTreeRoot
        keys = {int(key) for key in list(tree.ParentTree.Nums)[::2]}
        assert len(keys) * 2 == len(tree.ParentTree.Nums)
        numbers = list(_structure_numbers(pdf))
        assert sorted(numbers) == sorted(set(numbers))
        assert set(numbers) == keys
        parents = pikepdf.NumberTree(tree.ParentTree)
        for page in (page for page in pdf.pages if "/StructParents" in page):
            elements: list[Any] = list(parents[int(page.StructParents)])
            assert {str(element.Type) for element in elements if element} <= {"/StructElem"}
        assert {str(kid.S) for kid in tree.K[0].K} == {"/Part"}


def _structure_numbers(pdf: pikepdf.Pdf) -> Iterator[int]:
    for page in pdf.pages:
        if "/StructParents" in page:
            yield int(page.StructParents)
        for annotation in page.get("/Annots", ()):
            yield int(annotation.StructParent)


def test_originals_are_tagged_in_their_language(book):
    with pikepdf.open(book.path) as pdf:
        languages = {
            str(node.Lang) for node in _elements(pdf.Root.StructTreeRoot) if "/Lang" in node
        }
    assert "en" in languages


def _elements(node: Any) -> Iterator[Any]:
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


# ---------------------------------------------------------------------------------------------
# Parts


def test_a_book_in_parts_says_the_same(book, tmp_path, monkeypatch):
    monkeypatch.setattr(builder_module, "_LARGEST_PART", 10)
    parted = build(PROJECT, tmp_path / "out")
    assert parted.packed == book.packed
    assert parted.outline == book.outline
    assert parted.pages == book.pages
    assert parted.labels == book.labels
    assert [(p, link.get("page")) for p, link in parted.links] == [
        (p, link.get("page")) for p, link in book.links
    ]


def test_the_same_project_gives_the_same_bytes(book, tmp_path):
    again = build(PROJECT, tmp_path / "out")
    assert again.path.read_bytes() == book.path.read_bytes()


def test_nothing_is_left_beside_the_pdf(book):
    names = {path.name for path in book.path.parent.iterdir()}
    assert names == {book.path.name, PAGES, ".doctrees"}


# ---------------------------------------------------------------------------------------------
# Originals and formats


@pytest.mark.parametrize("originals", ["beneath", "facing", "endnotes", "none"])
@pytest.mark.parametrize("page", ["a5", "a4", "phone"])
def test_originals(tmp_path, originals, page):
    source = tmp_path / "project"
    small(source, (PROJECT / "originals.md").read_text("utf-8"), words="# 词句\n")
    built = build(source, tmp_path / "out", duizhao_pdf={"originals": originals, "page": page})
    assert ("Thefirstoriginalparagraph" in built.packed) == (originals != "none")
    assert "第一段译文" in built.packed
    if originals == "endnotes":
        assert built.packed.index("没有原文的一段") < built.packed.index("Thefirstoriginal")
        assert len([link for _, link in built.links if link["kind"] == pymupdf.LINK_GOTO]) >= 4
    width = {"a5": 420, "a4": 595, "phone": 255}[page]
    assert round(built.boxes[0][0].width) == width


def test_without_originals_one_of_no_translation_stays(tmp_path):
    alone = """

:::{dropdown} 英文原文
:class-container: cp-original cp-unit-9 language-en

Nobody translated this.
:::
"""
    source = tmp_path / "project"
    small(
        source,
        (PROJECT / "originals.md").read_text("utf-8") + "\n## 别的\n" + alone,
        words="# 词句\n",
    )
    built = build(source, tmp_path / "out", duizhao_pdf={"originals": "none"})
    assert "Nobodytranslatedthis" in built.packed
    assert "Thefirstoriginalparagraph" not in built.packed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"page": "b5"}, "page is 'b5'; choose from 'a5', 'a4', 'phone'"),
        ({"paper": "a5"}, "'paper' is no option"),
        ({"fonts": "Kai"}, "fonts is no list"),
    ],
)
def test_a_wrong_option_is_named(tmp_path, options, said):
    source = small(tmp_path / "project", "# 一\n")
    with pytest.raises(Exception, match=re.escape(said)):
        build(source, tmp_path / "out", duizhao_pdf=options)


def test_an_archive_holds_no_private_letters(tmp_path):
    source = small(tmp_path / "project", "# 题\ue000目\n\n正文\ue001字，한국어 и العربية\n")
    built = build(source, tmp_path / "out", duizhao_pdf={"standard": "a-2a"})
    assert "题□目" in built.packed
    assert "正文□字" in built.packed
    assert "한국어" in built.packed


@pytest.mark.parametrize(
    "run",
    ["\u00a0".join(["word"] * 60), "他说" + "—" * 60, "？" * 100, "[" * 500, "/" * 300, "Ж" * 390],
)
@pytest.mark.parametrize("form", ["{}", "```\n{}\n```", "| 头 | 乙 |\n|---|---|\n| {} | 二 |"])
def test_no_run_of_letters_leaves_its_page(tmp_path, run, form):
    source = small(tmp_path / "project", f"# 一\n\n{form.format(run)}\n")
    built = build(source, tmp_path / "out")
    with pymupdf.open(built.path) as document:
        for page in document:
            for word in page.get_text("words", clip=pymupdf.INFINITE_RECT()):
                assert page.rect.contains(pymupdf.Rect(word[:4])), word[4][:40]


def test_a_very_long_table_head_leaves_room_for_the_rows(tmp_path):
    table = f"| 头{'字' * 2000} | 乙 |\n|---|---|\n| 甲一 | 乙一 |\n| 甲二 | 乙二 |\n"
    built = build(small(tmp_path / "project", f"# 一\n\n{table}"), tmp_path / "out")
    assert "甲二" in built.packed
    assert "乙二" in built.packed


def test_a_table_of_very_many_cells_is_set_as_lines(tmp_path):
    rows = "".join(f"| 甲{n} | 乙{n} |\n" for n in range(2100))
    table = f"| 头甲 | 头乙 |\n|---|---|\n{rows}"
    built = build(small(tmp_path / "project", f"# 一\n\n{table}"), tmp_path / "out")
    assert "甲2099|乙2099" in built.packed


def test_a_wide_formula_stays_on_its_page(tmp_path):
    tex = r"\text{年化收益率} = " + " + ".join([r"\left(\frac{期末}{期初}\right)^{n}"] * 12)
    built = build(small(tmp_path / "project", f"# 一\n\n$$\n{tex}\n$$\n"), tmp_path / "out")
    for page, words in built.boxes:
        assert all(page.contains(word) for word in words)


def test_an_unreadable_image_is_named(book):
    assert "broken.png" in book.warnings


@pytest.mark.parametrize("standard", ["ua-1", "a-2a", "a-3a", "none"])
def test_standards(tmp_path, standard):
    source = small(tmp_path / "project", "# 一\n\n正文🚀\n")
    built = build(source, tmp_path / "out", duizhao_pdf={"standard": standard})
    assert "正文" in built.packed


# ---------------------------------------------------------------------------------------------
# What goes wrong


def test_letters_without_a_glyph_are_shown_and_named(tmp_path):
    source = small(tmp_path / "project", "# 一\n\n私用\U000f1234字\n")
    built = build(source, tmp_path / "out")
    assert "U+F1234" in built.warnings
    assert "\U000f1234" in built.text


def test_a_chapter_that_typst_refuses_is_shown_without_its_form(tmp_path, monkeypatch):
    source = small(tmp_path / "project", "# 一\n\n好的**话**\n", two="# 二\n\n坏的话\n")

    def write(doctree, document, *rest):
        chapter = write_chapter(doctree, document, *rest)
        if document == "two":
            return replace(chapter, source=chapter.source + "\npanic()")
        return chapter

    monkeypatch.setattr(builder_module, "write_chapter", write)
    built = build(source, tmp_path / "out")
    assert "坏的话" in built.packed
    assert "好的话" in built.packed
    assert re.search("two.*without its form", built.warnings)


def test_what_typst_leaves_out_is_no_success(tmp_path):
    (tmp_path / "part.typ").write_text('#set document(title: "x")\n#par(block("lost"))', "utf-8")
    task = {
        "folder": str(tmp_path), "name": "part", "language": "zh-CN", "wanted_fonts": [],
        "unusual": "", "pictures": [], "settings": {}, "standard": "", "timestamp": 0,
    }  # fmt: skip
    with pytest.raises(compositor.LostError):
        compositor.set_part(task)


def test_an_unknown_node_is_named_once_and_keeps_its_text(tmp_path):
    source = small(tmp_path / "project", "# 一\n\n正文\n")
    (source / "strange_nodes.py").write_text(
        "from docutils import nodes\nclass strange(nodes.General, nodes.Element): pass\n", "utf-8"
    )
    with (source / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(
            f"\nimport sys\nsys.path.insert(0, {str(source)!r})\n"
            "from docutils import nodes\nfrom strange_nodes import strange\n"
            "def _add(app, doctree):\n"
            "    for section in list(doctree.findall(nodes.section))[:1]:\n"
            "        for word in ('甲乙', '丙丁'):\n"
            "            section += strange('', nodes.paragraph('', word))\n"
            "def setup(app):\n"
            "    app.add_node(strange)\n"
            "    app.connect('doctree-read', _add)\n"
        )
    built = build(source, tmp_path / "out")
    assert built.warnings.count("no form for strange") == 1
    assert "甲乙丙丁" in built.packed


def test_an_empty_project_is_refused_in_one_line(tmp_path):
    source = tmp_path / "project"
    source.mkdir()
    shutil.copy(PROJECT / "conf.py", source)
    (source / "index.md").write_text("", "utf-8")
    with pytest.raises(SettingError, match="no document with text"):
        build(source, tmp_path / "out")


# ---------------------------------------------------------------------------------------------
# Fonts and formulas


def test_the_last_font_has_every_letter(tmp_path):
    letters = "🚀\ue000ག"
    assert render_font(letters) == render_font(reversed(letters))
    (tmp_path / "font.ttf").write_bytes(render_font(letters))
    fonts = Fonts(include_system_fonts=False, font_paths=[str(tmp_path)])
    assert FAMILY in fonts.families()
    assert compositor._without_glyph(letters + "a", [FAMILY], fonts) == ""
    assert compositor._without_glyph("🚀👧", [FAMILY], fonts) == "👧"


def test_a_font_that_is_not_there_is_named(tmp_path):
    source = small(tmp_path / "project", "# 一\n\n正文\n")
    built = build(source, tmp_path / "out", duizhao_pdf={"fonts": ['No "Such" Font']})
    assert "is not installed" in built.warnings
    assert "正文" in built.packed


def test_without_system_fonts_the_wheel_sets_the_book(monkeypatch):
    monkeypatch.setattr("converter.faces.FONT_ROOTS", ())
    chosen = compositor.choose_faces("zh-CN", [])
    assert chosen["cjk"] == ["Noto Sans CJK SC"]
    assert chosen["latin"] == []
    assert chosen["embolden"] > 0


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a}{b}", r"\sqrt[3]{x}", r"\sum_{i=1}^n x_i", r"\hat{x} + \vec{v}", r"x_1^2",
        r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\mathbb{R}", r"\binom{n}{k}", r"\text{当 } x",
        r"\lim_{x \to 0} f(x)", r"\left( \frac{1}{2} \right)", r"\overline{AB}", r"\boxed{x}",
        r"\begin{cases} a & b \\ c & d \end{cases}", r"\mathcal{L}", r"\mathbf{x}", r"a \quad b",
    ],
)  # fmt: skip
def test_formulas_are_set(tex):
    written = formula(render_mathml(tex, display=True), tex, display=True)
    source = f'#set document(title: "x")\n#{written}'
    fonts = Fonts(include_system_fonts=True, font_paths=[])
    assert Compiler(source.encode(), font_paths=fonts).compile(format="pdf", pdf_standards=["ua-1"])


def test_a_formula_that_is_none_is_no_formula():
    assert formula("", "x") == ""
    assert formula("<math><mystery/></math>", "x") == ""
