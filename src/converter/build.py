"""The build of a library: a task a book, run by a pool of processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from .diagnostics import Diagnostic
from .edition import BookResult, BookTask, build_book
from .library import LibraryPlan, read_book

__all__ = ["build_library", "plan_tasks"]

_TASKS_PER_WORKER: Final = 2
"""Enough to keep a worker busy, few enough to keep texts out of memory."""

PlannedTask = tuple[BookTask, list[Diagnostic]]


def build_library(
    plan: LibraryPlan, staging: Path, formats: Sequence[str], jobs: int
) -> Iterator[BookResult]:
    """Build every book of a plan into folders below ``staging``, yielding results as they come.

    Raises OSError if the output cannot be written.
    """
    tasks = plan_tasks(plan, staging, tuple(formats))
    if jobs == 1 or len(plan.books) == 1:
        for task, found in tasks:
            yield _with_findings(build_book(task), found)
        return
    # A fresh interpreter a worker: Sphinx and docutils keep state in modules.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(plan.books)), mp_context=context) as executor:
        yield from _run(executor, tasks, jobs * _TASKS_PER_WORKER)


def plan_tasks(
    plan: LibraryPlan, staging: Path, formats: tuple[str, ...] = ()
) -> Iterator[PlannedTask]:
    """Yield the tasks, the longest book first, each with its texts read only when it is due."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    modified = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else None
    for book in sorted(plan.books, key=lambda book: -len(book.posts)):
        read = list(read_book(plan.root, book))
        texts = tuple(text for text, _ in read)
        found = [diagnostic for _, diagnostics in read for diagnostic in diagnostics]
        yield BookTask(book, texts, formats, staging / book.slug, modified), found


def _run(executor: Executor, tasks: Iterator[PlannedTask], limit: int) -> Iterator[BookResult]:
    running: dict[Future[BookResult], list[Diagnostic]] = {}
    while True:
        for task, found in islice(tasks, limit - len(running)):
            running[executor.submit(build_book, task)] = found
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            found = running.pop(future)
            yield _with_findings(future.result(), found)


def _with_findings(result: BookResult, found: list[Diagnostic]) -> BookResult:
    return replace(result, diagnostics=tuple(sorted((*found, *result.diagnostics))))
