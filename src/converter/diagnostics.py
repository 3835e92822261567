"""Diagnostics: what was wrong in a post, where, and how to mend it.

A code's severity and hint are rows of a table, not choices at the call, so that the same
finding reads the same everywhere. ``docs/reference/diagnostics.md`` documents every row.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import quote

__all__ = [
    "CODES",
    "Code",
    "Diagnostic",
    "Edit",
    "Severity",
    "has_errors",
    "printable",
    "render_counts",
    "render_json",
    "render_sarif",
    "render_text",
    "select_codes",
]


class Severity(StrEnum):
    """How much a finding matters: only errors change the exit status."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Code(NamedTuple):
    """A row of the table: what the code means and how its cause is mended."""

    severity: Severity
    hint: str


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

_SARIF_LEVELS: Final = {_E: "error", _W: "warning", _I: "note"}
_SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"

CODES = MappingProxyType(
    {
        "input.unreadable": Code(_E, "make the file readable, or move it out of the posts' folder"),
        "input.bad-utf8": Code(_E, "save the file as UTF-8"),
        "input.control-character": Code(_W, "delete the character"),
        "input.outside": Code(_E, "copy the file into the posts' folder instead of linking to it"),
        "front-matter.missing": Code(_W, "start the file with a block between two `---` lines"),
        "front-matter.invalid": Code(_E, "mend the YAML; quote values that contain a colon"),
        "front-matter.not-closed": Code(_W, "close the front matter with a line `---`"),
        "front-matter.duplicate-key": Code(_W, "delete one of the two fields"),
        "front-matter.fence": Code(_W, "write the fence as exactly three hyphens"),
        "front-matter.no-title": Code(_W, "add `title:` to the front matter"),
        "front-matter.quoted": Code(_I, "delete the quotation marks that are one pair too many"),
        "front-matter.bad-value": Code(_W, "see the field's type in the reference"),
        "front-matter.excluded": Code(
            _I, "mend the field or the configuration to publish the post"
        ),
        "post.empty": Code(_W, "write the post, or delete the file"),
        "post.leftover": Code(_W, "delete the line that the generator left"),
        "post.summary-closed-by-p": Code(_W, "close the summary with `</summary>`"),
        "post.summary-not-closed": Code(_W, "close the summary with `</summary>`"),
        "post.summary-missing": Code(_W, "put `<summary>` and a label below `<details>`"),
        "post.summary-label": Code(_I, "write the label as `View/Hide Original English`"),
        "post.details-missing": Code(_W, "put `<details>` above the original"),
        "post.details-not-closed": Code(_W, "close the original with `</details>`"),
        "post.details-misclosed": Code(_W, "write the closing tag as `</details>`"),
        "post.details-nested": Code(_W, "delete the doubled `<details>`"),
        "post.p-unbalanced": Code(_W, "give every `<p>` of the original one `</p>`"),
        "post.tag-cut": Code(_W, "write the tag in full, with both its brackets"),
        "post.stray-tag": Code(_W, "delete the tag"),
        "post.text-misplaced": Code(_W, "move it: translation above `<details>`, original into it"),
        "post.no-blank-line": Code(_I, "put a blank line there"),
        "post.original-empty": Code(_W, "put the original's text into the block, or delete it"),
        "post.original-hidden": Code(_I, "delete the block, or its `style`"),
        "post.original-unpaired": Code(_W, "move the original below the paragraph it belongs to"),
        "post.heading-empty": Code(_W, "give the heading a text, or delete it"),
        "post.heading-no-space": Code(_I, "put a space behind the hashes"),
        "post.fence-stray": Code(_W, "delete the fence, or close the code that it opens"),
        "post.gloss-empty": Code(_W, "write the definition behind the colon"),
        "post.gloss-unclosed": Code(_W, "close the bracket on the same line"),
        "post.gloss-long": Code(_I, "shorten the definition, or make it a paragraph"),
        "post.gloss-headword": Code(_I, "make only the term bold"),
        "book.slug-collision": Code(_W, "give one of the posts another title or a `slug:` field"),
        "book.unused-settings": Code(_W, "write the title as the build names the book"),
        "glossary.unused-rule": Code(_W, "mend the rule, or delete it"),
        "internal.post-failed": Code(_E, "report it with the post; without it the book is built"),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A change of a file: ``text`` for what stands between two character offsets."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding; ``line`` and ``column`` count from 1, 0 means the whole file.

    ``edits`` mend its cause in the file, where that can be done without its author.
    """

    path: str
    line: int
    column: int
    code: str
    message: str
    edits: tuple[Edit, ...] = field(default=(), compare=False)

    @property
    def severity(self) -> Severity:
        """The severity that the table gives the code."""
        return CODES[self.code].severity

    @property
    def hint(self) -> str:
        """How to mend it."""
        return CODES[self.code].hint

    def __str__(self) -> str:
        place = ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])
        # A name and what a message cites may hold line breaks and escape sequences.
        return printable(f"{place}: {self.severity}[{self.code}]: {self.message}; {self.hint}")


def printable(text: str) -> str:
    """Return text on one line, without anything that would steer a terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether any of the findings is an error."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def select_codes(*, select: Collection[str] = (), ignore: Collection[str] = ()) -> frozenset[str]:
    """Return the codes that are selected (all, if none is named) and not ignored.

    A name stands for itself and, as ``post``, for all codes of its group. Raises ValueError
    for a name that stands for no code.
    """
    return (_expand(select) or frozenset(CODES)) - _expand(ignore)


def _expand(names: Iterable[str]) -> frozenset[str]:
    codes: set[str] = set()
    for name in names:
        matching = {code for code in CODES if code == name or code.startswith(f"{name}.")}
        if not matching:
            raise ValueError(f"{name!r} is no code; the reference lists them")
        codes |= matching
    return frozenset(codes)


def render_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the findings in order of file and line, one a line."""
    return "".join(f"{diagnostic}\n" for diagnostic in sorted(diagnostics))


def render_counts(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how often each code was found, the most frequent first, a line a code."""
    counts = Counter(diagnostic.code for diagnostic in diagnostics)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count:7}  {CODES[code].severity}[{code}]\n" for code, count in ordered)


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the findings as a JSON list of objects, in order of file and line."""
    rows = [
        {
            "path": found.path,
            "line": found.line,
            "column": found.column,
            "code": found.code,
            "severity": found.severity.value,
            "message": found.message,
            "hint": found.hint,
            "fixable": bool(found.edits),
        }
        for found in sorted(diagnostics)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def render_sarif(diagnostics: Iterable[Diagnostic], version: str) -> str:
    """Return the findings as SARIF 2.1.0, which code hosts show beside the lines.

    Paths are relative to the posts' folder. The format:
    https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
    """
    ordered = sorted(diagnostics)
    rules = [
        {
            "id": code,
            "help": {"text": CODES[code].hint},
            "defaultConfiguration": {"level": _SARIF_LEVELS[CODES[code].severity]},
        }
        for code in sorted({found.code for found in ordered})
    ]
    driver = {"name": "duizhao", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "results": [_sarif_result(found) for found in ordered]}
    log = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _sarif_result(found: Diagnostic) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": quote(found.path)}}
    if found.line:
        region = {"startLine": found.line}
        place["region"] = region | ({"startColumn": found.column} if found.column else {})
    result: dict[str, object] = {
        "ruleId": found.code,
        "level": _SARIF_LEVELS[found.severity],
        "message": {"text": f"{found.message}; {found.hint}"},
        "locations": [{"physicalLocation": place}],
    }
    if found.edits:
        change = {**place, "replacements": [_sarif_replacement(edit) for edit in found.edits]}
        change.pop("region", None)
        result["fixes"] = [{"description": {"text": found.hint}, "artifactChanges": [change]}]
    return result


def _sarif_replacement(edit: Edit) -> dict[str, object]:
    region = {"charOffset": edit.start, "charLength": edit.end - edit.start}
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}
