"""Front matter: YAML between fences, read by python-frontmatter, typed here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from ..diagnostics import Diagnostic, Edit
from ..model import FrontMatter
from .fields import (
    BOUNDARY,
    FIELD,
    Field,
    InvalidYamlError,
    load_fields,
    quote_values,
    salvage_fields,
)
from .values import Report, inner_quotes, parse_date, parse_flag, parse_names, parse_text

__all__ = ["Fenced", "parse_front_matter", "split_front_matter"]

_FENCE = re.compile(r"-{3,}[ \t\r]*$", re.MULTILINE)
_FIRST_LINE = re.compile(r"(?:\s|#[^\n]*\n)*(?:[\"']?[\w. -]{1,60}[\"']?[ \t]*:(?:\s|$)|-{3,}|\{)")

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
_KNOWN: Final = frozenset((*_TEXTS, *_LISTS, *_FLAGS, "date", "layout"))


@dataclass(frozen=True, slots=True)
class Fenced:
    """A file taken apart: the YAML and the body, and the offsets in the file where they start."""

    yaml: str
    body: str
    yaml_start: int
    body_start: int
    fence: str
    closed: bool = True


def split_front_matter(text: str) -> Fenced:
    """Part the YAML from the body; without fields behind an opening fence all is body.

    Where the closing fence is missing the fields end with the first line that is none.
    """
    opening = _FENCE.match(text)
    first = _FIRST_LINE.match(text, opening.end()) if opening else None
    if opening is None or first is None:
        return Fenced("", text, 0, 0, "")
    fence = opening.group().strip()
    closing = BOUNDARY.search(text, opening.end())
    start = opening.end()
    if closing is None:
        end = _end_of_fields(text, start + 1)
        return Fenced(text[start:end], text[end:], start, end, fence, closed=False)
    end = text.find("\n", closing.start())
    end = len(text) if end < 0 else end + 1
    return Fenced(text[start : closing.start()], text[end:], start, end, fence)


def _end_of_fields(text: str, start: int) -> int:
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        if not (FIELD.match(line) or line.startswith(("- ", " "))) or not line.strip():
            break
        start = end + 1
    return min(start, len(text))


def parse_front_matter(path: str, fenced: Fenced) -> tuple[FrontMatter, list[Diagnostic]]:
    """Return the typed fields and what was wrong with them; this never fails."""
    if not fenced.fence:
        return FrontMatter(), [
            Diagnostic(path, 1, 0, "front-matter.missing", "the post has no front matter")
        ]
    found: list[Diagnostic] = []
    yaml_end = fenced.yaml_start + len(fenced.yaml)
    if fenced.fence != "---":
        message = f"the front matter is fenced by {fenced.fence!r}"
        edits: tuple[Edit, ...] = (Edit(0, len(fenced.fence), "---"),)
        if fenced.closed:
            edits += (Edit(yaml_end, fenced.body_start, "---\n"),)
        found.append(Diagnostic(path, 1, 0, "front-matter.fence", message, edits))
    if not fenced.closed:
        message = "the front matter is not closed"
        line = "---\n" if fenced.yaml.endswith("\n") else "\n---\n"
        edit = Edit(yaml_end, yaml_end, line)
        found.append(Diagnostic(path, 1, 0, "front-matter.not-closed", message, (edit,)))
    try:
        return _read_fields(path, load_fields(fenced.yaml), fenced.yaml_start, found), found
    except InvalidYamlError as error:
        edits = tuple(quote_values(fenced.yaml, fenced.yaml_start))
        message = f"the YAML does not parse: {error}"
        found.append(Diagnostic(path, error.line, 0, "front-matter.invalid", message, edits))
        # What is salvaged is known to be doubtful: one finding says so.
        return _read_fields(path, salvage_fields(fenced.yaml), fenced.yaml_start, []), found


def _read_fields(
    path: str, values: Iterable[Field], yaml_start: int, found: list[Diagnostic]
) -> FrontMatter:
    fields: dict[str, Any] = {}
    extra: dict[str, str] = {}
    seen: set[str] = set()
    for field in values:
        key, line = field.key, field.line + 1
        report = _reporter(path, field, found)
        name = key if key in _KNOWN else key.strip().lower()
        if key in seen:
            message = f"`{key}` stands there twice"
            found.append(Diagnostic(path, line, 0, "front-matter.duplicate-key", message))
        seen.add(key)
        for mend in inner_quotes(field, yaml_start) if name in _KNOWN else ():
            message = f"`{key}` has quotation marks that are part of its text"
            if mend and mend[0].text in ("[]", "{}"):
                message = f"`{key}` is the text {mend[0].text!r}, no list"
            found.append(Diagnostic(path, line, 0, "front-matter.quoted", message, mend))
        if name in _TEXTS:
            fields[_TEXTS[name]] = fields.get(_TEXTS[name]) or parse_text(field, report)
        elif name in _LISTS:
            names = (*fields.get(_LISTS[name], ()), *parse_names(field, report))
            fields[_LISTS[name]] = tuple(dict.fromkeys(names))
        elif name in _FLAGS:
            fields[name] = parse_flag(field, report)
        elif name == "date":
            fields["date"] = fields.get("date") or parse_date(field, report)
        elif name != "layout" and (text := parse_text(field, _ignore)):
            extra[name] = text
    return FrontMatter(**fields, extra=extra)


def _reporter(path: str, field: Field, found: list[Diagnostic]) -> Report:
    def report(message: str) -> None:
        message = f"`{field.key}` {message}"
        found.append(Diagnostic(path, field.line + 1, 0, "front-matter.bad-value", message))

    return report


def _ignore(message: str) -> None:
    """Take no notice: a field that is not known here may hold anything."""
