"""The output folder: whole files, nothing lost, nothing taken for ours that is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from converter.book import BookPlan, PlannedPost
from converter.edition import BookResult, PostResult
from converter.library import LibraryPlan
from converter.model import FrontMatter
from converter.output import OutputError, check_output, publish, staging


def test_the_staging_folder_goes_with_its_block(tmp_path) -> None:
    def fail() -> None:
        with staging(tmp_path) as folder:
            (folder / "draft").write_text("x", "utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_staging_starts_empty(tmp_path) -> None:
    (tmp_path / ".duizhao" / "left by a killed build").mkdir(parents=True)
    with staging(tmp_path) as folder:
        assert list(folder.iterdir()) == []


def test_a_link_into_the_posts_is_seen_through(tmp_path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    (tmp_path / "out").symlink_to(posts)
    with pytest.raises(OutputError, match="inside the posts' folder"):
        check_output(posts, tmp_path / "out", [])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 2}', '{"version": 1, "books": [3]}'])
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
    assert list(tmp_path.glob(".duizhao")) == []


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
