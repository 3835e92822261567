"""Text and what stands in it: emphasis, code, links, notes, formulas, small images."""

from __future__ import annotations

import re
from typing import Any, Final

from docutils import nodes
from sphinx import addnodes

from converter.characters import joins_without_space
from converter.mathml import render_mathml
from converter.sphinx_ext.languages import language_tag
from converter.sphinx_ext.pdf.formulas import formula
from converter.sphinx_ext.pdf.literals import call, literal, sequence, split_words
from converter.sphinx_ext.pdf.writer import Registry, Writer, anchor_key

__all__ = ["code_language", "inline_nodes", "is_web_address", "join_lines", "link_target"]

inline_nodes: Final = Registry()

_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_WEB = re.compile(r"(?:https?|mailto|ftp):[^\s\x00-\x20]{1,2000}", re.IGNORECASE)
_INNER_BREAK = re.compile(r"(?<=.)\n(?=.)")
_CODE_LANGUAGE = re.compile("[A-Za-z0-9+#.-]{1,20}")

# Classes that the design has a form of its own for.
_STYLES: Final = {
    "cp-headword": "headword",
    "cp-expansion": "expansion",
    "cp-facts": "facts",
    "cp-aliases": "aliases",
    "cp-see": "see",
    "guilabel": "strong",
    "menuselection": "strong",
    "kbd": "code-text",
}


def join_lines(document: nodes.Element) -> None:
    """Make the line breaks of a document's source spaces, or nothing among Chinese, in place."""
    for block in document.findall(nodes.TextElement):
        if isinstance(block, nodes.FixedTextElement) or isinstance(block.parent, nodes.TextElement):
            continue
        texts = [
            text
            for text in block.findall(nodes.Text)
            if not isinstance(text.parent, nodes.FixedTextElement)
        ]
        whole = "".join(texts)
        if "\n" not in whole:
            continue
        # Chinese and Japanese write no spaces: there a line break stands for nothing.
        gone = {
            place
            for place in (found.start() for found in _INNER_BREAK.finditer(whole))
            if joins_without_space(whole[place - 1], whole[place + 1])
        }
        place = 0
        for text in texts:
            kept = [
                " " if character == "\n" else character
                for offset, character in enumerate(text)
                if place + offset not in gone
            ]
            place += len(text)
            text.parent.replace(text, nodes.Text("".join(kept)))


@inline_nodes.writes(nodes.Text)
def _text(_: Writer, node: nodes.Text) -> str:
    return "\n".join(split_words(_SPACES.sub(" ", str(node))))


@inline_nodes.writes(nodes.strong, addnodes.literal_strong)
def _strong(writer: Writer, node: nodes.Element) -> str:
    return call("strong", writer.inline(node.children))


@inline_nodes.writes(nodes.emphasis, nodes.title_reference, addnodes.literal_emphasis)
def _emphasis(writer: Writer, node: nodes.Element) -> str:
    return call("emph", writer.inline(node.children))


@inline_nodes.writes(nodes.literal, addnodes.manpage)
def _code(_: Writer, node: nodes.Element) -> str:
    return call("code-text", sequence(split_words(_SPACES.sub(" ", node.astext()))))


@inline_nodes.writes(nodes.subscript)
def _subscript(writer: Writer, node: nodes.Element) -> str:
    return call("sub", writer.inline(node.children))


@inline_nodes.writes(nodes.superscript)
def _superscript(writer: Writer, node: nodes.Element) -> str:
    return call("super", writer.inline(node.children))


@inline_nodes.writes(nodes.inline)
def _span(writer: Writer, node: nodes.inline) -> str:
    classes: list[str] = node["classes"]
    if "cp-mentions" in classes or "cp-source" in classes:
        text = _pages(writer, node, "mentions" if "cp-mentions" in classes else "source")
    else:
        text = writer.inline(node.children)
        for name in classes:
            if name in _STYLES:
                text = call(_STYLES[name], text)
            elif name.startswith("language-"):
                text = call("foreign", literal(language_tag(name[9:])), text)
    return writer.anchored(node, text if text != "none" else "")


def _pages(writer: Writer, node: nodes.Element, function: str) -> str:
    """Return page numbers for the links of a node: what a printed index has in place of links."""
    keys = [key for link in node.findall(nodes.reference) if (key := link_target(writer, link))]
    writer.pages.update(keys)
    first = node.children[0] if node.children else None
    words = str(first).strip() if isinstance(first, nodes.Text) else ""
    return call(function, literal(words if words != "[" else ""), *map(literal, keys))


def link_target(writer: Writer, node: nodes.Element) -> str:
    """Return the name of the place in the book that a link leads to; empty for other links."""
    if node.get("refid"):
        return writer.key(str(node["refid"]))
    address = str(node.get("refuri") or "")
    if node.get("internal") and address:
        document, _, identity = address.partition("#")
        return anchor_key(document, identity)
    return ""


@inline_nodes.writes(nodes.reference)
def _link(writer: Writer, node: nodes.reference) -> str:
    text = writer.inline(node.children)
    address = str(node.get("refuri") or "")
    if key := link_target(writer, node):
        text = call("inside", literal(key), text)
    elif is_web_address(address):
        text = call("web", literal(address), text)
    return writer.anchored(node, text)


@inline_nodes.writes(addnodes.pending_xref, nodes.generated, nodes.problematic, nodes.acronym)
@inline_nodes.writes(nodes.abbreviation, nodes.substitution_reference)
def _plain(writer: Writer, node: nodes.Element) -> str:
    text = writer.inline(node.children)
    explanation = str(node.get("explanation") or "")
    return f"{text}\n{literal(f'（{explanation}）')}" if explanation else text


@inline_nodes.writes(addnodes.download_reference)
def _download(writer: Writer, node: nodes.Element) -> str:
    return writer.inline(node.children)


@inline_nodes.writes(nodes.footnote_reference, nodes.citation_reference)
def _note_mark(writer: Writer, node: nodes.Element) -> str:
    identity = str(node.get("refid") or "")
    note = writer.footnotes.get(identity)
    if note is None:
        return call("super", literal(node.astext()))
    name = literal(writer.key(identity))
    if identity in writer.footnotes_used:
        return call("note-again", name)
    writer.footnotes_used.add(identity)
    _, body = writer.parted(note, nodes.label)
    return call("note", name, writer.nested(body))


@inline_nodes.writes(nodes.math)
def _formula(_: Writer, node: nodes.math) -> str:
    tex = node.astext()
    return formula(render_mathml(tex), tex) or call("code-text", sequence(split_words(tex)))


@inline_nodes.writes(nodes.target, addnodes.index)
def _target(writer: Writer, node: nodes.Element) -> str:
    return writer.anchored(node, "\n".join(map(writer.write, node.children)))


@inline_nodes.writes(nodes.raw)
def _raw(_: Writer, node: nodes.raw) -> str:
    # MyST's hard line break, twice: for HTML, and as this for LaTeX.
    if node.get("format") == "latex" and node.astext().strip() == "\\\\":
        return "linebreak()"
    return ""


def is_web_address(address: str) -> bool:
    """Tell whether an address leads out of the book, and is one that a reader may follow."""
    return _WEB.fullmatch(address) is not None


def code_language(name: Any) -> str:
    """Return a language's name for the highlighter; empty for what is no name."""
    text = str(name or "").lower()
    return (
        text if _CODE_LANGUAGE.fullmatch(text) and text not in {"none", "text", "default"} else ""
    )
