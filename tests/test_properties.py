"""Laws that hold for any text, with stock MyST and docutils as the witnesses."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import unquote

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it.utils import read_fixture_file
from myst_parser.parsers.docutils_ import Parser

from converter.epub import EpubOptions, render_epub
from converter.markdown import Link, escape_myst, render_myst_blocks, render_xhtml
from converter.model import Heading
from converter.post import parse_post

from .fuzz.atoms import ATOMS, FRONT_MATTERS, PROSE, SYNTAX, TAGS
from .fuzz.check import Failure, check, shorten
from .fuzz.mutate import mutate, read_seeds
from .laws import LAWS, law_myst, one_post_book

CASES: Final = Path(__file__).parent / "cases"
Piece = str | tuple[str, str]
"""Visible text, or an element's (name, address); the name of its end begins with ``/``."""

_SETTINGS: Final = {
    "myst_enable_extensions": ["attrs_block", "attrs_inline", "colon_fence", "deflist"],
    "report_level": 1,
    "file_insertion_enabled": False,
    "doctitle_xform": False,
    "_disable_config": True,
}
_NAMES: Final = {
    nodes.strong: "strong",
    nodes.emphasis: "em",
    nodes.literal: "code",
    nodes.literal_block: "pre",
    nodes.math: "math",
    nodes.math_block: "math",
    nodes.reference: "a",
    nodes.list_item: "li",
    nodes.bullet_list: "ul",
    nodes.enumerated_list: "ol",
    nodes.block_quote: "blockquote",
    nodes.entry: "td",
}
_PLAIN: Final = (
    nodes.document, nodes.paragraph, nodes.table, nodes.tgroup, nodes.colspec, nodes.thead,
    nodes.tbody, nodes.row, nodes.inline,
)  # fmt: skip
_XHTML: Final = frozenset(
    "p ul ol li blockquote pre code table thead tbody tr th td hr br strong em s a".split()
)
_BLOCKS: Final = frozenset("ul ol li blockquote pre td hr".split())
_ATOMS: Final = (
    *"* ** *** **** _ __ ` `` ``` [ ] ( ) { } < > >> & # | ~ ~~ ~~~ $ % : ::: + - = ! ^ @".split(),
    *"文 字 的 “ ” 《 》 （ ） ： ， 。 — … é a bc word 0 1 12 1989. 😀 𫫇 \" ' \\ \\*".split(),
    *"<b> </b> <i> </i> <br> <span> <!-- --> {role} {#id .c} $x$ $$ [^1] a@b.co".split(),
    *"]( [x](http://a.b) ](http://a.b) []() [x]() ![x]() <http://c.d> http://e.f/g?h=1&i=2 [x](y) ![i](http://p.q)"
    " &amp; &#35; &lt; &copy &#10;".split(),
    " ", " ", "  ", "\n", "\n", "\n\n", "    ", "\t", "\u00a0", "\u200b", "\u3000", "\ufe0f",
    "```{include} x\n", "```\n", "~~~py\n", ":::{note}\n", "(t)=\n", "% c\n", "+++\n", "---\n",
    "***\n", "===\n", "- ", "* ", "1. ", "2) ", "> ", "# ", "| a | b |\n", "|---|---|\n",
    "[^1]: n\n", "[a]: http://b\n", "{.c}\n", ": d\n",
    "$K+1$", "$$", "$", r"\frac{1}{2}", "$5", r"$a_1|b$", r"$$\text{中} x$$", "$*a*_1$",
    "$$\n:x_1\n$$\n", "$$---_1$$\n",
)  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(_ATOMS), max_size=16).map("".join),
    st.lists(st.one_of(st.sampled_from(_ATOMS), st.characters()), max_size=8).map("".join),
)
bounded = settings(max_examples=150, derandomize=True, deadline=None)


def read_stock(text: str) -> nodes.document:
    """Return what stock MyST reads; fail if it warns."""
    warnings = StringIO()
    document = publish_doctree(
        text,
        source_path="post.md",
        parser=Parser(),
        settings_overrides={**_SETTINGS, "warning_stream": warnings},
    )
    assert not warnings.getvalue(), text
    return document


def cut_doctree(node: nodes.Node) -> list[Piece]:
    """Return a doctree as pieces; fail at any node that Markdown of posts has no use for."""
    if isinstance(node, nodes.Text):
        return [node.astext()]
    if isinstance(node, nodes.raw):
        assert node.astext().strip() in ("<br />", r"\\"), node
        return [" "]
    assert isinstance(node, nodes.Element)
    if "cp-break" in node["classes"]:
        return [("hr", "")]
    name = _NAMES.get(type(node), "")
    assert name or isinstance(node, _PLAIN), node.pformat()
    if "cp-deleted" in node["classes"]:
        name = "s"
    if name == "math":
        space = [" "] if isinstance(node, nodes.math_block) else []
        return [*space, ("math", " ".join(node.astext().split())), *space]
    inside = [piece for child in node.children for piece in cut_doctree(child)]
    if isinstance(node, nodes.paragraph):
        return [" ", *inside, " "]
    detail = (
        node.get("refuri", "") if name == "a" else str(node.get("start", 1)) if name == "ol" else ""
    )
    return [(name, unquote(detail)), *inside, (f"/{name}", "")] if name else inside


