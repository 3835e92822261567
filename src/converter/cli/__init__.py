"""The command ``duizhao``: its parts, and what becomes of them."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from .. import __version__
from ..build import build_library, plan_tasks
from ..config import ConfigError
from ..diagnostics import Diagnostic
from ..edition import FORMATS, parse_book
from ..library import find_unused_rules, gather_findings
from ..output import (
    LIBRARY_FOLDERS,
    OutputError,
    check_output,
    publish,
    replace_folder,
    staging,
)
from ..server import serve
from ..web import write_project
from .arguments import (
    CONFIG,
    DONE,
    ERRORS,
    INTERRUPTED,
    USAGE,
    UsageError,
    exit_status,
    make_plan,
    parse_formats,
    parse_names,
    parse_path,
    parse_positive,
)
from .check import check_posts
from .glossary import GLOSSARY_FORMATS, print_glossary
from .signals import PublishError, prepare_signals, undisturbed
from .terminal import complain, prepare_streams, print_findings, print_summary, say, show_progress
from .validate import check_epub

__all__ = ["main"]

_EXAMPLES: Final = """\
examples:
  duizhao build posts -o site                  all editions of every book
  duizhao build posts -o site --format epub    EPUB only
  duizhao convert posts -o projects            Sphinx projects, for sphinx-build
  duizhao check posts                          what is wrong in the posts, and how to mend it
  duizhao check posts --diff                   what could be mended by itself; --fix does it
  duizhao check site/book/book.epub            what epubcheck says of an EPUB
  duizhao glossary posts -o terms.csv          the terms of all books, as a table
  duizhao serve site                           read the web edition at http://127.0.0.1:8000

