"""The command: what it prints, what it returns, what it leaves on disk."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from converter import __version__
from converter.build import build_library
from converter.cli import main
from converter.edition import BookResult
from converter.epub import EpubBook, EpubOptions, render_epub
from converter.model import Book

from .samples import TIDES, write_posts

HARBOUR = TIDES.replace("潮汐与月亮", "清晨的渔港").replace("2026-03-01", "2026-03-02")


def build(posts: Path, out: Path, *more: str) -> int:
    return main(["build", str(posts), "-o", str(out), "--format", "epub", "-j", "1", *more])


def manifest(out: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((out / "manifest.json").read_text("utf-8"))
    return read


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


# -- what it does ------------------------------------------------------------------------------


def test_build_sums_up(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES, harbour=HARBOUR)
    assert build(posts, tmp_path / "out") == 0
    printed = capsys.readouterr()
    assert "1 book, 2 posts, 4 originals, 2 glossary entries; 0 errors, 0 warnings" in printed.out
    assert "[1/1] 海边杂记: 2 posts" in printed.out
    assert printed.err == ""
    feeds = ["index", "newest", "series", "series/hai-bian-za-ji", "all"]
    assert set(files(tmp_path / "out")) == {
        *(f"hai-bian-za-ji/{name}" for name in ("cover.jpg", "cover-small.jpg")),
        "hai-bian-za-ji/hai-bian-za-ji.epub",
        "index.html",
        "manifest.json",
        *(f"opds/{name}.{suffix}" for name in feeds for suffix in ("xml", "json")),
    }


def test_manifest_names_what_was_built(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    build(posts, tmp_path / "out")
    written = manifest(tmp_path / "out")
    assert (written["version"], written["posts"], written["originals"]) == (1, 1, 2)
    (book,) = written["books"]
    assert book["epub"] == "hai-bian-za-ji/hai-bian-za-ji.epub"
    assert "html" not in book
    (post,) = book["posts"]
    assert post["source"] == "tides.md"
    assert post["slug"] == "chao-xi-yu-yue-liang"
    assert post["title"] == "潮汐与月亮"
    assert post["date"] == "2026-03-01"
    assert post["originals"] == 2
    assert post["words"] > 40
    assert post["diagnostics"] == {}
    assert post["epub_documents"] == ["text/001-chao-xi-yu-yue-liang.xhtml"]


def test_html_follows_epub_into_the_same_folder(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    out = tmp_path / "out"
    assert build(posts, out) == 0
    epub = (out / "hai-bian-za-ji" / "hai-bian-za-ji.epub").read_bytes()
    assert main(["build", str(posts), "-o", str(out), "--format", "html"]) == 0
    (book,) = manifest(out)["books"]
    assert book["html"] == "hai-bian-za-ji/index.html"
    assert (out / book["posts"][0]["html"]).is_file()
    assert (out / book["epub"]).read_bytes() == epub
    assert book["posts"][0]["epub_documents"]
    assert (out / "hai-bian-za-ji" / "pagefind" / "pagefind.js").is_file()


def test_an_edition_of_other_posts_is_kept_but_not_named(tmp_path) -> None:
    out = tmp_path / "out"
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    main(["build", str(posts), "-o", str(out), "--format", "html"])
    write_posts(posts, tides=TIDES.replace("两次", "三次"))
    build(posts, out)
    (book,) = manifest(out)["books"]
    assert "html" not in book
    assert (out / "hai-bian-za-ji" / "index.html").is_file()


def test_two_builds_give_the_same_bytes(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES, harbour=HARBOUR)
    build(posts, tmp_path / "a")
    build(posts, tmp_path / "b")
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_one_file_is_a_library_too(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES, harbour=HARBOUR)
    assert build(posts / "tides.md", tmp_path / "out") == 0
    assert manifest(tmp_path / "out")["posts"] == 1


def test_convert_writes_projects_only(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    assert main(["convert", str(posts), "-o", str(tmp_path / "projects")]) == 0
    assert sorted(files(tmp_path / "projects")) == [
        f"hai-bian-za-ji/{name}"
        for name in ("chao-xi-yu-yue-liang.md", "conf.py", "glossary.md", "index.md", "people.md")
    ]
    assert "5 files, 海边杂记" in capsys.readouterr().out
    assert main(["convert", str(posts), "-o", str(tmp_path / "projects")]) == 0


def test_check_prints_findings_and_writes_nothing(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES.replace("</summary>\n<p", "</p>\n<p"))
    before = files(tmp_path)
    assert main(["check", str(posts)]) == 0
    printed = capsys.readouterr().out
    assert "tides.md:14:36: warning[post.summary-closed-by-p]" in printed
    assert "1 posts: 0 errors, 1 warnings" in printed
    assert files(tmp_path) == before


def test_strict_lets_warnings_fail(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES.replace("</summary>\n<p", "</p>\n<p"))
    assert main(["check", str(posts), "--strict"]) == 1
    assert build(posts, tmp_path / "out", "--strict") == 1
    assert manifest(tmp_path / "out")["posts"] == 1


def test_drafts_follow_the_configuration(tmp_path) -> None:
    posts = write_posts(
        tmp_path / "posts", tides=TIDES, draft=HARBOUR.replace("---\n", "---\ndraft: true\n", 1)
    )
    build(posts, tmp_path / "with")
    assert manifest(tmp_path / "with")["posts"] == 2
    (posts / "duizhao.toml").write_text("[posts]\ndrafts = false\n", "utf-8")
    build(posts, tmp_path / "without")
    written = manifest(tmp_path / "without")
    assert written["posts"] == 1
    (posts / "duizhao.toml").unlink()
    build(posts, tmp_path / "asked", "--no-drafts")
    assert manifest(tmp_path / "asked")["posts"] == 1
    assert [skipped["source"] for skipped in written["skipped"]] == ["draft.md"]


SLIPS = {
    "slip": TIDES.replace("</summary>\n<p", "</p>\n<p"),
    "bare": "没有前言。\n",
}


def test_check_counts_each_code(tmp_path, capsys) -> None:
    main(["check", str(write_posts(tmp_path, **SLIPS))])
    *_, first, second, third, total, offer = capsys.readouterr().out.splitlines()
    assert [first, second, third] == [
        "      1  warning[front-matter.missing]",
        "      1  warning[front-matter.no-title]",
        "      1  warning[post.summary-closed-by-p]",
    ]
    assert total == "2 posts: 0 errors, 3 warnings"
    assert offer == "1 can be mended by duizhao check --fix (--diff shows how)"


def test_what_is_found_in_a_shared_preface_counts_once(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES, harbour=HARBOUR)
    preface = tmp_path / "preface.txt"
    preface.write_text("### 前\n\n正文。\n\n<details>\n<summary>x</p>\nWords.\n", "utf-8")
    own = '[[book]]\ntitle = "海边杂记"\npreface = "../preface.txt"\n'
    (posts / "duizhao.toml").write_text(f"[books]\nmax_posts = 1\n{own}", "utf-8")
    main(["check", str(posts), "--output-format", "json", "--select", "post.details-not-closed"])
    assert [row["path"] for row in json.loads(capsys.readouterr().out)] == ["../preface.txt"]
    main(["check", str(posts)])
    counted = re.search("0 errors, ([1-9]) warnings", capsys.readouterr().out)
    assert counted
    for command in (["build", "--format", "epub", "-j", "1"], ["convert"]):
        main([*command, str(posts), "-o", str(tmp_path / command[0])])
        printed = capsys.readouterr()
        assert len(printed.err.splitlines()) == int(counted[1])
        if command[0] == "build":
            assert counted[0] in printed.out


def test_check_selects_and_ignores(tmp_path, capsys) -> None:
    posts = str(write_posts(tmp_path, **SLIPS))
    options = ["--output-format", "json", "--select", "front-matter,post"]
    main(["check", posts, *options, "--ignore", "front-matter.no-title"])
    found = json.loads(capsys.readouterr().out)
    assert [row["code"] for row in found] == ["front-matter.missing", "post.summary-closed-by-p"]
    assert found[1] | {"message": "", "hint": ""} == {
        "path": "slip.md", "line": 14, "column": 36, "severity": "warning",
        "code": "post.summary-closed-by-p", "message": "", "hint": "", "fixable": True,
    }  # fmt: skip
    assert "is no code" in usage_error(capsys, "check", posts, "--select", "posts")


def test_fix_mends_the_posts_and_reports_what_is_left(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path, **SLIPS)
    (posts / "slip.md").chmod(0o640)
    assert main(["check", str(posts), "--fix"]) == 0
    printed = capsys.readouterr()
    assert (posts / "slip.md").read_text("utf-8") == TIDES
    assert (posts / "slip.md").stat().st_mode & 0o777 == 0o640
    assert (posts / "bare.md").read_text("utf-8") == SLIPS["bare"]
    assert printed.err == "duizhao: mended 1 findings in 1 posts\n"
    assert printed.out.splitlines()[-1] == "2 posts: 0 errors, 2 warnings"
    assert sorted(path.name for path in posts.iterdir()) == ["bare.md", "slip.md"]
    before = files(tmp_path)
    main(["check", str(posts), "--fix"])
    assert capsys.readouterr().err == "duizhao: mended 0 findings in 0 posts\n"
    assert files(tmp_path) == before


def test_diff_shows_what_fix_would_do_and_patch_does_it(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", slip=SLIPS["slip"].removesuffix("\n"), bare="无")
    before = files(tmp_path)
    assert main(["check", str(posts), "--diff"]) == 0
    printed = capsys.readouterr()
    assert files(tmp_path) == before
    assert printed.out.startswith("--- a/slip.md\n+++ b/slip.md\n@@ ")
    assert printed.err == "duizhao: --fix would mend 1 findings in 1 posts\n"
    patch = shutil.which("patch")
    if patch:
        subprocess.run([patch, "-p1"], cwd=posts, input=printed.out, text=True, check=True)
        assert (posts / "slip.md").read_text("utf-8") == TIDES.removesuffix("\n")


def test_fix_mends_only_the_codes_that_are_named(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path, **SLIPS)
    main(["check", str(posts), "--fix", "--ignore", "post"])
    assert "mended 0 findings" in capsys.readouterr().err
    assert (posts / "slip.md").read_text("utf-8") == SLIPS["slip"]


def test_fix_leaves_what_is_no_utf8(tmp_path) -> None:
    posts = write_posts(tmp_path, **SLIPS)
    data = SLIPS["slip"].encode().replace("潮".encode(), b"\xff", 1)
    (posts / "slip.md").write_bytes(data)
    assert main(["check", str(posts), "--fix"]) == 1
    assert (posts / "slip.md").read_bytes() == data


def test_a_post_that_cannot_be_written_is_named_and_the_others_are_mended(
    tmp_path, capsys, monkeypatch
) -> None:
    posts = write_posts(tmp_path, slip=SLIPS["slip"], twin=SLIPS["slip"].replace("潮汐", "二"))

    def is_writable(path: Path, _mode: int) -> bool:
        return Path(path).name != "slip.md"

    monkeypatch.setattr("converter.library.os.access", is_writable)
    assert main(["check", str(posts), "--fix"]) == 1
    printed = capsys.readouterr().err
    assert "duizhao: slip.md: not mended, it cannot be written: it is read-only\n" in printed
    assert "mended 1 findings in 1 posts" in printed
    assert (posts / "slip.md").read_text("utf-8") == SLIPS["slip"]


def test_an_interrupted_fix_says_how_far_it_came(tmp_path, capsys, monkeypatch) -> None:
    posts = write_posts(tmp_path, slip=SLIPS["slip"], twin=SLIPS["slip"].replace("潮汐", "二"))
    written: list[str] = []

    def stop_at_the_second(root: Path, path: str, text: str) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(f"{root}{path}{text}")

    monkeypatch.setattr("converter.cli.check.write_text", stop_at_the_second)
    with pytest.raises(SystemExit) as stopped:
        main(["check", str(posts), "--fix"])
    assert stopped.value.code == 130
    assert "interrupted; 1 posts are mended, the others are unchanged" in capsys.readouterr().err


def test_fix_and_diff_exclude_each_other(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path, **SLIPS)
    with pytest.raises(SystemExit) as stopped:
        main(["check", str(posts), "--fix", "--diff"])
    assert stopped.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


def test_check_writes_sarif(tmp_path, capsys) -> None:
    main(["check", str(write_posts(tmp_path, **SLIPS)), "--output-format", "sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {
        result["ruleId"] for result in run["results"]
    }
    (slip,) = [r for r in run["results"] if r["ruleId"] == "post.summary-closed-by-p"]
    (location,) = slip["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "slip.md"},
        "region": {"startLine": 14, "startColumn": 36},
    }
    assert slip["level"] == "warning"


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_words_about_itself(argument, capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main([argument])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert __version__ in printed if argument == "--version" else "examples:" in printed


def test_runs_as_a_module(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    done = subprocess.run(
        [sys.executable, "-m", "converter", "check", str(posts)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


# -- bad input: one clear line, exit status, everything else untouched -------------------------


def usage_error(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main([str(argument) for argument in arguments]) == 2
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    lines = printed.err.splitlines()
    assert lines, "no word of what is wrong"
    return lines[-1]


def test_no_such_folder(tmp_path, capsys) -> None:
    line = usage_error(capsys, "build", tmp_path / "nowhere", "-o", tmp_path / "out")
    assert "nowhere: no such file or folder" in line
    assert not (tmp_path / "out").exists()


def test_empty_folder(tmp_path, capsys) -> None:
    (tmp_path / "posts").mkdir()
    line = usage_error(capsys, "build", tmp_path / "posts", "-o", tmp_path / "out")
    assert "no posts in it; posts are files that end in .md" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("inside", ["out", "deep/out", "."])
def test_output_inside_the_posts(inside, tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    before = files(posts)
    line = usage_error(capsys, "build", posts, "-o", posts / inside)
    assert "lies inside the posts' folder" in line
    assert files(posts) == before


def test_output_that_is_a_file(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    (tmp_path / "out").write_text("mine", "utf-8")
    assert "is a file" in usage_error(capsys, "build", posts, "-o", tmp_path / "out")
    assert (tmp_path / "out").read_text("utf-8") == "mine"


def test_a_site_of_another_hand_is_not_overwritten(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("mine", "utf-8")
    assert "duizhao did not write" in usage_error(capsys, "build", posts, "-o", out)
    assert files(out) == {"index.html": b"mine"}


@pytest.mark.parametrize("command", ["build", "convert"])
def test_a_folder_of_another_hand_is_not_replaced(command, tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    mine = write_posts(tmp_path / "out" / "hai-bian-za-ji", mine="mine")
    assert "duizhao did not make it" in usage_error(capsys, command, posts, "-o", tmp_path / "out")
    assert files(mine) == {"mine.md": b"mine"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[books]\nsize = 3\n", "unknown key 'size' in [books]"),
        ("[posts]\ndrafts = 'no'\n", "posts.drafts should be true or false"),
        ("[books\n", "the TOML does not parse"),
    ],
)
def test_bad_configuration(text, complaint, tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    (posts / "duizhao.toml").write_text(text, "utf-8")
    line = usage_error(capsys, "build", posts, "-o", tmp_path / "out")
    assert f"{posts / 'duizhao.toml'}: " in line
    assert complaint in line


@pytest.mark.parametrize("wrong", [["build"], ["build", "x"], ["fold", "x"], []])
def test_wrong_arguments(wrong, capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main(wrong)
    assert caught.value.code == 2
    assert "usage: duizhao" in capsys.readouterr().err


def test_serve_wants_a_built_library(tmp_path, capsys) -> None:
    assert "run duizhao build first" in usage_error(capsys, "serve", tmp_path)


BROKEN = {
    "latin1": b"---\ntitle: Caf\xe9\n---\n" + "正文一二三\n".encode(),
    "bare": "# 没有前言\n\n只有正文。\n".encode(),
    "yaml": "---\ntitle: [未完\ndate: x\n---\n这里的正文还在。\n".encode(),
    "untitled": "---\ndate: 2026-01-01\n---\n### 第一节\n\n无题的正文。\n".encode(),
}
FINDINGS = {
    "latin1": ("latin1.md:2:11: error[input.bad-utf8]", 1),
    "bare": ("bare.md:1: warning[front-matter.missing]", 0),
    "yaml": ("yaml.md:3: error[front-matter.invalid]", 1),
    "untitled": ("untitled.md:1: warning[front-matter.no-title]", 0),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_post_is_reported_and_built(name, tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    (posts / f"{name}.md").write_bytes(BROKEN[name])
    finding, status = FINDINGS[name]
    assert build(posts, tmp_path / "out") == status
    printed = capsys.readouterr().err
    assert printed.startswith(finding)
    assert len([line for line in printed.splitlines() if line.startswith(name)]) <= 2
    sources = {
        post["source"] for book in manifest(tmp_path / "out")["books"] for post in book["posts"]
    }
    assert sources == {"tides.md", f"{name}.md"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file_by_its_mode(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES, secret=HARBOUR)
    (posts / "secret.md").chmod(0)
    assert build(posts, tmp_path / "out") == 1
    assert "secret.md: error[input.unreadable]" in capsys.readouterr().err


def test_an_unreadable_file_is_skipped(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    (posts / "gone.md").symlink_to(posts / "nowhere.md")
    (posts / "folder.md").mkdir()
    os.mkfifo(posts / "pipe.md")
    (posts / "circle.md").symlink_to(posts / "circle.md")
    (posts / "linked").symlink_to(tmp_path)
    (tmp_path / "outside.md").write_text(HARBOUR, "utf-8")
    (posts / "outside.md").symlink_to(tmp_path / "outside.md")
    assert build(posts, tmp_path / "out") == 1
    printed = capsys.readouterr().err
    assert "gone.md: error[input.unreadable]" in printed
    assert "outside.md: error[input.outside]" in printed
    assert "pipe.md: error[input.unreadable]: the file cannot be read: it is no reg" in printed
    assert "circle.md: error[input.unreadable]" in printed
    assert "linked: error[input.outside]: the folder is a link that is not followed" in printed
    assert [skipped["source"] for skipped in manifest(tmp_path / "out")["skipped"]] == [
        "circle.md", "gone.md", "linked", "outside.md", "pipe.md",
    ]  # fmt: skip


def test_a_name_that_is_not_utf8_is_skipped(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    (posts / os.fsdecode(b"b\xff\n.md")).write_text(TIDES, "utf-8")
    assert build(posts, tmp_path / "out") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "the name of the file is not UTF-8" in line
    assert manifest(tmp_path / "out")["posts"] == 1


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "POSIX"}])
def test_a_terminal_without_chinese_is_no_obstacle(environment, tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    command = [sys.executable, "-m", "converter", "build", str(posts), "-o", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--format", "epub"], capture_output=True, check=False,
        env={**os.environ, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", **environment},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"1 book, 1 posts" in done.stdout


def test_a_reader_that_went_away_does_not_undo_a_build(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    command = [sys.executable, "-m", "converter", "build", str(posts), "-o", str(tmp_path / "out")]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*command, "--format", "epub"], stdout=full, check=False)
    assert done.returncode == 0
    assert manifest(tmp_path / "out")["posts"] == 1


def test_an_edition_that_is_gone_is_not_named(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    out = tmp_path / "out"
    build(posts, out)
    (out / "hai-bian-za-ji" / "hai-bian-za-ji.epub").unlink()
    main(["build", str(posts), "-o", str(out), "--format", "html"])
    assert "epub" not in manifest(out)["books"][0]


def test_an_empty_name_is_not_the_current_folder(tmp_path, capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["build", str(tmp_path), "-o", ""])
    assert caught.value.code == 2
    assert "the name is empty" in capsys.readouterr().err


def test_a_manifest_of_another_hand_is_not_overwritten(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text('{"name": "an app"}', "utf-8")
    assert "holds manifest.json" in usage_error(capsys, "build", posts, "-o", out)
    assert files(out) == {"manifest.json": b'{"name": "an app"}'}


def test_two_posts_with_one_slug(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", first=TIDES, second=TIDES)
    assert build(posts, tmp_path / "out") == 0
    printed = capsys.readouterr().err
    assert "second.md:1: warning[book.slug-collision]: first.md has the address" in printed
    (book,) = manifest(tmp_path / "out")["books"]
    assert len({post["slug"] for post in book["posts"]}) == 2


def test_a_failed_build_leaves_the_last_one(tmp_path, capsys, monkeypatch) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    out = tmp_path / "out"
    build(posts, out)
    before = files(out)

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "book.epub")

    monkeypatch.setattr("converter.ebook.render_epub", full_disk)
    assert build(posts, out) == 1
    assert "book.epub: No space left on device" in capsys.readouterr().err
    assert files(out) == before


def test_warnings_come_in_the_order_of_the_books(tmp_path, capsys, monkeypatch) -> None:
    other = TIDES.replace("海边", "山里").replace("2026-03-01", "2026-03-02")
    posts = write_posts(tmp_path / "posts", tides=TIDES, hills=other)

    def warn_in_reverse(*arguments: Any) -> Iterator[BookResult]:
        for result in reversed(list(build_library(*arguments))):
            yield replace(result, warnings=(f"of {result.plan.slug}",))

    monkeypatch.setattr("converter.cli.build_library", warn_in_reverse)
    assert build(posts, tmp_path / "out") == 0
    said = capsys.readouterr()
    assert [line.rpartition(" ")[2] for line in said.err.splitlines()] == [
        book["slug"] for book in manifest(tmp_path / "out")["books"]
    ]
    # Progress is told as it comes.
    assert said.out.startswith("[1/2] 山里杂记: 1 posts\n[2/2] 海边杂记")


def test_a_bug_is_one_line_too(tmp_path, capsys, monkeypatch) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    out = tmp_path / "out"
    build(posts, out)
    before = files(out)

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("converter.cli.publish", fail)
    monkeypatch.delenv("DUIZHAO_DEBUG", raising=False)
    assert build(posts, out) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "internal error: ZeroDivisionError: a bug; please report it" in line
    assert files(out) == before


def test_a_book_that_breaks_the_program_leaves_the_others(tmp_path, capsys, monkeypatch) -> None:
    bad = HARBOUR.replace("海边杂记", "坏掉的书")
    posts = write_posts(tmp_path / "posts", tides=TIDES, bad=bad)

    def fail_on_one(book: Book, options: EpubOptions) -> EpubBook:
        if book.title == "坏掉的书":
            raise ZeroDivisionError("a bug")
        return render_epub(book, options)

    for module in ("ebook", "edition"):
        monkeypatch.setattr(f"converter.{module}.render_epub", fail_on_one)
    assert build(posts, tmp_path / "out") == 1
    assert "bad.md: error[internal.post-failed]" in capsys.readouterr().err
    written = manifest(tmp_path / "out")
    assert [book["title"] for book in written["books"]] == ["海边杂记"]
    assert [skipped["source"] for skipped in written["skipped"]] == ["bad.md"]


def test_nothing_is_published_if_nothing_was_built(tmp_path, capsys, monkeypatch) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    out = tmp_path / "out"
    build(posts, out)
    before = files(out)

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    for module in ("ebook", "edition"):
        monkeypatch.setattr(f"converter.{module}.render_epub", fail)
    assert build(posts, out) == 1
    printed = capsys.readouterr().err
    assert "tides.md: error[internal.post-failed]" in printed
    assert "what was there before is unchanged" in printed
    assert files(out) == before


def test_a_book_that_is_no_more_is_named_and_kept(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    out = tmp_path / "out"
    build(posts, out)
    write_posts(posts, tides=TIDES.replace("海边杂记", "山里杂记"))
    build(posts, out)
    assert "left from an earlier build: hai-bian-za-ji" in capsys.readouterr().out
    assert (out / "hai-bian-za-ji" / "hai-bian-za-ji.epub").is_file()
    assert [book["slug"] for book in manifest(out)["books"]] == ["shan-li-za-ji"]


def test_the_library_links_into_the_books(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES, hills=TIDES.replace("海边", "山里"))
    out = tmp_path / "out"
    assert main(["build", str(posts), "-o", str(out), "--format", "html"]) == 0
    written = manifest(out)
    assert written["glossary"] == "glossary/index.html"
    assert written["indexes"] == {"people": "people/index.html"}
    assert 'href="glossary/index.html"' in (out / "index.html").read_text("utf-8")
    followed = 0
    for page in (out / "glossary" / "index.html", out / "people" / "index.html"):
        for link in re.findall(r'href="(\.\./[^"]*)"', page.read_text("utf-8")):
            path, _, fragment = link.partition("#")
            target = (page.parent / path).resolve()
            assert target.is_file(), link
            assert not fragment or f'id="{fragment}"' in target.read_text("utf-8"), link
            followed += bool(fragment)
    assert followed >= 8


# -- glossary ----------------------------------------------------------------------------------


def test_glossary_prints_a_table(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    assert main(["glossary", str(posts)]) == 0
    printed = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(printed.out, newline="")))
    assert printed.out.count("\r\n") == len(rows) + 1
    row = next(row for row in rows if row["headword"] == "大潮")
    assert row == {
        "book": "hai-bian-za-ji",
        "headword": "大潮",
        "originals": "spring tide",
        "aliases": "",
        "definitions": "日月引力同向时的涨潮",
        "posts": "tides.md",
    }
    assert printed.err == ""


def test_glossary_prints_one_json_document(tmp_path, capsys) -> None:
    other = TIDES.replace("海边杂记", "山里杂记")
    posts = write_posts(tmp_path / "posts", tides=TIDES, hills=other)
    assert main(["glossary", str(posts), "--output-format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["version"] == 1
    assert [book["slug"] for book in document["books"]] == ["hai-bian-za-ji", "shan-li-za-ji"]
    (book, _) = document["books"]
    entry = next(entry for entry in book["entries"] if entry["headword"] == "大潮")
    (definition,) = entry["definitions"]
    assert definition["text"] == "日月引力同向时的涨潮"
    assert book["posts"][definition["post"]]["source"] == "tides.md"
    assert definition["anchor"] in [mention["anchor"] for mention in entry["mentions"]]


def test_glossary_is_readable_as_markdown(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    assert main(["glossary", str(posts), "--output-format", "md"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("# 海边杂记 · 术语表\n\n## D\n\n- **大潮**（spring tide）\n  - 日月")
    assert "（《潮汐与月亮》）" in printed


def test_glossary_of_one_book_and_of_one_file(tmp_path, capsys) -> None:
    other = TIDES.replace("海边杂记", "山里杂记").replace("大潮", "山洪")
    posts = write_posts(tmp_path / "posts", tides=TIDES, hills=other)
    assert main(["glossary", str(posts), "--book", "shan-li-za-ji"]) == 0
    one_book = capsys.readouterr().out
    assert "山洪" in one_book
    assert "大潮" not in one_book
    assert main(["glossary", str(posts / "hills.md")]) == 0
    assert capsys.readouterr().out == one_book


def test_glossary_names_the_books_that_there_are(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    complaint = usage_error(capsys, "glossary", posts, "--book", "sea")
    assert "no book 'sea'; there are: hai-bian-za-ji" in complaint


def test_glossary_goes_into_a_file(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    file = tmp_path / "terms.csv"
    file.write_text("old", "utf-8")
    assert main(["glossary", str(posts), "-o", str(file)]) == 0
    assert capsys.readouterr().out == ""
    assert file.read_bytes().startswith(b"book,headword,")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["posts", "terms.csv"]


@pytest.mark.parametrize("place", ["posts/terms.md", "posts/deep/terms.md", "."])
def test_glossary_goes_into_no_post(place, tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    before = files(tmp_path)
    usage_error(capsys, "glossary", posts, "-o", tmp_path / place)
    assert files(tmp_path) == before


@pytest.mark.parametrize("sign", ["=1+1", "@SUM", "+1", "-1"])
def test_no_cell_is_a_formula(sign, tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES.replace("日月引力同向", f"{sign}，日月"))
    assert main(["glossary", str(posts), "-o", str(tmp_path / "terms.csv")]) == 0
    assert f"'{sign}，日月" in (tmp_path / "terms.csv").read_text("utf-8")


def test_findings_are_beside_the_glossary(tmp_path, capsys) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES.replace("</summary>\n<p", "</p>\n<p"))
    assert main(["glossary", str(posts), "--output-format", "json", "--strict"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["books"]
    assert "tides.md:14:36: warning[post.summary-closed-by-p]" in printed.err


def test_a_reader_of_the_glossary_may_stop(tmp_path) -> None:
    # More than a pipe holds, so that the command is still writing when its reader goes.
    terms = "\n\n".join(
        f"这叫**词语{number}号**（term {number}: 第 {number} 个词）。" for number in range(4000)
    )
    posts = write_posts(tmp_path / "posts", tides=TIDES + "\n" + terms)
    command = [sys.executable, "-m", "converter", "glossary", str(posts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"book,headword,originals,aliases,definitions,posts\r\n"
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0


def test_the_glossary_is_utf8_in_any_locale(tmp_path) -> None:
    posts = write_posts(tmp_path / "posts", tides=TIDES)
    done = subprocess.run(
        [sys.executable, "-m", "converter", "glossary", str(posts)],
        capture_output=True, check=True,
        env={**os.environ, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX"},
    )  # fmt: skip
    assert "大潮" in done.stdout.decode("utf-8")
