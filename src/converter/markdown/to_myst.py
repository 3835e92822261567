"""Markdown to MyST text that a stock parser reads back as the same tree.

Everything that could be syntax in text is escaped, so nothing in a post can run a directive,
a role, a target, a comment or HTML. Emphasis beside Chinese is kept closed by writing the
neighbouring character as a numeric entity: ``**“引号”**&#25991;字``. To CommonMark's flanking
rule the entity's ``&`` and ``;`` are punctuation; to the reader it is the same character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from .math import styled_tex
from .parser import Link, parse_blocks, parse_inline

__all__ = ["escape_myst", "render_myst_blocks", "render_myst_directive", "render_myst_inline"]

_IN_LINK = re.compile(r'[\\<>&|"]')
_ESCAPED: Final = r"\\\g<0>"
_SYNTAX = re.compile(r"[\\`*_{}\[\]<>&|~$^]")
# With any white space before it: MyST finds a target behind a no-break space.
_LINE_START = re.compile(r"^([^\S\n]*(?:(?=[#+\-=%:(])|\d{1,9}(?=[.)])))", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_HEADING_END = re.compile(r"(?<= )(?=#+$)")
_GLOSS: Final = "gloss"
_DELIMITERS: Final = {"strong": "**", "em": "_"}
_OTHER_MARKER: Final = {"-": "*", "*": "-", ".": ")", ")": "."}
# A transition of docutils may stand only between paragraphs of a section.
_BREAK: Final = "{.cp-break}\n\\* \\* \\*"


def render_myst_blocks(
    source: str,
    *,
    links: Sequence[Link] = (),
    classes: Sequence[str] = (),
    anchor: str = "",
) -> str:
    """Return Markdown blocks as MyST text without a final line break.

    The classes go to the block, or to a ``div`` around several; the anchor to the first.
    """
    nodes = SyntaxTreeNode(parse_blocks(source, links)).children
    text = _render_nodes(nodes)
    own = classes if len(nodes) == 1 else ()
    if nodes and _display_tex(nodes[0]):
        # A directive takes no attribute line.
        text = _render_display(_display_tex(nodes[0]), own) if own else text
        text = f"({anchor})=\n{text}" if anchor else text
    elif nodes and (anchor or own):
        marks = [f"#{anchor}"] if anchor else []
        text = f"{{{' '.join([*marks, *(f'.{name}' for name in own)])}}}\n{text}"
    if classes and len(nodes) > 1:
        text = render_myst_directive("div", " ".join(classes), text)
    return text


def render_myst_directive(name: str, argument: str, body: str) -> str:
    """Return a directive around MyST text; argument and body are MyST already.

    Its fence is longer than any that stands in the body.
    """
    runs = (line.strip() for line in body.split("\n") if ":::" in line)
    fence = ":" * max([3, *(len(run) - len(run.lstrip(":")) + 1 for run in runs)])
    return f"{fence}{{{name}}} {argument}".rstrip() + f"\n{body}\n{fence}"


def render_myst_inline(source: str, *, links: Sequence[Link] = ()) -> str:
    """Return one paragraph of Markdown as MyST text on one line."""
    return _escape_ends(_render_inline(parse_inline(source, links), breaks=False))


def escape_myst(text: str) -> str:
    """Return text that MyST shows as it is, wherever in a line it stands."""
    text = _CONTROL.sub("\ufffd", " ".join(text.split()))
    return _escape_ends(_SYNTAX.sub(_ESCAPED, text))


def _escape_ends(text: str) -> str:
    """Escape what begins a block, and a # that would close a heading and vanish."""
    return _HEADING_END.sub(r"\\", _escape_starts(text))


def _escape_starts(text: str) -> str:
    return _LINE_START.sub(r"\1\\", text)


def _render_nodes(nodes: Sequence[SyntaxTreeNode]) -> str:
    parts: list[str] = []
    previous = ""
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list"):
            marker = _OTHER_MARKER[previous] if previous == node.markup else node.markup
            parts.append(_render_list(node, marker))
            previous = marker
        else:
            parts.append(_render_node(node))
            previous = ""
    return "\n\n".join(parts)


def _render_node(node: SyntaxTreeNode) -> str:
    match node.type:
        case "paragraph" if tex := _display_tex(node):
            return _render_display(tex)
        case "paragraph":
            return _escape_starts(_render_inline(_inline_tokens(node)))
        case "blockquote":
            text = _render_nodes(node.children)
            return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
        case "fence":
            return _render_code(node.content, node.info)
        case "table":
            return "\n".join(_render_table(node))
        case "hr":
            return _BREAK
    raise AssertionError(f"the parser makes no {node.type}")


def _inline_tokens(node: SyntaxTreeNode) -> Sequence[Token]:
    inline = node.children[0].token if node.children else None
    return inline.children or () if inline else ()


def _display_tex(node: SyntaxTreeNode) -> str:
    """Return the TeX of a paragraph that is one formula; nothing for any other node."""
    tokens = _inline_tokens(node) if node.type == "paragraph" else ()
    return tokens[0].content if tokens and tokens[0].type == "math_display" else ""


def _render_display(tex: str, classes: Sequence[str] = ()) -> str:
    """Return a formula as a directive.

    The option is always there: without one, MyST would read options from the formula.
    """
    lines = "\n".join(line.strip() for line in tex.split("\n") if line.strip())
    options = f":class: {' '.join(['cp-math', *classes])}"
    return render_myst_directive("math", "", f"{options}\n\n{lines}")


