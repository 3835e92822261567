"""A process that makes the parts of a book one PDF: pages, links, outline, labels, tags.

It reads its task as JSON from standard input. A PDF being bound lies in memory as a whole, and the
process that started this one has a book of doctrees in its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, NumberTree, ObjectStreamMode, OutlineItem, Pdf, String

from converter.sphinx_ext.pdf.child import serve
from converter.sphinx_ext.pdf.writer import LINK_SCHEME

__all__ = ["Heading", "Part", "Place", "bind"]

_LEVELS: Final = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a part: the page, counted from 1, and points from its corner."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has been set; ``style`` is that of its page labels: ``D``, ``r``."""

    path: Path
    places: Mapping[str, Place]
    style: str
    first_number: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the outline."""

    level: int
    title: str
    key: str


@dataclass(frozen=True, slots=True)
class _Target:
    page: int
    x: float
    y: float


def bind(
    parts: Sequence[Part], outline: Sequence[Heading], out: Path, names: Mapping[str, str]
) -> int:
    """Write the parts as one PDF and return its number of pages.

    ``names`` has the ``language`` of the book and its ``identifier``, which may be empty, and as
    ``page`` what a link to a page is called, with ``{}`` for the page's label. Links whose place
    is nowhere in the book are left without a target.
    """
    # The first part is what the others join: it says the document's metadata and standards.
    with Pdf.open(parts[0].path) as book:
        targets: dict[str, _Target] = {}
        labels: list[str] = []
        counts: list[int] = []
        trees: list[Any] = []
        next_key = 0
        for number, part in enumerate(parts):
            offset = len(book.pages) if number else 0
            tree = _take_in(book, part) if number else book.Root.StructTreeRoot
            for key, place in part.places.items():
                targets.setdefault(key, _Target(offset + place.page - 1, place.x, place.y))
            count = len(book.pages) - offset
            labels += _labels(part, count)
            counts.append(count)
            next_key = _renumber(book, offset, tree, next_key)
            trees.append(tree)
        _join_trees(book, trees, next_key)
        _link(book, targets, labels, names["page"])
        _set_outline(book, outline, targets)
        _set_labels(book, parts, counts)
        book.Root.Lang = String(names["language"])
        if names["identifier"]:
            with book.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
                said["dc:identifier"] = names["identifier"]
        count = len(book.pages)
        book.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
        return count


def _take_in(book: Pdf, part: Part) -> Any:
    """Append a part's pages and return its tags."""
    with Pdf.open(part.path) as source:
        book.pages.extend(source.pages)
        return book.copy_foreign(source.Root.StructTreeRoot)


def _renumber(book: Pdf, offset: int, tree: Any, base: int) -> int:
    """Move a part's keys into its tags behind those of the parts before; return the next key."""
    for page in list(book.pages)[offset:]:
        if "/StructParents" in page:
            page.StructParents = int(page.StructParents) + base
        for annotation in page.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent = int(annotation.StructParent) + base
    top = base
    moved = []
    for key, value in NumberTree(tree.ParentTree).items():
        moved += [base + key, value]
        top = max(top, base + key + 1)
    tree.ParentTree = Dictionary(Nums=Array(moved))
    return top


def _join_trees(book: Pdf, trees: Sequence[Any], next_key: int) -> None:
    """Make the tags of all parts one tree: a document, and the parts in it."""
    root = book.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = book.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    kids, nums, roles = [], [], Dictionary()
    for tree in trees:
        for top in tree.K:
            top.P = document
            top.S = Name.Part
            kids.append(top)
        nums += list(tree.ParentTree.Nums)
        if "/RoleMap" in tree:
            for name, role in tree.RoleMap.items():
                roles[name] = role
    document.K = Array(kids)
    root.K = Array([document])
    root.ParentTree = book.make_indirect(Dictionary(Nums=Array(nums)))
    root.ParentTreeNextKey = next_key
    if len(roles):
        root.RoleMap = roles
    book.Root.StructTreeRoot = root


def _destination(book: Pdf, pages: Sequence[Any], target: _Target) -> Array:
    page = pages[target.page]
    top = float(page.MediaBox[3])
    # A little above, so that the line is seen whole.
    return Array([page, Name.XYZ, 0, round(min(top, top - target.y + 14), 2), 0])


def _link(book: Pdf, targets: Mapping[str, _Target], labels: Sequence[str], page_word: str) -> None:
    pages = [page.obj for page in book.pages]
    for page in pages:
        for annotation in page.get("/Annots", ()):
            action = annotation.get("/A")
            address = "" if action is None else str(action.get("/URI", ""))
            if not address.startswith(LINK_SCHEME):
                continue
            del annotation["/A"]
            target = targets.get(address.removeprefix(LINK_SCHEME))
            if target is None:
                # A link must lead somewhere; what it led to is in no part.
                annotation.Dest = Array([page, Name.Fit])
                continue
            annotation.Dest = _destination(book, pages, target)
            annotation.Contents = String(page_word.format(labels[target.page]))


def _set_outline(book: Pdf, outline: Iterable[Heading], targets: Mapping[str, _Target]) -> None:
    pages = [page.obj for page in book.pages]
    with book.open_outline() as opened:
        above: list[OutlineItem] = []
        for heading in outline:
            target = targets.get(heading.key)
            if target is None:
                continue
            item = OutlineItem(heading.title, destination=_destination(book, pages, target))
            item.is_closed = True
            del above[max(0, min(heading.level, _LEVELS) - 1) :]
            (above[-1].children if above else opened.root).append(item)
            above.append(item)


def _labels(part: Part, count: int) -> list[str]:
    numbers = range(part.first_number, part.first_number + count)
    return [_roman(number) if part.style == "r" else str(number) for number in numbers]


def _roman(number: int) -> str:
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    signs = "m cm d cd c xc l xl x ix v iv i".split()
    written = ""
    for value, sign in zip(values, signs, strict=True):
        written += sign * (number // value)
        number %= value
    return written


def _set_labels(book: Pdf, parts: Sequence[Part], counts: Sequence[int]) -> None:
    nums: list[Any] = []
    page = 0
    for part, count in zip(parts, counts, strict=True):
        nums += [page, Dictionary(S=Name(f"/{part.style}"), St=part.first_number)]
        page += count
    book.Root.PageLabels = Dictionary(Nums=Array(nums))


def _work(task: dict[str, Any]) -> dict[str, Any]:
    parts = [
        Part(
            Path(part["path"]),
            {key: Place(*place) for key, place in part["places"].items()},
            part["style"],
            part["first_number"],
        )
        for part in task["parts"]
    ]
    outline = [Heading(**heading) for heading in task["outline"]]
    return {"pages": bind(parts, outline, Path(task["out"]), task["names"])}


if __name__ == "__main__":
    serve(_work)
