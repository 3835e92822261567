"""The formats of one book: what the PDF and the EPUB of one build say of each other."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from converter.build import build_library
from converter.config import Settings
from converter.epub import pages
from converter.epub.blocks import Piece
from converter.library import plan_library
from tests.epubs import X, find


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    posts = folder / "posts"
    posts.mkdir()
    for number in range(3):
        paragraphs = "\n\n".join(
            f"第{n}段的译文说了一些话。{'话' * 150}\n\n<details>\n<summary>英文原文</summary>\n\n"
            f"Paragraph {n} of the original. {'Words and words. ' * 20}\n\n</details>"
            for n in range(12)
        )
        head = f"---\ntitle: 第{number}篇\nseries: 书\ndate: 2026-01-0{number + 1}\n---\n"
        text = f"{head}{paragraphs}\n"
        (posts / f"{number}.md").write_text(text, "utf-8")
    out = folder / "out"
    command = [sys.executable, "-m", "converter", "build", str(posts), "-o", str(out)]
    subprocess.run([*command, "--format", "epub,pdf"], check=True, capture_output=True)
    return out


def members(built: Path) -> dict[str, etree._Element]:
    (file,) = built.rglob("*.epub")
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xhtml", ".opf"))]
        return {name: etree.fromstring(archive.read(name)) for name in names}


def test_the_epub_lists_the_pages_of_the_pdf(built):
    documents = members(built)
    navigation = next(tree for name, tree in documents.items() if name.endswith("nav.xhtml"))
    links = find(navigation, "//h:nav[@e:type='page-list']//h:a")
    with pikepdf.open(next(built.rglob("*.pdf"))) as pdf:
        last = len(pdf.pages)
    labels = [int(link.text) for link in links]
    assert labels == sorted(set(labels))
    assert labels[0] == 1
    assert len(labels) > 10
    assert labels[-1] <= last
    for link in links:
        name, _, identity = link.get("href").partition("#")
        document = next(tree for path, tree in documents.items() if path.endswith(f"/{name}"))
        (mark,) = find(document, f"//*[@id='{identity}']")
        assert mark.get(f"{{{X['e']}}}type") == "pagebreak"
        assert mark.get("role") == "doc-pagebreak"
        assert mark.get("aria-label") == link.text


def test_a_page_begins_where_it_does_in_the_pdf(built):
    import pymupdf  # noqa: PLC0415 -- it prints at its import where it is missing

    with pymupdf.open(next(built.rglob("*.pdf"))) as pdf:
        texts = {page.get_label(): "".join(page.get_text().split()) for page in pdf}
    for document in members(built).values():
        for mark in find(document, "//*[@e:type='pagebreak']"):
            following = mark.getnext()
            start = "".join("".join(following.itertext()).split())[:12]
            assert start in texts[mark.get("aria-label")]


def test_the_epub_names_the_pdf_and_the_pdf_itself(built):
    package = next(tree for name, tree in members(built).items() if name.endswith(".opf"))
    (source,) = find(package, "//*[@property='pageBreakSource']")
    features = [each.text for each in find(package, "//*[@property='schema:accessibilityFeature']")]
    assert {"pageBreakMarkers", "pageNavigation"} <= set(features)
    with pikepdf.open(next(built.rglob("*.pdf"))) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:identifier"] == source.text
    assert source.text.startswith("urn:uuid:")


def test_a_page_is_marked_once_and_only_before_what_shows():
    pieces = [
        Piece("<p>一</p>", place="p0-a"),
        Piece("", place="p1-a"),
        Piece("<p>二</p>", place="p2-a"),
        Piece("<p>三</p>", place="p3-a"),
    ]
    labels = {"a#p0-a": "1", "a#p1-a": "2", "a#p2-a": "3", "a#p3-a": "3"}
    marked = pages.mark_pages(pieces, "a", labels, "1")
    assert ["pagebreak" in piece.body for piece in marked] == [False, False, True, False]
    assert marked[2].marks == ("page-3",)


LETTERS = ("\U000f1234", "\U000f1235", "\U000f1236")


def test_letters_without_a_glyph_are_named_with_their_posts_and_lines(tmp_path):
    posts = tmp_path / "posts"
    posts.mkdir()
    first, second, third = LETTERS
    (posts / "duizhao.toml").write_text(f'[library]\npublisher = "社{third}"\n', "utf-8")
    (posts / "a.md").write_text(
        f"---\ntitle: 甲{first}\nseries: 书\n---\n一\n\n<details>\n<summary>英文原文</summary>\n\n"
        f"Words {second} and {first}.\n\n</details>\n",
        "utf-8",
    )
    command = [sys.executable, "-m", "converter", "build", str(posts), "-o", str(tmp_path / "out")]
    done = subprocess.run([*command, "--format", "pdf"], check=True, capture_output=True, text=True)
    said = [line.split(": ", 2)[2] for line in done.stderr.splitlines() if "no font here" in line]
    assert [line.partition(";")[0] for line in said] == [
        f"a.md:2: no font here has a glyph for U+F1234 {first}, U+F1235 {second}",
        f"no font here has a glyph for U+F1236 {third}",
    ]


@pytest.mark.parametrize("fault", [ValueError("odd"), KeyError("x")])
def test_a_book_that_cannot_be_set_has_its_other_editions(tmp_path, monkeypatch, fault):
    def fail(*_: object) -> None:
        raise fault

    posts = tmp_path / "posts"
    posts.mkdir()
    (posts / "a.md").write_text("---\ntitle: 甲\n---\n一\n", "utf-8")
    monkeypatch.setattr("converter.sphinx_ext.pdf.builder.write_chapter", fail)
    (result,) = build_library(
        plan_library(posts, Settings()), tmp_path / "out", ("html", "epub", "pdf"), 1
    )
    assert result.pdf is None
    assert result.epubs
    assert any(line.startswith("no PDF: ") for line in result.warnings)


def test_a_full_disk_is_told_as_such(tmp_path, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    posts = tmp_path / "posts"
    posts.mkdir()
    (posts / "a.md").write_text("---\ntitle: 甲\n---\n一\n", "utf-8")
    monkeypatch.setattr("converter.sphinx_ext.pdf.press._run", fail)
    with pytest.raises(OSError, match="No space left"):
        list(build_library(plan_library(posts, Settings()), tmp_path / "out", ("pdf",), 1))
