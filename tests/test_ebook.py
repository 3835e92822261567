"""The EPUBs of a book on disk: which there are, what they are called, their covers."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from converter.cli import main
from converter.config import parse_settings
from converter.ebook import Cover, CoverError, draw_cover, take_cover
from converter.edition import BookTask, parse_book
from converter.library import plan_library
from converter.model import Edition

POST = """\
---
title: 潮汐
date: 2025-01-02
series: 海边杂记
area: 自然
speaker: 艾达
---
海水每天涨落两次。

<details>
<summary>View/Hide Original English</summary>
<p>The sea rises and falls twice a day.</p>
</details>
"""
EDITIONS = '[epub]\neditions = ["bilingual", "translation", "original"]\n'


def library(tmp_path: Path, config: str = "", **files: str | bytes) -> Path:
    posts = tmp_path / "posts"
    posts.mkdir(exist_ok=True)
    for name, content in {"tides.md": POST, "duizhao.toml": config, **files}.items():
        data = content if isinstance(content, bytes) else content.encode()
        (posts / name.replace("__", ".")).write_bytes(data)
    return posts


def build(posts: Path, *arguments: str) -> dict[str, object]:
    out = posts.parent / "out"
    command = ["build", str(posts), "-o", str(out), "--format", "epub", *arguments]
    assert main(command) == 0
    return dict(json.loads((out / "manifest.json").read_text("utf-8"))["books"][0])


def picture(size: tuple[int, int], kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 40)).save(file, kind)
    return file.getvalue()


def size_of(data: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(data)).size


def cover_of(epub: Path) -> Image.Image:
    with zipfile.ZipFile(epub) as archive:
        return Image.open(io.BytesIO(archive.read("EPUB/images/cover.jpg")))


def test_a_book_has_a_cover_for_its_epub_and_for_pages_that_list_it(tmp_path) -> None:
    book = build(library(tmp_path))
    folder = tmp_path / "out" / str(book["slug"])
    assert book["cover"] == f"{book['slug']}/cover.jpg"
    assert size_of((folder / "cover.jpg").read_bytes()) == (1400, 2100)
    assert size_of((folder / "cover-small.jpg").read_bytes()) == (300, 450)
    assert cover_of(folder / f"{book['slug']}.epub").size == (1400, 2100)
    home = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert f'<img src="{book["slug"]}/cover-small.jpg"' in home


def test_the_editions_that_the_configuration_names_are_built_the_main_one_first(tmp_path) -> None:
    book = build(library(tmp_path, EDITIONS))
    slug = book["slug"]
    assert book["epub"] == f"{slug}/{slug}.epub"
    epubs = book["epubs"]
    assert isinstance(epubs, list)
    assert [(epub["edition"], epub["path"]) for epub in epubs] == [
        ("bilingual", f"{slug}/{slug}.epub"),
        ("translation", f"{slug}/{slug}-translation.epub"),
        ("original", f"{slug}/{slug}-original.epub"),
    ]
    out = tmp_path / "out"
    assert [epub["size"] for epub in epubs] == [
        (out / epub["path"]).stat().st_size for epub in epubs
    ]
    assert len({epub["identifier"] for epub in epubs}) == 3
    covers = {cover_of(out / epub["path"]).tobytes() for epub in epubs}
    assert len(covers) == 3  # each says which it is
    home = (out / "index.html").read_text("utf-8")
    assert "EPUB 译文" in home
    assert "EPUB 原文" in home
    feed = (out / "opds" / "all.xml").read_text("utf-8")
    assert all(epub["path"] in feed for epub in epubs)


def test_books_of_two_libraries_are_two_books(tmp_path) -> None:
    one, other = (
        build(library(tmp_path, f'[library]\ntitle = "{title}"\n')) for title in ("甲", "乙")
    )
    assert one["slug"] == other["slug"]
    assert one["epubs"][0]["identifier"] != other["epubs"][0]["identifier"]  # type: ignore[index]


def test_the_originals_alone_may_be_the_only_edition(tmp_path) -> None:
    book = build(library(tmp_path, '[epub]\neditions = ["original"]\n'))
    assert str(book["epub"]).endswith("-original.epub")
    posts = book["posts"]
    assert isinstance(posts, list)
    assert posts[0]["epub_documents"] == ["text/001-chao-xi.xhtml"]


def test_a_book_without_originals_has_no_edition_of_them(tmp_path) -> None:
    posts = library(tmp_path, EDITIONS, **{"tides.md": "---\ntitle: 潮汐\n---\n只有中文。\n"})
    book = build(posts)
    assert [epub["edition"] for epub in book["epubs"]] == ["bilingual"]  # type: ignore[attr-defined]
    alone = build(library(tmp_path, '[epub]\neditions = ["translation"]\n'))
    assert [epub["edition"] for epub in alone["epubs"]] == ["translation"]  # type: ignore[attr-defined]


def test_a_post_with_unfolded_originals_has_all_editions(tmp_path) -> None:
    pairs = "\n\n".join(f"The tide rises, number {n}.\n\n潮水第{n}次上涨。" for n in range(8))
    book = build(library(tmp_path, EDITIONS, **{"tides.md": f"---\ntitle: 潮汐\n---\n{pairs}\n"}))
    kinds = [epub["edition"] for epub in book["epubs"]]  # type: ignore[attr-defined]
    assert kinds == ["bilingual", "translation", "original"]


def test_an_image_of_the_user_is_the_cover(tmp_path, capsys) -> None:
    config = '[[book]]\ntitle = "海边杂记"\ncover = "own.png"\n'
    book = build(library(tmp_path, config, own__png=picture((700, 1000))))
    image = cover_of(tmp_path / "out" / str(book["epub"]))
    assert image.getpixel((10, 10)) == pytest.approx((200, 30, 40), abs=6)
    assert min(image.size) >= 1400
    assert image.height >= 2100
    assert book["cover_size"] == list(image.size)
    feed = json.loads((tmp_path / "out" / "opds" / "all.json").read_text("utf-8"))
    announced = feed["publications"][0]["images"][0]
    assert (announced["width"], announced["height"]) == image.size
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("data", [b"no image", picture((2000, 40)), b""])
def test_an_image_that_cannot_be_used_is_named_and_a_cover_drawn(data, tmp_path, capsys) -> None:
    config = '[[book]]\ntitle = "海边杂记"\ncover = "own.png"\n'
    book = build(library(tmp_path, config, own__png=data))
    (line,) = capsys.readouterr().err.splitlines()
    assert "own.png: " in line
    assert "a cover was drawn instead" in line
    assert cover_of(tmp_path / "out" / str(book["epub"])).size == (1400, 2100)


def test_a_book_whose_cover_cannot_be_drawn_is_built_without_one(
    tmp_path, capsys, monkeypatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, "cover", stderr=b"Traceback\nError: no fonts")

    monkeypatch.setattr("converter.ebook.subprocess.run", fail)
    book = build(library(tmp_path))
    assert "no cover: Error: no fonts" in capsys.readouterr().err
    assert not {"cover", "cover_size"} & book.keys()
    with zipfile.ZipFile(tmp_path / "out" / str(book["epub"])) as archive:
        assert not [name for name in archive.namelist() if "cover" in name]
    assert "<img" not in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_a_drawing_that_takes_too_long_is_given_up(tmp_path, monkeypatch) -> None:
    posts = library(tmp_path)
    (plan,) = plan_library(posts, parse_settings("")).books
    book, _ = parse_book(BookTask(plan, posts, (), tmp_path))
    monkeypatch.setattr("converter.ebook._LONGEST_DRAWING", 0.01)
    with pytest.raises(CoverError, match="timed out"):
        draw_cover(book, plan, Edition.BILINGUAL)


JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00" * 7,
        (0).to_bytes(8, "big"),
        (99).to_bytes(8, "big") + JPEG,
        len(JPEG).to_bytes(8, "big") + JPEG,
        len(JPEG).to_bytes(8, "big") + JPEG + b"PNG",
        (3).to_bytes(8, "big") + b"PNG" + JPEG,
        b"Fontconfig warning: no fonts\n" + len(JPEG).to_bytes(8, "big") + JPEG + JPEG,
    ],
)
def test_what_the_drawing_process_says_is_looked_at(said, monkeypatch) -> None:
    def say(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, 0, said, b"")

    monkeypatch.setattr("converter.ebook.subprocess.run", say)
    with pytest.raises(CoverError, match=r"^the process that draws covers gave no two JPEGs$"):
        take_cover(b"")


def test_the_process_that_draws_takes_any_text() -> None:
    facts = {
        "title": "\ud800<&#read>",
        "language": "zh",
        "creators": ["$x$"],
        "translators": [],
        "dates": [],
    }
    command = [sys.executable, "-m", "converter.cover"]
    done = subprocess.run(
        command, input=json.dumps(facts).encode(), capture_output=True, check=True
    )
    end = 8 + int.from_bytes(done.stdout[:8], "big")
    assert size_of(done.stdout[8:end]) == (1400, 2100)
    assert size_of(done.stdout[end:]) == (300, 450)


def test_no_program_in_the_folder_of_the_posts_is_run(tmp_path, monkeypatch) -> None:
    posts = library(tmp_path)
    (posts / "other.md").write_text(POST.replace("海边杂记", "山里杂记"), "utf-8")
    for name in ("json", "PIL", "typst", "pagefind", "sphinx", "converter", "multiprocessing"):
        ran = f"import pathlib; pathlib.Path({str(tmp_path / 'PWNED')!r}).touch()"
        (posts / f"{name}.py").write_text(ran, "utf-8")
    monkeypatch.chdir(posts)
    out = tmp_path / "out"
    assert main(["build", str(posts), "-o", str(out), "--jobs", "2"]) == 0
    assert not (tmp_path / "PWNED").exists()
    assert list(out.glob("*/cover.jpg"))
    assert list(out.glob("*/pagefind/pagefind.js"))


def test_preface_and_afterword_are_in_both_editions_and_are_no_posts(tmp_path, capsys) -> None:
    config = '[[book]]\ntitle = "海边杂记"\npreface = "序.md"\nafterword = "../after.md"\n'
    posts = library(tmp_path, config, **{"序.md": "为什么写海。[^1]\n\n[^1]: 因为近。\n"})
    (tmp_path / "after.md").write_text("---\ntitle: 写在后面\n---\n潮水退了。\n", "utf-8")
    out = tmp_path / "out"
    assert main(["build", str(posts), "-o", str(out)]) == 0
    assert capsys.readouterr().err == ""
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["posts"] == 1
    (book,) = manifest["books"]
    with zipfile.ZipFile(out / book["epub"]) as archive:
        preface = archive.read("EPUB/text/preface.xhtml").decode()
        afterword = archive.read("EPUB/text/afterword.xhtml").decode()
    assert "<h1>前言</h1>" in preface
    assert "为什么写海" in preface
    assert "<h1>写在后面</h1>" in afterword
    page = (out / book["slug"] / "preface.html").read_text("utf-8")
    assert "为什么写海" in page
    assert "潮水退了" in (out / book["slug"] / "afterword.html").read_text("utf-8")
    contents = (out / book["slug"] / "index.html").read_text("utf-8")
    assert contents.index("preface.html") < contents.index("chao-xi.html")


@pytest.mark.parametrize("name", ["序.md", "../posts/序.md", "absolute", "linked.md"])
def test_a_preface_is_no_post_however_it_is_named(name, tmp_path) -> None:
    posts = library(tmp_path, **{"序.md": "为什么写海。\n"})
    (posts / "linked.md").symlink_to("序.md")
    path = str(posts / "序.md") if name == "absolute" else name
    (posts / "duizhao.toml").write_text(
        f'[[book]]\ntitle = "海边杂记"\npreface = "{path}"\n', "utf-8"
    )
    book = build(posts)
    assert [post["source"] for post in book["posts"]] == ["tides.md"]  # type: ignore[attr-defined]


def test_a_preface_that_is_a_book_is_refused(tmp_path, capsys) -> None:
    posts = library(tmp_path, '[[book]]\ntitle = "海边杂记"\npreface = "p.md"\n')
    with (posts / "p.md").open("wb") as file:
        file.truncate(3_000_000)
    assert main(["build", str(posts), "-o", str(tmp_path / "out")]) == 2
    assert "is larger than 2 MB" in capsys.readouterr().err


@pytest.mark.parametrize("date", ["0001-01-01", "0999-12-31", "1000-01-01"])
def test_a_date_that_no_package_can_tell_is_not_its_date(date, tmp_path) -> None:
    old = POST.replace("2025-01-02", date)
    book = build(library(tmp_path, **{"tides.md": old}))
    updated = book["epubs"][0]["updated"]  # type: ignore[index]
    assert re.fullmatch(r"[1-9]\d{3}-\d\d-\d\dT00:00:00Z", updated)


def test_settings_of_the_epub_leave_the_web_edition_in_the_manifest(tmp_path) -> None:
    posts = library(tmp_path)
    out = tmp_path / "out"
    assert main(["build", str(posts), "-o", str(out)]) == 0
    book = build(library(tmp_path, '[epub]\noriginals = "inline"\n[library]\nrights = "CC0"\n'))
    assert str(book["html"]).endswith("/index.html")
    assert (out / str(book["html"])).is_file()
    changed = POST.replace("涨落两次", "涨落好几次")
    again = build(library(tmp_path, **{"tides.md": changed}))
    assert "html" not in again


def test_a_changed_preface_is_another_book(tmp_path) -> None:
    config = '[[book]]\ntitle = "海边杂记"\npreface = "序.md"\n'
    prints = {
        build(library(tmp_path, config, **{"序.md": text}))["fingerprint"] for text in ("甲", "乙")
    }
    assert len(prints) == 2


@pytest.mark.parametrize("kind", ["preface", "afterword", "cover"])
def test_a_file_that_is_not_there_is_a_usage_error(kind, tmp_path, capsys) -> None:
    posts = library(tmp_path, f'[[book]]\ntitle = "海边杂记"\n{kind} = "none.md"\n')
    assert main(["build", str(posts), "-o", str(tmp_path / "out")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "海边杂记" in line
    assert f".{kind}: 'none.md' is no file" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("size", [(1400, 2100), (1, 65_000), (3000, 2000)])
@pytest.mark.parametrize(
    "kind", [{}, {"progressive": True}, {"exif": b"Exif\0\0" + b"\xff\xc0" * 9}]
)
def test_the_size_of_a_jpeg_is_read_from_it(size, kind) -> None:
    file = io.BytesIO()
    Image.new("L", size).save(file, "JPEG", **kind)
    assert Cover(file.getvalue()).size == size


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xc0\x00", b"no image" * 9])
def test_what_is_no_jpeg_has_no_size(data) -> None:
    assert Cover(data).size == (0, 0)
