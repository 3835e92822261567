"""A server for reading a built library on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["serve"]


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder, never cached, no log."""

    extensions_map = {  # noqa: RUF012 -- the base class declares it so
        **SimpleHTTPRequestHandler.extensions_map,
        ".epub": "application/epub+zip",
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".pagefind": "application/octet-stream",
    }

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base's name
        """Say nothing: the reader has the pages."""


def serve(folder: Path, host: str, port: int) -> Iterator[str]:
    """Serve a folder until interrupted; yields the line that says where.

    Raises OSError if the port is taken or the host is none of this machine's.
    """
    handler = partial(_Handler, directory=str(folder))
    try:
        server = ThreadingHTTPServer((host, port), handler)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OSError(f"cannot serve at {host}:{port}: {reason}; choose another --port") from error
    with server:
        yield f"reading at http://{host}:{server.server_address[1]}/ (Ctrl-C ends it)"
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            yield "stopped"
