"""The manual and the reference say what the program does: samples are run, links lead somewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from converter.cli import main
from converter.config import parse_settings
from converter.diagnostics import CODES
from converter.post import parse_post

FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def fences(path: Path, language: str) -> list[str]:
    text = path.read_text("utf-8")
    return [body for _, name, body in FENCE.findall(text) if name == language]


def test_the_manual_has_no_finding(root: Path, capsys) -> None:
    assert main(["check", str(root / "docs" / "posts"), "--strict"]) == 0
    assert capsys.readouterr().out.endswith(" posts: 0 errors, 0 warnings\n")


def test_the_manual_shows_what_it_teaches(root: Path) -> None:
    posts = sorted((root / "docs" / "posts").glob("*.md"))
    assert len(posts) >= 6
    texts = "\n".join(path.read_text("utf-8") for path in posts)
    assert "<p class=" in texts, "no original in HTML"
    assert "<summary>Original English</summary>\n\n" in texts, "no original in Markdown"
    assert re.search(r"^\|.*\|\n\|[-|: ]+\|$", texts, re.MULTILINE), "no table"
    assert re.search(r"^> ", texts, re.MULTILINE), "no quotation"
    assert re.search(r"^\*\*[^*]+\*\*：", texts, re.MULTILINE), "no dialogue"


def test_the_sample_finding_is_what_check_prints(root: Path) -> None:
    posts = root / "docs" / "posts"
    sample = next(text for text in fences(posts / "02-first-book.md", "markdown") if "---" in text)
    slip = sample.replace("</summary>", "</p>", 1)
    (found,) = parse_post("dawn.md", slip).diagnostics
    assert f"{found}\n" in fences(posts / "06-diagnostics.md", "text")[0]


def test_codes_in_the_manual_exist(root: Path) -> None:
    for path in (root / "docs" / "posts").glob("*.md"):
        pattern = r"`((?:post|book|input|front-matter)\.[a-z-]+)`"
        assert set(re.findall(pattern, path.read_text("utf-8"))) <= set(CODES), path.name


@pytest.mark.parametrize("name", ["docs/posts/05-books.md", "docs/reference/configuration.md"])
def test_sample_configurations_are_read(name: str, root: Path) -> None:
    samples = fences(root / name, "toml")
    assert samples
    for sample in samples:
        parse_settings(sample)


def test_the_table_of_modules_is_the_rule_that_lint_keeps(root: Path) -> None:
    rule = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (layers,) = (each["layers"] for each in rule["contracts"] if each["type"] == "layers")
    there = [[name for name in row.split(" | ") if name[0] != "("] for row in layers]
    text = (root / "docs" / "reference" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (`[^|]+`) \|", text, re.MULTILINE)
    assert [int(number) for number, _ in rows] == [*range(1, len(there) + 1)]
    assert [sorted(re.findall(r"`(\w+)`", names)) for _, names in rows] == [*map(sorted, there)]


def test_modules_of_the_pdf_edition_are_all_named(root: Path) -> None:
    folder = root / "src" / "converter" / "sphinx_ext" / "pdf"
    text = (root / "docs" / "reference" / "architecture.md").read_text("utf-8")
    table = text.partition("The PDF edition is the package `sphinx_ext.pdf`:\n\n")[2]
    cells = re.findall(r"^\| (`.+?) \|", table.partition("\n\n")[0], re.MULTILINE)
    named = re.findall(r"`([\w.]+)`", " ".join(cells))
    modules = {path.stem for path in folder.glob("[!_]*.py")}
    designs = {path.name for path in folder.glob("design/*.typ")}
    assert sorted(named) == sorted({*modules, *designs})


def test_values_of_a_project_are_all_described(root: Path) -> None:
    """What a converted project, or another, may say to the builder for PDFs."""
    setup = (root / "src" / "converter" / "sphinx_ext" / "pdf" / "__init__.py").read_text("utf-8")
    described = (root / "docs" / "reference" / "cli.md").read_text("utf-8")
    values = re.findall(r'add_config_value\("(\w+)"', setup)
    assert values
    assert [name for name in values if f"| `{name}` |" not in described] == []


@pytest.mark.parametrize("name", ["README.md", "docs/changelog.md"])
def test_relative_links_lead_to_files(name: str, root: Path) -> None:
    text = (root / name).read_text("utf-8")
    targets = [t for t in re.findall(r"\]\(([^)#]+)", text) if "://" not in t]
    for target in targets:
        assert ((root / name).parent / target).exists(), target
