"""``duizhao.toml``: how a library groups, orders and names its books."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Final, get_type_hints

from .model import OriginalsMode

__all__ = ["GROUPINGS", "LATIN_PLACES", "ConfigError", "Settings", "parse_settings"]

GROUPINGS: Final = (
    "area", "category", "speaker", "channel", "author", "year", "folder", "none",
)  # fmt: skip
LATIN_PLACES: Final = ("together", "apart")

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "group_by": GROUPINGS,
    "latin": LATIN_PLACES,
    "originals": tuple(mode.value for mode in OriginalsMode),
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_TABLES: Final = {
    "library": ("title", "language", "original_language"),
    "books": ("group_by", "untitled", "max_posts", "slugs"),
    "posts": ("drafts", "exclude", "exclude_status"),
    "glossary": ("latin",),
    "epub": ("originals",),
}


class ConfigError(ValueError):
    """The configuration cannot be used; the message names the key and the mend."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says; the defaults hold where it is silent."""

    title: str = "对照文库"
    language: str = "zh-CN"
    original_language: str = "en"
    group_by: str = "area"
    untitled: str = "文集"
    max_posts: int = 200
    slugs: Mapping[str, str] = field(default_factory=dict)
    drafts: bool = True
    exclude: tuple[str, ...] = ()
    exclude_status: tuple[str, ...] = ()
    latin: str = "together"
    """Where the glossary has what begins with a Latin letter: one of LATIN_PLACES."""

    originals: str = OriginalsMode.NOTES.value
    """How an EPUB has its originals: a value of OriginalsMode."""


def parse_settings(text: str) -> Settings:
    """Return the settings of a TOML text.

    Raises ConfigError for TOML that does not parse, an unknown key, or a value of a wrong
    type or out of range.
    """
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"the TOML does not parse: {error}") from error
    values: dict[str, object] = {}
    for table, content in tables.items():
        if table not in _TABLES:
            raise ConfigError(f"unknown table [{table}]; known are {', '.join(_TABLES)}")
        if not isinstance(content, dict):
            raise ConfigError(f"[{table}] should be a table")
        for key, value in content.items():
            if key not in _TABLES[table]:
                known = ", ".join(_TABLES[table])
                raise ConfigError(f"unknown key {key!r} in [{table}]; known are {known}")
            values[key] = _checked(f"{table}.{key}", key, value)
    return replace(Settings(), **values)  # type: ignore[arg-type]  # _checked compared the types


def _checked(place: str, key: str, value: object) -> object:
    """Return a value as the field of Settings wants it."""
    wanted = get_type_hints(Settings)[key]
    if wanted is str and isinstance(value, str) and value.strip():
        if value not in (choices := _CHOICES.get(key, (value,))):
            raise ConfigError(f"{place} is {value!r}; choose one of {', '.join(choices)}")
        if key.endswith("language") and not _LANGUAGE.fullmatch(value.strip()):
            raise ConfigError(f"{place} is {value!r}, no language tag like zh-CN")
        return value.strip()
    if wanted is bool and isinstance(value, bool):
        return value
    if wanted is int and isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if wanted == tuple[str, ...] and isinstance(value, list) and _are_texts(value):
        return tuple(value)
    if key == "slugs" and isinstance(value, dict) and _are_texts(value.values()):
        return value
    wish = {
        str: "text",
        bool: "true or false",
        int: "a number above 0",
        tuple[str, ...]: "a list of text",
    }
    raise ConfigError(f"{place} should be {wish.get(wanted, 'as the reference says')}")


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


assert {f.name for f in fields(Settings)} == {key for keys in _TABLES.values() for key in keys}
