"""The server: one folder, on this machine, nothing else."""

from __future__ import annotations

import re
import threading
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from converter.server import serve


@pytest.fixture
def address(tmp_path: Path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("<p>首页</p>", "utf-8")
    (folder / "book.epub").write_bytes(b"PK")
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    lines = serve(folder, "127.0.0.1", 0)
    port = int(re.findall(r":(\d+)/", next(lines))[0])
    # A daemon: serve_forever ends with the test run, as Ctrl-C would end it.
    threading.Thread(target=lambda: list(lines), daemon=True).start()
    return "127.0.0.1", port


def get(address: tuple[str, int], path: str):
    with closing(HTTPConnection(*address, timeout=10)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()


def test_pages_are_served_fresh(address) -> None:
    status, headers, body = get(address, "/")
    assert status == 200
    assert "首页" in body.decode()
    assert headers["Cache-Control"] == "no-cache"


def test_an_epub_has_its_type(address) -> None:
    assert get(address, "/book.epub")[1]["Content-type"] == "application/epub+zip"


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "//../secret.txt"])
def test_nothing_outside_is_served(path, address) -> None:
    assert get(address, path)[0] == 404


def test_a_taken_port_is_one_clear_line(address, tmp_path) -> None:
    with pytest.raises(OSError, match="choose another --port"):
        next(serve(tmp_path, *address))


def test_an_impossible_port_is_one_clear_line(tmp_path) -> None:
    with pytest.raises(OSError, match="choose another --port"):
        next(serve(tmp_path, "127.0.0.1", 70000))
