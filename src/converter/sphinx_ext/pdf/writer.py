"""Doctrees as Typst source: which function writes which node, and what all of them need.

A document is written as calls of the functions of ``book.typ``. Modules beside this one hold the
functions, each registered for its kinds of nodes; a kind that none knows keeps its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote

from docutils import nodes

from converter.sphinx_ext.pdf.literals import call, literal, sequence

__all__ = [
    "LINK_SCHEME",
    "Registry",
    "Services",
    "Writer",
    "anchor_key",
    "classes_of",
    "ids_of",
]

LINK_SCHEME: Final = "duizhao:"
"""What the address of a link inside the book begins with, until the book is bound."""

_DEEPEST: Final = 16
"""How many blocks or emphases may stand in one another; Typst's own limit is not far beyond."""

_Render = Callable[["Writer", Any], str]


class Registry:
    """The functions that write nodes, by the nodes' classes."""

    def __init__(self) -> None:
        self._functions: dict[type[nodes.Node], _Render] = {}

    def writes(self, *kinds: type[nodes.Node]) -> Callable[[_Render], _Render]:
        """Register a function for kinds of nodes."""

        def register(function: _Render) -> _Render:
            self._functions |= dict.fromkeys(kinds, function)
            return function

        return register

    def include(self, other: Registry) -> None:
        """Take over the functions of another registry."""
        self._functions |= other._functions

    def find(self, node: nodes.Node) -> _Render | None:
        """Return the function for a node: that of its class, or of the nearest class above it."""
        for kind in type(node).__mro__:
            if kind in self._functions:
                return self._functions[kind]
        return None


def anchor_key(document: str, identity: str = "") -> str:
    """Return the name of a place in the book, of which a link to it is made."""
    return quote(f"{document}#{identity}", safe="#/")


def classes_of(node: nodes.Element) -> list[str]:
    """Return a node's classes, those for the container of a dropdown among them."""
    return [*node.get("classes", ()), *(node.get("container_classes") or ())]


def ids_of(node: nodes.Element) -> list[str]:
    """Return the ids that links may lead to."""
    identities: list[str] = node.get("ids", [])
    return identities


@dataclass(frozen=True, slots=True)
class Services:
    """What a builder does for its writers, and how it wants originals.

    ``warn`` takes a node and a text; ``picture`` gives the name of an image's file among the
    sources of the book, or nothing.
    """

    warn: Callable[[nodes.Node, str], None]
    picture: Callable[[nodes.Element], str]
    originals: str = "beneath"


@dataclass(slots=True)
class Writer:
    """Writes one document. ``level`` is that of its title.

    ``pages`` gathers the places whose page numbers are printed, ``pictures`` the images shown.
    """

    document: str
    level: int
    registry: Registry
    services: Services
    sections: int = 0
    depth: int = 0
    footnotes: dict[str, nodes.Element] = field(default_factory=dict)
    footnotes_used: set[str] = field(default_factory=set)
    original_after: dict[nodes.Node, nodes.Element] = field(default_factory=dict)
    translated: set[str] = field(default_factory=set)
    noted: set[nodes.Node] = field(default_factory=set)
    end_notes: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)

    def key(self, identity: str) -> str:
        """Return the name of a place in this document."""
        return anchor_key(self.document, identity)

    def anchors(self, identities: Iterable[str]) -> str:
        """Return marks of places that links lead to."""
        return "\n".join(call("anchor", literal(self.key(each))) for each in identities)

    def anchored(self, node: nodes.Element, written: str) -> str:
        """Return what was written of a node, with the places that its ids are."""
        return "\n".join(filter(None, (self.anchors(ids_of(node)), written)))

    def parted(
        self, node: nodes.Element, kind: type[nodes.Node], otherwise: str = '""'
    ) -> tuple[str, list[nodes.Node]]:
        """Return the text of a node's first child of a kind, and its children of other kinds."""
        first = next((child for child in node.children if isinstance(child, kind)), None)
        rest = [child for child in node.children if not isinstance(child, kind)]
        return otherwise if first is None else self.inline(first.children), rest

    def blocks(self, children: Iterable[nodes.Node]) -> str:
        """Return blocks one after the other; text that stands among them becomes paragraphs."""
        written: list[str] = []
        for loose, group in groupby(children, _is_loose):
            if loose:
                text = self.inline(group)
                written.append(call("para", text) if text != "none" else "")
            elif self.services.originals == "facing":
                written += self._facing(list(group))
            else:
                written += map(self.write, group)
        return "\n".join(filter(None, written))

    def _facing(self, blocks: Sequence[nodes.Node]) -> Iterator[str]:
        """Yield blocks; translations and the originals that follow them as pairs."""
        waiting: list[nodes.Node] = []
        originals: list[nodes.Node] = []
        for block in blocks:
            classes = classes_of(block) if isinstance(block, nodes.Element) else []
            is_original = "cp-original" in classes
            if waiting and originals and not is_original:
                yield call("facing", self._written(waiting), self._written(originals))
                waiting, originals = [], []
            if is_original and waiting:
                originals.append(block)
            elif "cp-translation" in classes:
                waiting.append(block)
            else:
                yield from map(self.write, (*waiting, block))
                waiting = []
        if originals:
            yield call("facing", self._written(waiting), self._written(originals))
        else:
            yield from map(self.write, waiting)

    def _written(self, blocks: Iterable[nodes.Node]) -> str:
        return sequence([*map(self.write, blocks)])

    def nested(self, children: Iterable[nodes.Node]) -> str:
        """Return blocks as one expression."""
        return sequence([self.blocks(children)])

    def inline(self, children: Iterable[nodes.Node]) -> str:
        """Return text as one expression."""
        return sequence(map(self.write, children))

    def write(self, node: nodes.Node) -> str:
        """Return a node's source: statements, one a line; nothing for what is not shown."""
        function = self.registry.find(node)
        if function is None:
            kind = type(node).__name__
            self.services.warn(node, f"the PDF edition has no form for {kind}; its text stays")
            return self.contents(node)
        if self.depth >= _DEEPEST:
            return self._flat(node)
        self.depth += 1
        try:
            return function(self, node)
        finally:
            self.depth -= 1

    def contents(self, node: nodes.Node) -> str:
        """Return what a node holds, without a form of its own."""
        if isinstance(node, nodes.TextElement):
            return "\n".join(map(self.write, node.children))
        return self.blocks(node.children)

    def _flat(self, node: nodes.Node) -> str:
        """Return the text of what is nested too deep to have a form, in lines of their own."""
        if isinstance(node, nodes.Inline | nodes.Text):
            return literal(node.astext())
        return "\n".join(call("para", literal(" ".join(line.split()))) for line in _lines(node))


def _is_loose(node: nodes.Node) -> bool:
    """Tell whether a node among blocks is text; a link, an image, a target may be a block too."""
    return isinstance(node, nodes.Text) or (
        isinstance(node, nodes.Inline) and not isinstance(node, nodes.Body | nodes.Part)
    )


def _lines(node: nodes.Node) -> Iterator[str]:
    """Yield the texts of the innermost blocks of a node."""
    if isinstance(node, nodes.TextElement):
        yield node.astext()
        return
    for child in node.children:
        yield from _lines(child)
