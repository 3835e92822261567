"""How long the library's glossary and indexes take, how large their pages are, and the memory.

    python -m tests.benchmarks.library_glossary [--headwords 70000] [--books 100] [--out FOLDER]

The books are made by chance from a seed; nine in ten entries are of a headword that only one book
has, as in a real library. A quarter, half and all of the headwords are measured, each in a process
of its own: seconds of CPU, peak memory, pages. What is linear takes twice as long each time.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from converter.catalog import SECTION_NAMES, BookReference, collect_sections, render_sections
from converter.model import (
    Book,
    Definition,
    FrontMatter,
    Glossary,
    GlossaryEntry,
    Index,
    IndexEntry,
    Locator,
    Mention,
    Post,
    SeeReference,
    prose_anchor,
)
from converter.pinyin import initial
from converter.reference import REFERENCE, parse_reference, render_reference

_HAN: Final = (
    "智能模型数据网络算法经济市场投资利率通胀债券权益风险对冲训练推理芯片内存带宽协议安全密码"
)
_WORDS: Final = "neural market signal yield index vector kernel policy token memory graph".split()
_POSTS_A_BOOK: Final = 100
_SHARED: Final = 0.1
_NAMES_A_BOOK: Final = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """What one size took; sizes are in bytes, times in seconds of CPU."""

    headwords: int
    entries: int
    reference_bytes: int
    making: float
    reading: float
    collecting: float
    rendering: float
    pages: int
    page_bytes: int
    largest_page: int
    search_bytes: int
    largest_search: int
    memory: int


def _text(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(_HAN, k=length))


def _make_entry(chance: random.Random, number: int, chapters: list[Post]) -> GlossaryEntry:
    word = random.Random(number)  # noqa: S311 -- texts, no secrets: the same in every book
    original = " ".join(word.choices(_WORDS, k=2)) + f" {number}"
    headword = original if number % 3 == 0 else _text(word, 2) + f"{number}" + _text(word, 2)
    places = [
        Mention(chapter.slug, prose_anchor(chapter.slug, chance.randrange(200)))
        for chapter in chance.sample(chapters, chance.randint(1, 4))
    ]
    said = tuple(
        Definition("指" + _text(chance, chance.randint(15, 60)), place) for place in places[:2]
    )
    return GlossaryEntry(
        f"gloss-{number}", headword, initial(headword), (original,), said, tuple(places)
    )


def _make_index(chance: random.Random, chapters: list[Post]) -> Index:
    lines = []
    for number in sorted(chance.sample(range(20 * _NAMES_A_BOOK), _NAMES_A_BOOK)):
        name = _text(random.Random(number), 3) + f"{number}"  # noqa: S311 -- as above
        locators = tuple(
            Locator(chapter.slug, (prose_anchor(chapter.slug, 3), prose_anchor(chapter.slug, 9)))
            for chapter in chance.sample(chapters, chance.randint(1, 12))
        )
        lines.append(IndexEntry(f"people-{number}", name, initial(name), (), locators))
    return Index("people", tuple(lines))


def make_books(headwords: int, books: int) -> Iterator[Book]:
    """Yield books whose glossaries hold that many different headwords together."""
    chance = random.Random(headwords)  # noqa: S311 -- as above
    for number in range(books):
        chapters = [
            Post(f"{each}.md", f"post-{each}", FrontMatter(title=_text(chance, 18)), ())
            for each in range(_POSTS_A_BOOK)
        ]
        own = range(number * headwords // books, (number + 1) * headwords // books)
        others = chance.sample(range(headwords), int(len(own) * _SHARED / (1 - _SHARED)))
        entries = [_make_entry(chance, each, chapters) for each in dict.fromkeys((*own, *others))]
        see = [
            SeeReference(entry.originals[0], initial(entry.originals[0]), entry.id, entry.headword)
            for entry in entries
            if entry.originals[0] != entry.headword
        ]
        yield Book(
            slug=f"book-{number}",
            title=f"第 {number} 本书",
            language="zh-CN",
            original_language="en",
            creators=(),
            chapters=tuple(chapters),
            glossary=Glossary((*entries, *see)),
            indexes=(_make_index(chance, chapters),),
        )


def write_references(folder: Path, headwords: int, books: int) -> float:
    """Write what the books leave, and return how long ``render_reference`` took."""
    taken = 0.0
    for book in make_books(headwords, books):
        start = time.process_time()
        text = render_reference(book)
        taken += time.process_time() - start
        (folder / book.slug).mkdir(parents=True)
        (folder / book.slug / REFERENCE).write_text(text, "utf-8")
    return taken


def measure(folder: Path, out: Path, making: float, headwords: int) -> Measured:
    """Return what it takes to make the library's pages of the books in a folder."""
    start = time.process_time()
    files = sorted(folder.glob(f"*/{REFERENCE}"))
    size = sum(file.stat().st_size for file in files)
    books = [
        BookReference(file.parent.name, file.parent.name, parse_reference(file.read_text("utf-8")))
        for file in files
    ]
    entries = sum(len(book.reference.glossary) for book in books)
    read = time.process_time()
    collected = collect_sections(books)
    books.clear()
    merged = time.process_time()
    sizes: dict[str, list[int]] = {".html": [0], ".js": [0]}
    for name in SECTION_NAMES:
        (out / name).mkdir(parents=True)
    for section, name, text in render_sections("对照", collected):
        data = text.encode()
        (out / section / name).write_bytes(data)
        sizes[Path(name).suffix].append(len(data))
    done = time.process_time()
    return Measured(
        headwords=headwords,
        entries=entries,
        reference_bytes=size,
        making=making,
        reading=read - start,
        collecting=merged - read,
        rendering=done - merged,
        pages=len(sizes[".html"]) - 1,
        page_bytes=sum(sizes[".html"]),
        largest_page=max(sizes[".html"]),
        search_bytes=sum(sizes[".js"]),
        largest_search=max(sizes[".js"]),
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def _measure_alone(headwords: int, books: int, out: Path | None) -> Measured:
    """Measure one size; a process for the books, so that they count in no memory."""
    context = get_context("spawn")
    with TemporaryDirectory(prefix="duizhao-") as work:
        folder = Path(work) / "books"
        with ProcessPoolExecutor(1, context) as executor:
            making = executor.submit(write_references, folder, headwords, books).result()
        place = out or Path(work) / "out"
        with ProcessPoolExecutor(1, context) as executor:
            return executor.submit(measure, folder, place, making, headwords).result()


def main(arguments: list[str] | None = None) -> int:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.library_glossary",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--headwords", type=int, default=70_000)
    parser.add_argument("--books", type=int, default=100)
    parser.add_argument("--out", type=Path, help="keep the pages of the last size here")
    options = parser.parse_args(arguments)
    for part in (4, 2, 1):
        out = options.out if part == 1 else None
        found = _measure_alone(options.headwords // part, options.books // part, out)
        total = found.reading + found.collecting + found.rendering
        sys.stdout.write(
            f"{found.headwords:,} headwords, {found.entries:,} entries of"
            f" {options.books // part} books in {found.reference_bytes / 1e6:.1f} MB"
            f" (made in {found.making:.1f} s)\n"
            f"  {total:.1f} s: read {found.reading:.1f}, collect {found.collecting:.1f},"
            f" render {found.rendering:.1f}; memory {found.memory / 1e6:.0f} MB\n"
            f"  {found.pages} pages, {found.page_bytes / 1e6:.1f} MB, the largest"
            f" {found.largest_page / 1e3:.0f} kB; search data {found.search_bytes / 1e6:.1f} MB,"
            f" the largest {found.largest_search / 1e3:.0f} kB\n"
        )
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
