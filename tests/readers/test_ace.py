"""EPUBs under Ace, the accessibility checker of the DAISY Consortium."""

from __future__ import annotations

import json
import os
import subprocess

import pytest


@pytest.mark.parametrize("name", ["sample", "manual"])
def test_ace_finds_no_violation(requires_package, requires_tool, books, tmp_path, name) -> None:
    requires_package("@daisy/ace-axe-runner-puppeteer")
    command = requires_package("@daisy/ace-cli") / "bin" / "ace.js"
    chromium = requires_tool("chromium")
    subprocess.run(
        [requires_tool("node"), command, "--silent", "--outdir", tmp_path / "out", books[name]],
        check=True,
        capture_output=True,
        env={**os.environ, "PUPPETEER_EXECUTABLE_PATH": str(chromium)},
    )
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    violations = [
        " ".join(
            (
                document["earl:testSubject"]["url"],
                finding["earl:test"]["earl:impact"],
                finding["earl:test"]["dct:title"],
                finding["earl:result"].get("html", ""),
            )
        )
        for document in report["assertions"]
        for finding in document["assertions"]
    ]
    assert violations == []
    assert report["earl:result"]["earl:outcome"] == "pass"
