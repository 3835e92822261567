"""What the command prints, and how: the only module that does."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from ..diagnostics import Diagnostic, Severity, render_text
from ..edition import BookResult
from ..library import LibraryPlan
from ..output import Report

__all__ = [
    "complain",
    "count_findings",
    "prepare_streams",
    "print_findings",
    "print_summary",
    "say",
    "show_progress",
]

_LONGEST_TITLE = 80
# What would steer a terminal instead of showing on it; into a file it goes as it is.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def prepare_streams() -> None:
    """Let no terminal undo a build: neither one without Chinese nor one that is not there."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, _nowhere())
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def say(text: str, *, error: bool = False) -> None:
    """Print lines, if there are any; that nobody reads them any more is no reason to stop."""
    if not text:
        return
    stream = sys.stderr if error else sys.stdout
    if stream.isatty():
        text = _CONTROL.sub(lambda match: ascii(match.group())[1:-1], text)
    try:
        print(text, file=stream, flush=True)
    except OSError:
        setattr(sys, "stderr" if error else "stdout", _nowhere())


def complain(message: str) -> None:
    """Print a line about the command itself to standard error."""
    say(f"duizhao: {message}", error=True)


def show_progress(results: Iterable[BookResult], plan: LibraryPlan) -> Iterator[BookResult]:
    """Pass results on; draw a bar on a terminal, print a line a book elsewhere."""
    if sys.stderr.isatty():
        yield from _draw_bar(results, sum(len(book.posts) for book in plan.books))
        return
    for number, result in enumerate(results, 1):
        title = result.plan.title
        shown = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
        say(f"[{number}/{len(plan.books)}] {shown}: {len(result.posts)} posts")
        yield result


def _draw_bar(results: Iterable[BookResult], posts: int) -> Iterator[BookResult]:
    # Only a terminal needs it, and it is a tenth of a second to import.
    from rich import progress  # noqa: PLC0415 -- as said above
    from rich.console import Console  # noqa: PLC0415 -- the same

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("posts"),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as drawn:
        bar = drawn.add_task("building", total=posts)
        for result in results:
            drawn.update(bar, advance=len(result.posts), description=result.plan.slug)
            yield result


def print_findings(findings: Sequence[Diagnostic]) -> None:
    """Print errors and warnings; what is only worth knowing is left to ``check``."""
    # What is wrong twice in one place reads the same.
    shown = [found for found in dict.fromkeys(findings) if found.severity is not Severity.INFO]
    say(render_text(shown).removesuffix("\n"), error=True)


def print_summary(report: Report, findings: Sequence[Diagnostic], seconds: float) -> None:
    """Print what a build has made."""
    books = f"{report.books} book" + ("s" if report.books > 1 else "")
    say(
        f"{books}, {report.posts} posts, {report.originals} originals, "
        f"{report.glossary_entries} glossary entries; {count_findings(findings)}; "
        f"{report.files} files in {seconds:.1f} s"
    )


def count_findings(findings: Iterable[Diagnostic]) -> str:
    """Return the numbers of errors and warnings in words."""
    severities = [found.severity for found in findings]
    errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    return f"{errors} errors, {warnings} warnings"