def _render_list(node: SyntaxTreeNode, markup: str) -> str:
    """Return a list, always with blank lines: docutils has no tight lists."""
    start = int(node.attrs.get("start", 1))
    items = []
    for number, item in enumerate(node.children, start):
        marker = f"{number}{markup}" if node.type == "ordered_list" else markup
        indent = "\n" + " " * (len(marker) + 1)
        body = _render_nodes(item.children).replace("\n", indent)
        items.append(f"{marker} {body}")
    return re.sub(r"[ ]+$", "", "\n\n".join(items), flags=re.MULTILINE)


def _render_code(content: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", content)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{content.removesuffix(chr(10))}\n{fence}"


def _render_table(node: SyntaxTreeNode) -> Iterator[str]:
    for section in node.children:
        for row in section.children:
            cells = [
                _render_inline(_inline_tokens(cell), breaks=False, cell=True)
                for cell in row.children
            ]
            yield "| " + " | ".join(cells) + " |"
            if section.type == "thead":
                yield "|" + "|".join(_alignment(cell) for cell in row.children) + "|"


def _alignment(cell: SyntaxTreeNode) -> str:
    style = str(cell.attrs.get("style", ""))
    return {"left": " :--- ", "center": " :---: ", "right": " ---: "}.get(
        style.removeprefix("text-align:"), " --- "
    )


@dataclass(slots=True)
class _Piece:
    """A stretch of a line of MyST text; ``entities`` says which of its ends become one."""

    content: str
    kind: Literal["text", "opener", "closer", "syntax"] = "syntax"
    entities: set[int] = field(default_factory=set)

    def render(self) -> str:
        """Return the text that MyST reads as this piece."""
        if self.kind != "text":
            return self.content
        content = self.content
        first = last = ""
        if 0 in self.entities:
            first, content = f"&#{ord(content[0])};", content[1:]
        if -1 in self.entities and content:
            last, content = f"&#{ord(content[-1])};", content[:-1]
        return first + _SYNTAX.sub(_ESCAPED, content) + last


def _render_inline(tokens: Sequence[Token], *, breaks: bool = True, cell: bool = False) -> str:
    """Return inline tokens as MyST text, on one line unless ``breaks`` are kept."""
    pieces = [_Piece("\n"), *_cut(tokens, breaks=breaks, cell=cell), _Piece("\n")]
    for index, piece in enumerate(pieces):
        if piece.kind == "opener":
            _keep_emphasis(piece.content, pieces[index - 1], pieces[index + 1], 0)
        elif piece.kind == "closer":
            _keep_emphasis(piece.content, pieces[index + 1], pieces[index - 1], -1)
        elif piece.content == "[" and pieces[index - 1].content[-1] == "!":
            # Or the link would be an image.
            pieces[index - 1].entities.add(-1)
    return "".join(piece.render() for piece in pieces[1:-1])


def _keep_emphasis(delimiter: str, outside: _Piece, inside: _Piece, end: int) -> None:
    """Make a delimiter open or close by entities beside it, where CommonMark would not let it.

    No space may stand on its inner side; if that is not a letter either, a letter must not
    stand on the outer side; beside ``_`` it never may (CommonMark 0.31, section 6.2). ``end``
    is the end of the inner piece that touches the delimiter: 0 or -1.
    """
    character = inside.content[end]
    if character.isspace():
        inside.entities.add(end)
    if delimiter == "_" or not character.isalnum():
        outer_end = -1 - end
        if not _separates(outside.content[outer_end]):
            outside.entities.add(outer_end)


def _separates(character: str) -> bool:
    """Tell whether every reader takes a character for space or punctuation."""
    if character.isascii():
        return not character.isalnum()
    return character.isspace() or unicodedata.category(character).startswith("P")


def _cut(tokens: Sequence[Token], *, breaks: bool, cell: bool) -> Iterator[_Piece]:
    destinations: list[str] = []
    ends = {"softbreak": "\n", "hardbreak": "\\\n"} if breaks else {}
    for token in tokens:
        match token.type:
            case "text":
                yield _Piece(token.content, "text")
            case "code_inline":
                code = _code_span(token.content)
                yield _Piece(code.replace("|", r"\|") if cell else code)
            case "math_inline":
                role = "{math}" + _code_span(" ".join(styled_tex(token).split()))
                yield _Piece(role.replace("|", r"\|") if cell else role)
            case "softbreak" | "hardbreak":
                yield _Piece(ends.get(token.type, " "))
            case "link_open" | "s_open":
                destinations.append(_destination(token))
                yield _Piece("[")
            case "link_close" | "s_close":
                yield _Piece(f"]{destinations.pop()}")
            case _:
                yield _Piece(_DELIMITERS[token.tag], "opener" if token.nesting > 0 else "closer")


def _destination(token: Token) -> str:
    """Return what stands behind the brackets of a link, or of deleted text."""
    if token.tag == "s":
        return "{.cp-deleted}"
    href, title = (str(token.attrs.get(name, "")) for name in ("href", "title"))
    quoted = f' "{_IN_LINK.sub(_ESCAPED, " ".join(title.split()))}"' if title else ""
    name = token.attrs.get("class", _GLOSS)
    attributes = f"{{.{name}}}" if name != _GLOSS else ""
    return f"(<{_IN_LINK.sub(_ESCAPED, href)}>{quoted}){attributes}"


def _code_span(content: str) -> str:
    runs = {len(run) for run in re.findall("`+", content)}
    ticks = "`" * next(n for n in range(1, len(runs) + 2) if n not in runs)
    pad = " " if content[:1] in ("`", " ") or content[-1:] in ("`", " ") else ""
    return f"{ticks}{pad}{content}{pad}{ticks}"
