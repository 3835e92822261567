"""The fields of front matter: YAML as a stream of events, or its lines where it is none.

All scalars are read as text (YAML's failsafe schema): a date that is no date, a title that is a
number and a tag that names a Python object are then just words. The YAML is never composed, so
that neither depth nor anchors can exhaust the stack.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml
from frontmatter.default_handlers import YAMLHandler

from ..diagnostics import Edit

__all__ = [
    "BOUNDARY",
    "FIELD",
    "Field",
    "InvalidYamlError",
    "load_fields",
    "quote_values",
    "quoted",
    "salvage_fields",
]

_HANDLER = YAMLHandler()
BOUNDARY = _HANDLER.FM_BOUNDARY
FIELD = re.compile(r"([A-Za-z_]\w{0,40})[ \t]*:(?:[ \t]+(.*))?$")
_ITEM = re.compile(r"([ \t]*-[ \t]+)(.*)$")
_COMMENT = re.compile(r"\s+#.*$")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DEEPEST: Final = 32
_MOST_LINES: Final = 500
_Parser: Any = getattr(yaml.cyaml, "CParser", None) or type(
    "_Parser", (yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser), {}
)


class InvalidYamlError(ValueError):
    """The YAML does not parse; ``line`` is where, counted from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the YAML has it; a value is text, a list of texts, or None for what is deeper.

    ``line`` counts from 0; ``spans`` are the offsets of the texts in the YAML.
    """

    key: str
    value: str | list[str] | None
    line: int
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def texts(self) -> list[str]:
        """The texts of the value."""
        return [self.value] if isinstance(self.value, str) else self.value or []


def load_fields(source: str) -> list[Field]:
    """Return the fields of YAML in order, doubled ones too.

    Raises InvalidYamlError for what does not parse, is no mapping, or is nested too deeply.
    """
    try:
        fields: list[Field] = _HANDLER.load(_CONTROL.sub("\ufffd", source), Loader=_Fields)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        # The mark may be behind the last line: what is missing there ends the YAML.
        last = source.rstrip("\n").count("\n") + 1
        raise InvalidYamlError(problem, min(mark.line + 1, last) if mark else 1) from error
    return fields


class _Fields(_Parser):  # type: ignore[misc]  # libyaml's parser if it is there
    """A loader for python-frontmatter that yields fields; raises YAMLError."""

    def get_single_data(self) -> list[Field]:
        self.get_event()
        if not self.check_event(yaml.DocumentStartEvent):
            return []
        self.get_event()
        if not self.check_event(yaml.MappingStartEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="these are no fields", problem_mark=mark)
        self.get_event()
        fields: list[Field] = []
        self._anchors: dict[str, str | list[str] | None] = {}
        while not self.check_event(yaml.MappingEndEvent):
            line = self.peek_event().start_mark.line
            key = self._value([])
            spans: list[tuple[int, int]] = []
            value = self._value(spans)
            if isinstance(key, str):
                fields.append(Field(key, value, line, tuple(spans)))
        return fields

    def _value(self, spans: list[tuple[int, int]]) -> str | list[str] | None:
        """Read one value, and add the places of its texts."""
        event: Any = self.get_event()
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(event.anchor or "")
        value: str | list[str] | None = None
        if isinstance(event, yaml.ScalarEvent):
            value = event.value
            spans.append(_span(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            items = self._items(spans)
            value = items if isinstance(event, yaml.SequenceStartEvent) else None
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _items(self, spans: list[tuple[int, int]]) -> list[str]:
        items: list[str] = []
        depth = 1
        while depth:
            event: Any = self.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > _DEEPEST:
                    raise yaml.YAMLError("nested too deeply")
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.ScalarEvent) and depth == 1:
                items.append(event.value)
                spans.append(_span(event))
                if event.anchor:
                    self._anchors[event.anchor] = event.value
            elif isinstance(event, yaml.AliasEvent) and depth == 1:
                value = self._anchors.get(event.anchor or "")
                if isinstance(value, str):
                    items.append(value)
                    spans.append(_span(event))
        return items


def _span(event: Any) -> tuple[int, int]:  # noqa: ANN401 -- the stubs let marks be None
    return event.start_mark.index, event.end_mark.index


def salvage_fields(source: str) -> Iterator[Field]:
    """Yield the fields of YAML that does not parse, read line by line."""
    key, line, items = "", 0, list[str]()
    value = ""
    for number, text in enumerate(source.split("\n")):
        match = FIELD.match(text)
        if match:
            if key:
                yield Field(key, items or _unfold(value), line)
            key, value, line, items = match[1], _without_comment(match[2] or ""), number, []
        elif text.lstrip().startswith("- "):
            items.append(_without_comment(text.lstrip()[2:]))
        elif text.startswith(" ") and value[:1] in ("|", ">"):
            value = f"{value[:1]}{value[1:].lstrip('+-')}\n{text.strip()}"
    if key:
        yield Field(key, items or _unfold(value), line)


def _without_comment(value: str) -> str:
    value = value.strip()
    return value if value[:1] in ("'", '"') else _COMMENT.sub("", value)


def _unfold(value: str) -> str:
    """Return the text of a block scalar, whose sign stands before it, or any other as it is."""
    return value[1:].strip() if value[:1] in ("|", ">") and "\n" in value else value


def quote_values(source: str, offset: int) -> Iterator[Edit]:
    """Yield the edits that put quotation marks around texts that are no YAML.

    ``offset`` is where in its file the source begins.
    """
    for line in source.split("\n")[:_MOST_LINES]:
        match = FIELD.match(line) or _ITEM.match(line)
        text = _without_comment(match[2] or "") if match else ""
        if match and text and not _is_value(text):
            start = offset + match.start(2)
            yield Edit(start, start + len(text), quoted(text))
        offset += len(line) + 1


def _is_value(text: str) -> bool:
    try:
        (field,) = load_fields(f"key: {text}")
    except ValueError:
        return False
    return field.value is not None


def quoted(text: str) -> str:
    """Return a text as YAML in double quotation marks: one of JSON is one of YAML too."""
    return json.dumps(text, ensure_ascii=False)
