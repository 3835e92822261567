"""Real posts, where they are at hand: everything is built, and nothing is reported lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.links_epub import walk_links
from tests.links_html import find_broken_links, find_dead_links, read_site


@pytest.fixture(scope="module")
def library(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("corpus") / "out"
    done = subprocess.run(
        [sys.executable, "-m", "converter", "build", str(corpus), "-o", str(out)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    # Sphinx builds every book without a warning: what is printed are findings in posts, and the
    # letters that no font of this machine has.
    said = [line for line in done.stderr.splitlines() if line.startswith("duizhao:")]
    assert [line for line in said if "no font here has a glyph for U+" not in line] == []
    return out


def test_every_post_is_accounted_for(corpus: Path, library: Path) -> None:
    manifest = json.loads((library / "manifest.json").read_text("utf-8"))
    built = {post["source"] for book in manifest["books"] for post in book["posts"]}
    skipped = {post["source"] for post in manifest["skipped"]}
    assert built | skipped == {p.relative_to(corpus).as_posix() for p in corpus.rglob("*.md")}
    assert not built & skipped


def test_no_text_is_lost(corpus: Path, library: Path) -> None:
    judge = corpus.parent.parent / "tools" / "conserved.py"
    if not judge.is_file():
        pytest.skip("the judge of conserved text is not beside the corpus")
    editions = "html,epub,pdf" if shutil.which("pdftotext") else "html,epub"
    done = subprocess.run(
        [
            *(sys.executable, str(judge), str(library / "manifest.json"), str(corpus)),
            *("--editions", editions),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_every_link_of_the_web_edition_leads_both_ways(library: Path) -> None:
    terms = 0
    for book in _books(library):
        site = read_site(library / book["slug"])
        assert find_broken_links(site) == [], book["slug"]
        terms += sum(len(page.terms) for page in site.values())
    assert terms > 1000


def test_every_link_of_the_epubs_leads_both_ways(library: Path) -> None:
    walked = 0
    for book in _books(library):
        report = walk_links((library / book["epub"]).read_bytes())
        assert list(report.problems) == [], book["slug"]
        walked += sum(report.walked.values())
    assert walked > 10_000


def test_every_link_of_the_library_leads_somewhere(library: Path) -> None:
    sections = ("glossary", "people", "organizations", "products", "media")
    pages = [page for name in sections for page in (library / name).glob("*.html")]
    assert len(pages) > len(sections)
    assert find_dead_links([library / "index.html", *pages]) == []


def _books(library: Path) -> list[dict[str, str]]:
    books: list[dict[str, str]] = json.loads((library / "manifest.json").read_text("utf-8"))[
        "books"
    ]
    return books
