"""Parts of a book set one after the other, each by a process of its own, and bound at the end."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from sphinx.errors import SphinxError

from converter.sphinx_ext.languages import interface_labels
from converter.sphinx_ext.pdf.binding import Heading, Part, Place
from converter.sphinx_ext.pdf.document import Chapter, unusual_letters
from converter.sphinx_ext.pdf.literals import array, call, literal
from converter.sphinx_ext.pdf.options import PdfOptions

__all__ = ["Press", "RefusedError", "SettingError", "Titles"]

_DESIGN: Final = "book.typ"
_END: Final = "#end"
"""The place behind the last line of a part."""

_CONTENTS: Final = "#contents"
_LONGEST_SETTING: Final = 900
"""Seconds; a part takes one or two."""


class SettingError(SphinxError):
    """Typst, or what binds the parts, failed on the book."""

    category = "PDF error"


class RefusedError(Exception):
    """Typst refuses chapters of a part: ``documents`` maps them to what it said.

    Without any, the part was not tried, since one before it was refused.
    """

    def __init__(self, documents: Mapping[str, str]) -> None:
        super().__init__(*documents.values())
        self.documents = documents


@dataclass(frozen=True, slots=True)
class Titles:
    """What a book says of itself; ``language`` is a tag, ``moment`` seconds of Unix."""

    title: str
    author: str
    language: str
    facts: Mapping[str, str]
    cover: Path | None
    moment: int
    identifier: str = ""


class Press:
    """Sets a book in a folder, which it fills with sources and parts."""

    def __init__(self, titles: Titles, options: PdfOptions, work: Path) -> None:
        self._titles = titles
        self._options = options
        self._work = work
        self._words = interface_labels(titles.language)
        self._parts: list[Part] = []
        self._next_page = 1
        self._is_stopped = False
        self.pages: dict[str, str] = {}
        self.missing: set[str] = set()
        self.families: tuple[str, ...] = ()
        self.unknown: tuple[str, ...] = ()
        self.broken: set[str] = set()
        for file in Path(__file__).with_name("design").glob("*.typ"):
            shutil.copyfile(file, work / file.name)

    def set_part(self, chapters: Sequence[Chapter]) -> None:
        """Set chapters as the next part. Raises RefusedError, after which nothing more is set."""
        if self._is_stopped:
            raise RefusedError({})
        name = f"part-{len(self._parts) + 1}"
        try:
            result = self._set(name, chapters)
        except SettingError as error:
            self._is_stopped = True
            refused = self._find_refused(chapters)
            if not refused:
                raise
            raise RefusedError(refused) from error
        part = self._part(name, result, "D", self._next_page)
        self._parts.append(part)
        for key, place in part.places.items():
            if key != _END:
                self.pages.setdefault(key, str(place.page + self._next_page - 1))
        self._next_page += part.places[_END].page

    def go_on(self) -> None:
        """Set parts again after one that was refused."""
        self._is_stopped = False

    def _find_refused(self, chapters: Iterable[Chapter]) -> dict[str, str]:
        refused = {}
        for chapter in chapters:
            try:
                self._set("trial", [chapter])
            except SettingError as error:
                refused[chapter.document] = str(error)
        return refused

    def finish(self, chapters: Sequence[Chapter], out: Path) -> None:
        """Set what stands before the chapters, whose pages are known now, and bind everything."""
        front = self._set_front(chapters)
        outline = [
            Heading(1, self._words["contents"], _CONTENTS),
            *(heading for chapter in chapters for heading in chapter.headings),
        ]
        draft = self._work / "book.pdf"
        task = {
            "parts": [_as_task(part) for part in (front, *self._parts)],
            "outline": [asdict(heading) for heading in outline],
            "out": str(draft),
            "names": {
                "page": self._words["page"],
                "language": self._titles.language,
                "identifier": self._titles.identifier,
            },
        }
        _run("binding", task)
        draft.replace(out)

    def _set_front(self, chapters: Sequence[Chapter]) -> Part:
        entries = [
            array([str(chapter.level), literal(chapter.title), literal(chapter.headings[0].key)])
            for chapter in chapters
        ]
        lines = [call("title-page"), call("imprint-page"), call("contents", array(entries))]
        if cover := self._titles.cover:
            name = f"cover{cover.suffix}"
            shutil.copyfile(cover, self._work / name)
            lines.insert(0, call("cover", literal(name)))
        source = "\n".join(lines)
        said = "".join(
            (source, self._titles.title, self._titles.author, *self._titles.facts.values())
        )
        keys = frozenset(chapter.headings[0].key for chapter in chapters)
        front = Chapter("", 1, "", source, (), keys, unusual_letters(said))
        return self._part("front", self._set("front", [front], numbering="i", start=1), "r", 1)

    def _part(self, name: str, result: Mapping[str, Any], style: str, first: int) -> Part:
        places: dict[str, Place] = {}
        for key, page, x, y in result["places"]:
            places.setdefault(key, Place(page, x, y))
        return Part(self._work / f"{name}.pdf", places, style, first)

    def _set(
        self, name: str, chapters: Sequence[Chapter], *, numbering: str = "1", start: int = 0
    ) -> dict[str, Any]:
        """Run the compositor over chapters. Raises SettingError."""
        lines = [f'#import "{_DESIGN}": *', "#show: part", "#{"]
        lines += [chapter.source for chapter in chapters]
        (self._work / f"{name}.typ").write_text("\n".join((*lines, "}")) + "\n", "utf-8")
        # What a running head says stands in no source.
        letters = set(unusual_letters(self._titles.title)).union(*(c.letters for c in chapters))
        task = {
            "folder": str(self._work),
            "name": name,
            "language": self._titles.language,
            "wanted_fonts": list(self._options.fonts),
            "unusual": "".join(sorted(letters)),
            "pictures": sorted(frozenset[str]().union(*(c.pictures for c in chapters))),
            "standard": self._options.standard.replace("none", ""),
            "timestamp": self._titles.moment,
            "settings": self._settings(chapters, numbering, start or self._next_page),
        }
        result = _run("compositor", task)
        self.missing.update(result["missing"])
        self.families = tuple(result["families"])
        self.unknown = tuple(result["unknown"])
        self.broken.update(result["broken"])
        return result

    def _settings(self, chapters: Iterable[Chapter], numbering: str, start: int) -> dict[str, Any]:
        wanted = frozenset[str]().union(*(chapter.pages for chapter in chapters))
        language, *subtags = self._titles.language.split("-")
        return {
            "title": self._titles.title,
            "author": self._titles.author,
            "facts": dict(self._titles.facts),
            "lang": language,
            "region": next((part for part in subtags if len(part) == 2), None),
            "page": self._options.page,
            "numbering": numbering,
            "start": start,
            "words": dict(self._words),
            "pages": {key: self.pages[key] for key in sorted(wanted) if key in self.pages},
        }


def _as_task(part: Part) -> dict[str, Any]:
    places = {key: (place.page, place.x, place.y) for key, place in part.places.items()}
    return {**asdict(part), "path": str(part.path), "places": places}


def _run(module: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """Run a module of this package over a task.

    Raises SettingError with what went wrong, OSError if that was the disk.
    """
    # -P: a module that lies in the current folder, which may be that of the posts, is not ours.
    command = [sys.executable, "-P", "-m", f"converter.sphinx_ext.pdf.{module}"]
    given = json.dumps(task).encode()
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, check=False, timeout=_LONGEST_SETTING
        )
    except subprocess.TimeoutExpired as error:
        raise SettingError(f"took longer than {_LONGEST_SETTING} seconds") from error
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise SettingError(lines[-1] if lines else f"{module} ended with {done.returncode}")
    result: dict[str, Any] = json.loads(done.stdout)
    if result.get("errno"):
        raise OSError(result["errno"], result["error"])
    if "error" in result:
        raise SettingError(result["error"])
    return result
