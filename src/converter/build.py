"""The build of a library: a task a book, run by a pool of processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import active_children, connection, get_context, parent_process
from pathlib import Path
from threading import Thread

from .edition import BookResult, BookTask, build_book
from .library import LibraryPlan

__all__ = ["build_library", "plan_tasks"]


def build_library(
    plan: LibraryPlan, staging: Path, formats: Sequence[str], jobs: int
) -> Iterator[BookResult]:
    """Build every book of a plan into folders below ``staging``, yielding results as they come.

    Raises OSError if the output cannot be written, BrokenProcessPool if a worker is killed.
    """
    tasks = plan_tasks(plan, staging, tuple(formats))
    if jobs == 1 or len(plan.books) == 1:
        yield from map(build_book, tasks)
        return
    # A fresh interpreter a worker: Sphinx and docutils keep state in modules.
    context = get_context("spawn")
    workers = min(jobs, len(plan.books))
    with (
        _safe_path(),
        ProcessPoolExecutor(workers, context, initializer=_end_with_parent) as executor,
    ):
        futures = [executor.submit(build_book, task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            # Nobody may write into the staging folder once the build is over.
            for worker in active_children():
                worker.terminate()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _safe_path() -> Iterator[None]:
    """Let workers import nothing from the current folder, which may be that of the posts.

    A new interpreter looks there first, and `multiprocessing` starts it with ``-c``.
    """
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = before


def plan_tasks(
    plan: LibraryPlan, staging: Path, formats: tuple[str, ...] = ()
) -> Iterator[BookTask]:
    """Yield the tasks, the longest book first.

    A task names its posts and does not hold their texts: what goes to a worker must fit a
    pipe, or a worker that is killed leaves the others waiting for ever (CPython's gh-94777).
    """
    modified = _source_date()
    for book in sorted(plan.books, key=lambda book: -len(book.posts)):
        yield BookTask(book, plan.root, formats, staging / book.slug, modified, plan.rules)


def _source_date() -> datetime | None:
    """Return the moment of SOURCE_DATE_EPOCH; none if it is unset or makes no date."""
    try:
        # A zip and a package document can tell no earlier time.
        return datetime.fromtimestamp(max(0, int(os.environ["SOURCE_DATE_EPOCH"])), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def _end_with_parent() -> None:
    """End a worker when the process that started it is gone, however that ended."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_wait_and_exit, args=(parent.sentinel,), daemon=True).start()


def _wait_and_exit(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
