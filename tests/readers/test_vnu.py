"""EPUBs under the Nu HTML Checker of the W3C."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from typing import Final

OF_EPUB: Final = re.compile(
    r"Attribute “(prefix|type)” not allowed on element “[a-z]+” at this point|Section lacks heading"
)
"""epub:type and epub:prefix, which EPUB adds to XHTML and the checker does not know; and sections
made for an epub:type, a cover for one, which need no heading."""


def test_nu_has_nothing_to_say(requires_package, requires_tool, books, tmp_path) -> None:
    jar = requires_package("vnu-jar") / "build" / "dist" / "vnu.jar"
    for name, path in books.items():
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path / name)
    # Half of the text of a bilingual chapter is not in the language of the document.
    options = ["--format", "json", "--no-langdetect", "--skip-non-html", "--exit-zero-always"]
    done = subprocess.run(
        [requires_tool("java"), "-jar", jar, *options, *(tmp_path / name for name in books)],
        check=True,
        capture_output=True,
        text=True,
    )
    messages = json.loads(done.stderr)["messages"]
    assert {message["url"].split("/EPUB/")[0].rpartition("/")[2] for message in messages} == {
        *books
    }, "not even epub:type: was anything read?"
    assert [
        f"{message['url'].removeprefix(tmp_path.as_uri())}:{message.get('lastLine')}: "
        f"{message['message']}"
        for message in messages
        if not OF_EPUB.match(message["message"])
    ] == []
