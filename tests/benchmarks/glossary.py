"""What collecting glossaries costs beside parsing, and whether it stays linear.

    python -m tests.benchmarks.glossary [POSTS] [--posts 10000] [--book 200]

The posts are multiplied until there are enough; in each copy the headwords and expansions get
letters of their own, so that a larger library has more of them. Seconds are CPU time on one core.
"""

from __future__ import annotations

import argparse
import gc
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from converter.glossary import collect_glossary
from converter.model import Heading, Post
from converter.post import parse_post

_ROOT: Final = Path(__file__).resolve().parents[2]
_TERM = re.compile(r"\*\*([^*\n]{1,40})\*\*(?= ?[（(])")
_HAN: Final = "春夏秋冬东南西北金木水火土山石田日月星云风雨雷电江河湖海花草"
_SIZES: Final = (1000, 2000, 4000)


@dataclass(slots=True)
class Cost:
    """CPU seconds and counts of a run."""

    posts: int = 0
    size: int = 0
    glosses: int = 0
    lines: int = 0
    parsing: float = 0.0
    collecting: float = 0.0
    longest: float = 0.0


def vary(text: str, copy: int) -> str:
    """Return a post in whose copies every other headword is another one."""
    if not copy:
        return text
    mark = _HAN[copy % len(_HAN)] + _HAN[copy // len(_HAN) % len(_HAN)]
    counter = iter(range(1 << 30))

    def change(match: re.Match[str]) -> str:
        return match[0] if next(counter) % 2 else f"**{match[1]}{mark}**"

    return _TERM.sub(change, text)


def make_books(texts: Sequence[str], posts: int, size: int) -> Iterator[list[str]]:
    """Yield the texts of one book after the other, ``posts`` in all."""
    book: list[str] = []
    for number in range(posts):
        book.append(vary(texts[number % len(texts)], number // len(texts)))
        if len(book) == size:
            yield book
            book = []
    if book:
        yield book


def measure(texts: Sequence[str], posts: int, size: int) -> Cost:
    """Return what parsing and collecting cost for so many posts."""
    cost = Cost()
    for book in make_books(texts, posts, size):
        gc.collect()
        start = time.process_time()
        parsed = [parse_post(f"{number}.md", text).post for number, text in enumerate(book)]
        cost.parsing += time.process_time() - start
        chapters = [replace(post, slug=f"s{number}") for number, post in enumerate(parsed)]
        start = time.process_time()
        glossary = collect_glossary(chapters).glossary
        taken = time.process_time() - start
        cost.collecting += taken
        cost.longest = max(cost.longest, taken)
        cost.posts += len(book)
        cost.size += sum(len(text.encode("utf-8", "replace")) for text in book)
        cost.glosses += sum(map(_glosses, parsed))
        cost.lines += len(glossary.lines)
    return cost


def _glosses(post: Post) -> int:
    return sum(len(block.glosses) for block in post.blocks if not isinstance(block, Heading))


def _row(cost: Cost) -> str:
    share = cost.collecting / cost.parsing
    each = 1000 * cost.collecting / cost.posts
    return (
        f"{cost.posts:6} posts {cost.size / 1e6:7.1f} MB {cost.glosses:7} glosses"
        f" {cost.lines:7} lines  parsing {cost.parsing:7.2f} s  collecting {cost.collecting:6.2f} s"
        f" ({share:4.2f} of parsing, {each:.2f} ms a post, longest book {cost.longest:.2f} s)"
    )


def main(arguments: list[str] | None = None) -> int:
    """Print the cost of many books, and that of one book that grows."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.glossary",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, nargs="?", metavar="POSTS", help="a folder of posts")
    parser.add_argument("--posts", type=int, default=10_000, help="how many in all (10000)")
    parser.add_argument("--book", type=int, default=200, help="posts in a book (200)")
    options = parser.parse_args(arguments)
    corpus = _ROOT.parent / "shared" / "corpus" / "posts"
    folder = options.folder or (corpus if corpus.is_dir() else _ROOT / "docs" / "posts")
    texts = [file.read_text("utf-8", "replace") for file in sorted(folder.rglob("*.md"))]
    # The dictionaries are loaded once in a process, whatever its books hold.
    measure(texts[:20], 20, 20)
    _print(f"books of {options.book}")
    for posts in (*_SIZES, options.posts):
        _print(_row(measure(texts, posts, options.book)))
    _print("all in one book")
    for posts in _SIZES:
        _print(_row(measure(texts, posts, posts)))
    return 0


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
