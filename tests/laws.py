"""The laws of a post: what holds for any text, checked by simple means of their own.

Each law is a function of a text that raises AssertionError with the offending excerpt. None uses
the parser's expressions: what a reader must see is found by blanking out what nobody would print
(front matter, comments, tags, labels). What stands in those is free: it may show or not.
"""

from __future__ import annotations

import html
import importlib.util
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Final
from unittest import mock

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives
from lxml import etree
from myst_parser.parsers.docutils_ import Parser

from converter.book import BookPlan, PlannedPost, make_book
from converter.diagnostics import CODES, Diagnostic
from converter.epub import EpubOptions, render_epub
from converter.markdown import render_inline_xhtml, render_xhtml
from converter.model import Block, Book, Heading, Original, Post, Span
from converter.myst import render_myst
from converter.post import Parsed, parse_post

__all__ = [
    "LAWS",
    "law_conserved",
    "law_epub",
    "law_fix",
    "law_myst",
    "law_parses",
    "law_spans",
    "law_xhtml",
    "one_post_book",
]

PATH: Final = "post.md"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_FENCE_LINE = re.compile(r"-{3,}\s*")
_FIELD_LINE = re.compile(r"""\s*["'\[{?]?[^\s:<][^:<]{0,80}:|[\s#-]|$|[{\[]""")
_BOLD_LABEL = re.compile(r">\s*\*\*([^*<>]+)\*\*\s*\Z")
_SUMMARY_LABEL = re.compile(
    r"<su\w{0,12}[^<>\n]*>?(?:(?:View|Veiw|V|Hide|Show|H|Original|English|Text|Chinese|Transcript"
    r"|Source)(?![A-Za-z])|[查看隐藏显示展开点击英中文原\s/\d-])*",
    re.IGNORECASE,
)
_CUT_TAG = re.compile(r"^[ \t]*(?:p\s+class=[^<>\n]*|/?details|/?summary|/p)>", re.MULTILINE)
_SUMMARY = re.compile(
    r"<su\w{0,12}[^<>\n]*>(?:(?!<su).){0,120}?(?=\s*</su)", re.IGNORECASE | re.DOTALL
)
_INLINE_TAG = re.compile(r"(?<!^)</?[A-Za-z][^<>\n]*>")
_BLOCK_TAG = re.compile(
    r"</?(?:details|summary|p)\b(?>\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|[^<>\n])*>", re.IGNORECASE
)
_TAG = re.compile(
    r"<[/!?]?[A-Za-z](?:[^<>\n]|\n(?!\s*\n)){0,500}>"
    r"|</?[A-Za-z][A-Za-z0-9_;-]*(?:[ \t]+(?:[A-Za-z-]+=[^\s<>]*|open))*"
)
_HIDDEN = re.compile(r"<details[^<>\n]*display:.*", re.IGNORECASE | re.DOTALL)
_CLOSED_BY = re.compile("closed by `(.*)`", re.DOTALL)
_CUT_MESSAGE: Final = 40
_ENTITY = re.compile(r"&#?\w{1,40};")
_MARKERS = re.compile(r"^[ \t>*+-]*(?:\d{1,9}[.)][ \t>*+-]*)*", re.MULTILINE)
_FENCE_INFO = re.compile(r"^[ \t>*+\d.)-]*(?:```|~~~)[^\n]*", re.MULTILINE)
_DESTINATION = re.compile(r"\]\((?:[^()\n]|\n(?!\s*\n)|\([^()\n]*\))*\)")
_FORMULA = re.compile(r"\$\$?[^$]*[\\^_{][^$]*\$")
_MATHML: Final = "{http://www.w3.org/1998/Math/MathML}math"
_NODES: Final = frozenset(
    "document section title paragraph strong emphasis literal literal_block reference list_item"
    " bullet_list enumerated_list block_quote entry table tgroup colspec thead tbody row inline"
    " container admonition Text".split()
)
"""What MyST may make of a post."""

_FRAMES: Final = frozenset("cp-meta cp-mentioned cp-break cp-glossary".split())
"""Classes of what an edition adds to a post's own words, in MyST …"""

_EPUB_FRAMES: Final = frozenset("meta label noteref backlink mentioned references".split())
"""… and in the EPUB."""

