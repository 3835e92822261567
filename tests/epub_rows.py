"""What an EPUB of ours must hold, a row each: a row yields what is wrong, and counts its figure.

A row never raises: what an EPUB lacks is a finding too.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from lxml import etree
from PIL import Image

from converter.validation import validate_epub

from .links_epub import walk_links

__all__ = ["ROWS", "Epub", "Promise", "apply", "read"]

_X: Final = {
    "h": "http://www.w3.org/1999/xhtml",
    "e": "http://www.idpf.org/2007/ops",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
}
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_LARGEST: Final = 300_000
_LARGEST_COVER: Final = 500_000
_DATE = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")
_CHAPTER = re.compile(r"EPUB/text/\d{3}")
_LATIN = re.compile("[A-Za-z]")
_ELEMENTS: Final = {"notes": "aside", "details": "details", "inline": "div", "none": "div"}
"""What an original is in each mode."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What the manifest and the configuration say of an EPUB.

    ``posts`` are the documents of each post of the main edition, from the folder of the package,
    and the number of its originals; of another edition they are not known. ``terms`` is the number
    of entries of the glossary.
    """

    edition: str = "bilingual"
    mode: str = "notes"
    posts: tuple[tuple[tuple[str, ...], int], ...] = ()
    terms: int = 0


@dataclass(frozen=True)
class Epub:
    """A built EPUB, its members read."""

    path: Path
    data: bytes
    promise: Promise

    @cached_property
    def members(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def documents(self) -> dict[str, etree._Element]:
        return {
            name: etree.fromstring(content)
            for name, content in self.members.items()
            if name.endswith(".xhtml")
        }

    @cached_property
    def package(self) -> etree._Element:
        return etree.fromstring(self.members["EPUB/content.opf"])

    @property
    def chapters(self) -> dict[str, etree._Element]:
        return {name: tree for name, tree in self.documents.items() if _CHAPTER.match(name)}


Row = Callable[[Epub, Counter[str]], Iterator[str]]


def read(path: Path, promise: Promise) -> Epub:
    return Epub(path, path.read_bytes(), promise)


def apply(row: Row, epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """Yield what a row finds; what it cannot look at is a finding as well."""
    try:
        yield from row(epub, counts)
    except Exception as error:  # noqa: BLE001 -- whatever a broken EPUB brings about is its fault
        yield f"cannot be looked at: {type(error).__name__}: {error}"


def find(root: etree._Element, path: str) -> Any:
    return root.xpath(path, namespaces=_X)


def _text(element: etree._Element) -> str:
    return " ".join(str(element.xpath("string()")).split())


def _of_class(name: str) -> str:
    return f"contains(concat(' ', @class, ' '), ' {name} ')"


# ---------------------------------------------------------------------------------------------
# The text


def epubcheck(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """1: epubcheck has nothing to say."""
    counts["EPUBs"] += 1
    yield from (f"{m.path}:{m.line} {m.code} {m.text}" for m in validate_epub(epub.path))


def originals(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """3, 6, 26: each original is there as the mode wants it, with the translation that it is of."""
    mode = epub.promise.mode
    for name, tree in epub.chapters.items():
        ids = find(tree, "//@id")
        if len(ids) != len(set(ids)):
            yield f"{name}: an id comes twice"
        units = set(find(tree, f"//*[{_of_class('cp-translation')}]/@data-unit"))
        for element in _originals_of(tree):
            counts["originals"] += 1
            for fault in _faults(element, units, mode):
                yield f"{name}: {element.get('id')} {fault}"
            if epub.promise.edition == "original":
                yield f"{name}: an edition of the originals alone has {element.get('id')} besides"
    for names, count in epub.promise.posts if mode != "none" else ():
        found = sum(len(_originals_of(epub.chapters[f"EPUB/{each}"])) for each in names)
        if found != count:
            yield f"{names[0]}: {found} originals of {count}"


def _originals_of(tree: etree._Element) -> Any:
    return find(tree, f"//*[{_of_class('cp-original')}]")


def _faults(original: etree._Element, units: set[str], mode: str) -> Iterator[str]:
    kind = etree.QName(original).localname
    if kind != _ELEMENTS[mode]:
        yield f"is a {kind} in mode {mode}"
    if mode == "details" and not find(original, "./h:summary[normalize-space()]"):
        yield "has no summary"
    if mode == "none" and original.get("data-unit") in units:
        yield "is there, and its translation too"
    if mode in ("details", "inline") and not _has_its_text(original, units):
        yield "belongs to no translation"


def _has_its_text(original: etree._Element, units: set[str]) -> bool:
    """Tell whether an original follows its translation, or stands where there is none."""
    unit = original.get("data-unit")
    if unit not in units:
        # The first of a section: with a heading or nothing above it, or another of its unit.
        before = original.getprevious()
        return before is None or not find(before, f"self::*[{_of_class('cp-translation')}]")
    return bool(find(original, f"preceding::*[@data-unit='{unit}']"))


def notes(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """3, 26: every note is reached by a mark and leads back; the mark is where it belongs."""
    for name, tree in epub.chapters.items():
        asides = {aside.get("id"): aside for aside in find(tree, "//h:aside[@role='doc-footnote']")}
        marks = find(tree, "//h:a[@role='doc-noteref']")
        counts["notes"] += len(asides)
        units = set(find(tree, f"//*[{_of_class('cp-translation')}]/@data-unit"))
        first: dict[str, etree._Element] = {}
        for mark in marks:
            first.setdefault(mark.get("href", "#")[1:], mark)
        for id_, aside in asides.items():
            mark = first.pop(id_, None)
            backs = find(aside, ".//h:a[@role='doc-backlink']/@href")
            if mark is None:
                yield f"{name}: no mark leads to {id_}"
            elif not mark.get("id") or backs != [f"#{mark.get('id')}"]:
                yield f"{name}: mark {mark.get('id')} and its note do not lead to each other"
            elif aside.get("class") == "cp-original":
                yield from (f"{name}: {fault}" for fault in _misplaced(mark, aside, units))
        yield from (f"{name}: a mark leads to {id_}, which is no note" for id_ in first)
        single = find(tree, "//h:a[@role='doc-noteref'][@class='noteref']")
        if len(single) != len(find(tree, "//h:aside[@class='cp-original']")):
            yield f"{name}: {len(single)} marks of originals"


def _misplaced(mark: etree._Element, note: etree._Element, units: set[str]) -> Iterator[str]:
    """Yield what is wrong with the place of an original's mark: it is in the note's own unit.

    One that no translation is above has a paragraph for its mark.
    """
    unit = note.get("data-unit")
    holders = find(mark, "ancestor::*[@data-unit]/@data-unit")
    if unit in units:
        if unit not in holders:
            yield f"the mark of {note.get('id')} is in another paragraph than its translation"
    elif holders or not find(mark, "ancestor::h:p[@class='references']"):
        yield f"{note.get('id')} belongs to no translation"


def languages(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """12: each document and each original names its language both ways."""
    for name, tree in epub.documents.items():
        for element in (tree, *find(tree, "//*[@lang]")):
            counts["languages"] += 1
            if not element.get("lang") or element.get("lang") != element.get(_LANG):
                yield f"{name}: {element.tag} has no lang, or another xml:lang"
        for original in find(tree, f"//*[{_of_class('cp-original')}][not(@lang)]"):
            # Of signs alone nobody knows the language; one without text says so in the book's.
            if _LATIN.search("".join(find(original, ".//h:p[not(@class)]//text()"))):
                yield f"{name}: {original.get('id')} has no language"


def nothing_hidden(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """11, 31: no script, no text hidden by a style, no fixed colours, sizes or fonts."""
    css = b"".join(data for name, data in epub.members.items() if name.endswith(".css")).decode()
    for bad in (r"display:\s*none", r"visibility", r"blur", r"color:\s*#", r"rgb\(",
                r"\dpx(?! solid)", r"\dpt", r"font-family"):  # fmt: skip
        if re.search(bad, re.sub(r"/\*.*?\*/|1px solid", "", css, flags=re.DOTALL)):
            yield f"the style sheet has {bad}"
    for name, tree in epub.documents.items():
        counts["documents"] += 1
        if find(tree, "//h:script | //@style | //@*[starts-with(local-name(), 'on')]"):
            yield f"{name}: a script or a style"


def headings(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """18: one h1 a chapter, at its beginning, no level skipped."""
    nav = epub.documents["EPUB/nav.xhtml"]
    starts = {f"EPUB/{href}" for href in find(nav, "//h:nav[@e:type='toc']/h:ol/h:li/h:a/@href")}
    levels: list[int] = []
    for name, tree in _in_order(epub):
        here = [
            int(etree.QName(heading).localname[1])
            for heading in find(tree, "//h:h1|//h:h2|//h:h3|//h:h4|//h:h5|//h:h6")
        ]
        counts["headings"] += len(here)
        is_start = name in starts
        if here.count(1) != is_start or (is_start and here[0] != 1):
            yield f"{name}: h1 {here.count(1)} times"
        # A document that goes on with a chapter goes on with its levels.
        levels = here if is_start else [*levels[-1:], *here]
        if any(after > before + 1 for before, after in itertools.pairwise(levels)):
            yield f"{name}: a level is skipped"


def _in_order(epub: Epub) -> Iterator[tuple[str, etree._Element]]:
    hrefs = {item.get("id"): item.get("href") for item in find(epub.package, "//o:item")}
    for item in find(epub.package, "//o:itemref"):
        name = f"EPUB/{hrefs[item.get('idref')]}"
        if name in epub.chapters:
            yield name, epub.chapters[name]


def sizes(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """25: no document above 300 kB."""
    for name in epub.documents:
        size = len(epub.members[name])
        counts["largest document"] = max(counts["largest document"], size)
        if size > _LARGEST:
            yield f"{name}: {size} bytes"


# ---------------------------------------------------------------------------------------------
# What leads to the text


def links(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """3, 13, 14, 25: every link leads somewhere, terms and entries to each other."""
    report = walk_links(epub.data)
    counts["links"] += sum(report.walked.values())
    yield from report.problems


def glossary(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """13: every entry is defined or mentioned, leads back, and is there once."""
    seen: set[str] = set()
    headwords: set[str] = set()
    for name, tree in epub.documents.items():
        for entry in find(tree, "//h:section[@role='doc-glossary']//h:dl/h:div[@id]"):
            counts["entries"] += 1
            id_ = entry.get("id")
            if not find(entry, "./h:dd//h:a[@role='doc-backlink']"):
                yield f"{name}: {id_} does not lead back"
            words = [_text(word) for word in find(entry, "./h:dt[@e:type='glossterm']/h:dfn")]
            if len(words) != 1 or not words[0]:
                yield f"{name}: {id_} has not one headword"
            if not find(
                entry, "./h:dd[@e:type='glossdef' or @class='mentions'][normalize-space()]"
            ):
                yield f"{name}: {id_} is neither defined nor mentioned"
            if id_ in seen or not headwords.isdisjoint(words):
                yield f"{name}: {id_} comes twice"
            seen.add(id_)
            headwords.update(words)
    if len(seen) != epub.promise.terms:
        yield f"{len(seen)} entries of {epub.promise.terms}"


def first_only(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """14: a headword leads to its entry where it comes first in a chapter, and only there."""
    for name, tree in epub.chapters.items():
        found = Counter(find(tree, "//h:a[@role='doc-glossref']/@href"))
        counts["terms in chapters"] += len(found)
        yield from (f"{name}: {href} {times} times" for href, times in found.items() if times > 1)


def navigation(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """15: contents of three levels at most, landmarks; NCX and guide agree."""
    nav = epub.documents["EPUB/nav.xhtml"]
    toc = find(nav, "//h:nav[@e:type='toc']//h:a/@href")
    counts["contents"] += len(toc)
    if find(nav, "//h:nav[@e:type='toc']//h:ol/h:li/h:ol/h:li/h:ol/h:li/h:ol"):
        yield "the contents are more than three levels deep"
    ncx = etree.fromstring(epub.members["EPUB/toc.ncx"])
    if find(ncx, "//n:content/@src") != toc:
        yield "the NCX lists other places than the contents"
    marks = set(find(nav, "//h:nav[@e:type='landmarks'][@hidden]//h:a/@e:type"))
    if not {"cover", "toc", "bodymatter"} <= marks:
        yield f"landmarks: {marks}"
    guide = find(epub.package, "//o:guide/o:reference/@href")
    places = find(nav, "//h:nav[@e:type='landmarks']//h:a/@href")
    if not guide or not set(guide) <= set(places):
        yield "the guide names what the landmarks do not, or nothing"


def around(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """29, 32: how to read, sources with dates, a colophon; locators in the indexes."""
    pages = {name.removeprefix("EPUB/text/"): tree for name, tree in epub.documents.items()}
    has_originals = epub.promise.mode != "none" and any(
        map(len, map(_originals_of, epub.chapters.values()))
    )
    advised = find(pages["title.xhtml"], f"//h:p[{_of_class('advice')}][normalize-space()]")
    if (has_originals or epub.promise.terms) and not advised:
        yield "the title page does not say how to read"
    identifier = str(find(epub.package, "string(//dc:identifier)"))
    if not identifier or identifier not in _text(pages["colophon.xhtml"]):
        yield "the colophon does not say what identifies the book"
    yield from _sources(epub, pages)
    for name, tree in pages.items():
        entries = find(tree, "//h:li[@e:type='index-entry'][@id]")
        counts["index entries"] += len(entries)
        for entry in entries:
            if not find(entry, ".//h:a[@e:type='index-locator'][@href]"):
                yield f"{name}: {entry.get('id')} has no locator"
    # Of names that a chapter mentions each is in an index.
    for name, tree in epub.chapters.items():
        if find(tree, "//h:section[@class='mentioned']") and not counts["index entries"]:
            yield f"{name}: mentions names, and there is no index"


def _sources(epub: Epub, pages: dict[str, etree._Element]) -> Iterator[str]:
    """Yield what is missing of the list of sources: each chapter, its date and its address."""
    listed = [page for name, page in pages.items() if re.fullmatch(r"sources(-\d+)?\.xhtml", name)]
    addresses = set(find(epub.package, "//dc:source/text()"))
    dated = [t for t in epub.chapters.values() if find(t, "//h:p[@class='meta']")]
    if not listed:
        if addresses or dated:
            yield "no list of sources"
        return
    items = [item for page in listed for item in find(page, "//h:section//h:li")]
    hrefs = {href for item in items for href in find(item, ".//h:a/@href")}
    if missing := addresses - hrefs:
        yield f"the sources lack {min(missing)}"
    nav = epub.documents["EPUB/nav.xhtml"]
    toc = find(nav, "//h:nav[@e:type='toc']/h:ol/h:li[@class='text']/h:a/@href")
    if missing := {href.removeprefix("text/") for href in toc} - hrefs:
        yield f"the sources lack {min(missing)}"
    dates = set(_DATE.findall(" ".join(text for item in items for text in item.itertext())))
    for name, tree in epub.chapters.items():
        said = [_text(line) for line in find(tree, "//h:p[@class='meta']")]
        for date in _DATE.findall(" ".join(said)):
            if date not in dates:
                yield f"the sources lack the date of {name}"


# ---------------------------------------------------------------------------------------------
# The package


def metadata(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """8, 12, 21: accessibility metadata, one language, roles, a date in UTC."""
    opf = epub.package
    for name in ("accessMode", "accessModeSufficient", "accessibilityFeature",
                 "accessibilityHazard", "accessibilitySummary"):  # fmt: skip
        if not find(opf, f"//o:meta[@property='schema:{name}']/text()"):
            yield f"no schema:{name}"
    if not opf.get(_LANG) or not opf.get("dir"):
        yield "the package has no xml:lang or no dir"
    if len(find(opf, "//dc:language")) != 1:
        yield "not one dc:language"
    claims = find(opf, "//o:meta[@property='dcterms:conformsTo']")
    if len(claims) != len(find(opf, "//o:meta[@property='a11y:certifiedBy']")):
        yield "conformance is claimed and nobody vouches for it"
    for creator in find(opf, "//dc:creator"):
        id_ = creator.get("id", "")
        if find(opf, f"//o:meta[@refines='#{id_}'][@property='role']/text()") != ["aut"]:
            yield f"creator {creator.text} has no role"
    modified = find(opf, "//o:meta[@property='dcterms:modified']/text()")
    if [bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", each)) for each in modified] != [
        True
    ]:
        yield f"modified {', '.join(modified) or 'never'}"
    counts["subjects"] += len(find(opf, "//dc:subject"))
    counts["sources"] += len(find(opf, "//dc:source"))


def cover(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """19: a JPEG of 1400 by 2100 pixels below 500 kB, with a text for those who do not see it."""
    data = epub.members.get("EPUB/images/cover.jpg", b"")
    page = epub.documents.get("EPUB/text/cover.xhtml")
    if not data or page is None:
        yield "no cover"
        return
    counts["kB of cover"] = max(counts["kB of cover"], len(data) // 1000)
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            if image.format != "JPEG" or image.width < 1400 or image.height < 2100:
                yield f"{image.format} {image.size}"
    except (OSError, SyntaxError) as error:
        yield f"no image: {error}"
    if len(data) >= _LARGEST_COVER:
        yield f"{len(data)} bytes"
    if not find(page, "//h:img/@alt[normalize-space()]"):
        yield "no alt"


def archive(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """30: the media type first and stored, names sorted and ASCII, no clock, fixed modes."""
    with zipfile.ZipFile(io.BytesIO(epub.data)) as opened:
        first, *others = opened.infolist()
    if (first.filename, first.compress_type, first.extra) != ("mimetype", zipfile.ZIP_STORED, b""):
        yield "mimetype"
    names = [member.filename for member in others]
    counts["members"] += len(names)
    if names != sorted(names) or not "".join(names).isascii():
        yield "names"
    if len({(m.date_time, m.create_system, m.external_attr) for m in (first, *others)}) != 1:
        yield "dates or modes"
    if not "".join(find(epub.package, "//@id")).isascii():
        yield "an id of the package is not ASCII"


ROWS: Final[Sequence[Row]] = (
    epubcheck, originals, notes, links, metadata, languages, nothing_hidden, glossary, first_only,
    navigation, headings, cover, sizes, archive, around,
)  # fmt: skip
