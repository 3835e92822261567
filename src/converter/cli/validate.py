"""``duizhao check BOOK.epub``: what epubcheck says of a finished EPUB."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict

from ..diagnostics import printable
from ..validation import EpubMessage, ValidatorError, validate_epub
from .arguments import DONE, ERRORS, UsageError
from .terminal import say

__all__ = ["check_epub"]


def check_epub(arguments: argparse.Namespace) -> int:
    """Print the messages and return the exit status.

    Raises UsageError for what only posts can be asked for, and where a tool is missing.
    """
    file = arguments.posts
    if arguments.fix or arguments.diff or arguments.output_format == "sarif":
        raise UsageError(f"{file}: an EPUB is only reported on, as text or json; mend the posts")
    for name in ("select", "ignore", "config", "no_drafts"):
        if getattr(arguments, name):
            option = f"--{name.replace('_', '-')}"
            allowed = "--output-format text or json, and --strict"
            raise UsageError(f"{file}: {option} is for posts; with an EPUB go {allowed}")
    if not file.is_file():
        raise UsageError(f"{file}: no such EPUB")
    try:
        messages = validate_epub(file)
    except ValidatorError as error:
        raise UsageError(f"{file}: {error}") from error
    counts = Counter(message.severity for message in messages)
    if arguments.output_format == "json":
        say(json.dumps([asdict(message) for message in messages], ensure_ascii=False, indent=1))
    else:
        for message in messages:
            say(_line(str(file), message))
        say(f"{file}: {counts['error']} errors, {counts['warning']} warnings by epubcheck")
    failed = counts["error"] or (arguments.strict and counts["warning"])
    return ERRORS if failed else DONE


def _line(file: str, message: EpubMessage) -> str:
    place = ":".join(str(part) for part in (message.path, message.line, message.column) if part)
    where = f"{file}: {place}" if place else file
    return printable(f"{where}: {message.severity}[{message.code}]: {message.text}")
