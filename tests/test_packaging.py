"""What is installed: the locked requirements, and the wheel."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

LOCKS = ("user", "test")


def name_of(requirement: str) -> str:
    """The name as the locks write it: lower case, hyphens, no extras, no versions."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


@pytest.fixture(scope="module")
def project(root: Path):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def locked(root: Path) -> dict[str, list[str]]:
    """Per lock, its requirements, each with its hashes on the same line."""
    return {
        lock: [
            line
            for line in (root / "requirements" / f"{lock}.txt")
            .read_text(encoding="utf-8")
            .replace("\\\n", "")
            .splitlines()
            if not line.lstrip().startswith("#")
        ]
        for lock in LOCKS
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_pinned_hashed_names_and_no_address(locked, lock: str) -> None:
    hashed = re.compile(r"[a-z0-9-]+==\S+( ; [^-]+?)? *( --hash=sha256:[0-9a-f]{64} *)+")
    assert locked[lock]
    assert [line for line in locked[lock] if not hashed.fullmatch(line)] == []


def test_locks_cover_what_pyproject_asks_for(project, locked) -> None:
    groups = project["dependency-groups"]
    wanted = {"user": [*project["project"]["dependencies"], *groups["build"]]}
    wanted["test"] = groups["test"]
    for lock, requirements in wanted.items():
        assert {name_of(wish) for wish in requirements} <= {name_of(pin) for pin in locked[lock]}


def test_locks_agree(locked) -> None:
    """The test lock is installed on top of the other and must change nothing in it."""
    pins = [{name_of(pin): pin.split()[0] for pin in locked[lock]} for lock in LOCKS]
    for name in pins[0].keys() & pins[1].keys():
        assert pins[0][name] == pins[1][name]


def test_build_backend_is_the_locked_one(project) -> None:
    assert project["build-system"]["requires"] == project["dependency-groups"]["build"]


def test_wheel_holds_every_file_of_the_package(root: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=root,
        check=True,
        capture_output=True,
        timeout=60,
    )
    (wheel,) = tmp_path.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
        (entry_points,) = (name for name in packed if name.endswith("entry_points.txt"))
        assert "duizhao = converter.cli:main" in archive.read(entry_points).decode()
    package = root / "src"
    files = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files <= packed
