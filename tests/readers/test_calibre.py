"""EPUBs in calibre: converted to AZW3 for Kindle, and under its "Check Book".

calibre is large, so .ci/run does not install it: where it is missing, on CI too, these tests
are skipped. ``apt-get install --no-install-recommends calibre`` brings it to Debian.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("ebook-convert") is None, reason="calibre is not installed"
)
SCRIPT: Final = Path(__file__).with_name("check_book.py")
FINE: Final = re.compile(r"CSSError: Expected selector|search-key-map\.xml has a MIME type")
"""An order of CSS selectors that stylelint likes better, and a media type from the standard for
dictionaries, https://idpf.org/epub/dict/, which calibre does not know."""


def run(*command: str | Path) -> str:
    # Qt without a screen; the sandbox of its browser does not start for root.
    environment = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **environment}
    )
    return done.stdout


def metadata(path: Path) -> dict[str, str]:
    lines = (line.partition(" : ") for line in run("ebook-meta", path).splitlines())
    return {name.strip(): value.strip() for name, _, value in lines}


@pytest.fixture(scope="module", params=["sample", "manual"])
def pair(request, books, tmp_path_factory) -> tuple[Path, Path]:
    """An EPUB, and the AZW3 that calibre makes of it."""
    epub = books[request.param]
    azw3 = tmp_path_factory.mktemp("kindle") / "book.azw3"
    run("ebook-convert", epub, azw3, "--output-profile", "kindle_pw3")
    return epub, azw3


def test_the_azw3_has_title_authors_and_language(pair) -> None:
    before, after = map(metadata, pair)
    assert before["Languages"] == after["Languages"] == "zho"
    for field in ("Title", "Author(s)", "Published"):
        assert before[field] == after[field]


def test_the_azw3_opens_with_its_contents_and_every_note(open_reader, pair) -> None:
    """That a mark opens its note cannot be seen here: foliate-js takes the places that links in
    an AZW3 lead to, which count bytes, for counts of characters."""
    epub, azw3 = (open_reader("foliate", path.read_bytes()) for path in pair)
    contents = [[entry["label"] for entry in reader.book["toc"]] for reader in (epub, azw3)]
    assert contents[0] == contents[1]
    kinds = {kind for mark in azw3.book["landmarks"] for kind in mark["type"]}
    assert kinds >= {"toc", "text", "glossary", "index"}
    parts = ('a[role="doc-noteref"]', 'aside[role="doc-footnote"][lang="en"]', "h1", "dfn")
    counts = [Counter[str](), Counter[str]()]
    for reader, counted in zip((epub, azw3), counts, strict=True):
        for index in range(len(reader.book["sections"])):
            reader.go_to(index)
            counted.update({part: reader.count(part) for part in parts})
    assert counts[0] == counts[1]
    assert all(counts[0].values())
    assert azw3.problems == []


def test_it_reads_the_series(books) -> None:
    assert metadata(books["manual"])["Series"] == "对照使用手册 #1"


@pytest.mark.parametrize("name", ["sample", "manual", "long"])
def test_check_book_has_nothing_to_say(books, name) -> None:
    found = json.loads(run("calibre-debug", "-e", SCRIPT, "--", books[name]))
    assert [message for message in found if not FINE.search(message)] == []
