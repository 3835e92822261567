"""How long an EPUB takes, and how much memory: ours, pandoc's and Sphinx's of the same posts.

    python -m tests.benchmarks.epub POSTS [--sizes 200 2000] [--rounds 3] [--pandoc PATH]

POSTS is a folder of posts; of fewer than a size some are used again, with titles of their own.
All of them make one book. The programs take turns, each as a process of its own; printed are the
fastest of the rounds in seconds, and the memory of the largest process. pandoc is left out where
it is not found (``pip install pypandoc_binary`` has one), and Sphinx above 200 posts, where it
takes minutes. It runs on Linux.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from converter.front_matter import split_front_matter

from .programs import DUIZHAO, Command, convert, repeat_posts, say, take_turns, write_book

_SPHINX_AT_MOST: Final = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 2000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pandoc", default=shutil.which("pandoc"))
    arguments = parser.parse_args()
    sources = sorted(arguments.posts.rglob("*.md"))
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            _compare(
                size, arguments.rounds, arguments.pandoc, _prepare(sources, size, Path(folder))
            )


def _prepare(sources: Sequence[Path], size: int, folder: Path) -> Path:
    """Write the posts for us, and the same bodies below headings for pandoc."""
    texts = list(repeat_posts(sources, size))
    write_book(texts, folder / "posts")
    (folder / "pandoc").mkdir()
    for number, text in enumerate(texts):
        body = split_front_matter(text).body
        (folder / "pandoc" / f"{number:05d}.md").write_text(f"# Post {number}\n\n{body}\n", "utf-8")
    say(f"{size} posts, {sum(len(text.encode()) for text in texts) / 1e6:.1f} MB")
    return folder


def _compare(size: int, rounds: int, pandoc: str | None, folder: Path) -> None:
    posts, out = folder / "posts", folder / "out"
    build = (*DUIZHAO, "build", str(posts), "-o", str(out), "--format", "epub")
    runs: dict[str, Callable[[], Command]] = {"duizhao": lambda: Command(build)}
    if pandoc:
        files = sorted(map(str, (folder / "pandoc").glob("*.md")))
        options = ("-f", "markdown", "-t", "epub3", "--toc", "--metadata", "title=Benchmark")
        target = str(folder / "pandoc.epub")
        runs["pandoc"] = lambda: Command(
            (pandoc, *options, "--metadata", "lang=zh-CN", "-o", target, *files)
        )
    if size <= _SPHINX_AT_MOST:
        project = convert(posts, folder / "projects")
        sphinx = (
            *(sys.executable, "-m", "sphinx", "-q", "-E", "-b", "epub"),
            # What Sphinx makes of the project by itself: our extension is for the web edition.
            *("-D", "extensions=myst_parser,sphinx_design", "-D", "html_theme_options="),
            *("-d", str(folder / "doctrees"), str(project), str(folder / "sphinx")),
        )
        runs["sphinx -b epub"] = lambda: Command(sphinx)
    costs = take_turns(runs, rounds, [out, folder / "sphinx", folder / "doctrees"])
    for name, cost in costs.items():
        ratio = cost.seconds / costs["duizhao"].seconds
        say(f"  {name:15} {cost.seconds:7.2f} s {cost.largest:7.0f} MB   {ratio:5.1f} times ours")


if __name__ == "__main__":
    main()
