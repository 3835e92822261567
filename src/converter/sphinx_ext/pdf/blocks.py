"""Blocks of text: paragraphs, originals, lists, quotations, code, boxes, pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import admonitionlabels

from converter.mathml import render_mathml
from converter.sphinx_ext.languages import language_tag
from converter.sphinx_ext.pdf.formulas import formula
from converter.sphinx_ext.pdf.inline import code_language, is_web_address
from converter.sphinx_ext.pdf.literals import (
    SOFT_BREAK,
    array,
    call,
    literal,
    sequence,
    split_words,
)
from converter.sphinx_ext.pdf.writer import Registry, Writer, classes_of, ids_of

__all__ = ["block_nodes"]

block_nodes: Final = Registry()

_LONGEST_CODE_LINE: Final = 400
_SHORT: Final = 120

# What only leads from page to page of a web edition.
_NAVIGATION: Final = frozenset({"cp-letters", "cp-series"})
_FORMS: Final = {"cp-meta": "facts-list", "cp-names": "names-list"}
_SERIES: Final = "cp-series"


_BOXES: Final[tuple[type[nodes.Element], ...]] = (
    *(nodes.admonition, nodes.attention, nodes.caution, nodes.danger, nodes.error, nodes.hint),
    *(nodes.important, nodes.note, nodes.tip, nodes.warning, addnodes.seealso),
    *(nodes.topic, nodes.sidebar),
)


@block_nodes.writes(nodes.section)
def _section(writer: Writer, node: nodes.section) -> str:
    if any(_is_navigation(child) for child in node.children):
        return ""
    level = writer.level + writer.sections + 1
    writer.sections += 1
    try:
        title, rest = writer.parted(node, nodes.title)
        classes = classes_of(node)
        options = {"style": literal("mentioned")} if "cp-mentioned" in classes else {}
        keys = array(literal(writer.key(identity)) for identity in ids_of(node))
        start = call("section", str(level), keys, title, options=options)
        return f"{start}\n{writer.blocks(rest)}"
    finally:
        writer.sections -= 1


def _is_navigation(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and _SERIES in classes_of(node)


@block_nodes.writes(nodes.paragraph)
def _paragraph(writer: Writer, node: nodes.paragraph) -> str:
    if len(node.children) == 1 and isinstance(node[0], nodes.image):
        return writer.anchored(node, _picture(writer, node[0]))
    text = writer.inline(node.children)
    anchors = writer.anchors(ids_of(node))
    if text == "none":
        return anchors
    original = writer.original_after.get(node)
    is_noted = original is not None and writer.services.originals == "endnotes"
    mark = _end_note(writer, original, "end-note-mark") if original is not None and is_noted else ""
    text = sequence([anchors, text, mark])
    classes = classes_of(node)
    if "cp-signature" in classes:
        return call("signature", text)
    options = {"kept": "true"} if original is not None and _is_short(node) else {}
    block = call("turn" if "cp-turn" in classes else "para", text, options=options)
    # Lines that end in an address cannot all be filled, but for holes in them.
    block = call("unfilled", block) if SOFT_BREAK in text else block
    return _in_language(classes, block)


def _is_short(node: nodes.Element) -> bool:
    """Tell whether a paragraph has so few lines that its original should begin on its page."""
    return len(node.astext()) < _SHORT


def _in_language(classes: Iterable[str], block: str) -> str:
    """Return a block in the language that its classes name, if they name one."""
    for name in classes:
        if name.startswith("language-") and block:
            return call("foreign", literal(language_tag(name[9:])), block)
    return block


@block_nodes.writes(nodes.container)
def _container(writer: Writer, node: nodes.container) -> str:
    classes = classes_of(node)
    if _NAVIGATION.intersection(classes):
        return ""
    if node.get("design_component") == "dropdown":
        return writer.anchored(node, _dropdown(writer, node))
    if "literal-block-wrapper" in classes:
        return _figure(writer, node)
    for name, form in _FORMS.items():
        if name in classes:
            return writer.anchored(node, call(form, writer.nested(node.children)))
    return writer.anchored(node, writer.blocks(node.children))


def _dropdown(writer: Writer, node: nodes.container) -> str:
    """Return what folds away in a web edition: an original, or any other box with a title."""
    title, rest = writer.parted(node, nodes.rubric)
    classes = classes_of(node)
    if "cp-original" not in classes:
        return call("box-with-title", title, writer.nested(rest))
    if writer.services.originals == "none" and writer.translated.intersection(classes):
        return ""
    if writer.services.originals == "endnotes":
        is_noted = node in writer.noted
        return "" if is_noted else _end_note(writer, node, "end-note-mark-beside")
    return call("original", title, _language(classes), writer.nested(rest))


def _language(classes: Iterable[str]) -> str:
    tags = (language_tag(name[9:]) for name in classes if name.startswith("language-"))
    return literal(next(tags, ""))


def _end_note(writer: Writer, original: nodes.Element, mark: str) -> str:
    """Add an original to the notes at the chapter's end, and return its mark."""
    title, rest = writer.parted(original, nodes.rubric)
    language = _language(classes_of(original))
    writer.noted.add(original)
    number = str(len(writer.end_notes) + 1)
    places = literal(writer.key(f"note-{number}")), literal(writer.key(f"note-{number}-of"))
    body = writer.nested(rest)
    writer.end_notes.append(call("end-note", *places, number, title, language, body))
    return call(mark, *places, number)


