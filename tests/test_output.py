"""The output folder: whole files, nothing lost, nothing taken for ours that is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from converter.book import BookPlan, PlannedPost
from converter.cli import main
from converter.edition import BookResult, PostResult
from converter.library import LibraryPlan
from converter.manifest import without_missing
from converter.model import FrontMatter
from converter.output import OutputError, check_output, publish, staging

from .samples import TIDES, write_posts

EPUB = {
    "edition": "bilingual",
    "path": "sea/sea.epub",
    "size": 3,
    "identifier": "urn:uuid:1",
    "updated": "2026-03-01T00:00:00Z",
}


def build(posts: Path, out: Path, formats: str) -> Any:
    """Build a library and return what its manifest says of the books."""
    assert main(["build", str(posts), "-o", str(out), "--format", formats, "-j", "1"]) == 0
    return json.loads((out / "manifest.json").read_text("utf-8"))["books"]


def test_the_staging_folder_goes_with_its_block(tmp_path) -> None:
    def fail() -> None:
        with staging(tmp_path) as folder:
            (folder / "draft").write_text("x", "utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_staging_starts_empty(tmp_path) -> None:
    (tmp_path / ".duizhao-staging" / "left by a killed build").mkdir(parents=True)
    with staging(tmp_path) as folder:
        assert list(folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_two_builds_do_not_write_into_one_output(tmp_path) -> None:
    with staging(tmp_path), pytest.raises(OutputError, match="another build"), staging(tmp_path):
        pass
    with staging(tmp_path):
        pass


def test_what_a_killed_build_had_moved_aside_is_put_back(tmp_path) -> None:
    staged = tmp_path / ".duizhao-staging"
    (staged / "sea.old").mkdir(parents=True)
    (staged / "sea.old" / "sea.epub").write_text("a book", "utf-8")
    (staged / "port.old").mkdir()
    (tmp_path / "port").mkdir()
    with staging(tmp_path):
        assert (tmp_path / "sea" / "sea.epub").read_text("utf-8") == "a book"
        assert list((tmp_path / "port").iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, ValueError])
def test_a_book_is_put_back_where_its_successor_did_not_come(error, tmp_path) -> None:
    (tmp_path / "sea").mkdir()
    (tmp_path / "sea" / "sea.epub").touch()

    def replace_half() -> None:
        with staging(tmp_path) as staged:
            (tmp_path / "sea").rename(staged / "sea.old")
            raise error

    with pytest.raises(error):
        replace_half()
    assert (tmp_path / "sea" / "sea.epub").exists()


@pytest.mark.parametrize("name", ["index.html", "manifest.json"])
def test_a_folder_in_the_place_of_a_file_is_found_before_anything_is_built(name, tmp_path) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        check_output(tmp_path / "posts" / "a.md", tmp_path, [])


def test_an_output_that_is_a_link_in_a_circle_is_refused(tmp_path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(OutputError, match="leads nowhere"):
        check_output(tmp_path / "posts", tmp_path / "loop", [])


def test_an_entry_of_the_old_manifest_that_does_not_fit_is_no_trouble(tmp_path) -> None:
    publish_books(tmp_path, sea=reference("大潮"))
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    manifest["books"][0]["posts"] = []
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    manifest, _ = publish_books(tmp_path, formats=("epub",), sea="")
    assert "html" not in manifest["books"][0]


SPOILED: dict[str, dict[str, Any]] = {
    "no epubs": {"epubs": None},
    "epubs of another kind": {"epubs": ["sea.epub"]},
    "an epub without a path": {"epubs": [{"edition": "bilingual", "size": 3}]},
    "an edition that there is not": {"epubs": [{**EPUB, "edition": "trilingual"}]},
    "a size in words": {"epubs": [{**EPUB, "size": "3 MB"}]},
    "a cover of one number": {"cover_size": [1400]},
    "an epub elsewhere": {"epubs": [{**EPUB, "path": "../mine.epub"}]},
    "no posts": {"posts": None},
    "posts of another kind": {"posts": [3]},
    "posts in a table": {"posts": {"a": 1}},
    "documents in a text": {"posts": [{"epub_documents": 3}]},
    "a fingerprint of another kind": {"text_fingerprint": 3},
    "a page of another kind": {"html": 3},
    "a page elsewhere": {"html": "sea/../../mine.html"},
    "half a character": {"note": "\ud800"},
}


@pytest.mark.parametrize("name", SPOILED)
def test_an_earlier_entry_of_a_wrong_shape_counts_as_absent(name, tmp_path) -> None:
    publish_books(tmp_path, sea=reference("大潮"), port=reference("小潮"))
    spoiled = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    for book in spoiled["books"]:
        if book["slug"] == "sea":
            book |= {"epub": EPUB["path"], "epubs": [EPUB], **SPOILED[name]}
    (tmp_path / "manifest.json").write_text(json.dumps(spoiled), "utf-8")
    (tmp_path.parent / "mine.epub").touch()
    (tmp_path.parent / "mine.html").touch()
    manifest, _ = publish_books(tmp_path, formats=(), sea="", port="")
    port, sea = sorted(manifest["books"], key=lambda book: book["slug"])
    assert port["html"] == "port/index.html"
    assert not {"html", "epub", "epubs", "note"} & sea.keys()
    assert [post["source"] for post in sea["posts"]] == ["a.md"]


def test_a_book_of_a_wrong_shape_that_is_no_more_is_named(tmp_path) -> None:
    publish_books(tmp_path, sea="", port="")
    spoiled = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    spoiled["books"] = [{"slug": "sea"}, {"slug": ".."}, {"slug": "port", "posts": 3}]
    (tmp_path / "manifest.json").write_text(json.dumps(spoiled), "utf-8")
    _, report = publish_books(tmp_path, port="")
    assert report.leftovers == ("sea",)


def test_an_epub_that_is_gone_is_in_no_catalog(tmp_path) -> None:
    out = tmp_path / "out"
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    (posts / "duizhao.toml").write_text('[epub]\neditions = ["bilingual", "original"]\n', "utf-8")
    folder = out / "hai-bian-za-ji"
    build(posts, out, "epub")
    (folder / "hai-bian-za-ji.epub").unlink()
    (book,) = build(posts, out, "html")
    assert book["epub"] == "hai-bian-za-ji/hai-bian-za-ji-original.epub"
    assert [epub["path"] for epub in book["epubs"]] == [book["epub"]]
    assert (out / "opds" / "index.xml").is_file()
    (folder / "hai-bian-za-ji-original.epub").unlink()
    (book,) = build(posts, out, "html")
    assert not {"epub", "epubs"} & book.keys()
    assert not any("epub_documents" in post for post in book["posts"])
    assert not (out / "opds").exists()
    assert "opds" not in (out / "index.html").read_text("utf-8")


def test_documents_are_named_of_the_main_edition_only() -> None:
    entry = {
        "slug": "sea",
        "html": "sea/index.html",
        "epub": "sea/sea.epub",
        "epubs": [{"path": "sea/sea.epub"}, {"path": "sea/sea-original.epub"}],
        "posts": [{"html": "sea/a.html", "epub_documents": ["text/001-a.xhtml"]}],
    }
    kept = without_missing(entry, lambda path: path != "sea/sea.epub")
    assert kept["epub"] == "sea/sea-original.epub"
    assert kept["posts"] == [{"html": "sea/a.html"}]
    kept = without_missing(entry, lambda path: path != "sea/index.html")
    assert "html" not in kept
    assert kept["posts"] == [{"epub_documents": ["text/001-a.xhtml"]}]
    assert without_missing(entry, lambda _: True) == entry
    covered = {**entry, "cover": "sea/cover.jpg", "cover_size": [1400, 2100]}
    assert without_missing(covered, lambda path: path != "sea/cover.jpg") == entry
    assert without_missing(covered, lambda _: True) == covered


def test_a_link_into_the_posts_is_seen_through(tmp_path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    (tmp_path / "out").symlink_to(posts)
    with pytest.raises(OutputError, match="inside the posts' folder"):
        check_output(posts, tmp_path / "out", [])


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"version": 2}', '{"version": 1, "books": [3]}', "[" * 100_000],
)
def test_a_manifest_of_another_program_does_not_count(text, tmp_path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("mine", "utf-8")
    (out / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(OutputError, match="duizhao did not write"):
        check_output(tmp_path / "posts", out, [])


# -- the library's glossary and indexes --------------------------------------------------------


def reference(*headwords: str, people: tuple[str, ...] = ()) -> str:
    facts = {"letter": "A", "sort": "a", "mentions": 1}
    return json.dumps(
        {
            "version": 1,
            "chapters": [],
            "glossary": [
                {"id": f"g-{word}", "headword": word, "page": "glossary.html", **facts}
                for word in headwords
            ],
            "indexes": [
                {
                    "kind": "people",
                    "entries": [
                        {"id": f"p-{name}", "name": name, "page": "people.html", **facts}
                        for name in people
                    ],
                }
            ],
        }
    )


def publish_books(out: Path, *, formats: tuple[str, ...] = ("html",), **references: str) -> Any:
    """Publish books of these slugs, each with a post and, if not empty, what it left."""
    plans, results = [], []
    with staging(out) as staged:
        for slug, text in references.items():
            folder = staged / slug
            folder.mkdir()
            (folder / ".duizhao-book").touch()
            if "html" in formats:
                (folder / "index.html").write_text("", "utf-8")
                if text:
                    (folder / "reference.json").write_text(text, "utf-8")
            else:
                (folder / f"{slug}.epub").write_text("", "utf-8")
            posts = (PlannedPost("a.md", FrontMatter(), "a"),)
            plan = BookPlan(slug, slug, "zh-CN", "en", posts)
            described = PostResult("a.md", "a", "a", "", (), 0, 0, {})
            plans.append(plan)
            results.append(BookResult(plan, (), (described,), formats, 0, "same", 1, (), ()))
        library = LibraryPlan(out, tuple(plans), (), (), title="海边文库", language="zh-CN")
        report = publish(library, results, staged, out)
    return json.loads((out / "manifest.json").read_text("utf-8")), report


def test_the_glossary_and_the_indexes_are_of_all_books(tmp_path) -> None:
    manifest, report = publish_books(
        tmp_path, sea=reference("大潮", people=("Ada",)), port=reference("小潮")
    )
    assert manifest["glossary"] == "glossary/index.html"
    assert manifest["indexes"] == {"people": "people/index.html"}
    page = (tmp_path / "glossary" / "index.html").read_text("utf-8")
    assert "海边文库" in page
    assert 'href="../sea/glossary.html#g-' in page
    assert 'href="../port/glossary.html#g-' in page
    assert 'href="../sea/people.html#p-Ada"' in (tmp_path / "people/index.html").read_text("utf-8")
    home = (tmp_path / "index.html").read_text("utf-8")
    assert 'href="glossary/index.html"' in home
    assert 'href="people/index.html"' in home
    written = [file for file in tmp_path.rglob("[!.]*") if file.is_file()]
    assert report.files + len(("reference.json", "reference.json")) == len(written)
    assert list(tmp_path.glob(".duizhao-staging")) == []


def test_a_library_without_epubs_has_no_catalog_for_reading_programs(tmp_path) -> None:
    publish_books(tmp_path, sea=reference("大潮"))
    assert not (tmp_path / "opds").exists()
    assert "opds" not in (tmp_path / "index.html").read_text("utf-8")


def test_an_edition_that_is_carried_over_stays_in_the_glossary(tmp_path) -> None:
    publish_books(tmp_path, sea=reference("大潮"))
    manifest, _ = publish_books(tmp_path, formats=("epub",), sea="")
    assert manifest["books"][0]["html"] == "sea/index.html"
    assert "大潮" in (tmp_path / "glossary" / "index.html").read_text("utf-8")


def test_a_book_without_a_web_edition_is_in_no_glossary(tmp_path) -> None:
    manifest, _ = publish_books(tmp_path, formats=("epub",), sea="")
    assert "glossary" not in manifest
    assert "indexes" not in manifest
    assert not (tmp_path / "glossary").exists()


@pytest.mark.parametrize("text", ["", "{", '{"version": 2}'])
def test_a_book_of_an_earlier_version_is_passed_over(text, tmp_path) -> None:
    manifest, _ = publish_books(tmp_path, sea=text, port=reference("小潮"))
    assert manifest["glossary"] == "glossary/index.html"
    assert "../sea/" not in (tmp_path / "glossary" / "index.html").read_text("utf-8")


def test_pages_of_an_earlier_build_vanish(tmp_path) -> None:
    publish_books(tmp_path, sea=reference("大潮", people=("Ada",)))
    (tmp_path / "glossary" / "q-9.html").write_text("", "utf-8")
    manifest, _ = publish_books(tmp_path, sea=reference("小潮"))
    assert not (tmp_path / "people").exists()
    assert not (tmp_path / "glossary" / "q-9.html").exists()
    assert "大潮" not in (tmp_path / "glossary" / "index.html").read_text("utf-8")
    assert "indexes" not in manifest


def test_a_folder_of_another_hand_is_no_place_for_the_glossary(tmp_path) -> None:
    posts, out = tmp_path / "posts", tmp_path / "out"
    posts.mkdir()
    publish_books(out, sea=reference("大潮"))
    check_output(posts, out, [], ["glossary", "people"])
    (out / "people").mkdir()
    with pytest.raises(OutputError, match="people: duizhao did not make it"):
        check_output(posts, out, [], ["glossary", "people"])
    (out / "people" / ".duizhao-book").touch()
    with pytest.raises(OutputError, match="people: is a book of an earlier build"):
        check_output(posts, out, [], ["glossary", "people"])


def test_two_builds_write_the_same_pages(tmp_path) -> None:
    for name in ("a", "b"):
        publish_books(
            tmp_path / name, sea=reference("大潮", people=("Ada",)), port=reference("大潮")
        )
    one, other = (
        {
            file.relative_to(tmp_path / name): file.read_bytes()
            for file in (tmp_path / name).rglob("*")
            if file.is_file()
        }
        for name in ("a", "b")
    )
    assert one == other
