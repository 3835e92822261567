"""One book to files: Sphinx without a warning, Pagefind's bundle, the EPUB."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import html
from sphinx.util.fileutil import copy_asset_file

from converter.book import BookPlan, parse_matter
from converter.build import plan_tasks
from converter.config import BookSettings, Settings
from converter.ebook import Cover
from converter.edition import BookTask, build_book
from converter.epub import EpubBook, EpubOptions, render_epub
from converter.library import plan_library
from converter.model import Book, Edition
from converter.post import parse_post

from .samples import TIDES, write_posts


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, object]:
    folder = tmp_path_factory.mktemp("edition")
    posts = write_posts(folder / "posts", tides=TIDES)
    (task,) = plan_tasks(plan_library(posts, Settings()), folder / "out", ("html", "epub"))
    return task.folder, build_book(task)


def test_no_warning(built) -> None:
    _, result = built
    assert result.warnings == ()


def test_originals_are_marked_on_the_page(built) -> None:
    folder, _ = built
    page = html.parse(str(folder / "chao-xi-yu-yue-liang.html"))
    originals = page.xpath('//*[contains(@class, "cp-original")]')
    assert [(o.get("lang"), o.get("data-unit")) for o in originals] == [("en", "1"), ("en", "2")]
    prose = page.xpath('//*[contains(@class, "cp-translation")]')
    assert [p.get("data-unit") for p in prose] == ["1", "2"]
    assert "There are two high tides a day" in originals[0].text_content()


def test_glossary_links_lead_both_ways(built) -> None:
    folder, _ = built
    page = html.parse(str(folder / "chao-xi-yu-yue-liang.html"))
    (link,) = page.xpath('//article//a[contains(@href, "gloss-yue-qiu")]')
    name, _, anchor = link.get("href").partition("#")
    glossary = html.parse(str(folder / name))
    (entry,) = glossary.xpath(f'//*[@id="{anchor}"]')
    definition = entry.getparent().getnext()
    assert "地球唯一的天然卫星" in definition.text_content()
    back = definition.xpath('.//a[contains(@href, "chao-xi")]')[0].get("href").partition("#")[2]
    assert "每天有两次涨潮" in page.xpath(f'//*[@id="{back}"]')[0].text_content()


def test_search_has_its_bundle(built) -> None:
    folder, _ = built
    assert (folder / "pagefind" / "pagefind.js").is_file()
    assert not (folder / "searchindex.js").exists()


def test_the_result_counts_what_is_there(built) -> None:
    folder, result = built
    assert result.files == sum(path.is_file() for path in folder.rglob("[!.]*"))
    assert result.glossary_entries == 2
    assert [post.originals for post in result.posts] == [2]


def test_a_post_that_breaks_the_program_is_left_out(tmp_path, monkeypatch) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES, bad=TIDES.replace("潮汐", "坏掉的潮汐"))

    def fail_on_one(path: str, text: str):
        if path == "bad.md":
            raise RecursionError("too deep")
        return parse_post(path, text)

    monkeypatch.setattr("converter.edition.parse_post", fail_on_one)
    (task,) = plan_tasks(plan_library(posts, Settings()), tmp_path / "out", ("epub",))
    result = build_book(task)
    assert [post.path for post in result.posts] == ["tides.md"]
    (found,) = result.diagnostics
    assert (found.path, found.code) == ("bad.md", "internal.post-failed")
    assert "RecursionError: too deep" in found.message
    assert (task.folder / "hai-bian-za-ji.epub").is_file()


def with_matter(folder: Path, **posts: str) -> BookTask:
    """Return the task of a book that has a preface and an afterword."""
    write_posts(folder / "posts", **posts)
    for name in ("preface", "afterword"):
        (folder / f"{name}.txt").write_text(f"这是 {name}。\n", "utf-8")
    own = BookSettings("海边杂记", preface="../preface.txt", afterword="../afterword.txt")
    plan = plan_library(folder / "posts", Settings(books=(own,)))
    (task,) = plan_tasks(plan, folder / "out", ("epub",))
    return task


@pytest.mark.parametrize("name", ["preface", "afterword"])
def test_matter_that_breaks_the_program_is_left_out(name, tmp_path, monkeypatch) -> None:
    def fail_on_one(kind: str, path: str, text: str, language: str):
        if kind == name:
            raise RecursionError("too deep")
        return parse_matter(kind, path, text, language)

    monkeypatch.setattr("converter.edition.parse_matter", fail_on_one)
    task = with_matter(tmp_path, tides=TIDES)
    result = build_book(task)
    assert [post.path for post in result.posts] == ["tides.md"]
    (found,) = result.diagnostics
    assert (found.path, found.code) == (f"../{name}.txt", "internal.post-failed")
    with ZipFile(task.folder / "hai-bian-za-ji.epub") as epub:
        named = {file for file in epub.namelist() if "preface" in file or "afterword" in file}
    other = {"preface": "afterword", "afterword": "preface"}[name]
    assert named == {f"EPUB/text/{other}.xhtml"}


def test_a_post_is_tried_as_it_is_built(tmp_path, monkeypatch) -> None:
    def fail_at_the_end(book: Book, options: EpubOptions) -> EpubBook:
        bad = any(chapter.path == "bad.md" for chapter in book.chapters)
        if bad and options.notes == "document":
            raise ZeroDivisionError("a bug")
        return render_epub(book, options)

    for module in ("ebook", "edition"):
        monkeypatch.setattr(f"converter.{module}.render_epub", fail_at_the_end)
    task = with_matter(tmp_path, tides=TIDES, bad=TIDES.replace("潮汐", "坏掉的潮汐"))
    result = build_book(replace(task, plan=replace(task.plan, notes_at_end=True)))
    assert [post.path for post in result.posts] == ["tides.md"]
    assert [found.path for found in result.diagnostics] == ["bad.md"]


@pytest.mark.parametrize(
    ("place", "file"),
    [
        # Before Sphinx starts to build; while it copies, which it only warns of.
        ("converter.sphinx_ext.html.copy_asset_file", "book.css"),
        ("sphinx.util.fileutil.copy_asset_file", "sphinx-book-theme.js"),
    ],
)
def test_a_full_disk_is_told_as_such(place, file, tmp_path, monkeypatch) -> None:
    copied: list[str] = []

    def fail_on_one(source: str | Path, destination: str, **options: Any) -> None:
        copied.append(Path(source).name)
        if Path(source).name == file:
            raise OSError(28, "No space left on device", file)
        copy_asset_file(source, destination, **options)

    monkeypatch.setattr(place, fail_on_one)
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    (task,) = plan_tasks(plan_library(posts, Settings()), tmp_path / "out", ("html",))
    with pytest.raises(OSError, match="No space left on device"):
        build_book(task)
    assert file in copied


NO_ORIGINALS = "---\ntitle: 潮汐\nseries: 海边杂记\n---\n每天有两次涨潮。\n"


@pytest.mark.parametrize(
    ("wanted", "text", "drawn"),
    [
        ("html: bilingual translation original", TIDES, "bilingual"),
        ("epub: bilingual translation original", TIDES, "bilingual translation original"),
        ("epub: bilingual translation original", NO_ORIGINALS, "bilingual"),
        ("html: original translation", TIDES, "original"),
        # The picture on the home page is that of an edition that there is, in any case.
        ("html: original translation", NO_ORIGINALS, "translation"),
        ("epub: original translation", NO_ORIGINALS, "translation"),
        ("html: original", NO_ORIGINALS, "bilingual"),
        ("epub: original", NO_ORIGINALS, "bilingual"),
    ],
)
def test_a_cover_is_drawn_where_it_is_used(wanted, text, drawn, tmp_path, monkeypatch) -> None:
    formats, _, editions = wanted.partition(": ")
    asked: list[str] = []

    def note(_book: Book, _plan: BookPlan, edition: Edition) -> Cover:
        asked.append(edition.value)
        return Cover(edition.value.encode(), b"small")

    monkeypatch.setattr("converter.formats.draw_cover", note)
    monkeypatch.setattr("converter.web.Project.build_html", lambda *_: [])
    posts = write_posts(tmp_path / "posts", tides=text)
    plan = plan_library(posts, Settings(editions=tuple(editions.split())))
    (task,) = plan_tasks(plan, tmp_path / "out", (formats,))
    result = build_book(task)
    assert sorted(asked) == sorted(drawn.split())
    assert (task.folder / "cover.jpg").read_text("utf-8") == drawn.split()[0]
    lacks = formats == "epub" and editions == "original"
    assert [warning[:8] for warning in result.warnings] == (["no EPUB:"] if lacks else [])


def test_the_way_back_to_the_library_is_on_each_page(built) -> None:
    folder, _ = built
    page = html.parse(str(folder / "index.html"))
    (link,) = page.xpath('//a[@class="cp-library"]')
    assert link.get("href") == "../index.html"


def test_a_fingerprint_follows_the_text(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    (task,) = plan_tasks(plan_library(posts, Settings()), tmp_path / "a", ("epub",))
    before = build_book(task).fingerprint
    assert build_book(replace(task, folder=tmp_path / "b")).fingerprint == before
    write_posts(posts, tides=TIDES.replace("两次", "三次"))
    assert build_book(replace(task, folder=tmp_path / "c")).fingerprint != before


def test_no_script_of_the_front_matter_runs(tmp_path) -> None:
    script = "<script>window.PWNED=1</script>"
    names = ("series", "area", "speaker", "author", "guest", "summary", "insight", "channel")
    fields = "".join(f"{name}: '{name} {script}'\n" for name in names)
    lists = f"people: ['{script}']\ntags: ['{script}']\n"
    text = f"---\ntitle: '题 {script}'\n{fields}{lists}---\n正文。\n"
    posts = write_posts(tmp_path / "posts", a=text, b=text.replace("series", "project"))
    for task in plan_tasks(plan_library(posts, Settings()), tmp_path / "out", ("html",)):
        assert build_book(task).warnings == ()
        for page in task.folder.glob("*.html"):
            assert "<script>window.PWNED" not in page.read_text("utf-8"), page.name


def test_code_that_no_lexer_should_see_is_shown_plain(tmp_path) -> None:
    code = "\n".join(
        f"```{name}\n{' ' * 20_000}x{'0' * 40_000}\n```\n" for name in ("autoit", "sql")
    )
    posts = write_posts(tmp_path / "posts", a=f"---\ntitle: 码\n---\n{code}")
    (task,) = plan_tasks(plan_library(posts, Settings()), tmp_path / "out", ("html",))
    build_book(task)
    page = html.parse(str(task.folder / "ma.html"))
    shown = page.xpath('//div[contains(@class, "highlight-")]/@class')
    assert all("highlight-none" in name for name in shown)