@block_nodes.writes(nodes.compound, addnodes.glossary, addnodes.only, nodes.legend)
@block_nodes.writes(nodes.definition, nodes.description, nodes.entry, addnodes.versionmodified)
@block_nodes.writes(addnodes.acks, addnodes.hlist, addnodes.hlistcol, nodes.line, nodes.decoration)
@block_nodes.writes(addnodes.desc, addnodes.productionlist)
def _open(writer: Writer, node: nodes.Element) -> str:
    return writer.anchored(node, writer.contents(node))


@block_nodes.writes(*_BOXES)
def _box(writer: Writer, node: nodes.Element) -> str:
    title, rest = writer.parted(node, nodes.title, literal(_label(node)))
    kinds = [name for name in classes_of(node) if name in {"cp-summary", "cp-insight"}]
    options = {"style": literal(kinds[0].removeprefix("cp-"))} if kinds else {}
    block = call("box-with-title", title, writer.nested(rest), options=options)
    return writer.anchored(node, block)


def _label(node: nodes.Element) -> str:
    """Return what a box is called that names its kind and has no title: a note, a warning."""
    name = type(node).__name__
    return str(admonitionlabels.get(name, name.title()))


@block_nodes.writes(nodes.title, nodes.subtitle, nodes.rubric, addnodes.centered)
def _rubric(writer: Writer, node: nodes.Element) -> str:
    return writer.anchored(node, call("rubric", writer.inline(node.children)))


@block_nodes.writes(nodes.transition)
def _transition(_: Writer, node: nodes.transition) -> str:
    # MyST's own, before footnotes, which here stand at the feet of their pages.
    return "" if "footnotes" in classes_of(node) else "transition()"


@block_nodes.writes(nodes.block_quote)
def _quotation(writer: Writer, node: nodes.block_quote) -> str:
    by, rest = writer.parted(node, nodes.attribution, "none")
    above = node.parent
    while above is not None and not isinstance(above, nodes.block_quote):
        above = above.parent
    options = {"nested": "true"} if above is not None else {}
    block = call("quotation", writer.nested(rest), by, options=options)
    return _in_language(classes_of(node), block)


@block_nodes.writes(nodes.attribution, nodes.caption)
def _caption(writer: Writer, node: nodes.Element) -> str:
    return call("para", writer.inline(node.children))


@block_nodes.writes(nodes.line_block)
def _lines(writer: Writer, node: nodes.line_block) -> str:
    lines = (
        writer.nested([child])
        if isinstance(child, nodes.line_block)
        else writer.inline(child.children)
        for child in node.children
    )
    return call("verses", array(lines))


