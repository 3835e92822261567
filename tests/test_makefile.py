"""The Makefile: its list of targets, its handling of paths, its first words on a bare machine.

The environment is never set up here: VENV names a folder in which the marks of a finished setup
stand beside a `duizhao` that prints its arguments.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Make = Callable[..., "subprocess.CompletedProcess[str]"]
Copy = Callable[..., "tuple[subprocess.CompletedProcess[str], dict[str, list[str]]]"]

MAKEFILE = Path(__file__).parent.parent / "Makefile"
(TARGETS,) = (
    line.split()[1:]
    for line in MAKEFILE.read_text(encoding="utf-8").splitlines()
    if line.startswith(".PHONY: ")
)


@pytest.fixture
def environment_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    duizhao = folder / "bin" / "duizhao"
    script = "import json, sys; print(json.dumps(sys.argv[1:]))"
    duizhao.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -c '{script}' \"$@\"\n")
    duizhao.chmod(0o755)
    for mark in ("packages", "user", "test"):
        (folder / mark).touch()
    return folder


@pytest.fixture
def make(root: Path, environment_folder: Path, make_environment: dict[str, str]) -> Make:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["make", "--no-print-directory", f"VENV={environment_folder}", *arguments],
            cwd=root,
            env=make_environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def duizhao_arguments(completed: subprocess.CompletedProcess[str]) -> list[str]:
    assert completed.returncode == 0, completed.stderr
    arguments: list[str] = json.loads(completed.stdout.splitlines()[-1])
    return arguments


def test_help_lists_every_target_once(make: Make) -> None:
    listed = re.findall(r"^make ([a-z]+) +\S", make("help").stdout, re.MULTILINE)
    assert listed == TARGETS


def test_help_is_the_default(make: Make) -> None:
    assert make().stdout == make("help").stdout


@pytest.mark.parametrize("target", TARGETS)
def test_dry_run(make: Make, target: str) -> None:
    completed = make("-n", target)
    assert completed.returncode == 0, completed.stderr
    assert completed.stdout


@pytest.mark.parametrize(
    ("target", "formats"),
    [("html", "html"), ("epub", "epub"), ("pdf", "pdf"), ("site", "html,epub,pdf")],
)
def test_editions(make: Make, target: str, formats: str) -> None:
    assert duizhao_arguments(make(target)) == [
        *("build", "docs/posts", "-o", "build/site", "--format", formats)
    ]


@pytest.mark.parametrize("path", ["/with space/posts", "it's", '"', "文章", "a;b&c|d", "*", "`x`"])
def test_any_path(make: Make, path: str) -> None:
    assert duizhao_arguments(make("html", f"POSTS={path}", f"OUT={path}/out"))[1:4] == [
        *(path, "-o", f"{path}/out")
    ]
    assert duizhao_arguments(make("check", f"POSTS={path}")) == ["check", path]


def test_serve_builds_only_what_is_missing(make: Make, tmp_path: Path) -> None:
    out = f"OUT={tmp_path}/a site"
    assert '"build"' in make("serve", out).stdout
    (tmp_path / "a site").mkdir()
    (tmp_path / "a site" / "index.html").touch()
    completed = make("serve", out)
    assert '"build"' not in completed.stdout
    assert duizhao_arguments(completed) == ["serve", f"{tmp_path}/a site"]


def test_second_run_starts_work_within_a_second(make: Make) -> None:
    def seconds() -> float:
        begin = time.monotonic()
        make("html")
        return time.monotonic() - begin

    assert min(seconds() for _ in range(3)) < 1, "the best of three, as the machine may be busy"


@pytest.mark.parametrize("python", ["/bin/false", "/no/such/python"])
def test_unfit_python_is_named_before_anything_is_made(
    make: Make, tmp_path: Path, python: str
) -> None:
    completed = make("html", f"VENV={tmp_path}/new", f"PYTHON={python}")
    assert completed.returncode != 0
    first, *rest = completed.stderr.splitlines()
    assert "Python 3.11 or later" in first
    assert "apt-get install python3-venv" in first
    assert len(rest) == 1, "make's own last line"
    assert not (tmp_path / "new").exists()


def test_dangling_interpreter_is_set_up_anew(make: Make, environment_folder: Path) -> None:
    python = environment_folder / "bin" / "python"
    python.unlink()
    python.symlink_to("/no/such/python")
    assert "-m venv --clear" in make("-n", "html").stdout


def test_readthedocs_says_what_it_needs(make: Make, make_environment: dict[str, str]) -> None:
    make_environment.pop("READTHEDOCS_OUTPUT", None)
    completed = make("-o", "site", "-o", "docs", "readthedocs")
    assert completed.returncode != 0
    assert completed.stderr.startswith("make readthedocs: set READTHEDOCS_OUTPUT\n")


@pytest.fixture
def readthedocs(make: Make, root: Path, tmp_path: Path, make_environment: dict[str, str]) -> Copy:
    """A function from a manifest's books to how the target went, and what it left in folders."""

    def run(
        *books: dict[str, str],
    ) -> tuple[subprocess.CompletedProcess[str], dict[str, list[str]]]:
        site, output = tmp_path / "it's a site", tmp_path / "read the docs"
        for path in (path for book in books for path in book.values()):
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_text(path)
        site.mkdir(exist_ok=True)
        (site / "manifest.json").write_text(json.dumps({"books": books}))
        # What the reference is is no matter here, and it takes seconds to build.
        (root / "build" / "docs").mkdir(parents=True, exist_ok=True)
        make_environment["READTHEDOCS_OUTPUT"] = str(output)
        completed = make("-o", "docs", "readthedocs", f"OUT={site}")
        folders = output.iterdir() if output.exists() else ()
        return completed, {
            folder.name: sorted(file.name for file in folder.iterdir())
            for folder in folders
            if folder.name != "html"
        }

    return run


