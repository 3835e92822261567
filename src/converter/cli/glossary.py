"""``duizhao glossary``: the terms of the books, for spreadsheets, programs and readers."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

from ..build import plan_tasks
from ..diagnostics import Diagnostic
from ..edition import parse_book
from ..library import LibraryPlan, find_unused_rules, gather_findings
from ..markdown import escape_myst, plain_text, render_myst_inline
from ..model import Book, GlossaryEntry, Mention, SeeReference
from .arguments import UsageError, exit_status, make_plan
from .terminal import print_findings, say

__all__ = ["GLOSSARY_FORMATS", "print_glossary", "render_csv", "render_json", "render_markdown"]

GLOSSARY_FORMATS: Final = ("csv", "json", "md")

_COLUMNS: Final = ("book", "headword", "originals", "aliases", "definitions", "posts")
_FORMULA: Final = tuple("=+-@\t\r")


def print_glossary(arguments: argparse.Namespace) -> int:
    """Print the glossaries of a library's books, or write them into a file."""
    plan = make_plan(arguments)
    file: Path | None = arguments.output
    if file:
        _check_file(file, arguments.posts)
    selected = _select(plan, arguments.book)
    found: list[tuple[Diagnostic, ...]] = []
    applied: set[str] = set()
    render = {"csv": render_csv, "json": render_json, "md": render_markdown}
    texts = render[arguments.output_format](_parse(selected, found, applied))
    if file:
        _write_file(file, texts)
    else:
        _print(texts)
    findings = [*selected.diagnostics, *gather_findings(found)]
    if selected is plan:
        # In some of the books only, a rule may well match nothing.
        findings += find_unused_rules(plan.rules, applied)
    print_findings(findings)
    return exit_status(findings, strict=arguments.strict)


def _select(plan: LibraryPlan, slug: str) -> LibraryPlan:
    if not slug:
        return plan
    books = tuple(book for book in plan.books if book.slug == slug)
    if not books:
        known = ", ".join(book.slug for book in plan.books)
        raise UsageError(f"no book {slug!r}; there are: {known}")
    paths = {post.path for book in books for post in book.posts}
    found = tuple(found for found in plan.diagnostics if found.path in paths)
    return replace(plan, books=books, diagnostics=found)


def _parse(
    plan: LibraryPlan, found: list[tuple[Diagnostic, ...]], applied: set[str]
) -> Iterator[Book]:
    """Yield the books in the library's order, one at a time; note what was found in them."""
    tasks = {task.plan.slug: task for task in plan_tasks(plan, Path())}
    for planned in plan.books:
        book, problems = parse_book(tasks[planned.slug])
        found.append(problems)
        applied |= book.applied_rules
        yield book


# ---------------------------------------------------------------------------------------------
# Where it goes


def _check_file(file: Path, posts: Path) -> None:
    target, root = file.resolve(), posts.resolve()
    if target.is_relative_to(root):
        raise UsageError(f"{file}: lies inside the posts; choose a place outside {root}")
    if file.is_dir():
        raise UsageError(f"{file}: is a folder; name a file")


def _write_file(file: Path, texts: Iterable[str]) -> None:
    """Write a file under another name first, so that a failure leaves what was there."""
    draft = file.with_name(f".{file.name}.duizhao")
    try:
        with draft.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(texts)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _print(texts: Iterable[str]) -> None:
    """Print data: in UTF-8 whatever the locale is, until nobody reads them any more."""
    if sys.stdout.isatty():
        for text in texts:
            say(text.replace("\r\n", "\n").removesuffix("\n"))
        return
    try:
        for text in texts:
            sys.stdout.buffer.write(text.encode("utf-8", "replace"))
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Else Python would complain at its end that it cannot write what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# ---------------------------------------------------------------------------------------------
# What it looks like: the texts of the books, one after the other, are the whole


def render_csv(books: Iterable[Book]) -> Iterator[str]:
    """Yield a table as in RFC 4180: a row an entry, several values of a cell on lines of it.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    yield _rows([_COLUMNS])
    for book in books:
        paths = {chapter.slug: chapter.path for chapter in book.chapters}
        yield _rows(
            (
                book.slug,
                entry.headword,
                "\n".join(entry.originals),
                "\n".join(entry.aliases),
                "\n".join(_definitions(entry)),
                "\n".join(dict.fromkeys(paths[place.chapter] for place in _places(entry))),
            )
            for entry in book.glossary.entries
        )


def _rows(rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows(
        [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows
    )
    return stream.getvalue()


def render_json(books: Iterable[Book]) -> Iterator[str]:
    """Yield one document: ``{"version": 1, "books": […]}``, a book with its entries a line."""
    yield '{"version": 1, "books": ['
    for number, book in enumerate(books):
        text = json.dumps(_book_object(book), ensure_ascii=False)
        yield f"{',' if number else ''}\n{text}"
    yield "\n]}\n"


def _book_object(book: Book) -> dict[str, object]:
    return {
        "slug": book.slug,
        "title": book.title,
        "posts": {
            chapter.slug: {"source": chapter.path, "title": chapter.front_matter.title}
            for chapter in book.chapters
        },
        "entries": [
            {
                "id": entry.id,
                "headword": entry.headword,
                "letter": entry.letter,
                "originals": entry.originals,
                "aliases": entry.aliases,
                "definitions": [
                    {"text": plain_text(definition.text), **_place_object(definition.mention)}
                    for definition in entry.definitions
                ],
                "mentions": [_place_object(mention) for mention in entry.mentions],
            }
            for entry in book.glossary.entries
        ],
    }


def _place_object(mention: Mention) -> dict[str, str]:
    return {"post": mention.chapter, "anchor": mention.anchor}


def render_markdown(books: Iterable[Book]) -> Iterator[str]:
    """Yield the glossaries for reading: a heading a book, one a letter, a list of the entries."""
    for number, book in enumerate(books):
        titles = {chapter.slug: chapter.front_matter.title for chapter in book.chapters}
        parts = [f"# {escape_myst(book.title)} · 术语表"]
        for letter, lines in groupby(book.glossary.lines, key=lambda line: line.letter):
            parts.append(f"## {escape_myst(letter)}")
            parts.append("\n".join(_render_line(line, titles) for line in lines))
        yield ("\n" if number else "") + "\n\n".join(parts) + "\n"


def _render_line(line: GlossaryEntry | SeeReference, titles: dict[str, str]) -> str:
    if isinstance(line, SeeReference):
        return f"- {escape_myst(line.alias)}：见 {escape_myst(line.headword)}"
    also = "、".join(map(escape_myst, line.aliases))
    forms = (*map(escape_myst, line.originals), *([f"又作 {also}"] if also else []))
    term = f"- **{escape_myst(line.headword)}**" + (f"（{'；'.join(forms)}）" if forms else "")
    said = (
        f"  - {render_myst_inline(definition.text)}"
        f"（《{escape_myst(titles[definition.mention.chapter])}》）"
        for definition in line.definitions
        if definition.text
    )
    return "\n".join((term, *said))


def _definitions(entry: GlossaryEntry) -> list[str]:
    return [plain_text(definition.text) for definition in entry.definitions if definition.text]


def _places(entry: GlossaryEntry) -> Iterator[Mention]:
    yield from entry.mentions
    yield from (definition.mention for definition in entry.definitions)
