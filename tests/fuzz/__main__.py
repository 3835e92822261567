"""The fuzzer: ``python -m tests.fuzz --seconds 60 --seed 1``.

Text number N of a seed is always the same, so that a failure can be had again with ``--start N``.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from pathlib import Path
from random import Random
from typing import Final

from .check import Failure, check, shorten
from .mutate import mutate, read_seeds

_FOLDER: Final = Path("build") / "fuzz"
_THOROUGH: Final = 4
"""Every which text is held against the slow law as well."""


def main(arguments: list[str] | None = None) -> int:
    """Run until the time is up (0) or a law is broken (1)."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="when to stop (60)")
    parser.add_argument("--seed", type=int, default=1, help="which texts to make (1)")
    parser.add_argument("--start", type=int, default=0, help="the number of the first text (0)")
    options = parser.parse_args(arguments)
    seeds = read_seeds()
    began = time.monotonic()
    number, characters = options.start, 0
    while time.monotonic() - began < options.seconds:
        # Not for secrets: the same texts each time are what is wanted.
        text = mutate(Random(f"{options.seed}-{number}"), seeds)  # noqa: S311
        failure = check(text, thorough=number % _THOROUGH == 0)
        if failure:
            _show(options.seed, number, text, failure)
            return 1
        number += 1
        characters += len(text)
        _progress(f"\r{number} texts, {characters:,} characters, no law broken", last=False)
    seconds = time.monotonic() - began
    _progress(
        f"\rfuzz: {number - options.start} texts of seed {options.seed}, {characters:,} characters"
        f" in {seconds:.0f} s from {len(seeds)} posts: no law broken"
    )
    return 0


def _progress(line: str, *, last: bool = True) -> None:
    """Write the one line of progress; where nobody watches, only the last."""
    if last or sys.stdout.isatty():
        sys.stdout.write(line.strip("\r") + "\n" if last and not sys.stdout.isatty() else line)
        sys.stdout.write("\n" if last and sys.stdout.isatty() else "")
        sys.stdout.flush()


def _show(seed: int, number: int, text: str, failure: Failure) -> None:
    short = shorten(text, failure)
    failure = check(short) or failure
    data = short.encode("utf-8", "surrogatepass")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    file = _FOLDER / f"{failure.law}-{hashlib.sha256(data).hexdigest()[:8]}.md"
    file.write_bytes(data)
    sys.stderr.write(
        f"\nfuzz: text {number} of seed {seed} breaks {failure.law}: {failure.message!a}\n"
        f"  {len(short)} of its {len(text)} characters are in {file}: {short[:300]!a}\n"
        f"  again: python -m tests.fuzz --seed {seed} --start {number}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
