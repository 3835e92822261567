"""Markdown to MyST text that a stock parser reads back as the same tree.

Everything that could be syntax in text is escaped, so nothing in a post can run a directive,
a role, a target, a comment or HTML. Emphasis beside Chinese is kept closed by writing the
neighbouring character as a numeric entity: ``**“引号”**&#25991;字``. To CommonMark's flanking
rule the entity's ``&`` and ``;`` are punctuation; to the reader it is the same character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from .parser import GlossLink, parse_blocks, parse_inline

__all__ = ["escape_myst", "render_myst_blocks", "render_myst_inline"]

_SYNTAX = re.compile(r"[\\`*_{}\[\]<>&|~$]")
_LINE_START = re.compile(r"^(?:[#+\-=%:(]|\d{1,9}(?=[.)]))", re.MULTILINE)
_DELIMITERS: Final = {"strong": "**", "em": "_"}
_BREAK: Final = r"\* \* \*"
BREAK_CLASS: Final = "cp-break"


def render_myst_blocks(
    source: str, *, links: Sequence[GlossLink] = (), marked: bool = False
) -> str:
    """Return Markdown blocks as MyST text without a final line break.

    ``marked`` says that the caller writes an attribute line before the text, which a MyST
    block reads for itself; a section break then gets no line of its own.
    """
    return _render_nodes(SyntaxTreeNode(parse_blocks(source, links)).children, marked=marked)


def render_myst_inline(source: str, *, links: Sequence[GlossLink] = ()) -> str:
    """Return one paragraph of Markdown as MyST text on one line."""
    text = _render_inline(parse_inline(source, links), single_line=True)
    return re.sub("#$", r"\\#", _escape_starts(text))


def escape_myst(text: str) -> str:
    """Return text that MyST shows as it is, wherever in a line it stands."""
    return _escape_starts(_SYNTAX.sub(r"\\\g<0>", " ".join(text.split())))


def _escape_starts(text: str) -> str:
    return _LINE_START.sub(
        lambda m: m[0] + "\\" if m[0].isdigit() else "\\" + m[0], text
    )  # fmt: skip


def _render_nodes(
    nodes: Sequence[SyntaxTreeNode], *, tight: bool = False, marked: bool = False
) -> str:
    parts = [
        _render_node(node, marked=marked and index == 0) for index, node in enumerate(nodes)
    ]  # fmt: skip
    return ("\n" if tight else "\n\n").join(part for part in parts if part)


def _render_node(node: SyntaxTreeNode, *, marked: bool) -> str:
    match node.type:
        case "paragraph":
            return _escape_starts(_render_inline(node.children[0].to_tokens()[0].children or []))
        case "bullet_list" | "ordered_list":
            return _render_list(node)
        case "blockquote":
            text = _render_nodes(node.children)
            return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""
        case "fence":
            return _render_code(node.content, node.info)
        case "table":
            return "\n".join(_render_table(node))
        case "hr":
            return _BREAK if marked else f"{{.{BREAK_CLASS}}}\n{_BREAK}"
    raise AssertionError(f"the parser makes no {node.type}")


def _render_list(node: SyntaxTreeNode) -> str:
    start = int(node.attrs.get("start", 1))
    items = []
    loose = False
    for index, item in enumerate(node.children):
        tight = all(child.hidden for child in item.children if child.type == "paragraph")
        loose |= not tight
        bullet = "*" if node.markup == "*" else "-"
        marker = f"{start + index}{node.markup}" if node.type == "ordered_list" else bullet
        indent = " " * (len(marker) + 1)
        body = _render_nodes(item.children, tight=tight)
        items.append(f"{marker} " + f"\n{indent}".join(body.split("\n")))
    return re.sub(r"[ ]+$", "", ("\n\n" if loose else "\n").join(items), flags=re.MULTILINE)


def _render_code(content: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", content)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{content.removesuffix(chr(10))}\n{fence}"


def _render_table(node: SyntaxTreeNode) -> Iterator[str]:
    for section in node.children:
        for row in section.children:
            cells = [_render_cell(cell) for cell in row.children]
            yield "| " + " | ".join(cells) + " |"
            if section.type == "thead":
                yield "|" + "|".join(_alignment(cell) for cell in row.children) + "|"


def _render_cell(cell: SyntaxTreeNode) -> str:
    tokens = cell.children[0].to_tokens()[0].children if cell.children else []
    return _render_inline(tokens or [], single_line=True)


def _alignment(cell: SyntaxTreeNode) -> str:
    style = str(cell.attrs.get("style", ""))
    return {"left": " :--- ", "center": " :---: ", "right": " ---: "}.get(
        style.removeprefix("text-align:"), " --- "
    )


class _Line:
    """Inline MyST text in the making: knows when emphasis needs an entity beside it.

    A delimiter that touches punctuation on its inner side must have a space or punctuation on
    its outer side; ``_`` must have that always.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._before_opener = -1
        self._after_closer = False

    def text(self, content: str) -> None:
        """Append text; its first character becomes an entity where emphasis has just closed."""
        if not content:
            return
        self._settle_opener(inner=content[0])
        if self._after_closer and content[0].isalnum():
            self.parts.append(f"&#{ord(content[0])};")
            content = content[1:]
        self._after_closer = False
        if content:
            self.parts.append(_SYNTAX.sub(r"\\\g<0>", content))

    def opener(self, delimiter: str) -> None:
        """Open emphasis."""
        self._settle_opener(inner=delimiter)
        if self.parts and self.parts[-1][-1].isalnum():
            self._before_opener = len(self.parts) - 1
        self._append(delimiter)
        if delimiter == "_":
            self._settle_opener(inner=delimiter)

    def closer(self, delimiter: str) -> None:
        """Close emphasis."""
        inner = self.parts[-1][-1]
        self.raw(delimiter)
        self._after_closer = delimiter == "_" or not inner.isalnum()

    def bracket(self) -> None:
        """Open a link or span; an exclamation mark before it must not make it an image."""
        if self.parts and self.parts[-1].endswith("!"):
            self.parts[-1] = self.parts[-1][:-1] + "\\!"
        self.raw("[")

    def raw(self, markup: str) -> None:
        """Append MyST syntax."""
        self._settle_opener(inner=markup[0])
        self._append(markup)

    def _append(self, markup: str) -> None:
        self.parts.append(markup)
        self._after_closer = False

    def _settle_opener(self, *, inner: str) -> None:
        """Write the character before the last opener as an entity if what follows needs it."""
        index, self._before_opener = self._before_opener, -1
        if index >= 0 and not inner.isalnum():
            part = self.parts[index]
            self.parts[index] = f"{part[:-1]}&#{ord(part[-1])};"