def cut_xhtml(element: etree._Element, *, in_code: bool = False) -> list[Piece]:
    """Return XHTML as pieces; fail at any element or attribute that is not ours."""
    if element.tag == "{http://www.w3.org/1998/Math/MathML}math":
        return [("math", element.get("alttext", ""))]
    assert element.tag in _XHTML | {"root"}
    assert set(element.attrib) <= {"href", "title", "class", "id", "start", "style"}
    name = "td" if element.tag == "th" else element.tag
    if name == "hr":
        return [("hr", "")]
    inside: list[Piece] = [element.text or ""]
    for child in element:
        inside += [*cut_xhtml(child, in_code=name == "pre"), child.tail or ""]
    if name in ("p", "br"):
        return [" ", *inside, " "]
    if (name not in _NAMES.values() and name != "s") or in_code:
        return inside
    detail = (
        element.get("href", "")
        if name == "a"
        else element.get("start", "1")
        if name == "ol"
        else ""
    )
    return [(name, unquote(detail)), *inside, (f"/{name}", "")]


def normalise(pieces: list[Piece]) -> list[Piece]:
    """Join text, fold white space, and drop it beside blocks, where it shows nothing."""
    joined: list[Piece] = [("ul", "")]
    for piece in [*pieces, ("ul", "")]:
        if isinstance(piece, str) and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    folded: list[Piece] = []
    for index, piece in enumerate(joined):
        if not isinstance(piece, str):
            folded.append(piece)
            continue
        text = re.sub(r"\s+", " ", piece)
        text = text.lstrip() if joined[index - 1][0].strip("/") in _BLOCKS else text
        text = text.rstrip() if joined[index + 1][0].strip("/") in _BLOCKS else text
        folded += [text] if text else []
    return folded


def read_xhtml(text: str) -> list[Piece]:
    return normalise(cut_xhtml(etree.fromstring(f"<root>{text}</root>")))


@bounded
@given(texts)
@example("|\n\u00a0(t)=")
@example("http://b::#")
@example("****x")
@example("a</b>")
@example("<b>**\n)")
@example("<i>\u3000（")
@example("- # \n- <br>")
@example("`a`<i></i>`b`")
@example("a&#10;&#10;# b&#12;")
def test_stock_myst_reads_what_the_epub_shows(text):
    assert normalise(cut_doctree(read_stock(render_myst_blocks(text)))) == read_xhtml(
        render_xhtml(text)
    )


@pytest.mark.parametrize("name", ["xhtml.md", "myst.md"])
def test_stock_myst_reads_every_case_so(name):
    for _, _, text, _ in read_fixture_file(CASES / name):
        assert normalise(cut_doctree(read_stock(render_myst_blocks(text)))) == read_xhtml(
            render_xhtml(text)
        )


@bounded
@given(texts, st.integers(0, 20), st.integers(1, 10))
def test_a_glossary_link_leaves_the_words_as_they_are(text, start, length):
    link = Link(min(start, len(text)), min(start + length, len(text)), "http://gloss")
    linked = render_xhtml(text, links=[link])

    pieces = read_xhtml(linked)

    assert normalise(cut_doctree(read_stock(render_myst_blocks(text, links=[link])))) == pieces


@bounded
@given(texts)
def test_rendering_is_inert(text):
    """Letters and digits outside tags, entities and addresses all show."""
    if re.search(r"[<&]|\]\(|```|~~~", text):
        return
    # A formula shows its commands as signs: what was written is in its attribute.
    xhtml = re.sub(
        r'<math [^>]*alttext="(?:\\displaystyle )?([^"]*)".*?</math>', r"\1", render_xhtml(text)
    )
    root = etree.fromstring(f"<root>{xhtml}</root>")
    shown = "".join(str(part) for part in root.itertext())
    # List markers are drawn, not written; a table's dashes and alignments are rules.
    expected = re.sub(r"(?m)^[\s>*-]*(?:\d+[.)][\s>*-]*)*", "", text)

    def words(value: str) -> list[str]:
        return re.findall(r"[^\W\d_]", value)

    assert words(shown) == words(expected)


CONTEXTS: Final = {
    "heading": ("# 题\n\n## {}\n", nodes.title),
    "item": ("# 题\n\n- 甲\n- {}\n", nodes.list_item),
    "cell": ("| {} | b |\n|---|---|\n", nodes.entry),
    "span": ("甲 [{}]{{.x}} 乙", nodes.inline),
    "link": ("甲 [{}](<http://x>) 乙", nodes.reference),
    "term": ("[{}]{{.x}}\n: 释", nodes.inline),
    "title of a directive": (":::{{admonition}} {}\n乙\n:::", nodes.title),
}