@block_nodes.writes(nodes.bullet_list)
def _bullets(writer: Writer, node: nodes.bullet_list) -> str:
    return _in_language(classes_of(node), call("bullets", array(_items(writer, node))))


@block_nodes.writes(nodes.enumerated_list)
def _numbered(writer: Writer, node: nodes.enumerated_list) -> str:
    styles = {"loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}
    style = styles.get(str(node.get("enumtype") or ""), "1")
    start = min(max(int(node.get("start") or 1), 0), 1_000_000_000)
    numbering = literal(f"{style}.")
    items = array(_items(writer, node))
    return _in_language(classes_of(node), call("numbered", str(start), numbering, items))


def _items(writer: Writer, node: nodes.Element) -> Iterable[str]:
    for item in node.children:
        assert isinstance(item, nodes.Element)
        anchors = writer.anchors(ids_of(item))
        yield sequence([anchors, writer.blocks(item.children)])


@block_nodes.writes(nodes.literal_block, nodes.doctest_block)
def _code(writer: Writer, node: nodes.Element) -> str:
    text = node.astext().expandtabs(4)
    language = code_language(node.get("language"))
    lines = text.split("\n")
    # The highlighter and the search for line ends take long over lines that no person wrote.
    if max(map(len, lines)) > _LONGEST_CODE_LINE:
        block = call("long-code", array(sequence(split_words(line)) for line in lines))
    else:
        block = call("code-block", literal(text), literal(language))
    return writer.anchored(node, block)


@block_nodes.writes(nodes.math_block)
def _formula(writer: Writer, node: nodes.math_block) -> str:
    tex = node.astext()
    block = formula(render_mathml(tex, display=True), tex, display=True)
    block = block or call("code-block", literal(tex), literal(""))
    return writer.anchored(node, block)


@block_nodes.writes(nodes.image)
def _image(writer: Writer, node: nodes.image) -> str:
    # A block in a paragraph is what Typst leaves out.
    is_in_text = isinstance(node.parent, nodes.TextElement)
    return _picture(writer, node, "small-picture" if is_in_text else "picture")


def _picture(writer: Writer, node: nodes.image, form: str = "picture") -> str:
    alternative = str(node.get("alt") or "")
    if name := writer.services.picture(node):
        writer.pictures.add(name)
        return call(form, literal(name), options={"alt": literal(alternative or "—")})
    # It lies elsewhere: what it shows is said, and where it lies, if that is known.
    address = str(node.get("uri") or "")
    words = call("missing-picture", sequence(split_words(alternative)))
    return call("web", literal(address), words) if is_web_address(address) else words


@block_nodes.writes(nodes.figure)
def _figure(writer: Writer, node: nodes.Element) -> str:
    caption, rest = writer.parted(node, nodes.caption, "none")
    return writer.anchored(node, call("captioned", caption, writer.nested(rest)))


@block_nodes.writes(addnodes.desc_signature, addnodes.production)
def _signature(writer: Writer, node: nodes.Element) -> str:
    text = call("code-text", sequence(split_words(" ".join(node.astext().split()))))
    return writer.anchored(node, call("rubric", text))


@block_nodes.writes(addnodes.desc_content)
def _description(writer: Writer, node: nodes.Element) -> str:
    return call("quotation", writer.nested(node.children), "none")


@block_nodes.writes(nodes.footnote, nodes.citation)
def _unused_note(writer: Writer, node: nodes.Element) -> str:
    if writer.footnotes_used.intersection(ids_of(node)):
        return ""
    label, rest = writer.parted(node, nodes.label)
    return call("numbered-note", label, writer.nested(rest))


@block_nodes.writes(nodes.comment, nodes.substitution_definition, nodes.system_message)
@block_nodes.writes(nodes.pending, nodes.meta, nodes.colspec, addnodes.toctree)
@block_nodes.writes(addnodes.tabular_col_spec, addnodes.highlightlang, nodes.docinfo)
def _nothing(_: Writer, __: nodes.Node) -> str:
    return ""