exit status: 0 done, 1 errors in posts (the rest is built), 2 usage
"""


def _explain(error: OSError) -> str:
    if isinstance(error, PublishError):
        return str(error)
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}; what was there before is unchanged"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    prepare_streams()
    prepare_signals()
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (UsageError, ConfigError, OutputError) as error:
        complain(str(error))
        return USAGE
    except OSError as error:
        complain(_explain(error))
        return ERRORS
    except BrokenProcessPool:
        complain("a worker was killed, perhaps for lack of memory; try --jobs 1")
        return ERRORS
    except Exception as error:
        # No traceback reaches a user who did not ask for it.
        if os.environ.get("DUIZHAO_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        complain(f"internal error: {what}; please report it (DUIZHAO_DEBUG=1 shows where)")
        return ERRORS
    except KeyboardInterrupt as interruption:
        complain(str(interruption) or "interrupted; what was there before is unchanged")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="duizhao",
        description="Publish bilingual posts as a web edition, as EPUB and as PDF.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"duizhao {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = _add_command(commands, "build", _build, "build the editions of all books")
    build.add_argument("-o", "--output", type=parse_path, required=True, metavar="OUT")
    build.add_argument("--format", type=parse_formats, default=FORMATS, metavar="html,epub,pdf",
                       help="the editions to build (default: all)")  # fmt: skip
    build.add_argument("-j", "--jobs", type=parse_positive, default=os.cpu_count() or 1,
                       metavar="N", help="books at a time (default: one a core)")  # fmt: skip
    convert = _add_command(commands, "convert", _convert, "write the Sphinx project of each book")
    convert.add_argument("-o", "--output", type=parse_path, required=True, metavar="DIR")
    check = _add_command(
        commands, "check", _check, "report what is wrong in the posts, and mend it if told to"
    )
    mending = check.add_mutually_exclusive_group()
    mending.add_argument("--fix", action="store_true",
                         help="mend in the posts what needs no decision of yours")  # fmt: skip
    mending.add_argument("--diff", action="store_true", help="show what --fix would change")
    check.add_argument("--output-format", choices=("text", "json", "sarif"), default="text")
    check.add_argument("--select", type=parse_names, default=(), metavar="CODES",
                       help="report only these codes, or groups of codes like `post`")  # fmt: skip
    check.add_argument("--ignore", type=parse_names, default=(), metavar="CODES",
                       help="report all but these")  # fmt: skip
    glossary = _add_command(
        commands, "glossary", print_glossary, "print the terms that the posts explain"
    )
    glossary.add_argument("-o", "--output", type=parse_path, metavar="FILE",
                          help="write them there instead")  # fmt: skip
    glossary.add_argument("--book", default="", metavar="SLUG", help="of this book only")
    glossary.add_argument("--output-format", choices=GLOSSARY_FORMATS, default="csv")
    server = commands.add_parser("serve", help="show a built library in a browser")
    server.add_argument("output", type=parse_path, metavar="OUT")
    server.add_argument("--host", default="127.0.0.1")
    server.add_argument("--port", type=int, default=8000)
    server.set_defaults(run=_serve)
    return parser


def _add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: object,
    description: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=description, description=description)
    command.add_argument(
        "posts", type=parse_path, metavar="POSTS", help="a folder, read recursively, or one file"
    )
    command.add_argument(
        "--config", type=parse_path, metavar="FILE", help=f"default: {CONFIG} in the posts' folder"
    )
    command.add_argument("--no-drafts", action="store_true", help="leave out posts with `draft`")
    command.add_argument("--strict", action="store_true", help="let warnings fail the command")
    command.set_defaults(run=run)
    return command


def _build(arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    out: Path = arguments.output
    plan = make_plan(arguments)
    check_output(arguments.posts, out, [book.slug for book in plan.books], LIBRARY_FOLDERS)
    with ExitStack() as replacing, staging(out) as folder:
        building = build_library(plan, folder, arguments.format, arguments.jobs)
        # In the plan's order, so that what is said of them does not depend on who was first.
        places = {book.slug: place for place, book in enumerate(plan.books)}
        built = show_progress(building, plan)
        results = sorted(built, key=lambda result: places[result.plan.slug])
        findings = gather_findings(result.diagnostics for result in results)
        if not any(result.posts for result in results):
            print_findings(findings)
            complain("no post could be built; what was there before is unchanged")
            return ERRORS
        # To the end of the staging folder: a signal before it would look like a failed build.
        replacing.enter_context(undisturbed(out))
        report = publish(plan, results, folder, out)
    applied = frozenset[str]().union(*(result.applied for result in results))
    findings = [*plan.diagnostics, *findings, *find_unused_rules(plan.rules, applied)]
    print_findings(findings)
    for result in results:
        for warning in result.warnings:
            complain(f"{result.plan.title}: {warning}")
    print_summary(report, findings, time.monotonic() - started)
    if report.leftovers:
        names = ", ".join(report.leftovers)
        say(f"left from an earlier build: {names} (delete what you no longer need)")
    return exit_status(findings, strict=arguments.strict)


def _check(arguments: argparse.Namespace) -> int:
    is_epub = arguments.posts.suffix.lower() == ".epub"
    return check_epub(arguments) if is_epub else check_posts(arguments)


def _convert(arguments: argparse.Namespace) -> int:
    out: Path = arguments.output
    plan = make_plan(arguments)
    check_output(arguments.posts, out, [book.slug for book in plan.books])
    found: list[tuple[Diagnostic, ...]] = []
    written: dict[str, str] = {}
    with ExitStack() as replacing, staging(out) as folder:
        for task in plan_tasks(plan, folder):
            book, problems = parse_book(task)
            found.append(problems)
            written[book.slug] = f"{write_project(book, task.folder)} files, {book.title}"
        replacing.enter_context(undisturbed(out))
        for slug in written:
            replace_folder(folder / slug, out / slug, folder)
    for slug, what in written.items():
        say(f"{out / slug}: {what}")
    findings = [*plan.diagnostics, *gather_findings(found)]
    print_findings(findings)
    return exit_status(findings, strict=arguments.strict)


def _serve(arguments: argparse.Namespace) -> int:
    if not (arguments.output / "index.html").is_file():
        raise UsageError(f"{arguments.output}: no built library is there; run duizhao build first")
    for line in serve(arguments.output, arguments.host, arguments.port):
        say(line)
    return DONE
