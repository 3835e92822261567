"""How long an EPUB takes, and how much memory: ours, pandoc's and Sphinx's of the same posts.

    python -m tests.benchmarks.epub POSTS [--sizes 200 2000] [--rounds 3] [--pandoc PATH]

POSTS is a folder of posts; of fewer than a size some are used again, with titles of their own.
All of them make one book. The programs take turns, each as a process of its own; printed are the
fastest of the rounds in seconds, and the highest memory. pandoc is left out where it is not found
(``pip install pypandoc_binary`` has one), and Sphinx above 200 posts, where it takes minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from converter.front_matter import split_front_matter

_SPHINX_AT_MOST: Final = 200
_CONFIG: Final = '[books]\ngroup_by = "none"\nuntitled = "Benchmark"\nmax_posts = 100000\n'
_SERIES = re.compile(r"^series\s*:.*\n", re.MULTILINE)


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
    (folder / "posts").mkdir()
    (folder / "pandoc").mkdir()
    (folder / "posts" / "duizhao.toml").write_text(_CONFIG, "utf-8")
    total = 0
    for number in range(size):
        text = sources[number % len(sources)].read_text("utf-8", "replace")
        total += len(text.encode())
        text = _SERIES.sub("", text)
        (folder / "posts" / f"{number:05d}.md").write_text(text, "utf-8")
        body = split_front_matter(text).body
        (folder / "pandoc" / f"{number:05d}.md").write_text(f"# Post {number}\n\n{body}\n", "utf-8")
    _print(f"{size} posts, {total / 1e6:.1f} MB")
    return folder


def _compare(size: int, rounds: int, pandoc: str | None, folder: Path) -> None:
    duizhao = [sys.executable, "-m", "converter"]
    posts, out = str(folder / "posts"), folder / "out"
    runs: dict[str, Callable[[], list[str]]] = {
        "duizhao": lambda: [*duizhao, "build", posts, "-o", str(out), "--format", "epub"]
    }
    if pandoc:
        files = sorted(map(str, (folder / "pandoc").glob("*.md")))
        target = str(folder / "pandoc.epub")
        runs["pandoc"] = lambda: [
            *(pandoc, "-f", "markdown", "-t", "epub3", "--toc", "--metadata", "title=Benchmark"),
            *("--metadata", "lang=zh-CN", "-o", target, *files),
        ]
    if size <= _SPHINX_AT_MOST:
        subprocess.run(
            [*duizhao, "convert", posts, "-o", str(folder / "projects")],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        (project,) = (conf.parent for conf in (folder / "projects").glob("*/conf.py"))
        runs["sphinx -b epub"] = lambda: [
            *(sys.executable, "-m", "sphinx", "-q", "-E", "-b", "epub"),
            # What Sphinx makes of the project by itself: our extension is for the web edition.
            *("-D", "extensions=myst_parser,sphinx_design", "-D", "html_theme_options="),
            *("-d", str(folder / "doctrees"), str(project), str(folder / "sphinx")),
        ]
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    memory: dict[str, float] = dict.fromkeys(runs, 0.0)
    for _ in range(rounds):
        for name, command in runs.items():
            for leftover in (out, folder / "sphinx", folder / "doctrees"):
                shutil.rmtree(leftover, ignore_errors=True)
            took, peak = _measure(command())
            seconds[name].append(took)
            memory[name] = max(memory[name], peak)
    for name, times in seconds.items():
        ratio = min(times) / min(seconds["duizhao"])
        _print(f"  {name:15} {min(times):7.2f} s {memory[name]:7.0f} MB   {ratio:5.1f} times ours")


def _measure(command: list[str]) -> tuple[float, float]:
    """Return seconds and the peak of memory in MB of a process, without those it starts."""
    started = time.perf_counter()
    with Path(os.devnull).open("w") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        _print(f"  {command[0]} ended with {process.returncode}")
    return time.perf_counter() - started, _megabytes(usage)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
