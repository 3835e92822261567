"""What the arguments of a command mean: paths, formats, names, and the plan that they ask for."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from ..book import CONFIG
from ..config import ConfigError, Settings, parse_settings
from ..diagnostics import Diagnostic, Severity, has_errors
from ..edition import FORMATS
from ..library import RULES, LibraryPlan, plan_library, read_rules
from ..rules import GlossaryRules, RulesError
from .terminal import print_findings

__all__ = [
    "CONFIG",
    "DONE",
    "ERRORS",
    "INTERRUPTED",
    "USAGE",
    "UsageError",
    "exit_status",
    "make_plan",
    "parse_formats",
    "parse_names",
    "parse_path",
    "parse_positive",
]

DONE: Final = 0
ERRORS: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130


class UsageError(Exception):
    """The command cannot start; the message is one line."""


def parse_formats(text: str) -> tuple[str, ...]:
    """Return the formats that a list with commas names, in the order of ``FORMATS``."""
    wanted = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [word for word in wanted if word not in FORMATS]
    if unknown or not wanted:
        raise argparse.ArgumentTypeError(f"{text!r}: choose from {','.join(FORMATS)}")
    return tuple(name for name in FORMATS if name in wanted)


def parse_path(text: str) -> Path:
    """Return a path, which may not be empty."""
    if not text.strip():
        # Not the current folder: a script's variable was not set.
        raise argparse.ArgumentTypeError("the name is empty")
    return Path(text)


def parse_names(text: str) -> tuple[str, ...]:
    """Return the names in a list with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def parse_positive(text: str) -> int:
    """Return a number above 0."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


def make_plan(arguments: argparse.Namespace) -> LibraryPlan:
    """Read configuration and front matter; raises UsageError if there is nothing to build."""
    posts: Path = arguments.posts
    if not posts.exists():
        raise UsageError(f"{posts}: no such file or folder; name the folder of your posts")
    settings = _read_settings(arguments.config, posts if posts.is_dir() else posts.parent)
    if arguments.no_drafts:
        settings = replace(settings, drafts=False)
    plan = plan_library(posts, settings, _read_rules(posts))
    if not plan.books:
        print_findings(plan.diagnostics)
        if plan.skipped:
            raise UsageError(f"{posts}: none of its posts can be published")
        raise UsageError(f"{posts}: no posts in it; posts are files that end in .md")
    return plan


def _read_settings(config: Path | None, folder: Path) -> Settings:
    file = config or folder / CONFIG
    if config is None and not file.exists():
        return Settings()
    with _explained(file):
        return parse_settings(file.read_text("utf-8-sig"))


def _read_rules(posts: Path) -> GlossaryRules:
    with _explained((posts if posts.is_dir() else posts.parent) / RULES):
        return read_rules(posts)


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Turn what is wrong with a configuration file into one line for its author."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is not UTF-8; save it as UTF-8") from error
    except (ConfigError, RulesError) as error:
        raise UsageError(f"{file}: {error}") from error


def exit_status(findings: Sequence[Diagnostic], *, strict: bool) -> int:
    """Return the status that findings give a command."""
    warned = any(found.severity is Severity.WARNING for found in findings)
    return ERRORS if has_errors(findings) or (strict and warned) else DONE
