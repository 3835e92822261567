"""Signals and failures while the output is replaced: what is said of it is true."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from converter.cli import main
from converter.output import publish, replace_folder
from converter.web import write_project

from .samples import TIDES, write_posts
from .test_cli import build, files, manifest

HILLS = TIDES.replace("海边", "山里")
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


def stopping(number: int, work: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that sends the process a signal in the middle of its work."""

    def work_on(*arguments: Any) -> Any:
        os.kill(os.getpid(), number)
        return work(*arguments)

    return work_on


@pytest.mark.parametrize("number", SIGNALS)
def test_a_build_that_is_stopped_too_late_says_so(number, tmp_path, capsys, monkeypatch) -> None:
    posts, out = write_posts(tmp_path / "posts", tides=TIDES), tmp_path / "out"
    build(posts, out)
    write_posts(posts, tides=TIDES.replace("潮汐", "新的潮汐"))
    monkeypatch.setattr("converter.cli.publish", stopping(number, publish))
    capsys.readouterr()
    assert build(posts, out) == 130
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "duizhao: interrupted; by then everything was published"
    assert manifest(out)["books"][0]["posts"][0]["title"] == "新的潮汐与月亮"
    assert not list(out.glob(".duizhao-*"))


def test_a_late_signal_brings_no_old_section_back(tmp_path, monkeypatch) -> None:
    posts, out = write_posts(tmp_path / "posts", tides=TIDES), tmp_path / "out"
    command = ["build", str(posts), "-o", str(out), "--format", "html", "-j", "1"]
    assert main(command) == 0
    assert (out / "people").is_dir()
    write_posts(posts, tides=TIDES.replace("people: [Ada Reed]\n", ""))
    monkeypatch.setattr("converter.cli.publish", stopping(signal.SIGINT, publish))
    assert main(command) == 130
    assert not (out / "people").exists()


def test_a_signal_does_not_hide_that_publishing_failed(tmp_path, capsys, monkeypatch) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    posts, out = write_posts(tmp_path / "posts", tides=TIDES), tmp_path / "out"
    monkeypatch.setattr("converter.cli.publish", stopping(signal.SIGINT, full_disk))
    assert build(posts, out) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "No space left on device; some of it may be new already" in line


def test_a_signal_in_time_leaves_all_as_it_was(tmp_path, capsys, monkeypatch) -> None:
    posts, out = write_posts(tmp_path / "posts", tides=TIDES), tmp_path / "out"
    build(posts, out)
    before = files(out)
    monkeypatch.setattr("converter.ebook.render_epub", stopping(signal.SIGTERM, lambda *_: None))
    capsys.readouterr()
    assert build(posts, out) == 130
    assert "interrupted; what was there before is unchanged" in capsys.readouterr().err
    assert files(out) == before


def convert(posts: Path, out: Path) -> int:
    return main(["convert", str(posts), "-o", str(out)])


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_projects_are_replaced_all_or_none(error, tmp_path, capsys, monkeypatch) -> None:
    posts, out = write_posts(tmp_path / "posts", tides=TIDES, hills=HILLS), tmp_path / "out"
    convert(posts, out)
    before = files(out)
    write_posts(posts, tides=TIDES + "\n新的一段。\n", hills=HILLS + "\n新的一段。\n")
    written: list[Path] = []

    def fail_at_the_second(book: Any, folder: Path) -> int:
        if written:
            raise error
        written.append(folder)
        return write_project(book, folder)

    monkeypatch.setattr("converter.cli.write_project", fail_at_the_second)
    capsys.readouterr()
    assert convert(posts, out) in (1, 130)
    printed = capsys.readouterr()
    assert "what was there before is unchanged" in printed.err
    assert printed.out == ""
    assert files(out) == before


def test_no_signal_comes_between_two_projects(tmp_path, capsys, monkeypatch) -> None:
    posts, out = write_posts(tmp_path / "posts", tides=TIDES, hills=HILLS), tmp_path / "out"
    convert(posts, out)
    write_posts(posts, tides=TIDES + "\n新的一段。\n", hills=HILLS + "\n新的一段。\n")
    monkeypatch.setattr("converter.cli.replace_folder", stopping(signal.SIGINT, replace_folder))
    capsys.readouterr()
    assert convert(posts, out) == 130
    assert "by then everything was published" in capsys.readouterr().err
    for post in out.rglob("chao-xi-yu-yue-liang.md"):
        assert "新的一段" in post.read_text("utf-8")
    assert len(list(out.rglob("conf.py"))) == 2
