"""Front matter: YAML between fences, read by python-frontmatter, typed here.

All scalars are read as text (YAML's failsafe schema): a date that is no date, a title that is a
number and a tag that names a Python object are then just words. The YAML is read as a stream
of events and never composed, so that neither depth nor anchors can exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import yaml
from frontmatter.default_handlers import YAMLHandler

from .diagnostics import Diagnostic
from .markdown import is_cjk
from .model import FrontMatter

__all__ = ["Fenced", "parse_front_matter", "split_front_matter"]

_HANDLER = YAMLHandler()
_NULLS: Final = frozenset(("", "null", "Null", "NULL", "~", "[]", "{}"))
_SEPARATORS = re.compile("[,，、;；]")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_PAIRS: Final = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_FENCE = re.compile(r"-{3,}[ \t\r]*$", re.MULTILINE)
_FIELD = re.compile(r"([A-Za-z_]\w{0,40})[ \t]*:(?:[ \t]+(.*))?$")
_FIRST_LINE = re.compile(r"(?:\s|#[^\n]*\n)*(?:[\"']?[\w. -]{1,60}[\"']?[ \t]*:(?:\s|$)|-{3,}|\{)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DEEPEST: Final = 32
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
_KNOWN: Final = frozenset((*_TEXTS, *_LISTS, *_FLAGS, "date", "layout"))
_Parser: Any = getattr(yaml.cyaml, "CParser", None) or type(
    "_Parser", (yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser), {}
)


@dataclass(frozen=True, slots=True)
class Fenced:
    """A file taken apart: the YAML, the body, and the offset in the file where that starts."""

    yaml: str
    body: str
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
        return Fenced("", text, 0, "")
    fence = opening.group().strip()
    closing = _HANDLER.FM_BOUNDARY.search(text, opening.end())
    start = opening.end()
    if closing is None:
        end = _end_of_fields(text, start + 1)
        return Fenced(text[start:end], text[end:], end, fence, closed=False)
    end = text.find("\n", closing.start())
    end = len(text) if end < 0 else end + 1
    return Fenced(text[start : closing.start()], text[end:], end, fence)


def _end_of_fields(text: str, start: int) -> int:
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        if not (_FIELD.match(line) or line.startswith(("- ", " ", "#"))) or not line.strip():
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
    if fenced.fence != "---":
        message = f"the front matter is fenced by {fenced.fence!r}"
        found.append(Diagnostic(path, 1, 0, "front-matter.fence", message))
    if not fenced.closed:
        message = "the front matter is not closed"
        found.append(Diagnostic(path, 1, 0, "front-matter.not-closed", message))
    values = _load(path, fenced.yaml, found)
    # What is salvaged from broken YAML is known to be doubtful: one finding says so.
    salvaged = any(diagnostic.code == "front-matter.invalid" for diagnostic in found)
    return _read_fields(path, values, [] if salvaged else found), found


class _Field(NamedTuple):
    """A field as the YAML has it; a value is text, a list, or something deeper."""

    key: str
    value: object
    line: int


class _Fields(_Parser):  # type: ignore[misc]  # libyaml's parser if it is there
    """A loader for python-frontmatter that yields the fields in order, doubled ones too.

    Raises YAMLError for what is no mapping or is nested too deeply.
    """

    def get_single_data(self) -> list[_Field]:
        self.get_event()
        if not self.check_event(yaml.DocumentStartEvent):
            return []
        self.get_event()
        if not self.check_event(yaml.MappingStartEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="these are no fields", problem_mark=mark)
        self.get_event()
        fields: list[_Field] = []
        anchors: dict[str, object] = {}
        while not self.check_event(yaml.MappingEndEvent):
            line = self.peek_event().start_mark.line
            key = self._value(anchors)
            value = self._value(anchors)
            if isinstance(key, str):
                fields.append(_Field(key, value, line))
        return fields

    def _value(self, anchors: dict[str, object]) -> object:
        """Read one value: text, a list of texts, or None for what is deeper."""
        event = self.get_event()
        if isinstance(event, yaml.AliasEvent):
            return anchors.get(event.anchor or "")
        value: object = event.value if isinstance(event, yaml.ScalarEvent) else None
        if isinstance(event, yaml.CollectionStartEvent):
            is_list = isinstance(event, yaml.SequenceStartEvent)
            items = self._items(anchors)
            value = items if is_list else None
        if event.anchor:
            anchors[event.anchor] = value
        return value

    def _items(self, anchors: dict[str, object]) -> list[str]:
        items: list[str] = []
        depth = 1
        while depth:
            event = self.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > _DEEPEST:
                    raise yaml.YAMLError("nested too deeply")
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.ScalarEvent) and depth == 1:
                items.append(event.value)
                if event.anchor:
                    anchors[event.anchor] = event.value
            elif isinstance(event, yaml.AliasEvent) and depth == 1:
                value = anchors.get(event.anchor or "")
                items += [value] if isinstance(value, str) else []
        return items


def _load(path: str, source: str, found: list[Diagnostic]) -> list[_Field]:
    try:
        fields: list[_Field] = _HANDLER.load(_CONTROL.sub("\ufffd", source), Loader=_Fields)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        line = mark.line + 1 if mark else 1
        message = f"the YAML does not parse: {problem}"
        found.append(Diagnostic(path, line, 0, "front-matter.invalid", message))
        return list(_salvage(source))
    return fields


def _salvage(source: str) -> Iterator[_Field]:
    """Yield the fields of YAML that does not parse, read line by line."""
    key, line, items = "", 0, list[str]()
    value = ""
    for number, text in enumerate(source.split("\n")):
        match = _FIELD.match(text)
        if match:
            if key:
                yield _Field(key, items or value, line)
            key, value, line, items = match[1], (match[2] or "").strip(), number, []
        elif text.lstrip().startswith("- "):
            items.append(text.lstrip()[2:])
    if key:
        yield _Field(key, items or value, line)


def _read_fields(path: str, values: Iterable[_Field], found: list[Diagnostic]) -> FrontMatter:
    fields: dict[str, Any] = {}
    extra: dict[str, str] = {}
    seen: set[str] = set()
    for key, value, row in values:
        report = _reporter(path, row + 1, found)
        name = key if key in _KNOWN else key.strip().lower()
        if key in seen:
            message = f"`{key}` stands there twice"
            found.append(Diagnostic(path, row + 1, 0, "front-matter.duplicate-key", message))
        seen.add(key)
        if name in _TEXTS:
            fields[_TEXTS[name]] = fields.get(_TEXTS[name]) or _text(name, value, report)
        elif name in _LISTS:
            names = (*fields.get(_LISTS[name], ()), *_names(name, value, report))
            fields[_LISTS[name]] = tuple(dict.fromkeys(names))
        elif name in _FLAGS:
            fields[name] = _flag(name, value, report)
        elif name == "date":
            fields["date"] = fields.get("date") or _date(value, report)
        elif name != "layout":
            text = "、".join(_scalars(value))
            if text:
                extra[name] = text
    return FrontMatter(**fields, extra=extra)


Report = Callable[[str, str], None]


def _reporter(path: str, line: int, found: list[Diagnostic]) -> Report:
    def report(field: str, message: str) -> None:
        found.append(Diagnostic(path, line, 0, "front-matter.bad-value", f"`{field}` {message}"))

    return report


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
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        report("date", f"is {text[:40]!r}, a day that is in no calendar")
        return ""


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
