"""``duizhao check``: what is wrong in the posts, what could be mended, and mending it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from .. import __version__
from ..build import plan_tasks
from ..diagnostics import (
    Diagnostic,
    printable,
    render_counts,
    render_json,
    render_sarif,
    render_text,
    select_codes,
)
from ..edition import parse_book
from ..fix import fix_post
from ..library import LibraryPlan, find_unused_rules, gather_findings, read_text, write_text
from .arguments import ERRORS, INTERRUPTED, UsageError, exit_status, make_plan
from .terminal import complain, count_findings, say

__all__ = ["check_posts"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class _Change:
    """A post that can be mended: what it says now, what it would say, how much that mends."""

    path: str
    before: str
    after: str
    mended: int


def check_posts(arguments: argparse.Namespace) -> int:
    """Report findings; with ``--fix`` mend posts first, with ``--diff`` show how that would be."""
    try:
        codes = select_codes(select=arguments.select, ignore=arguments.ignore)
    except ValueError as error:
        raise UsageError(str(error)) from error
    plan = make_plan(arguments)
    if arguments.diff:
        return _show_changes(plan, codes)
    failed = arguments.fix and not _make_changes(plan, codes)
    if arguments.fix:
        # What a title or a date says may have been mended.
        plan = make_plan(arguments)
    findings = [found for found in _find(plan) if found.code in codes]
    _report(findings, arguments.output_format, sum(len(book.posts) for book in plan.books))
    if arguments.output_format == "text" and not arguments.fix:
        fixable = sum(change.mended for change in _find_changes(plan, codes))
        if fixable:
            say(f"{fixable} can be mended by duizhao check --fix (--diff shows how)")
    return ERRORS if failed else exit_status(findings, strict=arguments.strict)


def _find(plan: LibraryPlan) -> list[Diagnostic]:
    found: list[tuple[Diagnostic, ...]] = []
    applied: set[str] = set()
    for task in plan_tasks(plan, Path()):
        book, problems = parse_book(task)
        found.append(problems)
        applied |= book.applied_rules
    unused = find_unused_rules(plan.rules, applied)
    return sorted([*plan.diagnostics, *gather_findings(found), *unused])


def _report(findings: list[Diagnostic], output_format: str, posts: int) -> None:
    if output_format == "json":
        say(render_json(findings).removesuffix("\n"))
        return
    if output_format == "sarif":
        say(render_sarif(findings, __version__).removesuffix("\n"))
        return
    say(render_text(findings).removesuffix("\n"))
    say(render_counts(findings).removesuffix("\n"))
    say(f"{posts} posts: {count_findings(findings)}")


def _find_changes(plan: LibraryPlan, codes: Iterable[str]) -> Iterator[_Change]:
    """Yield the posts that can be mended; one that is no UTF-8 is left alone."""
    wanted = frozenset(codes)
    paths = sorted(post.path for book in plan.books for post in book.posts)
    for path in paths:
        try:
            text, problems = read_text(plan.root, path)
        except OSError:
            continue
        fixed = fix_post(path, text, wanted)
        if fixed.text != text and not problems:
            yield _Change(path, text, fixed.text, fixed.mended)


def _make_changes(plan: LibraryPlan, codes: Iterable[str]) -> bool:
    """Mend the posts; return whether all could be written."""
    posts = mended = 0
    written = True
    try:
        for change in _find_changes(plan, codes):
            try:
                write_text(plan.root, change.path, change.after)
            except OSError as error:
                reason = error.strerror or error
                complain(f"{printable(change.path)}: not mended, it cannot be written: {reason}")
                written = False
            else:
                posts += 1
                mended += change.mended
    except KeyboardInterrupt:
        complain(f"interrupted; {posts} posts are mended, the others are unchanged")
        raise SystemExit(INTERRUPTED) from None
    complain(f"mended {mended} findings in {posts} posts")
    return written


def _show_changes(plan: LibraryPlan, codes: Iterable[str]) -> int:
    posts = mended = 0
    for change in _find_changes(plan, codes):
        # Not splitlines(): for that a form feed ends a line, for patch it does not.
        before, after = (_LINE.findall(text) for text in (change.before, change.after))
        name = printable(change.path)
        lines = unified_diff(before, after, f"a/{name}", f"b/{name}")
        say("".join(_end_lines(lines)).removesuffix("\n"))
        posts += 1
        mended += change.mended
    complain(f"--fix would mend {mended} findings in {posts} posts")
    return exit_status((), strict=False)


def _end_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines of a diff, each with its end, as ``patch`` wants them."""
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
