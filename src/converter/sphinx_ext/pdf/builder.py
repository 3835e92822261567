"""The builder ``typstpdf``: a project's documents to Typst, set in parts, bound as one PDF."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.util import logging
from sphinx.util.osutil import make_filename_from_project

from converter.sphinx_ext.languages import language_tag
from converter.sphinx_ext.pdf.document import Chapter, plain_chapter, write_chapter
from converter.sphinx_ext.pdf.literals import speakable
from converter.sphinx_ext.pdf.options import read_options
from converter.sphinx_ext.pdf.press import Press, RefusedError, SettingError, Titles
from converter.sphinx_ext.pdf.writer import Services, classes_of

if TYPE_CHECKING:
    from sphinx.config import Config

__all__ = ["PAGES", "TypstPdfBuilder"]

PAGES: Final = "pages.json"
"""The file beside the PDF that tells the page of each place, and with which faces it is set."""

_LARGEST_PART: Final = 1_000_000
"""Characters of source that one process sets: about four hundred pages, 400 MB."""

_WEB_ONLY: Final = frozenset({"cp-counts", "cp-contents"})
_IMAGES: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
    "image/gif": ".gif",
}
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SELDOM: Final = (100_000, 5, 1_000_000)
_EPOCH: Final = 946_684_800
"""The year 2000: the date of a book of which no other is known."""

_LATEST: Final = 253_402_300_799
"""The last second of the year 9999, beyond which there are no dates."""

logger = logging.getLogger(__name__)


class TypstPdfBuilder(Builder):
    """Builds one PDF of all documents in the order of the contents."""

    name = "typstpdf"
    format = "typst"
    epilog = "The PDF is in %(outdir)s."
    allow_parallel = False
    supported_image_types: ClassVar[list[str]] = list(_IMAGES)
    # Nothing is fetched: of an image elsewhere the PDF has the words and the address.
    supported_remote_images = True

    def init(self) -> None:
        """Read the options. Raises ConfigError."""
        self.options = read_options(self.config)
        self.pictures: dict[str, str] = {}
        # Doctrees are full of cycles. To look for garbage among all that lives costs a third of
        # the time, not to look at all twice the memory; to look among what is new is best.
        if gc.get_threshold() != _SELDOM:
            gc.set_threshold(*_SELDOM)
            # With the build the process ends too: it need not look through everything once more.
            self.events.connect("build-finished", lambda *_: gc.freeze(), priority=900)

    def get_outdated_docs(self) -> str:
        """Return that everything is to be written: it is one file."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return a document's name, which links inside the book carry."""
        return docname

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the same, from wherever it is seen."""
        return self.get_target_uri(to, typ)

    def write_documents(self, docnames: Set[str]) -> None:
        """Write the book. Raises SettingError."""
        shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir(parents=True)
        try:
            self._write_book(Press(self._titles(), self.options, self._work))
        finally:
            shutil.rmtree(self._work, ignore_errors=True)

    @property
    def _work(self) -> Path:
        return Path(self.outdir, ".typst")

    def _titles(self) -> Titles:
        config = self.config
        cover = Path(self.confdir, str(config.duizhao_pdf_cover))
        facts = {name: self._speakable(each) for name, each in config.duizhao_facts.items() if each}
        # For a theme that writes it as it is, the author of a book's conf.py is HTML.
        author = facts.pop("author", self._speakable(config.author))
        return Titles(
            title=self._speakable(config.project),
            author=author,
            language=language_tag(config.language or "en"),
            facts=facts,
            cover=cover if cover.is_file() else None,
            identifier=str(config.duizhao_identifier),
            moment=_moment(config),
        )

    @property
    def _is_archive(self) -> bool:
        """Whether it is a PDF/A, which has no place for letters without a meaning of their own."""
        return self.options.standard.startswith("a-")

    def _speakable(self, text: object) -> str:
        """Return a text without what the PDF may not hold by the standard that is wanted."""
        shown = speakable(str(text))
        return _PRIVATE.sub("□", shown) if self._is_archive else shown

    def _write_book(self, press: Press) -> None:
        chapters: list[Chapter] = []
        # One part is set while the next is written.
        with ThreadPoolExecutor(1) as executor:
            jobs = [(part, executor.submit(press.set_part, part)) for part in self._parts()]
        for part, job in jobs:
            try:
                job.result()
            except RefusedError as error:
                self._set_again(press, part, error)
            chapters += (replace(chapter, source="") for chapter in part)
        if not chapters:
            raise SettingError("the project has no document with text; nothing to set")
        own = make_filename_from_project(self.config.project) + ".pdf"
        name = Path(str(self.config.duizhao_pdf_name) or own).name
        press.finish(chapters, Path(self.outdir, name))
        self._report(press)

    def _report(self, press: Press) -> None:
        logger.info("set in %s", ", ".join(press.families) or "the faces that come with Typst")
        found = {
            "pages": press.pages,
            "missing": "".join(sorted(press.missing)),
            "families": press.families,
        }
        text = json.dumps(found, ensure_ascii=False, sort_keys=True, indent=0)
        Path(self.outdir, PAGES).write_text(text, "utf-8", newline="\n")
        for uri, name in self.pictures.items():
            if name in press.broken:
                message = "the image %s cannot be read; the PDF has its words in its place"
                logger.warning(message, uri, type="typst", subtype="image")
        for name in press.unknown:
            message = "the font %r is not installed; the PDF is set without it"
            logger.warning(message, name, type="typst", subtype="font")
        if press.missing:
            letters = " ".join(f"{each} U+{ord(each):04X}" for each in sorted(press.missing)[:20])
            message = "no font here has a glyph for %s; each is shown as a box with its number"
            logger.warning(message, letters, type="typst", subtype="glyph")

    def _parts(self) -> Iterator[tuple[Chapter, ...]]:
        """Yield the chapters in parts; each begins with one that stands in the first level."""
        waiting: list[Chapter] = []
        size = 0
        for document, level in self._order():
            chapter = self._chapter(document, level)
            if chapter is None:
                continue
            if waiting and level == 1 and _begins_part(waiting[-1], chapter, size):
                yield tuple(waiting)
                waiting, size = [], 0
            waiting.append(chapter)
            size += len(chapter.source)
        if waiting:
            yield tuple(waiting)

    def _order(self) -> Iterator[tuple[str, int]]:
        """Yield the documents in reading order with the level of their titles."""
        seen: set[str] = set()

        def walk(document: str, level: int) -> Iterator[tuple[str, int]]:
            if document not in seen:
                seen.add(document)
                yield document, max(1, level)
                for below in self.env.toctree_includes.get(document, ()):
                    yield from walk(below, level + 1)

        yield from walk(str(self.config.root_doc), 0)

    def _chapter(self, document: str, level: int) -> Chapter | None:
        doctree = self._doctree(document)
        if document == self.config.root_doc and not _has_text(doctree):
            return None
        services = Services(self._warn, self._picture, self.options.originals)
        return write_chapter(doctree, document, level, services)

    def _doctree(self, document: str) -> nodes.document:
        doctree = self.env.get_doctree(document)
        for node in list(doctree.findall(nodes.Element)):
            is_web_only = _WEB_ONLY.intersection(classes_of(node))
            if node.parent is not None and (isinstance(node, addnodes.toctree) or is_web_only):
                node.parent.remove(node)
        self.env.resolve_references(doctree, document, self)
        if self._is_archive:
            for text in filter(_PRIVATE.search, list(doctree.findall(nodes.Text))):
                text.parent.replace(text, nodes.Text(_PRIVATE.sub("□", text)))
        return doctree

    def _set_again(self, press: Press, part: Sequence[Chapter], error: RefusedError) -> None:
        """Set a part whose chapters show their bare text where Typst refuses them."""
        for only_usual in (False, True):
            part = [self._sound(chapter, error, only_usual) for chapter in part]
            press.go_on()
            try:
                press.set_part(part)
            except RefusedError as again:
                error = again
            else:
                return
        raise SettingError("; ".join(error.documents.values()))

    def _sound(self, chapter: Chapter, error: RefusedError, only_usual: bool) -> Chapter:
        if chapter.document not in error.documents:
            return chapter
        message = "the PDF shows this document without its form: Typst said %s"
        said = error.documents[chapter.document]
        logger.warning(message, said, location=chapter.document, type="typst", subtype="refused")
        doctree = self._doctree(chapter.document)
        return plain_chapter(doctree, chapter, only_usual=only_usual)

    def _warn(self, node: nodes.Node, message: str) -> None:
        logger.warning(message, location=node, type="typst", subtype="node", once=True)

    def _picture(self, node: nodes.Element) -> str:
        """Copy an image among the sources once and return its name; nothing if it cannot be."""
        uri = str(node.get("uri") or "")
        path = Path(self.srcdir, uri)
        suffix = path.suffix.lower().replace(".jpeg", ".jpg")
        if uri not in self.env.images or suffix not in _IMAGES.values() or not path.is_file():
            return ""
        if uri not in self.pictures:
            name = f"image-{len(self.pictures)}{suffix}"
            shutil.copyfile(path, self._work / name)
            self.pictures[uri] = name
        return self.pictures[uri]


def _moment(config: Config) -> int:
    """Return the time that the PDF says it was made at, in seconds of Unix; never the clock's."""
    given = str(config.duizhao_moment or os.environ.get("SOURCE_DATE_EPOCH", ""))
    return min(int(given), _LATEST) if given.isascii() and given.isdigit() else _EPOCH


def _begins_part(before: Chapter, chapter: Chapter, size: int) -> bool:
    """Tell whether a chapter is the first of a part: ``size`` is that of the one before so far.

    A glossary or an index is, since the pages that it prints must be known when it is set.
    """
    prints_pages = bool(chapter.pages) and not before.pages
    return prints_pages or size + len(chapter.source) > _LARGEST_PART


def _has_text(doctree: nodes.document) -> bool:
    """Tell whether a document shows anything beside its title."""
    return any(
        not isinstance(node.parent, nodes.title | nodes.comment)
        for node in doctree.findall(nodes.Text)
        if node.strip()
    )
