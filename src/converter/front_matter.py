"""Front matter: YAML between fences, read by python-frontmatter, typed here.

All scalars are read as text (YAML's base schema): a date that is no date, a title that is a
number and a tag that names a Python object are then just words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml
from frontmatter.default_handlers import YAMLHandler

from .diagnostics import Diagnostic
from .markdown import is_cjk
from .model import FrontMatter

__all__ = ["Fenced", "parse_front_matter", "split_front_matter"]

_BaseLoader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_HANDLER = YAMLHandler()
_NULLS: Final = frozenset(("", "null", "Null", "NULL", "~", "[]", "{}"))
_SEPARATORS = re.compile("[,，、;；]")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_PAIRS: Final = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_SALVAGED = re.compile(r"^(title|date|series|area|speaker|summary):[ \t]*(.+)$", re.MULTILINE)
_MOST_NAMES: Final = 500

_TEXTS: Final = {
    "title": "title",
    "author": "author",
    "series": "series",
    "area": "area",
    "category": "category",
    "summary": "summary",
    "insight": "insight",
    "source": "source_url",
    "channel": "channel",
    "status": "status",
}
_LISTS: Final = {
    "speaker": "speakers",
    "guest": "guests",
    "project": "projects",
    "tags": "tags",
    "people": "people",
    "companies_orgs": "organizations",
    "companies": "organizations",
    "products_models": "products",
    "media_books": "media",
}
_FLAGS: Final = ("draft", "exclude")


@dataclass(frozen=True, slots=True)
class Fenced:
    """A file taken apart: the YAML, the body, and the offset in the file where that starts."""

    yaml: str
    body: str
    body_start: int
    fence: str


def split_front_matter(text: str) -> Fenced:
    """Part the YAML from the body; without a closed fence all of the text is body."""
    boundary = _HANDLER.FM_BOUNDARY
    opening = boundary.match(text)
    closing = boundary.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return Fenced("", text, 0, "")
    end = closing.end()
    while end < len(text) and text[end - 1] != "\n":
        end += 1
    fence = opening.group().strip()
    return Fenced(text[opening.end() : closing.start()], text[end:], end, fence)


def parse_front_matter(path: str, fenced: Fenced) -> tuple[FrontMatter, list[Diagnostic]]:
    """Return the typed fields and what was wrong with them; this never fails."""
    if not fenced.fence:
        return FrontMatter(), [
            Diagnostic(path, 1, 0, "front-matter.missing", "the post has no front matter")
        ]
    found: list[Diagnostic] = []
    if fenced.fence != "---":
        message = f"the front matter is fenced by {fenced.fence!r}"
        found.append(Diagnostic(path, 1, 0, "front-matter.fence", message))
    values = _load(path, fenced.yaml, found)
    return _read_fields(path, values, found), found


def _load(path: str, source: str, found: list[Diagnostic]) -> Mapping[str, object]:
    try:
        values = _HANDLER.load(source, Loader=_BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "nested too deeply"
        line = mark.line + 1 if mark else 1
        message = f"the YAML does not parse: {problem}"
        found.append(Diagnostic(path, line, 0, "front-matter.invalid", message))
        return {key: value.strip() for key, value in _SALVAGED.findall(source)}
    if not values:
        return {}
    if not isinstance(values, dict):
        message = "the front matter is no list of fields"
        found.append(Diagnostic(path, 1, 0, "front-matter.invalid", message))
        return {}
    return {str(key): value for key, value in values.items() if isinstance(key, str)}


def _read_fields(path: str, values: Mapping[str, object], found: list[Diagnostic]) -> FrontMatter:
    def report(field: str, message: str) -> None:
        found.append(Diagnostic(path, 1, 0, "front-matter.bad-value", f"`{field}` {message}"))

    fields: dict[str, Any] = {}
    extra: dict[str, str] = {}
    for key, value in values.items():
        name = key if key in _TEXTS or key in _LISTS else key.strip().lower()
        if name in _TEXTS:
            fields[_TEXTS[name]] = fields.get(_TEXTS[name]) or _text(name, value, report)
        elif name in _LISTS:
            known = fields.get(_LISTS[name], ())
            names = _names(name, value, report)
            fields[_LISTS[name]] = tuple(dict.fromkeys((*known, *names)))
        elif name in _FLAGS:
            fields[name] = _flag(name, value, report)
        elif name == "date":
            fields["date"] = _date(value, report)
        elif name != "layout":
            text = "、".join(_scalars(value))
            if text:
                extra[name] = text
    return replace(FrontMatter(), **fields, extra=extra)


Report = Callable[[str, str], None]


def _text(field: str, value: object, report: Report) -> str:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, list):
        return "、".join(_scalars(value))
    report(field, "should be text")
    return ""


def _names(field: str, value: object, report: Report) -> tuple[str, ...]:
    if isinstance(value, str):
        parts = _SEPARATORS.split(value.strip("[]"))
        return tuple(name for name in map(_clean, parts) if name)
    if isinstance(value, list):
        return tuple(_scalars(value))
    report(field, "should be a list of names")
    return ()


def _scalars(value: object) -> Iterator[str]:
    """Yield the plain texts of a value, not those of deeper levels: anchors may explode."""
    for item in (value if isinstance(value, list) else [value])[:_MOST_NAMES]:
        if isinstance(item, str) and (text := _clean(item)):
            yield text


def _flag(field: str, value: object, report: Report) -> bool:
    word = _clean(value).casefold() if isinstance(value, str) else ""
    if word not in ("true", "yes", "on", "1", "false", "no", "off", "0", ""):
        report(field, f"is {word!r}, neither true nor false")
    return word in ("true", "yes", "on", "1")


def _date(value: object, report: Report) -> str:
    text = _clean(value) if isinstance(value, str) else ""
    match = _DATE.match(text)
    if match is None:
        if text:
            report("date", f"is {text[:40]!r}, not a date like 2026-01-31")
        return ""
    year, month, day = match.groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def _clean(value: str) -> str:
    """Return text on one line, without one matching outer pair of quotation marks."""
    text = value.strip()
    if text in _NULLS:
        return ""
    text = text.replace('\\"', '"')
    inner = text[1:-1]
    closing = _PAIRS.get(text[0]) if len(text) > 1 else None
    if closing and text[-1] == closing and closing not in inner and text[0] not in inner:
        text = inner.strip()
    words = text.split()
    if len(words) < 2:
        return text
    joined = words[0]
    for word in words[1:]:
        gap = "" if is_cjk(joined[-1]) and is_cjk(word[0]) else " "
        joined += gap + word
    return joined
