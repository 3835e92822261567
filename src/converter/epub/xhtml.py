"""XHTML content documents: the frame around a body, and what keeps it well-formed."""

from __future__ import annotations

import html
import re
import zlib
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from ..markdown import is_web_address

__all__ = [
    "STYLESHEET",
    "Document",
    "clean",
    "escape",
    "language_attributes",
    "render_document",
    "same_language",
    "web_address",
]

STYLESHEET = "css/book.css"

# https://www.w3.org/TR/xml/#charsets: everything else, lone surrogates included, is no XML.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# https://url.spec.whatwg.org/#url-code-points, without square brackets (epubcheck refuses them).
_URL_SAFE = "%/:?&=~+!$,;'@()*"
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")

_REGION_SCRIPTS = {"cn": "hans", "sg": "hans", "tw": "hant", "hk": "hant", "mo": "hant"}


@dataclass(frozen=True, slots=True)
class Document:
    """A member of the EPUB: its name relative to the package document, and its text.

    The text is kept packed: a book of 2,000 chapters has 120 MB of it, and all are in memory
    at once.
    """

    name: str
    packed: bytes
    has_math: bool

    @classmethod
    def of(cls, name: str, text: str) -> Document:
        """Return the document with a text, in which ``<`` is a tag's and escaped elsewhere."""
        return cls(name, zlib.compress(text.encode(), 1), "<math " in text)

    @property
    def data(self) -> bytes:
        """The text as UTF-8."""
        return zlib.decompress(self.packed)


def clean(text: str) -> str:
    """Return the text with every character that XML forbids replaced by U+FFFD."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def escape(text: str) -> str:
    """Return the text as XML character data, safe in attribute values too."""
    return html.escape(clean(text))


def language_attributes(language: str) -> str:
    """Return ``lang`` and ``xml:lang`` with a space before them, or nothing for no language.

    XHTML needs the second; Kindle, calibre and scripts that expect HTML read the first.
    """
    if not language:
        return ""
    tag = escape(language)
    return f' lang="{tag}" xml:lang="{tag}"'


def same_language(first: str, second: str) -> bool:
    """Tell whether two BCP 47 tags mean the same written language: zh-CN and zh-Hans do."""
    return _written_language(first) == _written_language(second)


def _written_language(tag: str) -> tuple[str, str]:
    primary, *subtags = tag.lower().split("-")
    if primary != "zh":
        return primary, ""
    scripts = [_REGION_SCRIPTS.get(subtag, subtag) for subtag in subtags]
    return primary, next((script for script in scripts if script in ("hans", "hant")), "hans")


def web_address(address: str) -> str:
    """Return an http or https URL in the form that EPUB demands, or nothing for anything else."""
    address = clean(address.strip())
    if not is_web_address(address):
        return ""
    parts = urlsplit(address)
    host = parts.hostname or ""
    path, query, fragment = (
        quote(_STRAY_PERCENT.sub("%25", part), safe=_URL_SAFE)
        for part in (parts.path, parts.query, parts.fragment)
    )
    port = f":{parts.port}" if parts.port else ""
    return "".join(
        [f"{parts.scheme}://{host}{port}{path}", query and f"?{query}", fragment and f"#{fragment}"]
    )


def render_document(
    name: str, *, title: str, language: str, body: str, folder: str = "text/"
) -> Document:
    """Return the content document ``name``; all but the navigation are in ``text/``.

    ``title`` is plain text, ``body`` finished XHTML. Characters that XML forbids are replaced
    here, once for the whole document, so that nothing in a post can break it.
    """
    up = "../" if folder else ""
    page = f"""\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"\
{language_attributes(language)}>
<head>
<title>{escape(title)}</title>
<link rel="stylesheet" type="text/css" href="{up}{STYLESHEET}"/>
</head>
<body>
{body}
</body>
</html>
"""
    return Document.of(f"{folder}{name}", clean(page))
