"""The search key map: what a reader may type to find an entry of the glossary.

See "Search Key Map Documents" in https://idpf.org/epub/dict/.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..markdown import plain_text
from ..model import Book
from .xhtml import Document, clean, escape

__all__ = ["SEARCH_KEY_MAP", "render_search_key_map"]

SEARCH_KEY_MAP = "search-key-map.xml"
_NAMESPACE = "http://www.idpf.org/2007/ops"
# Most headwords have no markup: to parse them all a second time would cost a fifth of the edition.
_MARKUP = re.compile(r"[\\`*_\[\]<&~$\n]|://|www\.")


def render_search_key_map(book: Book, hrefs: Mapping[str, str]) -> tuple[Document, ...]:
    """Return the map of a book's glossary, or nothing if there is none that could be typed.

    Keys are headwords, aliases and expansions. ``hrefs`` maps the id of an entry to its place
    below ``text/``.
    """
    groups = []
    for entry in book.glossary.entries:
        keys = dict.fromkeys(
            key
            for text in (entry.headword, *entry.aliases, *entry.originals)
            if (key := clean(_plain(text)).strip())
        )
        if keys:
            href = f"text/{escape(hrefs[entry.id])}"
            matches = "".join(f'<match value="{escape(key)}"/>' for key in keys)
            groups.append(f'<search-key-group href="{href}">{matches}</search-key-group>')
    if not groups:
        return ()
    content = "\n".join(groups)
    text = f"""\
<?xml version="1.0" encoding="utf-8"?>
<search-key-map xmlns="{_NAMESPACE}" xml:lang="{escape(book.language)}">
{content}
</search-key-map>
"""
    return (Document.of(SEARCH_KEY_MAP, text),)


def _plain(markdown: str) -> str:
    return plain_text(markdown) if _MARKUP.search(markdown) else markdown
