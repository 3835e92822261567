"""The web edition of a book on disk: a Sphinx project, Sphinx over it, then Pagefind."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from .model import Book
from .myst import render_myst

__all__ = ["build_html", "write_project"]

_COLOUR = re.compile("\x1b\\[[0-9;]*m")


def write_project(book: Book, folder: Path) -> int:
    """Write a book's Sphinx project into a folder, which it makes; return the file count."""
    folder.mkdir(parents=True)
    files = render_myst(book)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8", newline="\n")
    return len(files)


def build_html(book: Book, folder: Path) -> list[str]:
    """Run Sphinx, then Pagefind, over a book; return what they warned of."""
    # Sphinx takes half a second to import, which every command would wait for.
    from sphinx.application import Sphinx  # noqa: PLC0415 -- as said above
    from sphinx.errors import SphinxError  # noqa: PLC0415 -- the same
    from sphinx.util.docutils import docutils_namespace, patch_docutils  # noqa: PLC0415 -- the same

    with TemporaryDirectory(prefix="duizhao-") as work:
        project = Path(work) / "project"
        write_project(book, project)
        warning = StringIO()
        with patch_docutils(str(project)), docutils_namespace():
            try:
                app = Sphinx(
                    srcdir=project,
                    confdir=project,
                    outdir=folder,
                    doctreedir=Path(work) / "doctrees",
                    buildername="html",
                    confoverrides={"nitpicky": True, "duizhao_library": "../index.html"},
                    status=None,
                    warning=warning,
                )
                unsaid = _DiskErrors()
                # Sphinx sets up its log anew for each book, without what was there.
                logging.getLogger("sphinx").addHandler(unsaid)
                app.build(force_all=True)
            except SphinxError as error:
                if disk_error := _disk_error(error):
                    raise disk_error from error
                raise
    if unsaid.errors:
        raise unsaid.errors[0]
    (folder / ".buildinfo").unlink(missing_ok=True)
    # Where a page of the project lies means nothing to who wrote the post.
    said = _COLOUR.sub("", warning.getvalue()).replace(f"{project}{os.sep}", "")
    return [*filter(None, said.splitlines()), *_index_search(folder)]


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
