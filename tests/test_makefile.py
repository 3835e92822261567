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
    ("target", "formats"), [("html", "html"), ("epub", "epub"), ("site", "html,epub")]
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


def test_pdf_says_not_yet_in_one_line(make: Make) -> None:
    completed = make("pdf")
    assert completed.returncode == 0
    assert completed.stdout == ""
    assert len(completed.stderr.splitlines()) == 1


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
