"""Looking up headwords without a server: data files that pages load as scripts.

``search.js`` is the other half: it folds what is typed as ``fold`` does here, and loads the files
whose range of keys holds it. Scripts, as pages opened from a disk may not fetch anything else.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Final

from ..occurrences import simplified_characters
from .frame import read_asset

__all__ = ["SearchFiles", "Target", "fold", "render_search"]

_SHARD_BYTES: Final = 150_000
_LONGEST: Final = 100
_SPACE = re.compile(r"[\s\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Target:
    """An entry to be found: by its text and other names, on a page, under an id."""

    text: str
    names: Sequence[str]
    page: int
    id: str


@dataclass(frozen=True, slots=True)
class SearchFiles:
    """Files by their names, and the addresses of those that each page loads at once."""

    files: dict[str, str]
    scripts: tuple[str, ...]


def fold(text: str) -> str:
    """Return what a text is looked up by: letters and digits in lower case, ``+``, ``#``, ``.``.

    Traditional characters are simplified. Of a text without any such, all but the space; only
    the first 100 characters count.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).lower()
    if not plain.isascii():
        plain = plain.translate(_simplifying())
    kept = "".join(each for each in plain if each.isalnum() or each in "+#.")
    return kept or _SPACE.sub("", plain)


@cache
def _simplifying() -> dict[int, str]:
    return str.maketrans(dict(simplified_characters()))


def _variants(keys: Iterable[str]) -> list[str]:
    """Return traditional characters, and beside them the simplified ones that keys have."""
    used = set().union(*keys)
    pairs = [pair for pair in simplified_characters().items() if pair[1] in used]
    return ["".join(column) for column in zip(*pairs, strict=True)] or ["", ""]


def render_search(targets: Iterable[Target], pages: Sequence[str]) -> SearchFiles:
    """Return the script and its data; ``Target.page`` counts in ``pages``, file names.

    The data are lines of an entry's name, page, headword and id, the last two left out where
    they follow from the first. Addresses carry a digest of all: no browser mixes two builds.
    """
    lines = _make_lines(targets)
    shards = list(_make_shards(lines))
    table = {
        "pages": list(pages),
        "starts": [start for start, _ in shards],
        "variants": _variants(key for _, _, key in lines),
    }
    files = {
        f"search-{number}.js": f"duizhaoSearch.shard({number},{_literal(text)});\n"
        for number, (_, text) in enumerate(shards, 1)
    }
    digest = sha256()
    for text in (*files.values(), *pages, *table["variants"]):
        digest.update(text.encode())
    version = digest.hexdigest()[:12]
    files["search-table.js"] = f"duizhaoSearch.table({_literal({**table, 'version': version})});\n"
    files["search.js"] = read_asset("search.js")
    return SearchFiles(files, (f"search.js?{version}", f"search-table.js?{version}"))


def _make_lines(targets: Iterable[Target]) -> list[tuple[bytes, str, str]]:
    """Return the lines with their keys, in the order in which JavaScript compares texts."""
    lines: list[tuple[bytes, str, str]] = []
    for target in targets:
        for number, name in enumerate((target.text, *target.names)):
            key = fold(name)
            if number and key == fold(target.text):
                continue
            fields = [name, str(target.page), target.text if number else "", target.id]
            if target.id == fold(target.text):
                fields.pop()
            line = "\t".join(_SPACE.sub(" ", field) for field in fields).rstrip("\t")
            lines.append((key.encode("utf-16-be", "replace"), line, key))
    lines.sort(key=lambda line: line[:2])
    return lines


def _make_shards(lines: Iterable[tuple[bytes, str, str]]) -> Iterable[tuple[str, str]]:
    """Yield the first key and the lines of each data file."""
    start = ""
    held: list[str] = []
    size = 0
    for _, line, key in lines:
        length = len(line.encode()) + 2
        if held and size + length > _SHARD_BYTES:
            yield start, "\n".join(held)
            held, size = [], 0
        if not held:
            start = key
        held.append(line)
        size += length
    if held:
        yield start, "\n".join(held)


def _literal(value: object) -> str:
    """Return a value as JavaScript that is safe in any script, old or inside a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
