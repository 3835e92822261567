"""The links of a built web edition, walked both ways: text to entries, entries to text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import etree

__all__ = ["Page", "find_broken_links", "find_dead_links", "read_site"]

_FRAME: Final = frozenset(("index", "genindex", "search"))


@dataclass(slots=True)
class Page:
    """What a page links to and what it can be linked by.

    ``entries`` holds the links that follow the headword of each id, ``terms`` those that lead
    from the text, its closing lists of names included, to a headword of another page.
    """

    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    entries: dict[str, list[str]] = field(default_factory=dict)
    terms: list[str] = field(default_factory=list)
    doubled: set[str] = field(default_factory=set)


def read_site(folder: Path) -> dict[str, Page]:
    """Return the pages of a folder of HTML by their names without ``.html``."""
    return {path.stem: _read_page(path) for path in sorted(folder.glob("*.html"))}


def _read_page(path: Path) -> Page:
    root = _parse(path)
    # What is in a template is no part of the page.
    etree.strip_elements(root, "template", with_tail=False)
    page = Page()
    for element in root.iterfind(".//*[@id]"):
        identity = element.get("id", "")
        (page.doubled if identity in page.ids else page.ids).add(identity)
    page.entries = dict(_find_entries(root))
    for link in root.iterfind(".//a[@href]"):
        page.links.append(link.get("href", ""))
        if "internal" in link.get("class", "") and not page.entries:
            page.terms.append(link.get("href", ""))
    return page


def _find_entries(root: etree._Element) -> Iterator[tuple[str, list[str]]]:
    for term in root.iterfind(".//dl/dt"):
        for headword in term.iterfind(".//*[@id]"):
            if "cp-headword" in headword.get("class", ""):
                yield headword.get("id", ""), list(_links_below(term))


def _links_below(term: etree._Element) -> Iterator[str]:
    """Yield the links of the definitions that follow a term, up to the next one."""
    for sibling in term.itersiblings():
        if sibling.tag == "dt":
            return
        yield from (link.get("href", "") for link in sibling.iterfind(".//a[@href]"))


def find_broken_links(site: Mapping[str, Page]) -> list[str]:
    """Return a line for every link that fails, of text or of an entry.

    A link fails that leads to no page or to an id that its page lacks; and so does one from a
    chapter to an entry, unless that entry has a link back to the chapter. Twice the same id on a
    page is a failure too.
    """
    problems = [f"{name}: twice the id {each}" for name in site for each in site[name].doubled]
    for name, page in site.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = _target(name, link)
            if target is None or target not in site:
                # The library's home page, and files beside the pages, are no pages of the book.
                if parts.path.endswith(".html") and "/" not in parts.path:
                    problems.append(f"{name}: no page for {link}")
            elif parts.fragment and unquote(parts.fragment) not in site[target].ids:
                problems.append(f"{name}: no id for {link}")
        if name not in _FRAME:
            problems += _one_way_links(name, page, site)
    return problems


def find_dead_links(pages: Iterable[Path]) -> list[str]:
    """Return a line for every link of some pages that leads to no file or id on the disk."""
    ids: dict[Path, frozenset[str]] = {}
    dead: list[str] = []
    for page in pages:
        for link in _parse(page).iterfind(".//a[@href]"):
            parts = urlsplit(link.get("href", ""))
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
            if target not in ids:
                root = _parse(target) if target.suffix == ".html" and target.is_file() else None
                found = root.iterfind(".//*[@id]") if root is not None else ()
                ids[target] = frozenset(element.get("id", "") for element in found)
            if not target.exists() or unquote(parts.fragment) not in {"", *ids[target]}:
                dead.append(f"{page.name}: {link.get('href')}")
    return dead


def _parse(path: Path) -> etree._Element:
    return etree.fromstring(path.read_bytes(), etree.HTMLParser(encoding="utf-8"))


def _target(name: str, link: str) -> str | None:
    path = unquote(urlsplit(link).path)
    if not path:
        return name
    return path.removesuffix(".html") if path.endswith(".html") and "/" not in path else None


def _one_way_links(name: str, page: Page, site: Mapping[str, Page]) -> Iterator[str]:
    for link in page.terms:
        target, identity = _target(name, link), unquote(urlsplit(link).fragment)
        if target is None or target == name or target not in site:
            continue
        entry = site[target].entries.get(identity)
        if entry is not None and name not in {_target(target, back) for back in entry}:
            yield f"{target}: {identity} does not link back to {name}"
