"""Diagnostics: every code has its row in the reference and a post that shows it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from converter.build import plan_tasks
from converter.config import Settings, parse_settings
from converter.diagnostics import CODES, Diagnostic, Severity, has_errors, render_text
from converter.edition import build_book, parse_book
from converter.fix import fix_post
from converter.library import find_unused_rules, plan_library, read_rules, read_text
from converter.post import parse_post

FOLDERS = Path(__file__).parent / "diagnostics"
ROW = re.compile(r"^\| `([a-z0-9.-]+)` \| (\w+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)


def findings(posts: Path) -> list[Diagnostic]:
    """Return all that is found in a folder of posts, by the plan, the parser and the glossary."""
    config = posts / "duizhao.toml"
    settings = parse_settings(config.read_text("utf-8")) if config.exists() else Settings()
    plan = plan_library(posts, settings, read_rules(posts))
    books = [parse_book(task)[0] for task in plan_tasks(plan, posts.parent)]
    applied = frozenset[str]().union(*(book.applied_rules for book in books))
    found = [*plan.diagnostics, *find_unused_rules(plan.rules, applied)]
    broken = {diagnostic.path for diagnostic in found if diagnostic.line == 0}
    for post in sorted(posts.rglob("*.md")):
        path = post.relative_to(posts).as_posix()
        if path not in broken:
            text, problems = read_text(posts, path)
            found += [*problems, *parse_post(path, text).diagnostics]
    return found


def findings_of_a_build(posts: Path, out: Path, monkeypatch) -> list[Diagnostic]:
    """Return what a build finds in two posts if the program fails on one of them."""

    def fail_on_one(path: str, text: str):
        if path == "post.md":
            raise RecursionError("too deep")
        return parse_post(path, text)

    shutil.copy(posts / "post.md", posts / "good.md")
    monkeypatch.setattr("converter.edition.parse_post", fail_on_one)
    (task,) = plan_tasks(plan_library(posts, Settings()), out, ("epub",))
    return list(build_book(task).diagnostics)


@pytest.mark.parametrize("code", CODES)
def test_folder(code, tmp_path, monkeypatch):
    posts = tmp_path / "posts"
    posts.mkdir()
    post = FOLDERS / code / "post.md"
    if code == "input.unreadable":
        (posts / "post.md").symlink_to(posts / "nowhere.md")
    elif code == "input.outside":
        shutil.copy(post, tmp_path)
        (posts / "post.md").symlink_to(tmp_path / "post.md")
    else:
        shutil.copy(post, posts)
        for settings in (FOLDERS / code).glob("*.toml"):
            shutil.copy(settings, posts)
        if code == "book.slug-collision":
            shutil.copy(post, posts / "second.md")
    found = findings(posts)
    if code == "internal.post-failed":
        found += findings_of_a_build(posts, tmp_path / "out", monkeypatch)
    printed = render_text(found)
    assert f"[{code}]" in printed
    assert printed == (FOLDERS / code / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_what_can_be_mended_is_shown(code):
    """A folder holds ``fixed.md`` if, and only if, ``check --fix`` mends its post."""
    text = (FOLDERS / code / "post.md").read_text(encoding="utf-8", errors="replace")
    fixed = fix_post("post.md", text, {code}).text
    file = FOLDERS / code / "fixed.md"
    assert fixed == (file.read_text(encoding="utf-8") if file.exists() else text)


def test_every_folder_has_a_code():
    assert {folder.name for folder in FOLDERS.iterdir()} == set(CODES)


def test_every_code_has_its_row(root):
    reference = (root / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")
    rows = {code: (severity, hint) for code, severity, _, _, hint in ROW.findall(reference)}
    assert rows == {code: (row.severity.value, row.hint) for code, row in CODES.items()}


def test_every_example_of_the_reference_shows_its_code(root):
    """Examples in the reference are lines of the posts in the folders."""
    reference = (root / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")
    for code, _, _, example, _ in ROW.findall(reference):
        text = (FOLDERS / code / "post.md").read_text(encoding="utf-8", errors="replace")
        for line in re.findall(r"``? ?(.+?) ?``?(?: ⏎|$)", example):
            assert line.replace("⟨BEL⟩", "\x07") in text, (code, line)


@pytest.mark.parametrize("code", CODES)
def test_codes_and_hints_read_alike(code):
    assert re.fullmatch(
        r"(input|front-matter|post|book|glossary|internal)\.[a-z0-9]+(-[a-z0-9]+)*", code
    )
    hint = CODES[code].hint
    assert re.fullmatch(r"[a-z].*[^.]", hint)


def test_severity_comes_from_the_table():
    error = Diagnostic("a.md", 1, 0, "front-matter.invalid", "m")
    warning = Diagnostic("a.md", 1, 0, "post.stray-tag", "m")
    assert error.severity is Severity.ERROR
    assert warning.severity is Severity.WARNING
    assert has_errors([warning, error])
    assert not has_errors([warning])


def test_text_is_sorted_and_leaves_out_what_is_not_known():
    whole = Diagnostic("b.md", 0, 0, "post.empty", "the post has no text")
    line = Diagnostic("a.md", 3, 0, "front-matter.bad-value", "x")
    place = Diagnostic("a.md", 2, 7, "post.stray-tag", "y")
    assert [text.split(" ")[0] for text in render_text([whole, line, place]).splitlines()] == [
        "a.md:2:7:",
        "a.md:3:",
        "b.md:",
    ]
