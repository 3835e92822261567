"""The pool: every book once, the same files however many work on them."""

from __future__ import annotations

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


def test_texts_are_read_when_they_are_due(tmp_path) -> None:
    plan = library(tmp_path / "posts", 2)
    tasks = plan_tasks(plan, tmp_path / "out")
    next(tasks)
    for post in (tmp_path / "posts").glob("*.md"):
        post.unlink()
    ((task, (found,)),) = tasks
    assert task.texts == ("",)
    assert found.code == "input.unreadable"


def test_source_date_epoch_dates_the_editions(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    ((task, _),) = plan_tasks(library(tmp_path / "posts", 1), tmp_path / "out")
    assert str(task.modified) == "1970-01-02 00:00:00+00:00"
