"""Coverage-guided fuzzing of the parser and both Markdown writers, by Google's atheris.

atheris is no part of the test environment: its wheels are few. In an environment of its own:

    python3.11 -m venv /tmp/atheris && /tmp/atheris/bin/pip install -e . atheris
    /tmp/atheris/bin/pip install hypothesis pytest types-docutils
    /tmp/atheris/bin/python -m tests.fuzz.atheris_post -max_total_time=300 build/fuzz/corpus

The arguments are libFuzzer's; the folder keeps the texts that reached something new, and begins
with our own posts. What breaks a law is written to the working folder as ``crash-…``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Any

try:
    import atheris
except ModuleNotFoundError:
    sys.exit("atheris is not installed; the docstring of tests/fuzz/atheris_post.py says how")

with atheris.instrument_imports(include=["converter"]):
    from converter.post import parse_post

from ..laws import PATH, law_conserved, law_parses, law_spans, law_xhtml
from .atoms import ATOMS
from .mutate import read_seeds

_LONGEST = 4000


def _mutate(data: bytes, longest: int, seed: int) -> bytes:
    """Put one of our atoms in, or leave the change to libFuzzer."""
    random = Random(seed)  # noqa: S311 # libFuzzer's own seed, so that a run can be had again
    if random.random() < 0.6:
        mutated: bytes = atheris.Mutate(data, longest)
        return mutated
    atom = random.choice(ATOMS).encode("utf-8", "surrogatepass")
    place = random.randint(0, len(data))
    return (data[:place] + atom + data[place + random.choice((0, 0, len(atom))) :])[:longest]


def test_one_input(data: bytes) -> None:
    """Hold a text of any bytes against the laws that are fast."""
    text = data.decode("utf-8", "surrogateescape")
    for law in (law_parses, law_spans, law_conserved):
        law(text)
    if len(parse_post(PATH, text).post.blocks) < 50:
        law_xhtml(text)


def main() -> None:
    """Write the first texts and hand over to libFuzzer."""
    arguments: list[Any] = sys.argv
    for argument in arguments[1:]:
        if not argument.startswith("-"):
            folder = Path(argument)
            folder.mkdir(parents=True, exist_ok=True)
            for number, seed in enumerate(read_seeds()):
                file = folder / f"seed-{number:04}"
                file.write_bytes(seed[:_LONGEST].encode("utf-8", "replace"))
    atheris.Setup([*arguments, f"-max_len={_LONGEST}"], test_one_input, custom_mutator=_mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
