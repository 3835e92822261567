"""Editions that Sphinx makes of a book: pages for the web, with Pagefind over them, and a PDF.

Both are made of one project and of one reading of it.
"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from .model import Book
from .myst import render_myst

__all__ = ["PdfFile", "Project", "open_project", "write_project"]

_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_LINE = re.compile("[0-9]+:")
_PAGES: Final = "pages.json"
_LATEST: Final = 253_402_300_799
"""The last second of the year 9999, beyond which there are no dates."""

_ALWAYS: Final = {
    "nitpicky": True,
    # Code that its language's highlighter cannot read is shown all the same; of a letter without
    # a glyph the PDF's own result tells, and where it stands in the posts.
    "suppress_warnings": ["misc.highlighting_failure", "typst.glyph"],
}


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A PDF: the page of each place of the book, the letters that no font has, the main faces."""

    name: str
    pages: Mapping[str, str]
    missing: str
    families: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """A book's Sphinx project in a folder for the time of its building."""

    folder: Path
    doctrees: Path
    sources: Mapping[str, str]
    """The post that a file of the project was made of."""

    def build_html(self, folder: Path) -> list[str]:
        """Run Sphinx, then Pagefind; return what they warned of."""
        said = self._run("html", folder, {"duizhao_library": "../index.html"})
        (folder / ".buildinfo").unlink(missing_ok=True)
        return [*said, *_index_search(folder)]

    def build_pdf(
        self, folder: Path, name: str, *, cover: bytes, identifier: str, moment: int
    ) -> tuple[PdfFile | None, list[str]]:
        """Write a book's PDF into a folder; return it and what was warned of.

        ``cover`` is a JPEG or empty, ``moment`` the time that the PDF says it was made at, in
        seconds of Unix. A book that cannot be set has no PDF; the warnings say why.
        """
        from sphinx.errors import SphinxError  # noqa: PLC0415 -- as in _run

        work = self.doctrees.with_name("pdf")
        image = self.doctrees.with_name("cover.jpg")
        settings: dict[str, Any] = {
            "duizhao_pdf_name": name,
            "duizhao_identifier": identifier,
            "duizhao_moment": moment,
        }
        if cover:
            image.write_bytes(cover)
            settings["duizhao_pdf_cover"] = str(image)
        try:
            said = self._run("typstpdf", work, settings)
        except OSError:
            raise
        except SphinxError as error:
            return None, [f"no PDF: {error}"]
        except Exception as error:  # noqa: BLE001 -- whatever it is, the other editions are sound
            return None, [f"no PDF: {type(error).__name__}: {error}"[:300]]
        found = json.loads((work / _PAGES).read_text("utf-8"))
        (work / name).replace(folder / name)
        return PdfFile(name, found["pages"], found["missing"], tuple(found["families"])), said

    def _run(self, builder: str, folder: Path, settings: Mapping[str, Any]) -> list[str]:
        """Run Sphinx and return what it warned of. Raises OSError for trouble with the disk."""
        # Sphinx takes half a second to import, which every command would wait for.
        from sphinx.application import Sphinx  # noqa: PLC0415 -- as said above
        from sphinx.errors import SphinxError  # noqa: PLC0415 -- the same
        from sphinx.util.docutils import (  # noqa: PLC0415 -- the same
            docutils_namespace,
            patch_docutils,
        )

        warning = StringIO()
        unsaid = _DiskErrors()
        with _sound_epoch(), patch_docutils(str(self.folder)), docutils_namespace():
            try:
                app = Sphinx(
                    srcdir=self.folder,
                    confdir=self.folder,
                    outdir=folder,
                    doctreedir=self.doctrees,
                    buildername=builder,
                    confoverrides={**_ALWAYS, **settings},
                    status=None,
                    warning=warning,
                )
                # Sphinx sets up its log anew for each book, without what was there.
                logging.getLogger("sphinx").addHandler(unsaid)
                app.build()
            except SphinxError as error:
                if disk_error := _disk_error(error):
                    raise disk_error from error
                raise
        if unsaid.errors:
            raise unsaid.errors[0]
        # Where a page of the project lies means nothing to who wrote the post.
        said = _COLOUR.sub("", warning.getvalue()).replace(f"{self.folder}{os.sep}", "")
        return [self._name_post(line) for line in said.splitlines() if line]

    def _name_post(self, line: str) -> str:
        """Return a warning with the post's path before it, not of what is made of it."""
        name, _, rest = line.partition(":")
        return f"{self.sources[name]}:{_LINE.sub('', rest)}" if name in self.sources else line


@contextmanager
def _sound_epoch() -> Iterator[None]:
    """Hide a SOURCE_DATE_EPOCH that is no date from Sphinx, which would fail on it."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    is_sound = given.isascii() and given.isdigit() and int(given) <= _LATEST
    if given and not is_sound:
        del os.environ["SOURCE_DATE_EPOCH"]
    try:
        yield
    finally:
        if given:
            os.environ["SOURCE_DATE_EPOCH"] = given


@contextmanager
def open_project(book: Book, place: Path) -> Iterator[Project]:
    """Write a book's project into a folder in ``place`` that is gone when the block ends.

    ``place`` is cleared by whoever builds there next, should this process be killed.
    """
    posts = (*book.front, *book.chapters, *book.back)
    with TemporaryDirectory(prefix=".project-", dir=place) as work:
        sources = {f"{post.slug}.md": post.path for post in posts}
        project = Project(Path(work) / "project", Path(work) / "doctrees", sources)
        write_project(book, project.folder)
        yield project


def write_project(book: Book, folder: Path) -> int:
    """Write a book's Sphinx project into a folder, which it makes; return the file count."""
    folder.mkdir(parents=True)
    files = render_myst(book)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8", newline="\n")
    return len(files)


class _DiskErrors(logging.Handler):
    """Takes note of files that Sphinx could not copy: it only warns, and goes on without them."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.errors: list[OSError] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the error that a warning is about."""
        self.errors += [error for error in record.args or () if isinstance(error, OSError)]


def _disk_error(error: BaseException | None) -> OSError | None:
    """Return the trouble with the disk that Sphinx wrapped into errors of its own."""
    while error is not None:
        if isinstance(error, OSError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _index_search(folder: Path) -> list[str]:
    """Write Pagefind's bundle for a book's pages; return what it complained of, if it failed."""
    # -P: a module that lies in the current folder, which may be that of the posts, is not ours.
    command = [sys.executable, "-P", "-m", "pagefind", "--site", str(folder), "--silent"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return [f"no search: {done.stderr.strip() or done.stdout.strip()}"]
    # Pagefind brings interfaces of its own; the theme's search field needs none of them.
    for pattern in ("pagefind-*ui*", "pagefind-highlight.js"):
        for unused in (folder / "pagefind").glob(pattern):
            unused.unlink()
    return []