@pytest.mark.parametrize(("frame", "kind"), CONTEXTS.values(), ids=list(CONTEXTS))
@settings(bounded, max_examples=60)
@given(text=texts.filter(lambda text: text.strip()))
def test_escaped_text_shows_as_it_is(frame, kind, text):
    document = read_stock(frame.format(escape_myst(text)))

    found = [node for node in document.findall(kind) if node.astext() != "题"]
    shown = found[-1 if kind is nodes.list_item else 0]
    assert not list(
        shown.findall(lambda node: isinstance(node, nodes.raw | nodes.strong | nodes.literal))
    )
    expected = re.sub(
        "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]",
        "\ufffd",
        " ".join(text.split()),
    )
    assert " ".join(shown.astext().split()) == expected


# ---------------------------------------------------------------------------------------------
# Whole posts: the laws of tests/laws.py

pieces = st.one_of(*map(st.sampled_from, (PROSE, PROSE, TAGS, SYNTAX, ATOMS)))
posts = st.builds(
    lambda front_matter, body: f"{front_matter}{''.join(body)}",
    st.sampled_from(FRONT_MATTERS),
    st.lists(st.one_of(pieces, pieces, pieces, st.text(max_size=3)), max_size=25),
)


@pytest.mark.parametrize("law", LAWS)
@settings(bounded, max_examples=120)
@given(text=posts)
def test_posts_keep_the_law(law, text):
    law(text)


@settings(bounded, max_examples=100)
@given(text=st.text(st.characters(), max_size=60))
def test_any_text_at_all_keeps_the_laws(text):
    for law in LAWS:
        if law is not law_myst:
            law(text)


# What was found by chance, or by reading: the shortest text for each.
FOUND: Final = {
    "a cut tag before words": "水\n\n<details 中文的一段话。\n\n后面。\n",
    "an attribute with a bracket": '水\n\n<details data-x="a>b" open>\n<summary>Original English'
    "</summary>\n\nText.\n\n</details>\n",
    "a comment before a tag": "一 <!-- 注 --> </details> 二\n",
    "an original that the file ends in": "---\ntitle: 河\n---\n水\n\n<details>",
    "YAML that the file ends in": "---\nt:\ne: [",
    "Chinese behind the name of a closing tag": "<details>\n<summary>Original English</summary>\n\n"
    "Text</summary中文的一段话。\n</details>\n",
    "a heading in angle brackets": "### <论语>\n\n### <3 个理由>\n",
    "an empty comment that opens": "<!-->> 再来一次。-->\n",
    "a tag in code in the title": "---\ntitle: '`<details>` 标签'\n---\n水\n",
    "a summary closed by a word of the translation": "<summary>Original English</称",
    "a label with one asterisk": "<summary>*Original English</summary>A",
    "a label in bold": "<summary>**Original English**</summary>A",
    "an entity in the title": "---\ntitle: 河 &lt;b&gt;\n---\n水\n",
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_what_was_found_keeps_the_laws(text):
    assert check(text) is None


def test_the_label_of_an_original_shows_in_the_epub():
    original = "<details>\n<summary>译者的说明</summary>\n\nText.\n\n</details>\n"
    post = parse_post("post.md", f"---\ntitle: 河\n---\n水\n\n{original}").post
    epub = render_epub(one_post_book(post), EpubOptions("urn:x", datetime(2026, 1, 1, tzinfo=UTC)))
    with zipfile.ZipFile(BytesIO(epub.data)) as archive:
        assert "译者的说明" in archive.read(f"EPUB/{epub.documents[0][0]}").decode()


def test_a_heading_below_open_front_matter_is_a_heading():
    (heading, _) = parse_post("post.md", "---\ntitle: 河\n# 第一章\n\n水\n").post.blocks
    assert isinstance(heading, Heading)


def test_the_fuzzer_is_the_same_each_time():
    seeds = read_seeds()
    randoms = [[Random(f"1-{number}") for number in range(40)] for _ in range(2)]  # noqa: S311 # no secrets
    made = [[mutate(random, seeds) for random in each] for each in randoms]
    assert made[0] == made[1]
    assert len(set(made[0])) > 30


def test_the_fuzzer_shortens_what_fails(monkeypatch):
    def fails_at_a_bridge(text):
        if "桥" in text:
            raise ValueError("bridge")

    monkeypatch.setattr("tests.fuzz.check._CHECKS", (fails_at_a_bridge,))
    failure = check(f"水{'河' * 50}桥{'水' * 50}")
    assert failure == Failure("fails_at_a_bridge", "ValueError: bridge")
    assert shorten(f"水{'河' * 50}桥{'水' * 50}", failure) == "桥"
