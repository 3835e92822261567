"""Tables and lists of terms: what has columns, or a term and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from docutils import nodes

from converter.sphinx_ext.pdf.literals import array, call, literal, sequence
from converter.sphinx_ext.pdf.writer import Registry, Writer, classes_of, ids_of

__all__ = ["table_nodes"]

table_nodes: Final = Registry()

_MOST_CELLS: Final = 4_000
_MARK: Final = literal("　｜　")
_MOST_COLUMNS: Final = 7
"""Beyond these a table is cut into several, each with the first column of all."""


@table_nodes.writes(nodes.table)
def _table(writer: Writer, node: nodes.table) -> str:
    caption, _ = writer.parted(node, nodes.title, "none")
    written = [
        part for group in node.findall(nodes.tgroup) for part in _group(writer, group, caption)
    ]
    return writer.anchored(node, "\n".join(written))


def _group(writer: Writer, group: nodes.tgroup, caption: str) -> Iterator[str]:
    count = len([child for child in group.children if isinstance(child, nodes.colspec)])
    heads = [row for part in group.findall(nodes.thead) for row in part.findall(nodes.row)]
    rows = [row for part in group.findall(nodes.tbody) for row in part.findall(nodes.row)]
    spans = any(cell.get("morecols") or cell.get("morerows") for cell in group.findall(nodes.entry))
    if count * len(rows) > _MOST_CELLS:
        yield from _lines(writer, [*heads, *rows])
        return
    if count <= _MOST_COLUMNS or spans:
        yield _grid(writer, [*range(count)], heads, rows, caption)
        return
    for start in range(1, count, _MOST_COLUMNS - 1):
        chosen = [0, *range(start, min(start + _MOST_COLUMNS - 1, count))]
        yield _grid(writer, chosen, heads, rows, caption)


def _lines(writer: Writer, rows: Sequence[nodes.row]) -> Iterator[str]:
    """Yield the rows of a table as lines: Typst needs 50 kB for each cell of one."""
    for row in rows:
        cells = [part for cell in row.children for part in (_MARK, _text(writer, cell))][1:]
        yield call("table-line", sequence(cells))


def _text(writer: Writer, cell: nodes.Node) -> str:
    """Return what a cell says, in one line."""
    assert isinstance(cell, nodes.Element)
    blocks = list(cell.findall(nodes.TextElement))
    tops = [block for block in blocks if not isinstance(block.parent, nodes.TextElement)]
    return sequence(writer.inline(block.children) for block in tops)


def _grid(
    writer: Writer,
    chosen: Sequence[int],
    heads: Sequence[nodes.row],
    rows: Sequence[nodes.row],
    caption: str,
) -> str:
    cells = array(_cell(writer, cell) for row in rows for cell in _chosen(row, chosen))
    head = array(_cell(writer, cell) for row in heads for cell in _chosen(row, chosen))
    return call("grid-table", str(max(1, len(chosen))), head, cells, caption)


def _chosen(row: nodes.row, chosen: Sequence[int]) -> Iterator[nodes.Node]:
    if any(isinstance(c, nodes.Element) and c.get("morecols") for c in row.children):
        yield from row.children
        return
    yield from (row.children[index] for index in chosen if index < len(row.children))


def _cell(writer: Writer, cell: nodes.Node) -> str:
    assert isinstance(cell, nodes.Element)
    options = {
        "colspan": str(int(cell["morecols"]) + 1) if cell.get("morecols") else "",
        "rowspan": str(int(cell["morerows"]) + 1) if cell.get("morerows") else "",
        "align": _alignment(cell),
    }
    return call("table.cell", writer.nested(cell.children), options=options)


def _alignment(cell: nodes.Element) -> str:
    names = {"text-left": "left", "text-center": "center", "text-right": "right"}
    return next((names[name] for name in classes_of(cell) if name in names), "")


@table_nodes.writes(nodes.definition_list)
def _definitions(writer: Writer, node: nodes.definition_list) -> str:
    classes = classes_of(node)
    form = "definitions"
    if "cp-glossary" in classes:
        form = "index-lines" if "cp-index" in classes else "glossary-lines"
    return call(form, array(_definition(writer, item) for item in node.children))


def _definition(writer: Writer, item: nodes.Node) -> str:
    assert isinstance(item, nodes.Element)
    terms = [child for child in item.children if isinstance(child, nodes.term | nodes.classifier)]
    rest = [child for child in item.children if child not in terms]
    written = [
        sequence([writer.anchors(ids_of(term)), writer.inline(term.children)]) for term in terms
    ]
    return array([array(written), writer.nested(rest)])


@table_nodes.writes(nodes.field_list, nodes.option_list)
def _fields(writer: Writer, node: nodes.Element) -> str:
    lines = []
    for item in node.children:
        assert isinstance(item, nodes.Element)
        name, *rest = item.children or [nodes.Text("")]
        said = literal(name.astext())
        lines.append(array([array([said]), writer.nested(_bodies(rest))]))
    return call("definitions", array(lines))


def _bodies(rest: Sequence[nodes.Node]) -> Iterator[nodes.Node]:
    for body in rest:
        yield from body.children
