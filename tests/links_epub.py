"""The links of an EPUB, walked both ways: text to entries, entries to text."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

__all__ = ["LinkReport", "walk_links"]

_X: Final = {
    "h": "http://www.w3.org/1999/xhtml",
    "e": "http://www.idpf.org/2007/ops",
    "o": "http://www.idpf.org/2007/opf",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
}
_CHAPTER = re.compile(r"text/(\d{3,})[-.]")
_ENTRIES: Final = (
    "//h:section[@e:type='glossary']//h:dl/h:div[@id] | //h:li[@e:type='index-entry'][@id]"
)
_BACKLINKS: Final = ".//h:a[@role='doc-backlink' or @e:type='index-locator']"
_SEE: Final = (
    "//h:section[@e:type='glossary']//h:a[@e:type='glossref']"
    " | //*[@e:type='index-xref-preferred']//h:a"
)

Place = tuple[str, str]
"""A document and an id in it; the id is empty where a link leads to the document."""


@dataclass(slots=True)
class LinkReport:
    """What fails, a line each, and how many links of each kind were walked."""

    problems: list[str] = field(default_factory=list)
    walked: Counter[str] = field(default_factory=Counter)


def walk_links(data: bytes) -> LinkReport:
    """Follow every link of an EPUB, as ``render_epub`` makes it; look at no text.

    A link fails that leads to no document or to an id that its document lacks; in the package,
    the NCX and the search key map too. A link from a chapter to an entry fails unless a link of
    the entry leads to a paragraph of that chapter that holds the link or stands before it. An
    entry fails that leads nowhere into the text, a see-reference that leads to no entry. Counted,
    and no failure, are chapters that a glossary entry leads to without a link from there: only
    an original may have the headword.
    """
    walk = _Walk(data)
    report = LinkReport()
    for step in (walk.targets, walk.forth, walk.back, walk.see):
        for kind, problem in step():
            report.walked[kind] += 1
            if problem:
                report.problems.append(f"{kind}: {problem}")
    return report


class _Walk:
    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {
                name.removeprefix("EPUB/"): archive.read(name)
                for name in archive.namelist()
                if name.startswith("EPUB/") and not name.endswith((".css", ".jpg"))
            }
        trees = {name: etree.fromstring(data) for name, data in members.items()}
        self.trees = {name: tree for name, tree in trees.items() if name.endswith(".xhtml")}
        self.package = {name: tree for name, tree in trees.items() if name not in self.trees}
        self.ids = {
            (name, element.get("id")): element
            for name, tree in self.trees.items()
            for element in _find(tree, "//*[@id]")
        }
        hrefs = {
            item.get("id"): item.get("href")
            for item in _find(self.package["content.opf"], "//o:item")
        }
        self.order = {
            element: (position, number)
            for position, item in enumerate(_find(self.package["content.opf"], "//o:itemref"))
            for number, element in enumerate(self.trees[hrefs[item.get("idref")]].iter())
        }

    def targets(self) -> Iterator[tuple[str, str]]:
        """Yield every link, and why it fails."""
        links = [
            ("link", name, element.get("href"))
            for name, tree in self.trees.items()
            for element in _find(tree, "//h:a[@href]")
        ]
        for kind, path in (
            ("NCX", "//n:content/@src"),
            ("guide", "//o:reference/@href"),
            ("manifest", "//o:item/@href"),
            ("search key", "//e:search-key-group/@href"),
        ):
            links += [
                (kind, name, str(href))
                for name, tree in self.package.items()
                for href in _find(tree, path)
            ]
        for kind, name, href in links:
            if re.match("[a-z]+:", href) or href.endswith((".css", ".jpg")):
                continue
            document, id_ = _resolve(name, href)
            found = (document, id_) in self.ids if id_ else document in self._documents
            yield kind, "" if found else f"{name} -> {href}"

    @cached_property
    def _documents(self) -> set[str]:
        return {*self.trees, *self.package}

    @cached_property
    def entries(self) -> dict[Place, list[Place]]:
        """The links of each entry of the glossary and the indexes that lead into the text."""
        return {
            (name, entry.get("id")): [
                _resolve(name, link.get("href")) for link in _find(entry, _BACKLINKS)
            ]
            for name, tree in self.trees.items()
            for entry in _find(tree, _ENTRIES)
        }

    @cached_property
    def terms(self) -> list[tuple[str, etree._Element, Place]]:
        """The links of the text that lead to an entry: document, link, entry."""
        found = []
        for name, tree in self.trees.items():
            if _chapter(name):
                for link in _find(tree, "//h:a[@href]"):
                    entry = _resolve(name, link.get("href"))
                    if entry in self.entries or link.get("role") == "doc-glossref":
                        found.append((name, link, entry))
        return found

    def forth(self) -> Iterator[tuple[str, str]]:
        """Yield the links from the text to entries, and why they fail."""
        for name, link, entry in self.terms:
            kind = link.get("role") or "name"
            here = f"{name}: {_text(link)} -> {entry[1]}"
            if entry not in self.entries:
                yield kind, f"{here}, which is no entry"
                continue
            back = [place for place in self.entries[entry] if _chapter(place[0]) == _chapter(name)]
            reached = any(self._stands_before(place, link) for place in back)
            yield kind, "" if reached else f"{here}, which does not lead back before it"

    def _stands_before(self, place: Place, link: etree._Element) -> bool:
        target = self.ids.get(place)
        if target is None:
            return not place[1]  # the beginning of a chapter
        return self.order[target] < self.order[link]

    def back(self) -> Iterator[tuple[str, str]]:
        """Yield the entries and the chapters that they lead to, and why an entry fails."""
        linked = {(entry, _chapter(name)) for name, _, entry in self.terms}
        for entry, places in self.entries.items():
            kind = "index" if "index-" in entry[0] else "glossary"
            yield f"{kind} entry", "" if places else f"{entry[1]} has no link to the text"
            for chapter in dict.fromkeys(_chapter(name) for name, _ in places):
                is_linked = (entry, chapter) in linked
                yield f"{kind} chapter" if is_linked else f"{kind} chapter without a link", ""

    def see(self) -> Iterator[tuple[str, str]]:
        """Yield the see-references, and why they fail."""
        for name, tree in self.trees.items():
            for link in _find(tree, _SEE):
                entry = _resolve(name, link.get("href"))
                yield "see", "" if entry in self.entries else f"{name}: no entry {entry[1]}"


def _find(element: etree._Element, path: str) -> Any:
    return element.xpath(path, namespaces=_X)


def _text(element: etree._Element) -> str:
    return str(element.xpath("string()"))


def _resolve(name: str, href: str) -> Place:
    path, _, id_ = href.partition("#")
    document = str(PurePosixPath(name).parent / unquote(path)) if path else name
    return document, unquote(id_)


def _chapter(name: str) -> str:
    """Return the number of the chapter that a document belongs to, or nothing."""
    match = _CHAPTER.match(name)
    return match[1] if match else ""
