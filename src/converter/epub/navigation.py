"""The navigation document: table of contents and landmarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from posixpath import normpath
from typing import Final

from .layout import Layout
from .xhtml import Document, escape, render_document

__all__ = ["NAVIGATION", "Landmark", "TocEntry", "from_package", "nest", "render_navigation"]


NAVIGATION: Final = "nav.xhtml"
"""The name of the navigation document, in the folder of the package document."""


def from_package(href: str) -> str:
    """Return an address relative to ``text/`` as one relative to the package document."""
    return normpath(f"text/{href}")


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A line of the table of contents; ``href`` is relative to ``text/``, ``label`` plain."""

    label: str
    href: str
    children: tuple[TocEntry, ...] = ()
    part: str = ""
    """Of a top-level line: ``front``, ``text`` or ``back`` of the book."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that reading systems offer by its role (``epub_type``), not by its title."""

    epub_type: str
    label: str
    href: str


def nest(headings: Iterable[tuple[int, TocEntry]], deepest: int = 3) -> tuple[TocEntry, ...]:
    """Return the headings of a chapter, (level from 2, entry) in order, as a tree.

    Levels below ``deepest`` are left out: Kindle and many devices show three.
    """
    kept = [(level, entry) for level, entry in headings if level <= deepest]
    tree: list[TocEntry] = []
    position = 0
    while position < len(kept):
        level, entry = kept[position]
        end = position + 1
        while end < len(kept) and kept[end][0] > level:
            end += 1
        children = nest(kept[position + 1 : end], deepest)
        tree.append(TocEntry(entry.label, entry.href, children))
        position = end
    return tuple(tree)


def render_navigation(
    toc: Sequence[TocEntry], landmarks: Iterable[Landmark], pages: str, layout: Layout
) -> Document:
    """Return ``nav.xhtml``; shown as a page it lists the chapters alone.

    ``pages`` is the list of the pages of a PDF, or empty. The document lies beside that of the
    package: epub.js looks for what it names as the spine writes it.

    The ``hidden`` attribute keeps sections off that page without taking them from the reading
    system's menu (EPUB 3.3, 7.3 "the hidden attribute"). A book of one chapter shows them.
    """
    wording = layout.wording
    marks = "\n".join(
        f'<li><a epub:type="{mark.epub_type}" href="{escape(from_package(mark.href))}">'
        f"{escape(mark.label)}</a></li>"
        for mark in landmarks
    )
    chapters_only = sum(bool(entry.children) for entry in toc) > 1
    body = f"""\
<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="toc-title">
<h1 id="toc-title">{wording.contents}</h1>
{_list(toc, layout, hide_children=chapters_only)}
</nav>
<nav epub:type="landmarks" aria-labelledby="landmarks-title" hidden="hidden">
<h2 id="landmarks-title">{wording.landmarks}</h2>
<ol>
{marks}
</ol>
</nav>"""
    if pages:
        body += f"\n{pages}"
    return render_document(
        NAVIGATION, title=wording.contents, language=layout.language, body=body, folder=""
    )


def _list(
    entries: Iterable[TocEntry], layout: Layout, *, hide_children: bool, attributes: str = ""
) -> str:
    lines = [f"<ol{attributes}>"]
    for entry in entries:
        foreign = layout.title_attributes(entry.label)
        href = escape(from_package(entry.href))
        part = f' class="{entry.part}"' if entry.part else ""
        line = f'<li{part}><a href="{href}"{foreign}>{escape(entry.label)}</a>'
        if entry.children:
            hidden = ' hidden="hidden"' if hide_children else ""
            line += "\n" + _list(entry.children, layout, hide_children=False, attributes=hidden)
        lines.append(f"{line}</li>")
    return "\n".join([*lines, "</ol>"])
