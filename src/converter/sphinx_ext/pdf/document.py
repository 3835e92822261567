"""One document of a project as the Typst source of a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from docutils import nodes

from converter.sphinx_ext.pdf.binding import Heading
from converter.sphinx_ext.pdf.blocks import block_nodes
from converter.sphinx_ext.pdf.inline import inline_nodes, join_lines
from converter.sphinx_ext.pdf.literals import array, call, literal, sequence, speakable, split_words
from converter.sphinx_ext.pdf.tables import table_nodes
from converter.sphinx_ext.pdf.writer import (
    Registry,
    Services,
    Writer,
    anchor_key,
    classes_of,
    ids_of,
)

__all__ = ["Chapter", "plain_chapter", "unusual_letters", "write_chapter"]

# What not every Chinese face, or none of Typst's own, has letters for.
_UNUSUAL = re.compile(
    "[^\n -~\u00a0-\u017f\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f"
    "\u2010-\u2027\u2030\u2032\u2033\u203b"
    "\u3000-\u3003\u3005-\u3029\u3041-\u3093\u30a1-\u30f6\u30fb-\u30fe\u4e00-\u9fa5\uff01-\uff5e]"
)
_FORMS: Final = Registry()
for _part in (inline_nodes, block_nodes, table_nodes):
    _FORMS.include(_part)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A document in Typst; ``pages`` are the places whose page numbers it prints.

    ``letters`` are those that a font may lack, ``pictures`` the files that it shows.
    """

    document: str
    level: int
    title: str
    source: str
    headings: tuple[Heading, ...]
    pages: frozenset[str]
    letters: str
    pictures: frozenset[str] = frozenset()


def write_chapter(
    doctree: nodes.document,
    document: str,
    level: int,
    services: Services,
) -> Chapter:
    """Return a document as a chapter that begins on a page of its own; ``level`` is its title's.

    The doctree is one of this builder's own: its line breaks are joined in place.
    """
    join_lines(doctree)
    writer = Writer(document, level, _FORMS, services)
    writer.footnotes = {
        identity: note
        for note in doctree.findall(lambda node: isinstance(node, nodes.footnote | nodes.citation))
        if isinstance(note, nodes.Element)
        for identity in ids_of(note)
    }
    writer.original_after = dict(_paragraphs_with_originals(doctree))
    if services.originals == "none":
        writer.translated = set(_translated_units(doctree))
    title, keys, rest = _opening(doctree, document)
    words = _in_a_line(title.astext() if title is not None else document)
    body = writer.nested(rest)
    if writer.end_notes:
        body = "{" + "\n".join((body, call("end-notes", array(writer.end_notes)))) + "}"
    shown = writer.inline(title.children) if title is not None else literal(document)
    places = array(literal(key) for key in keys)
    source = call("chapter", str(level), places, shown, literal(words), body)
    return Chapter(
        document,
        level,
        words,
        source,
        (Heading(level, words, keys[0]), *_headings(doctree, document, level)),
        frozenset(writer.pages),
        unusual_letters(source),
        frozenset(writer.pictures),
    )


def _opening(
    doctree: nodes.document, document: str
) -> tuple[nodes.title | None, list[str], list[nodes.Node]]:
    """Return a document's title, the places at its beginning, and what follows the title."""
    keys = [anchor_key(document)]
    sections = [child for child in doctree.children if isinstance(child, nodes.section)]
    if not sections:
        return None, keys, list(doctree.children)
    first = sections[0]
    keys += [anchor_key(document, identity) for identity in ids_of(first)]
    before = doctree.children[: doctree.index(first)]
    after = doctree.children[doctree.index(first) + 1 :]
    title = next((child for child in first.children if isinstance(child, nodes.title)), None)
    inside = [child for child in first.children if child is not title]
    return title, keys, [*before, *inside, *after]


def _headings(doctree: nodes.document, document: str, level: int) -> Iterator[Heading]:
    """Yield the sections of a document, without the one that is its title's."""
    first = next(iter(doctree.findall(nodes.section)), None)
    for section in doctree.findall(nodes.section):
        above = max(1, _sections_above(section))
        if section is first or not section.children or not isinstance(section[0], nodes.title):
            continue
        if identities := ids_of(section):
            title = _in_a_line(section[0].astext())
            yield Heading(level + above, title, anchor_key(document, identities[0]))


def _paragraphs_with_originals(
    doctree: nodes.document,
) -> Iterator[tuple[nodes.Node, nodes.Element]]:
    """Yield each translation's last paragraph with the original that follows it at once."""
    for section in doctree.findall(nodes.section):
        for before, after in pairwise(section.children):
            match before, after:
                case nodes.paragraph(), nodes.container() if "cp-original" in classes_of(after):
                    yield before, after


def _lines_of(block: nodes.TextElement) -> list[str]:
    """Return the lines of code, or the text of any other block as one."""
    text = block.astext()
    return text.splitlines() if isinstance(block, nodes.FixedTextElement) else [text]


def _translated_units(doctree: nodes.document) -> Iterator[str]:
    """Yield the classes of the units that have a translation."""
    for node in doctree.findall(nodes.Element):
        classes = classes_of(node)
        if "cp-translation" in classes:
            yield from (name for name in classes if name.startswith("cp-unit-"))


def _in_a_line(text: str) -> str:
    return speakable(" ".join(text.split()))


def _sections_above(section: nodes.Element) -> int:
    count, above = 0, section.parent
    while above is not None:
        count += isinstance(above, nodes.section)
        above = above.parent
    return count


def unusual_letters(source: str) -> str:
    """Return the letters of a source that a common font may lack, each once, in order."""
    return "".join(sorted(set(_UNUSUAL.findall(source))))


def plain_chapter(
    doctree: nodes.document, chapter: Chapter, *, only_usual: bool = False
) -> Chapter:
    """Return a chapter as bare paragraphs: what is left to show where Typst refused the source.

    With ``only_usual`` boxes stand for the letters that a font, or a standard, may not know.
    """
    opening, _, _ = _opening(doctree, chapter.document)

    def shown(text: str) -> str:
        words = " ".join(text.split())
        return sequence(split_words(_UNUSUAL.sub("□", words) if only_usual else words))

    lines = [
        call("para", shown(line))
        for block in doctree.findall(nodes.TextElement)
        if not isinstance(block.parent, nodes.TextElement) and block is not opening
        for line in _lines_of(block)
    ]
    keys = array([literal(anchor_key(chapter.document))])
    title = literal(_UNUSUAL.sub("□", chapter.title) if only_usual else chapter.title)
    source = call("chapter", str(chapter.level), keys, title, title, "{" + "\n".join(lines) + "}")
    letters = unusual_letters(source)
    return replace(
        chapter,
        source=source,
        headings=chapter.headings[:1],
        pages=frozenset(),
        letters=letters,
        pictures=frozenset(),
    )
