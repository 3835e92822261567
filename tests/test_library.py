"""The posts' folder: which files count, and what their bytes say."""

from __future__ import annotations

import os

import pytest

from converter.config import BookSettings, Settings
from converter.library import OutsideError, find_posts, plan_library, read_rules, read_text
from converter.rules import NO_RULES

from .samples import TIDES, write_posts


def test_posts_are_found_recursively_and_sorted(tmp_path) -> None:
    write_posts(tmp_path, b=TIDES, a=TIDES)
    write_posts(tmp_path / "sub", c=TIDES)
    write_posts(tmp_path / ".git", d=TIDES)
    (tmp_path / "notes.txt").write_text("no post", "utf-8")
    (tmp_path / "LOUD.MD").write_text(TIDES, "utf-8")
    assert find_posts(tmp_path).paths == ("LOUD.MD", "a.md", "b.md", "sub/c.md")


def test_names_that_look_like_options_are_names(tmp_path) -> None:
    (tmp_path / "-x.md").write_text(TIDES, "utf-8")
    (tmp_path / "a b'c.md").write_text(TIDES, "utf-8")
    plan = plan_library(tmp_path, Settings())
    assert [post.path for book in plan.books for post in book.posts] == ["-x.md", "a b'c.md"]


def test_bad_utf8_is_placed(tmp_path) -> None:
    (tmp_path / "a.md").write_bytes("第一行\n第".encode() + b"\xff\xfe\n")
    text, (found,) = read_text(tmp_path, "a.md")
    assert text == "第一行\n第\ufffd\ufffd\n"
    assert (found.line, found.column, found.code) == (2, 2, "input.bad-utf8")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path) -> None:
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    (posts / "leak.md").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(OutsideError):
        read_text(posts, "leak.md")


def test_excluded_posts_are_skipped_with_the_reason(tmp_path) -> None:
    write_posts(tmp_path, out=TIDES.replace("---\n", "---\nexclude: true\n", 1), tides=TIDES)
    plan = plan_library(tmp_path, Settings())
    (skipped,) = plan.skipped
    assert (skipped.path, skipped.code) == ("out.md", "front-matter.excluded")
    assert [post.path for book in plan.books for post in book.posts] == ["tides.md"]


def test_a_status_that_the_configuration_leaves_out_is_skipped_with_the_reason(tmp_path) -> None:
    write_posts(tmp_path, out=TIDES.replace("---\n", "---\nstatus: Inbox\n", 1), tides=TIDES)
    plan = plan_library(tmp_path, Settings(exclude_status=("inbox",)))
    (skipped,) = plan.skipped
    message = "posts.exclude_status leaves out the status 'Inbox'"
    assert (skipped.path, skipped.code, skipped.message) == (
        "out.md",
        "front-matter.excluded",
        message,
    )
    assert [d.message for d in plan.diagnostics if d.path == "out.md"] == [message]
    assert not plan_library(tmp_path, Settings()).skipped


def test_rules_that_cannot_be_read(tmp_path):
    assert read_rules(tmp_path) == NO_RULES
    file = tmp_path / "glossary.toml"
    file.write_bytes(b'\xef\xbb\xbfforbid = ["a"]\n')
    assert [rule.text for rule in read_rules(tmp_path)] == ['forbid "a"']
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(OSError, match="no regular file"):
        read_rules(tmp_path)


def test_a_preface_is_no_post_through_a_hard_link_either(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    (tmp_path / "preface.txt").write_text("为什么写海。\n", "utf-8")
    (posts / "linked.md").hardlink_to(tmp_path / "preface.txt")
    (posts / "circle.md").symlink_to("circle.md")
    own = BookSettings("海边杂记", preface="../preface.txt")
    plan = plan_library(posts, Settings(books=(own,)))
    assert [post.path for book in plan.books for post in book.posts] == ["tides.md"]
    assert [found.path for found in plan.diagnostics] == ["circle.md"]
