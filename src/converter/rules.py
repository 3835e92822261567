"""``glossary.toml``: what the editor of a library says of its glossaries and indexes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

__all__ = [
    "NO_RULES",
    "EntryRule",
    "GlossaryRules",
    "MergeRule",
    "RulesError",
    "WordRule",
    "parse_rules",
]

_TABLES: Final[Mapping[str, Mapping[str, type]]] = {
    "entry": {"headword": str, "definition": str, "original": str, "aliases": list},
    "merge": {"into": str, "headwords": list},
    "rename": {"headword": str, "to": str},
}
_REQUIRED: Final = {
    "entry": ("headword", "definition"),
    "merge": ("into", "headwords"),
    "rename": ("headword", "to"),
}
_HEADER: Final = r"^[ \t]*\[\[[ \t]*{}[ \t]*\]\]"
_LONGEST: Final = 2000


class RulesError(ValueError):
    """The rules cannot be used; the message names the key and the mend."""


@dataclass(frozen=True, slots=True)
class EntryRule:
    """``[[entry]]``: a definition that stands first wherever the headword occurs."""

    id: str
    line: int
    headword: str
    original: str
    definition: str
    aliases: tuple[str, ...]

    @property
    def text(self) -> str:
        """The rule as a message quotes it."""
        return f'entry "{self.headword}"'


@dataclass(frozen=True, slots=True)
class MergeRule:
    """``[[merge]]`` or ``[[rename]]``: headwords that are one entry, printed as ``into``."""

    id: str
    line: int
    into: str
    headwords: tuple[str, ...]

    @property
    def text(self) -> str:
        """The rule as a message quotes it."""
        to = "to" if self.kind.endswith("rename") else "into"
        return f'{self.kind} "{self.headwords[0]}" {to} "{self.into}"'

    @property
    def kind(self) -> str:
        """The name of its table."""
        return self.id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class WordRule:
    """A word of ``forbid``: it is no headword."""

    id: str
    line: int
    word: str

    @property
    def text(self) -> str:
        """The rule as a message quotes it."""
        return f'{self.id.partition(":")[0]} "{self.word}"'


Rule = EntryRule | MergeRule | WordRule


@dataclass(frozen=True, slots=True)
class GlossaryRules:
    """All rules of a library; ``line`` of a rule is where it stands, 0 if that is not known.

    A rule's ``id`` names it for good: two parses of one text give the same.
    """

    entries: tuple[EntryRule, ...] = ()
    merges: tuple[MergeRule, ...] = ()
    renames: tuple[MergeRule, ...] = ()
    forbidden: tuple[WordRule, ...] = ()
    index_merges: tuple[MergeRule, ...] = ()
    index_renames: tuple[MergeRule, ...] = ()
    index_forbidden: tuple[WordRule, ...] = ()

    def __iter__(self) -> Iterator[Rule]:
        """Yield every rule."""
        return chain(
            self.entries, self.merges, self.renames, self.forbidden,
            self.index_merges, self.index_renames, self.index_forbidden,
        )  # fmt: skip


NO_RULES: Final = GlossaryRules()
"""What holds where the posts' folder has no ``glossary.toml``."""