def test_readthedocs_builds_once_and_copies_one_file_of_each_edition(readthedocs) -> None:
    book = {"html": "a/index.html", "epub": "a/a.epub", "pdf": "a/a.pdf"}
    completed, copied = readthedocs(book)
    assert completed.returncode == 0, completed.stderr
    assert copied == {"epub": ["a.epub"], "pdf": ["a.pdf"]}
    assert completed.stdout.count('"build"') == 1


def test_readthedocs_takes_files_that_the_manifest_names(readthedocs, tmp_path: Path) -> None:
    """Not those that a former book, or another edition, left in the output folder."""
    left = tmp_path / "it's a site" / "A"
    left.mkdir(parents=True)
    for name in ("A.pdf", "A-original.epub"):
        (left / name).touch()
    completed, copied = readthedocs({"html": "b/index.html", "epub": "b/b.epub", "pdf": "b/b.pdf"})
    assert completed.returncode == 0, completed.stderr
    assert copied == {"epub": ["b.epub"], "pdf": ["b.pdf"]}


def test_readthedocs_makes_no_folder_for_an_edition_that_is_not_there(readthedocs) -> None:
    completed, copied = readthedocs({"html": "a/index.html", "epub": "a/a.epub"})
    assert completed.returncode == 0, completed.stderr
    assert copied == {"epub": ["a.epub"]}


@pytest.mark.parametrize("edition", ["epub", "pdf"])
def test_readthedocs_refuses_two_files_of_an_edition(readthedocs, edition: str) -> None:
    completed, _ = readthedocs({edition: f"a/a.{edition}"}, {edition: f"b/b.{edition}"})
    assert completed.returncode != 0
    first, *_ = completed.stderr.splitlines()
    found = f"a/a.{edition} b/b.{edition}"
    assert first == f"make readthedocs: one {edition} wanted, 2 found: {found}"


def test_readthedocs_refuses_a_site_without_a_manifest(
    make: Make, tmp_path: Path, root: Path, make_environment: dict[str, str]
) -> None:
    (root / "build" / "docs").mkdir(parents=True, exist_ok=True)
    (tmp_path / "empty").mkdir()
    make_environment["READTHEDOCS_OUTPUT"] = str(tmp_path / "output")
    assert make("-o", "docs", "readthedocs", f"OUT={tmp_path / 'empty'}").returncode != 0