_SETTINGS: Final = {
    "myst_enable_extensions": ["attrs_block", "attrs_inline", "colon_fence", "deflist"],
    "myst_suppress_warnings": ["myst.xref_missing"],
    "line_length_limit": 100_000_000,  # as Sphinx has it
    "report_level": 2,
    "file_insertion_enabled": False,
    "doctitle_xform": False,
    "_disable_config": True,
}


class _Container(Directive):
    """What stands for sphinx-design's ``div`` and ``dropdown`` where there is only docutils."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        "class-container": directives.unchanged,
        "class-title": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return a container; the class of a ``div`` is its argument."""
        classes = self.arguments[0].split() if self.name == "div" and self.arguments else []
        node = nodes.container(classes=classes)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


# ---------------------------------------------------------------------------------------------
# What a reader must see


def letters(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(filter(str.isalnum, text))


def normalise(text: str) -> str:
    """Return a text as editors count its lines: without a byte order mark, with ``\\n`` alone."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def _blank_range(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def _remove_comments(text: str) -> str:
    """Remove comments but for their line breaks; of two openers in a row the first is text."""
    *pieces, rest = text.split("-->")
    shown = []
    for piece in pieces:
        start = piece.rfind("<!--")
        comment = piece[start:] if start >= 0 else ""
        shown.append(piece[:start] + "\n" * comment.count("\n") if comment else f"{piece}-->")
    return "".join((*shown, rest))


def _blank_marked_label(summary: re.Match[str]) -> str:
    """Blank a summary whose label has tags in the midst of its words."""
    bare = _INLINE_TAG.sub("", summary.group())
    is_label = _SUMMARY_LABEL.fullmatch(_BOLD_LABEL.sub(r">\1", bare))
    return re.sub(r"[^\n]", " ", summary.group()) if is_label else summary.group()


def _front_matter_lines(text: str) -> int:
    """Return how many lines may be front matter: what stands there is free."""
    lines = text.split("\n")
    if not _FENCE_LINE.fullmatch(lines[0]):
        return 0
    for number, line in enumerate(lines[1:], 1):
        if _FENCE_LINE.fullmatch(line):
            return number + 1 if any(":" in field for field in lines[1:number]) else 0
    ends = (n for n, line in enumerate(lines[1:], 1) if not (line and _FIELD_LINE.match(line)))
    return next(ends, len(lines))


def visible(text: str, diagnostics: tuple[Diagnostic, ...]) -> str:
    """Return the lines of a normalised text with nothing in them but what a reader must see."""
    shown = _SUMMARY.sub(_blank_marked_label, _remove_comments(text))
    source = shown.split("\n")
    for pattern in (_HIDDEN, _SUMMARY_LABEL, _CUT_TAG, _BLOCK_TAG, _TAG):
        shown = _blank(pattern, shown)
    fenced = _front_matter_lines(text)
    lines = [""] * fenced + shown.split("\n")[fenced:]
    for found in diagnostics:
        # A tag so broken that its end cannot be known is named by the finding.
        closer = _CLOSED_BY.search(found.message)
        if closer and found.code.endswith(("-misclosed", "-not-closed", "-by-p")):
            row = found.line - 1
            start = source[row].find(closer[1], found.column - 1)
            is_whole = start >= 0 and len(closer[1]) < _CUT_MESSAGE
            end = start + len(closer[1]) if is_whole else len(source[row])
            lines[row] = _blank_range(lines[row], max(start, found.column - 1), end)
    return "\n".join(lines)


def block_text(block: Block) -> str:
    """Return all that a block holds of the source."""
    if isinstance(block, Heading):
        return block.text
    label = block.label if isinstance(block, Original) else ""
    return f"{label}\n{block.markdown}"


def _assert_within(needle: str, haystack: str, what: str) -> None:
    """Fail unless the letters of one text stand in another, in order."""
    remaining = iter(haystack)
    for index, letter in enumerate(needle):
        if letter not in remaining:
            excerpt = needle[max(0, index - 30) : index + 30]
            raise AssertionError(f"{what}: {letter!r} is missing in …{excerpt}…")


def _assert_no_more(shown: str, source: Counter[str], what: str) -> None:
    surplus = Counter(shown) - source
    assert not surplus, f"{what}: {dict(surplus)} in {shown[:200]!r}"


# ---------------------------------------------------------------------------------------------
# The laws


def law_parses(text: str) -> None:
    """Any text parses, twice alike; findings lie within the file, and are one line to print."""
    parsed = parse_post(PATH, text)
    assert parsed == parse_post(PATH, text), "the same text is read in two ways"
    lines = normalise(text).split("\n")
    for found in parsed.diagnostics:
        assert found.code in CODES, found
        assert found.path == PATH, found
        assert 0 <= found.line <= len(lines), f"no such line: {found}"
        width = len(lines[found.line - 1]) if found.line else 0
        assert 0 <= found.column <= width + 1, f"no such column: {found}"
    for block in parsed.post.blocks:
        wrong = _CONTROL.search(block_text(block))
        assert wrong is None, f"a character that no edition can show: {block!r}"


def law_spans(text: str) -> None:
    """Spans are in order, hold what their blocks show, and no visible line is in none of them."""
    parsed = parse_post(PATH, text)
    source = normalise(text)
    lines = source.split("\n")
    covered: set[int] = set()
    previous = Span(1, 1)
    # Text of the translation that had slipped into an original has the span of its first line.
    misplaced = {f.line for f in parsed.diagnostics if f.code == "post.text-misplaced"}
    covered |= misplaced
    for block in parsed.post.blocks:
        span = block.span
        assert 1 <= span.start < span.end <= len(lines) + 1, f"no such lines: {block!r}"
        ordered = previous.start <= span.start and previous.end <= span.start + 1
        assert ordered or misplaced, f"{previous} comes before {block!r}"
        within = "\n".join(lines[span.start - 1 : span.end - 1])
        if not misplaced:
            _assert_no_more(letters(block_text(block)), Counter(within), f"not in lines {span}")
        covered.update(range(span.start, span.end))
        previous = span
    for number, line in enumerate(visible(source, parsed.diagnostics).split("\n"), 1):
        shows = letters(line)
        assert not shows or number in covered, f"line {number} is in no block: {line!r}"


def law_conserved(text: str) -> None:
    """Every letter that a reader must see is in some block, once, in order; none is invented."""
    parsed = parse_post(PATH, text)
    source = normalise(text)
    expected = letters(visible(source, parsed.diagnostics))
    held = letters("\n".join(map(block_text, parsed.post.blocks)))
    if any(found.code == "post.text-misplaced" for found in parsed.diagnostics):
        expected, held = "".join(sorted(expected)), "".join(sorted(held))
    _assert_within(expected, held, "lost by the parser")
    _assert_no_more(held, Counter(source), "not in the source")


def law_xhtml(text: str) -> None:
    """The EPUB's Markdown is well-formed and shows what a block's Markdown says."""
    for block in parse_post(PATH, text).post.blocks:
        is_heading = isinstance(block, Heading)
        source = block.text if isinstance(block, Heading) else block.markdown
        shown = letters(xhtml_text((render_inline_xhtml if is_heading else render_xhtml)(source)))
        _assert_within(letters(visible_markdown(source)), shown, "lost by the EPUB's Markdown")
        if "](" not in source and not {"<", "$"} & set(source):
            allowed = Counter(source) + Counter(
                "".join(map(html.unescape, _ENTITY.findall(source)))
            )
            _assert_no_more(shown, allowed, "added by the EPUB's Markdown")


def visible_markdown(markdown: str) -> str:
    """Return the Markdown of a block in which only what a reader must see is not blank."""
    shown = _remove_comments(markdown)
    for pattern in (_FENCE_INFO, _TAG, _DESTINATION, _ENTITY, _MARKERS, _FORMULA):
        shown = _blank(pattern, shown)
    return shown


def xhtml_text(fragment: str) -> str:
    """Return the text of XHTML; fail if it is not well-formed."""
    try:
        root = etree.fromstring(f"<root>{fragment}</root>")
    except etree.XMLSyntaxError as error:
        raise AssertionError(f"not well-formed: {error}: {fragment[:500]!r}") from error
    return "".join(map(str, root.itertext()))


def law_epub(text: str) -> None:
    """The EPUB's documents are well-formed and hold what the post's blocks show."""
    book = one_post_book(parse_post(PATH, text).post)
    _read_epub(book)


def _read_epub(book: Book) -> str:
    """Return the post's own words in the EPUB; fail if a letter of a block is missing."""
    epub = render_epub(book, EpubOptions("urn:x", datetime.fromisoformat("2026-01-01T00:00+00:00")))
    roots = []
    with zipfile.ZipFile(io.BytesIO(epub.data)) as archive:
        for name in archive.namelist():
            if not name.endswith((".xhtml", ".opf", ".ncx", ".xml")):
                continue
            try:
                root = etree.fromstring(archive.read(name))
            except etree.XMLSyntaxError as error:
                raise AssertionError(f"{name} is not well-formed: {error}") from error
            if name.removeprefix("EPUB/") in epub.documents[0]:
                roots.append((epub.documents[0].index(name.removeprefix("EPUB/")), root))
    ordered = [root for _, root in sorted(roots, key=lambda pair: pair[0])]
    shown = letters("".join(str(part) for root in ordered for part in root.itertext()))
    for block in book.chapters[0].blocks:
        source = block.text if isinstance(block, Heading) else block.markdown
        _assert_within(letters(visible_markdown(source)), shown, "lost by the EPUB")
    return "".join("".join(_own_words(root)) for root in ordered)


def _own_words(element: etree._Element) -> Iterator[str]:
    classes = element.get("class", "").split()
    if not _EPUB_FRAMES.isdisjoint(classes) or str(element.tag).endswith(("}head", _MATHML)):
        return
    yield element.text or ""
    for child in element:
        yield from _own_words(child)
        yield child.tail or ""


def law_myst(text: str) -> None:
    """Stock MyST reads the web edition's chapter as the EPUB shows it, and nothing runs."""
    book = one_post_book(parse_post(PATH, text).post)
    warnings = io.StringIO()
    # Only for so long: Sphinx warns of directives that are there before its own.
    with mock.patch.dict(vars(directives)["_directives"], div=_Container, dropdown=_Container):
        document = publish_doctree(
            render_myst(book)["post.md"],
            source_path=PATH,
            parser=Parser(),
            settings_overrides={**_SETTINGS, "warning_stream": warnings},
        )
    assert not warnings.getvalue(), warnings.getvalue()
    web, epub = letters("".join(_doctree_words(document))), letters(_read_epub(book))
    if web != epub:
        start = next(
            (n for n, pair in enumerate(zip(web, epub, strict=False)) if pair[0] != pair[1]),
            min(len(web), len(epub)),
        )
        start = max(0, start - 20)
        raise AssertionError(
            f"the web edition shows {web[start : start + 60]!r}, "
            f"the EPUB {epub[start : start + 60]!r}"
        )


def _doctree_words(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Text):
        yield node.astext()
        return
    assert isinstance(node, nodes.Element)
    if isinstance(node, nodes.system_message) and "Duplicate implicit" in node.astext():
        return
    if isinstance(node, nodes.math | nodes.math_block):
        # TeX here, MathML there.
        return
    if isinstance(node, nodes.target):
        assert re.fullmatch(r"p\d+-post", node.get("refid", "")), f"not ours: {node!r}"
        return
    if isinstance(node, nodes.raw):
        assert node.astext().strip() in ("<br />", r"\\"), f"not ours: {node!r}"
        return
    assert type(node).__name__ in _NODES, f"not ours: {node.pformat()[:500]}"
    in_frame = isinstance(node, nodes.title) and isinstance(node.parent, nodes.admonition)
    if in_frame or not _FRAMES.isdisjoint(node["classes"]):
        return
    for child in node.children:
        yield from _doctree_words(child)


def one_post_book(post: Post) -> Book:
    """Return a book of one post, whose chapter is ``post``."""
    planned = PlannedPost(post.path, post.front_matter, "post")
    return make_book(BookPlan("book", "书", "zh-CN", "en", (planned,)), [post])


def law_fix(text: str) -> None:
    """A mended text reads as the old one did, but for lines, and needs no second mending."""
    # ---- converter.fix is on its way: where it is not there this law has nothing to say. ----
    if importlib.util.find_spec("converter.fix") is None:
        return
    fix_post: Any = importlib.import_module("converter.fix").fix_post
    fixed: str = fix_post(PATH, text).text
    before, after = (_without_spans(parse_post(PATH, version)) for version in (text, fixed))
    assert after == before, f"the mended text reads otherwise: {fixed[:500]!r}"
    assert fix_post(PATH, fixed).text == fixed, f"mended again: {fixed[:500]!r}"


def _without_spans(parsed: Parsed) -> Post:
    blocks = tuple(replace(block, span=Span(0, 0)) for block in parsed.post.blocks)
    return replace(parsed.post, blocks=blocks)


LAWS: Final[tuple[Callable[[str], None], ...]] = (
    law_parses,
    law_spans,
    law_conserved,
    law_xhtml,
    law_myst,
    law_fix,
)
"""All laws; ``law_myst`` reads the EPUB as well, so ``law_epub`` is not among them."""
