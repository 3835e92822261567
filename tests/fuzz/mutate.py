"""Posts changed by chance: pieces cut out, doubled, moved, repeated; atoms and bytes put in."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from markdown_it.utils import read_fixture_file

from .atoms import ATOMS, FRONT_MATTERS, PROSE, TAGS

__all__ = ["mutate", "read_seeds"]

_ROOT: Final = Path(__file__).resolve().parents[2]
_LONGEST_WINDOW: Final = 3000
_LONGEST_REPETITION: Final = 30_000
_PIECE = re.compile(r"<[^<>\n]*>|\n+|[^<\n]+|<")


def read_seeds(root: Path = _ROOT) -> tuple[str, ...]:
    """Return our own posts, then real ones where they are at hand, always in the same order."""
    named = os.environ.get("DUIZHAO_CORPUS")
    corpus = Path(named) if named else root.parent / "shared" / "corpus" / "posts"
    files = [
        *sorted((root / "docs" / "posts").glob("*.md")),
        *sorted((root / "tests" / "diagnostics").glob("*/post.md")),
        *sorted(corpus.rglob("*.md")),
    ]
    cases = read_fixture_file(root / "tests" / "cases" / "posts.md")
    posts = [file.read_bytes().decode("utf-8", "replace") for file in files]
    return (*(text for _, _, text, _ in cases), *posts)


def mutate(random: Random, seeds: tuple[str, ...]) -> str:
    """Return a text made of a part of one seed by a few changes, or of atoms alone."""
    if random.random() < 0.2:
        groups = (PROSE, TAGS, ATOMS)
        count = random.randint(1, 30)
        pieces = [random.choice(random.choice(groups)) for _ in range(count)]
        return random.choice(FRONT_MATTERS) + "".join(pieces)
    text = _window(random, random.choice(seeds))
    for _ in range(random.randint(1, 6)):
        text = random.choice(_CHANGES)(random, text, seeds)
    return text if len(text) <= _LONGEST_REPETITION else text[:_LONGEST_REPETITION]


def _window(random: Random, text: str) -> str:
    """Return the beginning of a post, and another part of it where it is long."""
    if len(text) <= _LONGEST_WINDOW:
        return text
    head = text[: random.randint(0, 600)]
    start = random.randrange(len(text))
    return head + text[start : start + random.randint(100, _LONGEST_WINDOW - 600)]


def _range(random: Random, text: str, longest: int = 400) -> tuple[int, int]:
    start = random.randint(0, len(text))
    return start, min(len(text), start + random.randint(0, longest))


def _delete(random: Random, text: str, _seeds: tuple[str, ...]) -> str:
    start, end = _range(random, text, random.choice((1, 8, 80, 400)))
    return text[:start] + text[end:]


def _duplicate(random: Random, text: str, _seeds: tuple[str, ...]) -> str:
    start, end = _range(random, text)
    place = random.randint(0, len(text))
    return text[:place] + text[start:end] + text[place:]


def _splice(random: Random, text: str, seeds: tuple[str, ...]) -> str:
    other = random.choice(seeds)
    start, end = _range(random, other)
    place, after = _range(random, text, 40)
    return text[:place] + other[start:end] + text[after:]


def _insert_atoms(random: Random, text: str, _seeds: tuple[str, ...]) -> str:
    for _ in range(random.randint(1, 5)):
        place = random.randint(0, len(text))
        text = text[:place] + random.choice(ATOMS) + text[place:]
    return text


def _replace_bytes(random: Random, text: str, _seeds: tuple[str, ...]) -> str:
    data = bytearray(text.encode("utf-8", "replace"))
    for _ in range(random.randint(1, 6)):
        place = random.randint(0, len(data))
        data[place : place + random.randint(0, 2)] = random.randbytes(random.randint(0, 3))
    return data.decode("utf-8", random.choice(("replace", "surrogateescape", "ignore")))


def _swap_tags(random: Random, text: str, _seeds: tuple[str, ...]) -> str:
    """Exchange two tags or lines, or put another tag in the place of one."""
    pieces = _PIECE.findall(text)
    tags = [index for index, piece in enumerate(pieces) if piece[0] in "<\n"]
    if len(tags) < 2:
        return text
    first, second = random.choice(tags), random.choice(tags)
    if random.random() < 0.5:
        pieces[first], pieces[second] = pieces[second], pieces[first]
    else:
        pieces[first] = random.choice(TAGS)
    return "".join(pieces)


def _truncate(random: Random, text: str, _seeds: tuple[str, ...]) -> str:
    place = random.randint(0, len(text))
    return text[:place] if random.random() < 0.7 else text[place:]


def _repeat(random: Random, text: str, _seeds: tuple[str, ...]) -> str:
    """Put a short piece there many times: what is quadratic takes long."""
    start, end = _range(random, text, random.choice((3, 30)))
    piece = random.choice((text[start:end], random.choice(ATOMS), random.choice(ATOMS) + "字 "))
    count = random.choice((3, 30, 300, 3000))
    place = random.randint(0, len(text))
    return (
        text[:place] + piece * min(count, _LONGEST_REPETITION // (len(piece) or 1)) + text[place:]
    )


_CHANGES: Final[tuple[Callable[[Random, str, tuple[str, ...]], str], ...]] = (
    _delete, _delete, _duplicate, _splice, _insert_atoms, _insert_atoms, _replace_bytes,
    _swap_tags, _swap_tags, _truncate, _repeat,
)  # fmt: skip
