"""The EPUBs of a library against what an EPUB of ours must hold, with a figure a row.

    python -m tests.acceptance POSTS [--mode notes] [--ace 3]

Builds the EPUBs of a folder of posts twice, in two places, and looks at every one of them. What
needs a reading system is in tests/readers; what is said of small books made by hand, in the other
tests. Ace takes up to minutes a book: `--ace N` has it read the N smallest.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lxml import etree
from PIL import Image

from converter.validation import validate_epub

from .links_epub import walk_links

_X: Final = {
    "h": "http://www.w3.org/1999/xhtml",
    "e": "http://www.idpf.org/2007/ops",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
}
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ROOT: Final = Path(__file__).resolve().parent.parent
_LARGEST: Final = 300_000
_LARGEST_COVER: Final = 500_000


@dataclass(frozen=True, slots=True)
class Epub:
    """A built EPUB, its members read."""

    path: Path
    data: bytes
    members: dict[str, bytes]
    documents: dict[str, etree._Element]
    package: etree._Element

    @property
    def chapters(self) -> dict[str, etree._Element]:
        return {n: t for n, t in self.documents.items() if re.match(r"EPUB/text/\d{3}", n)}


def read(path: Path) -> Epub:
    data = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    documents = {
        name: etree.fromstring(content)
        for name, content in members.items()
        if name.endswith(".xhtml")
    }
    return Epub(path, data, members, documents, etree.fromstring(members["EPUB/content.opf"]))


def find(root: etree._Element, path: str) -> Any:
    return root.xpath(path, namespaces=_X)


# ---------------------------------------------------------------------------------------------
# Rows: each yields what is wrong; the figure is counted beside it


def notes(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """3, 26: every original is reached by a mark and leads back; pairs have their classes."""
    for name, tree in epub.chapters.items():
        asides = {aside.get("id"): aside for aside in find(tree, "//h:aside[@role='doc-footnote']")}
        marks = find(tree, "//h:a[@role='doc-noteref']")
        counts["notes"] += len(asides)
        if len(marks) != len(asides):
            yield f"{name}: {len(marks)} marks, {len(asides)} notes"
        for mark in marks:
            aside = asides.get(mark.get("href", "#")[1:])
            backs = [] if aside is None else find(aside, ".//h:a[@role='doc-backlink']/@href")
            if backs != [f"#{mark.get('id')}"]:
                yield f"{name}: mark {mark.get('id')} and its note do not lead to each other"
        units = set(find(tree, "//*[contains(@class,'cp-translation')]/@data-unit"))
        for aside in asides.values():
            if aside.get("data-unit") not in {*units, "0"} and not find(
                tree, "//h:p[@class='references']"
            ):
                yield f"{name}: note {aside.get('id')} belongs to no translation"
        ids = find(tree, "//@id")
        if len(ids) != len(set(ids)):
            yield f"{name}: an id comes twice"


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
    for creator in find(opf, "//dc:creator/@id"):
        if find(opf, f"//o:meta[@refines='#{creator}'][@property='role']/text()") != ["aut"]:
            yield f"{creator} has no role"
    (modified,) = find(opf, "//o:meta[@property='dcterms:modified']/text()")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", modified):
        yield f"modified {modified}"
    counts["subjects"] += len(find(opf, "//dc:subject"))
    counts["sources"] += len(find(opf, "//dc:source"))


def languages(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """12: each document and each original names its language both ways."""
    for name, tree in epub.documents.items():
        for element in (tree, *find(tree, "//*[@lang]")):
            counts["languages"] += 1
            if not element.get("lang") or element.get("lang") != element.get(_LANG):
                yield f"{name}: {element.tag} has no lang, or another xml:lang"


def nothing_hidden(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """11, 31: no script, no text hidden by a style, no fixed colours, sizes or fonts."""
    css = b"".join(data for name, data in epub.members.items() if name.endswith(".css")).decode()
    for bad in (r"display:\s*none", r"visibility", r"blur", r"color:\s*#", r"rgb\(",
                r"\dpx(?! solid)", r"\dpt", r"font-family"):  # fmt: skip
        if re.search(bad, re.sub(r"/\*.*?\*/|1px solid", "", css, flags=re.DOTALL)):
            yield f"the style sheet has {bad}"
    for name, tree in epub.documents.items():
        counts["documents"] += 1
        if find(tree, "//h:script | //@style | //@onclick"):
            yield f"{name}: a script or a style"


def glossary(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """13: every entry is defined or mentioned, leads back, and is there once."""
    seen: set[str] = set()
    for name, tree in epub.documents.items():
        for entry in find(tree, "//h:section[@role='doc-glossary']//h:dl/h:div[@id]"):
            counts["entries"] += 1
            if not find(entry, ".//h:a[@role='doc-backlink']"):
                yield f"{name}: {entry.get('id')} does not lead back"
            if entry.get("id") in seen:
                yield f"{name}: {entry.get('id')} comes twice"
            seen.add(entry.get("id"))


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
    if not set(guide) <= set(places):
        yield "the guide names what the landmarks do not"


def headings(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """18: one h1 a chapter, no level skipped."""
    for name, tree in epub.chapters.items():
        levels = [
            int(heading.tag[-1])
            for heading in find(tree, "//h:h1|//h:h2|//h:h3|//h:h4|//h:h5|//h:h6")
        ]
        counts["headings"] += len(levels)
        first = not re.search(r"-\d+\.xhtml$", name) or 1 in levels
        if first and (levels.count(1) != 1 or levels[0] != 1):
            yield f"{name}: h1 {levels.count(1)} times"
        if any(after > before + 1 for before, after in itertools.pairwise(levels)):
            yield f"{name}: a level is skipped"


def cover(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """19: a JPEG of 1400 by 2100 pixels below 500 kB, with a text for those who do not see it."""
    data = epub.members.get("EPUB/images/cover.jpg", b"")
    counts["kB of cover"] = max(counts["kB of cover"], len(data) // 1000)
    with Image.open(io.BytesIO(data)) as image:
        if image.format != "JPEG" or image.width < 1400 or image.height < 2100:
            yield f"{image.format} {image.size}"
    if len(data) >= _LARGEST_COVER:
        yield f"{len(data)} bytes"
    if not find(epub.documents["EPUB/text/cover.xhtml"], "//h:img/@alt"):
        yield "no alt"


def sizes(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """25: no document above 300 kB."""
    for name in epub.documents:
        size = len(epub.members[name])
        counts["largest document"] = max(counts["largest document"], size)
        if size > _LARGEST:
            yield f"{name}: {size} bytes"


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


def around(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """29, 32: how to read, sources with dates, a colophon; locators in the indexes."""
    for name in ("title", "colophon"):
        if f"EPUB/text/{name}.xhtml" not in epub.documents:
            yield f"no {name} page"
    for name, tree in epub.documents.items():
        entries = find(tree, "//h:li[@e:type='index-entry'][@id]")
        counts["index entries"] += len(entries)
        for entry in entries:
            if not find(entry, ".//h:a[@e:type='index-locator']"):
                yield f"{name}: {entry.get('id')} has no locator"


def links(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """3, 13, 14, 25: every link leads somewhere, terms and entries to each other."""
    report = walk_links(epub.data)
    counts["links"] += sum(report.walked.values())
    yield from report.problems


def first_only(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """14: a headword leads to its entry where it comes first in a chapter, and only there."""
    for name, tree in epub.chapters.items():
        found = Counter(find(tree, "//h:a[@role='doc-glossref']/@href"))
        counts["terms in chapters"] += len(found)
        yield from (f"{name}: {href} {times} times" for href, times in found.items() if times > 1)


def epubcheck(epub: Epub, counts: Counter[str]) -> Iterator[str]:
    """1: epubcheck has nothing to say."""
    counts["EPUBs"] += 1
    yield from (f"{m.path}:{m.line} {m.code} {m.text}" for m in validate_epub(epub.path))


ROWS: Final[Sequence[Callable[[Epub, Counter[str]], Iterator[str]]]] = (
    epubcheck, notes, links, metadata, languages, nothing_hidden, glossary, first_only, navigation,
    headings, cover, sizes, archive, around,
)  # fmt: skip


# ---------------------------------------------------------------------------------------------


def ace(epubs: Iterable[Epub], folder: Path) -> Iterator[str]:
    """7: Ace passes, without a violation of any impact."""
    command = _ROOT / "build" / "readers" / "node_modules" / ".bin" / "ace-cli"
    environment = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": "/usr/bin/chromium"}
    for epub in epubs:
        report = folder / f"{epub.path.stem}.ace"
        arguments = ["-s", "-f", "-o", str(report), str(epub.path)]
        subprocess.run([command, *arguments], env=environment, check=False, capture_output=True)
        text = (report / "report.json").read_text("utf-8")
        if '"earl:outcome": "fail"' in text:
            yield f"{epub.path.name}: fails"


def build(posts: Path, out: Path, mode: str, seed: str) -> list[Path]:
    config = posts / "duizhao.toml"
    settings = config.read_text("utf-8") if config.exists() else ""
    other = out.parent / f"{out.name}.toml"
    other.write_text(f'{settings}\n[epub]\noriginals = "{mode}"\n', "utf-8")
    subprocess.run(
        [sys.executable, "-m", "converter", "build", str(posts.resolve()), "-o", str(out),
         "--format", "epub", "--config", str(other)],
        check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=out.parent,
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": f"Etc/GMT+{seed}"},
    )  # fmt: skip
    return sorted(out.glob("*/*.epub"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=Path)
    parser.add_argument("--mode", default="notes")
    parser.add_argument("--ace", type=int, default=0)
    arguments = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = build(arguments.posts, folder / "first", arguments.mode, "1")
        if not paths:
            sys.exit(
                "no EPUB was built: the configuration of the posts may have an [epub] table already"
            )
        again = build(arguments.posts, folder / "second", arguments.mode, "2")
        same = [a.read_bytes() == b.read_bytes() for a, b in zip(paths, again, strict=True)]
        failed += _say("9: the same posts make the same bytes", Counter(EPUBs=len(same)),
                       [] if same and all(same) else ["they differ"])  # fmt: skip
        epubs = [read(path) for path in paths]
        for row in ROWS:
            counts: Counter[str] = Counter()
            problems = [f"{e.path.name}: {problem}" for e in epubs for problem in row(e, counts)]
            failed += _say(str(row.__doc__).splitlines()[0], counts, problems)
        if arguments.ace:
            smallest = sorted(epubs, key=lambda epub: len(epub.data))[: arguments.ace]
            problems = list(ace(smallest, folder))
            failed += _say(str(ace.__doc__), Counter(EPUBs=len(smallest)), problems)
    return 1 if failed else 0


def _say(row: str, counts: Counter[str], problems: Sequence[str]) -> bool:
    figures = ", ".join(f"{number:,} {what}" for what, number in counts.items())
    sys.stdout.write(f"{'no ' if problems else 'yes'}  {row}  [{figures}]\n")
    sys.stdout.writelines(f"       {problem}\n" for problem in problems[:5])
    sys.stdout.flush()
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
