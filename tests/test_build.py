"""The pool: every book once, the same files however many work on them."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import time
from concurrent.futures.process import BrokenProcessPool
from threading import Thread

import pytest

from converter.build import build_library, plan_tasks
from converter.config import Settings
from converter.library import plan_library

from .samples import TIDES, write_posts


def library(folder, count: int):
    posts = write_posts(folder)
    for number in range(count):
        write_posts(posts, **{f"p{number}": TIDES.replace("海边杂记", f"第{number}辑")})
    return plan_library(posts, Settings())


def test_workers_build_what_one_process_builds(tmp_path) -> None:
    plan = library(tmp_path / "posts", 3)
    alone = {r.plan.slug: r for r in build_library(plan, tmp_path / "one", ("epub",), 1)}
    pooled = {r.plan.slug: r for r in build_library(plan, tmp_path / "two", ("epub",), 2)}
    assert alone == pooled
    assert len(alone) == 3
    for slug in alone:
        name = f"{slug}/{slug}.epub"
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_post_that_has_gone_is_reported(tmp_path) -> None:
    plan = library(tmp_path / "posts", 1)
    (tmp_path / "posts" / "p0.md").unlink()
    (result,) = build_library(plan, tmp_path / "out", ("epub",), 1)
    assert "input.unreadable" in {found.code for found in result.diagnostics}


def test_a_task_fits_a_pipe(tmp_path) -> None:
    """A task that does not would leave a build hanging when a worker is killed."""
    posts = write_posts(tmp_path / "posts")
    for number in range(200):
        write_posts(posts, **{f"p{number}": TIDES + "很长的正文。" * 1000})
    (task,) = plan_tasks(plan_library(posts, Settings()), tmp_path / "out")
    assert len(pickle.dumps(task)) < 1000 * len(task.plan.posts)


def test_a_killed_worker_ends_the_build(tmp_path) -> None:
    plan = library(tmp_path / "posts", 4)
    # Workers of an earlier test may still be on their way out.
    others = {child.pid for child in multiprocessing.active_children()}
    results = build_library(plan, tmp_path / "out", ("html",), 2)
    killer = Thread(target=kill_a_worker, args=(others,), daemon=True)
    killer.start()
    with pytest.raises(BrokenProcessPool):
        list(results)


def kill_a_worker(others: set[int | None]) -> None:
    """Kill the first new worker that there is, as the kernel does when memory runs out."""
    for _ in range(200):
        for child in multiprocessing.active_children():
            if child.pid not in others:
                os.kill(child.pid or 0, signal.SIGKILL)
                return
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("epoch", "date"),
    [("86400", "1970-01-02 00:00:00+00:00"), ("soon", "None"), ("9" * 30, "None"), ("", "None")],
)
def test_source_date_epoch_dates_the_editions(epoch, date, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    (task,) = plan_tasks(library(tmp_path / "posts", 1), tmp_path / "out")
    assert str(task.modified) == date
