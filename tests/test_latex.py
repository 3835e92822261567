"""The generated project through stock Sphinx's LaTeX builder, and through XeLaTeX where it is."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from .test_myst import HOSTILE, build, hostile_book, small_book, words


def run_latexmk(folder: Path) -> str:
    """Make the PDF as the Makefile does that Sphinx wrote; return its text."""
    done = subprocess.run(
        ["make", "LATEXMKOPTS=-interaction=nonstopmode", "-C", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-2000:]
    with pymupdf.open(folder / "book.pdf") as document:
        return "".join(page.get_text() for page in document)


@pytest.fixture(scope="module")
def _xelatex():
    # On CI too: TeX Live is half a gigabyte, for an edition that only must stay possible.
    for tool in ("make", "latexmk", "xelatex"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    styles = ["ctex.sty", "xeCJK.sty", "FreeSerif.otf"]
    found = subprocess.run(["kpsewhich", *styles], capture_output=True, text=True, check=False)
    if len(found.stdout.split()) < len(styles):
        pytest.skip("TeX Live is here without texlive-lang-chinese or GNU FreeFont")


@pytest.mark.parametrize("stock", [True, False])
def test_the_latex_has_a_chinese_setup_and_the_originals(tmp_path, stock):
    out = build(small_book(), tmp_path, stock=stock, builder="latex")

    text = (out / "book.tex").read_text("utf-8")
    head, _, body = text.partition(r"\begin{document}")
    assert r"\usepackage[scheme=plain]{ctex}" in head
    assert r"\setCJKmainfont{Noto Serif CJK SC}" in head
    assert r"\def\contentsname{目录}" in head
    assert r"\author{甲、乙}" in head
    assert r"\makeindex" not in head
    assert body.count(r"This is about \sphinxstyleemphasis{language models}.") == 2
    assert body.count(r"\subsubsection*{英文原文}") == 2


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hant", ("CJK TC", "目錄")),
        ("ja", ("CJK JP", "{report}")),
        ("en", ("CJK SC", "english")),
    ],
)
def test_other_languages_have_their_own_setup(tmp_path, language, expected):
    book = replace(small_book(), language=language)

    out = build(book, tmp_path, stock=True, builder="latex")

    head = (out / "book.tex").read_text("utf-8").partition(r"\begin{document}")[0]
    assert all(part in head for part in expected)
    assert "目录" not in head


def test_no_author_runs_a_command(tmp_path):
    book = replace(small_book(), creators=(r"\input{a} & b_#1%", "[c]~$d^2$"))

    out = build(book, tmp_path, stock=True, builder="latex")

    author = (
        r"\textbackslash{}input\{a\} \& b\_\#1\%、{[}c{]}\textasciitilde{}\$d\textasciicircum{}2\$"
    )
    assert rf"\author{{{author}}}" in (out / "book.tex").read_text("utf-8")


@pytest.mark.usefixtures("_xelatex")
@pytest.mark.parametrize("stock", [True, False])
def test_xelatex_shows_every_word_of_a_hostile_book(tmp_path, stock):
    out = build(hostile_book(), tmp_path, stock=stock, builder="latex")

    shown = words(run_latexmk(out))

    for text in HOSTILE:
        # The page breaks in what is long.
        assert shown.count(words(text)) >= 8 or len(text) > 200, text
    assert "root:x:0" not in shown


@pytest.mark.usefixtures("_xelatex")
def test_xelatex_lacks_no_letter_and_no_label(tmp_path):
    out = build(small_book(), tmp_path, stock=False, builder="latex")

    shown = words(run_latexmk(out))

    assert "这是语言模型GPT一种语言模型的事" in shown
    assert "Thisisaboutlanguagemodels" in shown
    log = (out / "book.log").read_text("utf-8", "replace")
    assert not re.findall("(?m)^(?:Missing character|!|LaTeX Warning: .*undefined).*", log)
