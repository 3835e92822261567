"""Cards of terms: what a glossary says of the headwords that a page links to, in that page.

The cards of a page are a part of it, in an inert ``<template>``: they open from a file as well
as from a server, and cost only what the page uses. The definitions come from the doctree of the
glossary and are written by the page's own translator, so everything in them is escaped there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["CARD_CLASS", "collect_cards", "linked_cards", "setup"]

CARD_CLASS = "cp-card-of-"
"""What begins the class that names a card's entry; the translator makes an attribute of it."""

_LONGEST = 240
_NO_CARD = frozenset({"cp-aliases", "cp-mentions", "cp-source"})
_SHORTENED = "…"

_Cards = dict[str, tuple[nodes.paragraph, nodes.paragraph]]


def collect_cards(doctree: nodes.document) -> _Cards:
    """Return (headword with expansion, first definition) of a glossary's entries by their ids.

    An entry without a definition has no card.
    """
    cards: _Cards = {}
    for item in doctree.findall(nodes.definition_list_item):
        terms = list(item.findall(nodes.term))
        headwords = [
            part
            for term in terms
            for part in term.findall(nodes.inline)
            if "cp-headword" in part["classes"] and part["ids"]
        ]
        if not headwords:
            continue
        identity = headwords[0]["ids"][0]
        for paragraph in item.findall(nodes.paragraph):
            definition = _plain_copy(paragraph)
            if definition.astext().strip():
                _shorten(definition, _LONGEST)
                term = _plain_copy(terms[0])
                _shorten(term, _LONGEST)
                term["classes"] = [f"{CARD_CLASS}{identity}"]
                cards[identity] = term, definition
                break
    return cards


def _plain_copy(element: nodes.Element) -> nodes.paragraph:
    """Return a text without its links, ids and what leads on from the entry."""
    copy = nodes.paragraph("", "", *(child.deepcopy() for child in element.children))
    for part in list(copy.findall(nodes.Element)):
        part["ids"], part["names"] = [], []
        if _NO_CARD.intersection(part["classes"]):
            part.parent.remove(part)
    for link in list(copy.findall(addnodes.pending_xref)) + list(copy.findall(nodes.reference)):
        link.replace_self(link.children)
    return copy


def _shorten(element: nodes.Element, longest: int) -> None:
    """Cut an element's text behind its first ``longest`` characters, in place."""
    left = longest
    for text in list(element.findall(nodes.Text)):
        is_formula = isinstance(text.parent, nodes.math)
        if left <= 0:
            part = text.parent if is_formula else text
            part.parent.remove(part)
        elif len(text) > left and not is_formula:
            text.parent.replace(text, nodes.Text(text[:left].rstrip() + _SHORTENED))
        left -= len(text)


def linked_cards(doctree: nodes.document, cards: _Cards) -> list[nodes.paragraph]:
    """Return the paragraphs of the cards that a page's links lead to, each card once."""
    found: dict[str, None] = {}
    for link in doctree.findall(nodes.reference):
        identity = str(link.get("refuri", "")).rpartition("#")[2]
        if link.get("internal") and identity in cards:
            found[identity] = None
    return [part.deepcopy() for identity in found for part in cards[identity]]


def _of(env: BuildEnvironment) -> dict[str, _Cards]:
    """Return the cards of each glossary document; they live as long as its doctree does."""
    if not hasattr(env, "duizhao_cards"):
        env.duizhao_cards = {}  # type: ignore[attr-defined]
    cards: dict[str, _Cards] = env.duizhao_cards  # type: ignore[attr-defined]
    return cards


def _collect(app: Sphinx, doctree: nodes.document) -> None:
    lists = (found["classes"] for found in doctree.findall(nodes.definition_list))
    if any("cp-glossary" in names and "cp-index" not in names for names in lists):
        _of(app.env)[app.env.docname] = collect_cards(doctree)


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _of(env).pop(docname, None)


def _merge(
    app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment
) -> None:
    found = _of(other)
    _of(env).update({name: found[name] for name in docnames if name in found})


def _add_to_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    by_document = _of(app.env)
    # In the glossary itself a link is a step from entry to entry.
    if doctree is None or not by_document or pagename in by_document:
        return
    cards = {identity: card for found in by_document.values() for identity, card in found.items()}
    parts = linked_cards(doctree, cards)
    if parts:
        builder: Any = app.builder
        context["cp_cards"] = builder.render_partial(nodes.compound("", *parts))["fragment"]
        app.add_js_file("cards.js", priority=900, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Connect what gathers the cards and what puts them into pages."""
    app.connect("doctree-read", _collect)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("html-page-context", _add_to_page)
