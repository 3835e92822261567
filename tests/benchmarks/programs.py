"""Programs side by side: the same posts for each, a process for each, what it takes."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

__all__ = [
    "DUIZHAO",
    "Command",
    "Cost",
    "convert",
    "repeat_posts",
    "say",
    "take_turns",
    "write_book",
]

DUIZHAO: Final = (sys.executable, "-m", "converter")

_CONFIG: Final = '[books]\ngroup_by = "none"\nuntitled = "Benchmark"\nmax_posts = 100000\n'
_SERIES = re.compile(r"^series\s*:.*\n", re.MULTILINE)
_INTERVAL: Final = 0.1
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, and the folder that it runs in."""

    words: Sequence[str]
    folder: Path | None = None


@dataclass(slots=True)
class Cost:
    """Seconds of each round; in MB the most that all processes had at once, and that one had."""

    rounds: list[float] = field(default_factory=list)
    together: float = 0.0
    largest: float = 0.0

    @property
    def seconds(self) -> float:
        """The fastest round."""
        return min(self.rounds)


def repeat_posts(sources: Sequence[Path], size: int) -> Iterator[str]:
    """Yield the texts of so many posts that all go into one book; few are used again."""
    for number in range(size):
        text = sources[number % len(sources)].read_text("utf-8", "replace")
        yield _SERIES.sub("", text)


def write_book(texts: Iterable[str], folder: Path) -> Path:
    """Write posts that make one book into a folder, which it makes."""
    folder.mkdir()
    (folder / "duizhao.toml").write_text(_CONFIG, "utf-8")
    for number, text in enumerate(texts):
        (folder / f"{number:05d}.md").write_text(text, "utf-8")
    return folder


def convert(posts: Path, folder: Path) -> Path:
    """Return the Sphinx project that the program makes of one book's posts."""
    command = [*DUIZHAO, "convert", str(posts), "-o", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (project,) = (conf.parent for conf in folder.glob("*/conf.py"))
    return project


def take_turns(
    runs: Mapping[str, Callable[[], Command]], rounds: int, leftovers: Sequence[Path]
) -> dict[str, Cost]:
    """Run each program in each round; ``leftovers`` are gone before the first of a round."""
    costs = {name: Cost() for name in runs}
    for _ in range(rounds):
        for leftover in leftovers:
            shutil.rmtree(leftover, ignore_errors=True)
        for name, command in runs.items():
            _run(command(), costs[name])
    return costs


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _run(command: Command, cost: Cost) -> None:
    started = time.perf_counter()
    process = subprocess.Popen(
        command.words,
        cwd=command.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A session of its own tells its processes from all others, whoever their parent is.
        start_new_session=True,
    )
    end = os.pidfd_open(process.pid)
    while not select.select([end], [], [], _INTERVAL)[0]:
        cost.together = max(cost.together, _memory_of_session(process.pid))
    os.close(end)
    _, status, usage = os.wait4(process.pid, 0)
    cost.rounds.append(time.perf_counter() - started)
    # Linux counts here the largest of the process and those that it waited for.
    cost.largest = max(cost.largest, usage.ru_maxrss / 1024)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        say(f"  {command.words[0]} ended with {process.returncode}")


def _memory_of_session(session: int) -> float:
    """Return the MB of a session's processes; what several share is counted once."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # Behind the name, which may hold anything: state, parent, group, session.
            if int(stat.read_text("utf-8", "replace").rpartition(")")[2].split()[3]) != session:
                continue
            found = _PSS.search(stat.with_name("smaps_rollup").read_text())
        except OSError:
            continue  # it has ended meanwhile
        total += int(found[1]) if found else 0
    return total / 1024
