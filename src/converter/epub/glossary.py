"""The glossary: every headword with its definitions and the paragraphs that explain it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..markdown import plain_text, render_inline_xhtml
from ..model import Book, Glossary, GlossaryEntry
from .xhtml import Document, escape, language_attributes, render_document

__all__ = ["GLOSSARY", "GlossaryLinks", "link_glossary", "render_glossary"]

GLOSSARY = "glossary.xhtml"

# About 170 kB: a document must fit into the memory of a small device.
_ENTRIES_PER_DOCUMENT = 400

_LATIN = re.compile("[A-Za-z]")
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class GlossaryLinks:
    """What chapters need of the glossary to link to it, and to be linked from it.

    ``hrefs`` maps the key of a headword to its entry's place below ``text/``; ``mentioned``
    holds the ids of the paragraphs that entries lead to.
    """

    hrefs: Mapping[str, str]
    mentioned: frozenset[str]


def link_glossary(glossary: Glossary) -> GlossaryLinks:
    """Return the places of a glossary's entries, before any of it is rendered."""
    places = {
        entry.id: f"{_document_name(number // _ENTRIES_PER_DOCUMENT)}#{entry.id}"
        for number, entry in enumerate(glossary.entries)
    }
    return GlossaryLinks(
        hrefs={key: places[entry] for key, entry in glossary.ids.items() if entry in places},
        mentioned=frozenset(
            mention.anchor for entry in glossary.entries for mention in entry.mentions
        ),
    )


def render_glossary(
    book: Book, *, titles: Mapping[str, str], anchors: Mapping[str, str]
) -> tuple[Document, ...]:
    """Return ``text/glossary.xhtml`` and, for a long glossary, the documents that go on with it.

    ``titles`` maps the slug of a chapter to its plain title, ``anchors`` the id of a paragraph
    to its place below ``text/``. Entries keep the order of the book's glossary. The id of an
    entry is on the element that holds its definitions too: readers that show the target in a
    popup would else show the term alone.
    """
    entries = book.glossary.entries
    letters: dict[str, str] = {}
    for number, entry in enumerate(entries):
        name = _document_name(number // _ENTRIES_PER_DOCUMENT)
        letters.setdefault(entry.letter, f"{name}#letter-{len(letters) + 1}")
    documents = []
    for start in range(0, len(entries), _ENTRIES_PER_DOCUMENT):
        part = entries[start : start + _ENTRIES_PER_DOCUMENT]
        name = _document_name(start // _ENTRIES_PER_DOCUMENT)
        body = [
            '<section epub:type="glossary" role="doc-glossary" aria-labelledby="glossary-title">',
            '<h1 id="glossary-title">术语表</h1>',
            *_letter_links(letters),
        ]
        for letter, group in groupby(part, key=lambda entry: entry.letter):
            place, _, anchor = letters[letter].partition("#")
            identity = f' id="{anchor}"' if place == name else ""
            body.append(f"<h2{identity}>{escape(letter)}</h2>\n<dl>")
            body.extend(_entry(entry, book, titles, anchors) for entry in group)
            body.append("</dl>")
        content = "\n".join([*body, "</section>"])
        documents.append(
            render_document(name, title="术语表", language=book.language, body=content)
        )
    return tuple(documents)


def _document_name(number: int) -> str:
    return f"glossary-{number + 1}.xhtml" if number else GLOSSARY


def _letter_links(letters: Mapping[str, str]) -> list[str]:
    if len(letters) < 2:  # one letter needs no list of letters
        return []
    links = " ".join(f'<a href="{href}">{escape(name)}</a>' for name, href in letters.items())
    return [f'<p class="letters">{links}</p>']


def _entry(
    entry: GlossaryEntry, book: Book, titles: Mapping[str, str], anchors: Mapping[str, str]
) -> str:
    expansions = "、".join(
        f"<span{_expansion_language(text, book)}>{render_inline_xhtml(text)}</span>"
        for text in entry.originals
    )
    lines = [
        f'<div id="{escape(entry.id)}">',
        f'<dt epub:type="glossterm"><dfn>{render_inline_xhtml(entry.headword)}</dfn>'
        + (f'<span class="expansion">（{expansions}）</span>' if expansions else "")
        + "</dt>",
        *(
            f'<dd epub:type="glossdef">{render_inline_xhtml(text)}</dd>'
            for text in entry.definitions
        ),
    ]
    if mentions := _mentions(entry, titles, anchors):
        lines.append(f'<dd class="mentions">{mentions}</dd>')
    return "\n".join([*lines, "</div>"])


def _expansion_language(text: str, book: Book) -> str:
    foreign = _LATIN.search(text) and not _HAN.search(text)
    return language_attributes(book.original_language) if foreign else ""


def _mentions(entry: GlossaryEntry, titles: Mapping[str, str], anchors: Mapping[str, str]) -> str:
    """Return a link a chapter, labelled by its title, and numbers for what follows in it."""
    places: dict[str, list[str]] = {}
    for mention in entry.mentions:
        if mention.anchor in anchors and mention.chapter in titles:
            places.setdefault(mention.chapter, []).append(anchors[mention.anchor])
    headword = plain_text(entry.headword)
    return "；".join(
        " ".join(_locators(titles[chapter], tuple(dict.fromkeys(hrefs)), headword))
        for chapter, hrefs in places.items()
    )


def _locators(title: str, hrefs: Sequence[str], headword: str) -> list[str]:
    first, *others = hrefs
    numbers = (
        f'<a href="{escape(href)}" aria-label="{escape(f"{number}：{headword}，{title}")}">'
        f"{number}</a>"
        for number, href in enumerate(others, 2)
    )
    return [f'<a href="{escape(first)}">{escape(title)}</a>', *numbers]
