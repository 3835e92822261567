"""How long a PDF takes, and how much memory: by Typst, by XeLaTeX, and with all that build does.

    python -m tests.benchmarks.pdf POSTS [--sizes 20 200] [--rounds 2]

POSTS is a folder of posts; of fewer than a size some are used again, with titles of their own.
All of them make one book, ``duizhao convert`` one project of it, and that is what Sphinx builds
twice: by ``-b typstpdf``, and by ``-b latex`` and ``latexmk -xelatex``, which is left out where it
is not installed and above 20 posts. The programs take turns, each from an empty folder; printed
are the seconds of the fastest round, the pages, and the highest memory: of all processes at once
(PSS, ten times a second) and of the largest one. It runs on Linux.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pikepdf

from .programs import (
    DUIZHAO,
    Command,
    Cost,
    convert,
    repeat_posts,
    say,
    take_turns,
    write_book,
)

_LATEX_AT_MOST: Final = 20
_SPHINX: Final = (sys.executable, "-m", "sphinx", "-q", "-j", "auto", "-b")
_TYPST, _LATEX, _XELATEX, _BUILD = "sphinx -b typstpdf", "sphinx -b latex", "latexmk", "duizhao"


def main() -> None:
    """Print the measurements for each size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("posts", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 200])
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    sources = sorted(arguments.posts.rglob("*.md"))
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            _compare(sources, size, arguments.rounds, Path(folder))


def _compare(sources: Sequence[Path], size: int, rounds: int, folder: Path) -> None:
    posts = write_book(repeat_posts(sources, size), folder / "posts")
    total = sum(path.stat().st_size for path in posts.glob("*.md"))
    say(f"{size} posts, {total / 1e6:.1f} MB")
    project = convert(posts, folder / "projects")
    out = folder / "out"
    runs: dict[str, Callable[[], Command]] = {_TYPST: lambda: _sphinx("typstpdf", project, out)}
    if size <= _LATEX_AT_MOST and shutil.which("latexmk"):
        runs[_LATEX] = lambda: _sphinx("latex", project, out)
        runs[_XELATEX] = lambda: _latexmk(out / "latex")
    build = (*DUIZHAO, "build", str(posts), "-o", str(out / "build"), "--format", "pdf")
    runs[_BUILD] = lambda: Command(build)
    _report(take_turns(runs, rounds, [out]), out)


def _sphinx(builder: str, project: Path, out: Path) -> Command:
    # Each reads the project itself, as it would if it were alone.
    folders = ("-d", str(out / f"{builder}-doctrees"), str(project), str(out / builder))
    return Command((*_SPHINX, builder, *folders))


def _latexmk(folder: Path) -> Command:
    (source,) = folder.glob("*.tex")
    return Command(("latexmk", "-xelatex", "-interaction=nonstopmode", source.name), folder)


def _report(costs: Mapping[str, Cost], out: Path) -> None:
    _say_row(_TYPST, costs[_TYPST], _pages(out / "typstpdf"))
    if _XELATEX in costs:
        steps = (costs[_LATEX], costs[_XELATEX])
        both = Cost(
            [sum(pair) for pair in zip(*(step.rounds for step in steps), strict=True)],
            max(step.together for step in steps),
            max(step.largest for step in steps),
        )
        pages = _pages(out / "latex")
        _say_row(_LATEX, steps[0], 0)
        _say_row(f"{_XELATEX} -xelatex", steps[1], pages)
        _say_row("  both of these", both, pages)
        speed = _pages(out / "typstpdf") / costs[_TYPST].seconds
        say(
            f"  by Typst {speed * both.seconds / pages:.1f} times the pages a second, and "
            f"{both.seconds / costs[_TYPST].seconds:.1f} times as fast done"
        )
    _say_row("duizhao build --format pdf", costs[_BUILD], _pages(out / "build"))


def _say_row(name: str, cost: Cost, pages: int) -> None:
    speed = f"{pages:6} pages {pages / cost.seconds:7.1f} a second" if pages else " " * 29
    say(
        f"  {name:27} {cost.seconds:7.2f} s {speed}  "
        f"{cost.together:6.0f} MB together, {cost.largest:6.0f} MB the largest"
    )


def _pages(folder: Path) -> int:
    (path,) = folder.rglob("*.pdf")
    with pikepdf.open(path) as document:
        return len(document.pages)


if __name__ == "__main__":
    main()
