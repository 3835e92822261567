"""What the tests with reading systems and validators share: these, the books, a shelf for both.

The reading systems come from npm, in the versions that package-lock.json names: `make readers`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest

from converter.cli import main

from ..conftest import ON_CI, ROOT
from ..epubs import build, sample
from .library import long_book

NODE_MODULES: Final = ROOT / "build" / "readers" / "node_modules"
PAGES: Final = Path(__file__).with_name("pages")
_OF_FOLIATE: Final = (
    # Chromium's warning of the sandbox that foliate-js puts every document into.
    "An iframe which has both allow-scripts and allow-same-origin",
    # It measures a document while that is still loading, if the size of its frame changes then.
    "Cannot destructure property 'style' of 'el' as it is null",
)
"""The beginnings of what foliate-js reports whatever the book."""


@pytest.fixture(scope="session")
def requires_package() -> Callable[[str], Path]:
    """A function from an npm package's name to its folder, as `requires_tool` is for commands."""

    def find(name: str) -> Path:
        path = NODE_MODULES / name
        if path.is_dir():
            return path
        reason = f"{name} is not in {NODE_MODULES}; `make readers` fetches it"
        if ON_CI:
            pytest.fail(f"{reason}, and .ci/run should have installed it")
        pytest.skip(reason)

    return find


@pytest.fixture(scope="session")
def books(tmp_path_factory, root) -> dict[str, Path]:
    """The EPUBs under test: the sample, the manual with the pages of its PDF, and a long book."""
    folder = tmp_path_factory.mktemp("books")
    site = folder / "site"
    posts = str(root / "docs" / "posts")
    assert main(["build", posts, "-o", str(site), "--format", "epub,pdf"]) == 0
    (manual,) = site.glob("*/*.epub")
    made = {"sample": build(sample()), "long": build(long_book())}
    paths = {name: folder / f"{name}.epub" for name in made}
    for name, epub in made.items():
        paths[name].write_bytes(epub.data)
    return {**paths, "manual": manual}


class Shelf:
    """A web server for reading systems: their code, the pages that load it, and books."""

    def __init__(self, folder: Path) -> None:
        for name, target in {"npm": NODE_MODULES, "pages": PAGES}.items():
            (folder / name).symlink_to(target, target_is_directory=True)
        self._books = folder / "books"
        self._books.mkdir()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(_QuietHandler, directory=str(folder))
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def put(self, epub: bytes) -> str:
        """Return the address of a book."""
        path = self._books / f"{len(list(self._books.iterdir()))}.epub"
        path.write_bytes(epub)
        return f"{self.address}/books/{path.name}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing: what matters, the browser reports."""


@pytest.fixture(scope="session")
def shelf(tmp_path_factory) -> Iterator[Shelf]:
    opened = Shelf(tmp_path_factory.mktemp("shelf"))
    yield opened
    opened.close()


class Reader:
    """A reading system in a browser's page, 600 by 800 like an e-ink device, with a book open."""

    def __init__(self, page: Any, shelf: Shelf, name: str) -> None:
        self.page = page
        self.problems: list[str] = []
        self.book: dict[str, Any] = {}
        self._shelf = shelf
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("console", self._note_message)
        page.on("request", self._note_request)
        page.goto(f"{shelf.address}/pages/{name}.html")
        page.wait_for_function("globalThis.reader")

    def _note_message(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self._note(message.text)

    def _note(self, problem: str) -> None:
        if not problem.startswith(_OF_FOLIATE):
            self.problems.append(problem)

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self._shelf.address, "blob:", "data:", "about:")):
            self.problems.append(f"asks the network for {request.url}")

    def open(self, epub: bytes) -> None:
        self.book = self.page.evaluate("url => reader.open(url)", self._shelf.put(epub))

    def go_to(self, target: int | str) -> None:
        self.page.evaluate("target => reader.goTo(target)", target)

    def pages(self) -> int:
        """How many pages the current document fills."""
        return int(self.page.evaluate("reader.pages()"))

    def count_pages(self) -> dict[str, int]:
        """How many pages each document of the spine fills, by its name."""
        counts = {}
        for index, name in enumerate(self.book["sections"]):
            self.go_to(index)
            counts[name.rpartition("/")[2]] = self.pages()
        return counts

    def text(self) -> str:
        """Return what the current document shows, notes left out where the reader hides them."""
        return str(self.page.evaluate("reader.text()"))

    def count(self, selector: str) -> int:
        """How many such elements the current document has."""
        return int(self.page.evaluate("selector => reader.count(selector)", selector))

    def tap(self, href: str) -> dict[str, Any]:
        """Tap the first such link of the current document, and return the popup."""
        x, y = self.page.evaluate("href => reader.find(href)", href)
        self.page.mouse.click(x, y)
        popup = self.page.wait_for_function("reader.popup()", timeout=5000).json_value()
        assert isinstance(popup, dict)
        return popup


@pytest.fixture
def open_reader(browser, shelf, requires_package):
    """A function that opens a book in a reading system: ``foliate`` or ``epubjs``."""
    opened = []

    def open_book(name: str, epub: bytes, **options: Any) -> Reader:
        requires_package({"foliate": "foliate-js", "epubjs": "epubjs"}[name])
        options.setdefault("viewport", {"width": 600, "height": 800})
        page = browser.new_page(**options)
        opened.append(page)
        reader = Reader(page, shelf, name)
        reader.open(epub)
        return reader

    yield open_book
    for page in opened:
        page.close()