def _render_inline(tokens: Sequence[Token], *, single_line: bool = False) -> str:
    line = _Line()
    hrefs: list[str] = []
    breaks = (" ", " ") if single_line else ("\n", "\\\n")
    for token in tokens:
        match token.type:
            case "text":
                line.text(token.content)
            case "code_inline":
                line.raw(_code_span(token.content, cell=single_line))
            case "strong_open" | "em_open":
                line.opener(_DELIMITERS[token.tag])
            case "strong_close" | "em_close":
                line.closer(_DELIMITERS[token.tag])
            case "link_open" | "s_open":
                line.bracket()
                hrefs.append(str(token.attrs.get("href", "")))
            case "link_close" | "s_close":
                href = hrefs.pop()
                deleted = token.type == "s_close"
                line.raw("]{.cp-deleted}" if deleted else f"](<{_escape_destination(href)}>)")
            case "softbreak" | "hardbreak":
                line.raw(breaks[token.type == "hardbreak"])
    return "".join(line.parts).strip(" \n")


def _escape_destination(href: str) -> str:
    return re.sub(r"[\\<>]", r"\\\g<0>", href)


def _code_span(content: str, *, cell: bool) -> str:
    runs = {len(run) for run in re.findall("`+", content)}
    ticks = "`" * next(n for n in range(1, len(runs) + 2) if n not in runs)
    pad = " " if content[:1] in ("`", " ") or content[-1:] in ("`", " ") else ""
    text = f"{ticks}{pad}{content}{pad}{ticks}"
    return text.replace("|", r"\|") if cell else text
