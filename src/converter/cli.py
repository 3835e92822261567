"""The command ``duizhao``: the only module that prints."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

from . import __version__
from .build import build_library, plan_tasks
from .config import ConfigError, Settings, parse_settings
from .diagnostics import (
    Diagnostic,
    Severity,
    has_errors,
    render_counts,
    render_json,
    render_sarif,
    render_text,
    select_diagnostics,
)
from .edition import FORMATS, BookResult, parse_book, write_project
from .library import LibraryPlan, plan_library
from .output import OutputError, Report, check_output, publish, staging
from .server import serve

__all__ = ["main"]

_DONE: Final = 0
_ERRORS: Final = 1
_USAGE: Final = 2
_CONFIG: Final = "duizhao.toml"

_EXAMPLES: Final = """\
examples:
  duizhao build posts -o site                  web edition and EPUB of every book
  duizhao build posts -o site --format epub    EPUB only
  duizhao convert posts -o projects            Sphinx projects, for sphinx-build
  duizhao check posts                          what is wrong in the posts, and how to mend it
  duizhao serve site                           read the web edition at http://127.0.0.1:8000

exit status: 0 done, 1 errors in posts (the rest is built), 2 usage
"""


class _UsageError(Exception):
    """The command cannot start; the message is one line."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    _prepare_streams()
    signal.signal(signal.SIGTERM, _interrupt)
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (_UsageError, ConfigError, OutputError) as error:
        _complain(str(error))
        return _USAGE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _complain(f"{place}{error.strerror or error}; what was there before is unchanged")
        return _ERRORS
    except BrokenProcessPool:
        _complain("a worker was killed, perhaps for lack of memory; try --jobs 1")
        return _ERRORS
    except Exception as error:
        # No traceback reaches a user who did not ask for it.
        if os.environ.get("DUIZHAO_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        _complain(f"internal error: {what}; please report it (DUIZHAO_DEBUG=1 shows where)")
        return _ERRORS
    except KeyboardInterrupt:
        _complain("interrupted; what was there before is unchanged")
        return 130


def _prepare_streams() -> None:
    """Let no terminal undo a build: neither one without Chinese nor one that is not there."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, _nowhere())
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _say(text: str, *, error: bool = False) -> None:
    """Print lines, if there are any; that nobody reads them any more is no reason to stop."""
    if not text:
        return
    stream = sys.stderr if error else sys.stdout
    try:
        print(text, file=stream, flush=True)
    except OSError:
        setattr(sys, "stderr" if error else "stdout", _nowhere())


def _complain(message: str) -> None:
    _say(f"duizhao: {message}", error=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="duizhao",
        description="Publish bilingual posts as a web edition and as EPUB.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"duizhao {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    build = _add_command(commands, "build", _build, "build the editions of all books")
    build.add_argument("-o", "--output", type=_path, required=True, metavar="OUT")
    build.add_argument("--format", type=_formats, default=FORMATS, metavar="html,epub",
                       help="the editions to build (default: all)")  # fmt: skip
    build.add_argument("-j", "--jobs", type=_positive, default=os.cpu_count() or 1, metavar="N",
                       help="books to build at a time (default: one a core)")  # fmt: skip
    convert = _add_command(commands, "convert", _convert, "write the Sphinx project of each book")
    convert.add_argument("-o", "--output", type=_path, required=True, metavar="DIR")
    check = _add_command(
        commands, "check", _check, "report what is wrong in the posts; write nothing"
    )
    check.add_argument("--output-format", choices=("text", "json", "sarif"), default="text")
    check.add_argument("--select", type=_names, default=(), metavar="CODES",
                       help="report only these codes, or groups of codes like `post`")  # fmt: skip
    check.add_argument("--ignore", type=_names, default=(), metavar="CODES",
                       help="report all but these")  # fmt: skip
    server = commands.add_parser("serve", help="show a built library in a browser")
    server.add_argument("output", type=_path, metavar="OUT")
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
        "posts", type=_path, metavar="POSTS", help="a folder, read recursively, or one file"
    )
    command.add_argument(
        "--config", type=_path, metavar="FILE", help=f"default: {_CONFIG} in the posts' folder"
    )
    command.add_argument("--no-drafts", action="store_true", help="leave out posts with `draft`")
    command.add_argument("--strict", action="store_true", help="let warnings fail the command")
    command.set_defaults(run=run)
    return command


def _formats(text: str) -> tuple[str, ...]:
    wanted = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [word for word in wanted if word not in FORMATS]
    if unknown or not wanted:
        raise argparse.ArgumentTypeError(f"{text!r}: choose from {','.join(FORMATS)}")
    return tuple(name for name in FORMATS if name in wanted)


def _path(text: str) -> Path:
    if not text.strip():
        # Not the current folder: a script's variable was not set.
        raise argparse.ArgumentTypeError("the name is empty")
    return Path(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def _build(arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    out: Path = arguments.output
    plan, settings = _plan(arguments)
    check_output(arguments.posts, out, [book.slug for book in plan.books])
    with staging(out) as folder:
        building = build_library(plan, folder, arguments.format, arguments.jobs)
        results = list(_show_progress(building, plan))
        if not any(result.posts for result in results):
            _print_findings([found for result in results for found in result.diagnostics])
            _complain("no post could be built; what was there before is unchanged")
            return _ERRORS
        report = publish(plan, results, settings.title, folder, out)
    findings = [*plan.diagnostics, *(found for result in results for found in result.diagnostics)]
    _print_findings(findings)
    for result in results:
        for warning in result.warnings:
            _complain(f"{result.plan.title}: {warning}")
    _print_summary(report, findings, time.monotonic() - started)
    if report.leftovers:
        names = ", ".join(report.leftovers)
        _say(f"left from an earlier build: {names} (delete what you no longer need)")
    return _status(findings, strict=arguments.strict)


def _convert(arguments: argparse.Namespace) -> int:
    out: Path = arguments.output
    plan, _ = _plan(arguments)
    check_output(arguments.posts, out, [book.slug for book in plan.books])
    findings = list(plan.diagnostics)
    with staging(out) as folder:
        for task in plan_tasks(plan, folder):
            book, problems = parse_book(task)
            findings += problems
            count = write_project(book, task.folder)
            place = out / book.slug
            if place.exists():
                place.rename(folder / f"{book.slug}.old")
            task.folder.rename(place)
            _say(f"{place}: {count} files, {book.title}")
    _print_findings(findings)
    return _status(findings, strict=arguments.strict)


def _check(arguments: argparse.Namespace) -> int:
    plan, _ = _plan(arguments)
    findings = list(plan.diagnostics)
    for task in plan_tasks(plan, Path()):
        _, problems = parse_book(task)
        findings += problems
    try:
        findings = select_diagnostics(findings, select=arguments.select, ignore=arguments.ignore)
    except ValueError as error:
        raise _UsageError(str(error)) from error
    if arguments.output_format == "json":
        _say(render_json(findings).removesuffix("\n"))
    elif arguments.output_format == "sarif":
        _say(render_sarif(findings, __version__).removesuffix("\n"))
    else:
        _say(render_text(findings).removesuffix("\n"))
        _say(render_counts(findings).removesuffix("\n"))
        _say(f"{sum(len(book.posts) for book in plan.books)} posts: {_count(findings)}")
    return _status(findings, strict=arguments.strict)


def _serve(arguments: argparse.Namespace) -> int:
    if not (arguments.output / "index.html").is_file():
        raise _UsageError(f"{arguments.output}: no built library is there; run duizhao build first")
    for line in serve(arguments.output, arguments.host, arguments.port):
        _say(line)
    return _DONE


def _plan(arguments: argparse.Namespace) -> tuple[LibraryPlan, Settings]:
    """Read configuration and front matter; raises _UsageError if there is nothing to build."""
    posts: Path = arguments.posts
    if not posts.exists():
        raise _UsageError(f"{posts}: no such file or folder; name the folder of your posts")
    settings = _read_settings(arguments.config, posts if posts.is_dir() else posts.parent)
    if arguments.no_drafts:
        settings = replace(settings, drafts=False)
    plan = plan_library(posts, settings)
    if not plan.books:
        _print_findings(plan.diagnostics)
        if plan.skipped:
            raise _UsageError(f"{posts}: none of its posts can be published")
        raise _UsageError(f"{posts}: no posts in it; posts are files that end in .md")
    return plan, settings


def _read_settings(config: Path | None, folder: Path) -> Settings:
    file = config or folder / _CONFIG
    if config is None and not file.exists():
        return Settings()
    try:
        return parse_settings(file.read_text("utf-8"))
    except OSError as error:
        raise _UsageError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _UsageError(f"{file}: is not UTF-8; save it as UTF-8") from error
    except ConfigError as error:
        raise _UsageError(f"{file}: {error}") from error


def _show_progress(results: Iterable[BookResult], plan: LibraryPlan) -> Iterator[BookResult]:
    """Pass results on; draw a bar on a terminal, print a line a book elsewhere."""
    if sys.stderr.isatty():
        yield from _draw_bar(results, sum(len(book.posts) for book in plan.books))
        return
    for number, result in enumerate(results, 1):
        _say(f"[{number}/{len(plan.books)}] {result.plan.title}: {len(result.posts)} posts")
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


def _print_findings(findings: Sequence[Diagnostic]) -> None:
    """Print errors and warnings; what is only worth knowing is left to ``check``."""
    shown = [found for found in findings if found.severity is not Severity.INFO]
    _say(render_text(shown).removesuffix("\n"), error=True)


def _print_summary(report: Report, findings: Sequence[Diagnostic], seconds: float) -> None:
    books = f"{report.books} book" + ("s" if report.books > 1 else "")
    _say(
        f"{books}, {report.posts} posts, {report.originals} originals, "
        f"{report.glossary_entries} glossary entries; {_count(findings)}; "
        f"{report.files} files in {seconds:.1f} s"
    )


def _count(findings: Iterable[Diagnostic]) -> str:
    severities = [found.severity for found in findings]
    errors, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    return f"{errors} errors, {warnings} warnings"


def _status(findings: Sequence[Diagnostic], *, strict: bool) -> int:
    warned = any(found.severity is Severity.WARNING for found in findings)
    return _ERRORS if has_errors(findings) or (strict and warned) else _DONE