def parse_rules(text: str) -> GlossaryRules:
    """Return the rules of a TOML text.

    Raises RulesError for TOML that does not parse, an unknown or a missing key, or a value of
    a wrong type.
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RulesError(f"the TOML does not parse: {error}") from error
    _check_keys("the file", content, [*_TABLES, "forbid", "index"])
    index = content.get("index", {})
    if not isinstance(index, dict):
        raise RulesError("index should be a table: write [index] or [[index.merge]]")
    _check_keys("[index]", index, ["merge", "rename", "forbid"])
    return GlossaryRules(
        entries=tuple(
            EntryRule(
                id=f"entry:{number}",
                line=line,
                headword=table["headword"],
                original=table.get("original", ""),
                definition=table["definition"],
                aliases=tuple(table.get("aliases", ())),
            )
            for number, line, table in _tables(text, "entry", content.get("entry", []))
        ),
        merges=_merges(text, "merge", content.get("merge", [])),
        renames=_renames(text, "rename", content.get("rename", [])),
        forbidden=_words(text, "forbid", content.get("forbid", [])),
        index_merges=_merges(text, "index.merge", index.get("merge", [])),
        index_renames=_renames(text, "index.rename", index.get("rename", [])),
        index_forbidden=_words(text, "index.forbid", index.get("forbid", [])),
    )


def _merges(text: str, name: str, value: object) -> tuple[MergeRule, ...]:
    return tuple(
        MergeRule(f"{name}:{number}", line, table["into"], tuple(table["headwords"]))
        for number, line, table in _tables(text, name, value)
    )


def _renames(text: str, name: str, value: object) -> tuple[MergeRule, ...]:
    return tuple(
        MergeRule(f"{name}:{number}", line, table["to"], (table["headword"],))
        for number, line, table in _tables(text, name, value)
    )


def _tables(text: str, name: str, value: object) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield number, line and content of each table of a name."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise RulesError(f"{name} should be a list of tables: write [[{name}]]")
    kind = name.rpartition(".")[2]
    lines = _header_lines(text, name)
    if len(lines) != len(value):
        # The tables are written in another way, or a long text holds what looks like one.
        lines = [0] * len(value)
    for number, (line, table) in enumerate(zip(lines, value, strict=True), 1):
        place = f"[[{name}]]" + (f" in line {line}" if line else f" number {number}")
        _check_keys(place, table, _TABLES[kind])
        for key in _REQUIRED[kind]:
            if key not in table:
                raise RulesError(f"{place} needs the key {key!r}")
        for key, each in table.items():
            _check_value(f"{key} of {place}", each, _TABLES[kind][key])
        if not table.get("headwords", True):
            raise RulesError(f"headwords of {place} is empty: name what is to be merged")
        yield number, line, table


def _words(text: str, name: str, value: object) -> tuple[WordRule, ...]:
    _check_value(name, value, list)
    assert isinstance(value, list)
    return tuple(
        WordRule(f"{name}:{number}", _line_of(text, name, word), word)
        for number, word in enumerate(dict.fromkeys(value), 1)
    )


def _check_keys(place: str, table: Mapping[str, object], known: Iterable[str]) -> None:
    known = list(known)
    for key in table:
        if key not in known:
            raise RulesError(f"unknown key {key!r} in {place}; known are {', '.join(known)}")


def _check_value(place: str, value: object, wanted: type) -> None:
    values = value if isinstance(value, list) else [value]
    texts = [each for each in values if isinstance(each, str)]
    if not isinstance(value, wanted) or len(texts) != len(values):
        raise RulesError(f"{place} should be {'text' if wanted is str else 'a list of text'}")
    for each in texts:
        if not each.strip() and not place.startswith("original"):
            raise RulesError(f"{place} holds an empty text: write a word or take it out")
        if len(each) > _LONGEST:
            raise RulesError(f"{place} holds a text of more than {_LONGEST} characters")


def _header_lines(text: str, name: str) -> list[int]:
    pattern = re.compile(_HEADER.format(name.replace(".", r"[ \t]*\.[ \t]*")), re.MULTILINE)
    lines: list[int] = []
    line, offset = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", offset, match.start())
        offset = match.start()
        lines.append(line)
    return lines


def _line_of(text: str, name: str, word: str) -> int:
    """Return the line on which a word of ``forbid`` stands, 0 if it is written otherwise."""
    start = 0
    if name.startswith("index"):
        header = re.search(r"^[ \t]*\[[ \t]*index[ \t]*\]", text, re.MULTILINE)
        start = header.start() if header else 0
    key = re.compile(r"^[ \t]*(?:index[ \t]*\.[ \t]*)?forbid[ \t]*=", re.MULTILINE).search(
        text, start
    )
    if key is None:
        return 0
    quoted = [text.find(f"{quote}{word}{quote}", key.end()) for quote in ('"', "'")]
    found = min((each for each in quoted if each >= 0), default=-1)
    return text.count("\n", 0, found) + 1 if found >= 0 else 0
