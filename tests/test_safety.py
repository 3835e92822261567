"""Hostile posts through the whole program: nothing in them runs, reads or writes, all is shown.

One library of them is built once, as a user would build it; the built pages and the EPUBs are
held against a short list of what an article may consist of.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from lxml import etree, html

from converter.markdown import render_myst_blocks, render_xhtml
from converter.model import Heading
from converter.post import parse_post

SECRET: Final = "Geheimnis4711"  # noqa: S105 # it opens nothing

INLINE: Final = {
    "script": "<script>PWNED()</script><SCRIPT SRC=//evil.example/PWNED></SCRIPT>",
    "handlers": "<img src=x onerror=PWNED()> <b onclick='PWNED()'>x</b> <p onmouseover=PWNED()>y",
    "links": "[a](javascript:PWNED()) [b](data:text/html,PWNED) [c](vbscript:PWNED)"
    " [d](JaVaScRiPt&#58;PWNED()) [e](java&#9;script:PWNED()) [f](file:///etc/passwd)"
    " <javascript:PWNED()> [g](<javascript:PWNED()>) [h](//evil.example) [i](\x01javascript:PWNED)",
    "images": "![a](javascript:PWNED()) ![b](data:image/svg+xml;base64,PWNED) ![c](/etc/passwd)",
    "link attributes": '[a](http://x/"onmouseover="PWNED() "title\'onclick=PWNED()>")'
    ' <http://x/"onclick="PWNED()> http://x/\'onclick=\'PWNED()',
    "frames": "<iframe src=//evil.example/PWNED srcdoc='<script>PWNED()</script>'></iframe>"
    "<object data=PWNED></object><embed src=PWNED><base href=//evil.example/PWNED>",
    "forms": "<form action=javascript:PWNED()><input autofocus onfocus=PWNED()></form>"
    "<meta http-equiv=refresh content='0;url=//evil.example/PWNED'>"
    "<link rel=stylesheet href=PWNED>",
    "svg": "<svg onload=PWNED()><script>PWNED()</script><a xlink:href='javascript:PWNED()'/></svg>",
    "math": "<math><mtext><style><img src=x onerror=PWNED()></style></mtext></math>",
    "css": "<style>@import url(//evil.example/PWNED)</style>"
    "<p style='background:url(javascript:PWNED())'>x</p>"
    " <font style='x:expression(PWNED())'>y</font>",
    "templates": "{{ PWNED }} {% include 'SECRETPATH' %}"
    " {{ ''.__class__ }} ${PWNED} {{< ref x >}}",
    "typst": '#read("SECRETPATH") #import "SECRETPATH": PWNED #eval("PWNED") #set page(width: 1pt)',
    "latex": r"\input{SECRETPATH} \write18{touch PWNED} $\input{SECRETPATH}$"
    r" $\href{javascript:PWNED()}{x_1}$ $\text{<script>PWNED()</script>}^2$",
    "roles": "{raw}`PWNED` {download}`SECRETPATH` {doc}`index` {term}`x` {eval}`1` |PWNED|",
    "entities": "&lt;script&gt;PWNED()&lt;/script&gt; &#60;script&#62;PWNED() &xxe;",
    "closers": "</p></div></section></article></main></body></html><script>PWNED()</script>",
    "raw text": "</title></textarea></style></noscript>]]><script>PWNED()</script><!--",
    "attributes": "{onclick=PWNED() .cp-original #id} [x]{onclick=PWNED()} {style=PWNED}",
    "quotes": "\" onclick=PWNED() x=\"' onclick=PWNED() y='`\\\"\\'",
    "bidi": "abc \u202e reversed \u2066 isolated \u202d forced",
    "controls": "a\x00b\x08c\x1b[31md\x7fe\x85f\u2028g\ufeffh\ufffei",
}  # fmt: skip

BLOCKS: Final = {
    "include": "```{include} SECRETPATH\n```\n\n~~~{literalinclude} SECRETPATH\n~~~\n\n"
    ":::{include} SECRETPATH\n:::\n\n```{include} ../../../../../../etc/passwd\n```",
    "raw": "```{raw} html\n<script>PWNED()</script>\n```\n\n"
    "```{eval-rst}\n.. include:: SECRETPATH\n.. raw:: html\n\n   <script>PWNED()</script>\n```",
    "files": "```{csv-table}\n:file: SECRETPATH\n```\n\n```{figure} SECRETPATH\n```\n\n"
    "```{image} SECRETPATH\n```\n\n```{toctree}\n:glob:\n\n/*\n```",
    "code": '```mermaid\nclick A "javascript:PWNED()"\n```\n\n'
    "```html\n<script>PWNED()</script>\n```\n\n"
    "```{code-cell}\nimport os; os.system('touch PWNED')\n```\n\n"
    "```<script>PWNED()</script>\nx\n```",
    "targets": "(target)=\n# PWNED\n\n[x](#target) [y](index.md) [z](conf.py)\n\n"
    "% 注释\n\n+++ 块\n\n"
    "[ref]: javascript:PWNED()\n\n[x][ref] [^1]\n\n[^1]: 脚注",
    "fences": ":::::\n:::{div} x\n::::{raw} html\n<script>PWNED()</script>\n:::::::::::\n:::",
    "second front matter": "---\nmyst:\n  substitutions:\n    x: PWNED\n---\n\n{{ x }}",
    "details": "<details ontoggle=PWNED() open>"
    "<summary onclick=PWNED()>Original English</summary>\n\n"
    'English <p class="english-text" onclick=PWNED()> text.\n\n</details>',
    "deep quote": "> " * 20_000 + "word",
    "deep list": "- " * 20_000 + "word",
    "deep brackets": "[" * 3_000 + "x" + "](http://y)" * 3_000,
    "deep emphasis": "*a **b " * 3_000,
    "wide table": "|" + "a|" * 3_000 + "\n|" + "-|" * 3_000 + "\n|x|\n",
}  # fmt: skip

BOMB: Final = (
    "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "tags: *i\npeople: *h\n"
    + "author: !!python/object/apply:os.system ['touch PWNED']\n"
    + "channel: !!python/name:os.system\n"
)
LONG: Final = "长标题与 long words " * 20

ELEMENTS: Final = frozenset(
    "html head title link meta body main article section aside nav div span p h1 h2 h3 h4 h5 h6 a"
    " strong em b i s sup br hr ul ol li dl dt dd blockquote pre code table colgroup col thead"
    " tbody tr th td details summary math mrow mi mo mn mtext msup msub msubsup mfrac msqrt mroot"
    " mover munder munderover mtable mtr mtd mstyle mspace mpadded menclose semantics annotation"
    " header footer button dfn template".split()
)
ATTRIBUTES: Final = re.compile(
    r"(?:class|id|href|lang|(?:\{http://www\.w3\.org/XML/1998/namespace\})lang|title|start|style"
    r"|role|tabindex|dir|rel|type|name|content|charset|open|hidden|headers|scope|colspan|rowspan"
    r"|\{http://www\.idpf\.org/2007/ops\}type|aria-[a-z]+|data-[a-z-]+"
    r"|xmlns|display|mathvariant|stretchy|fence|separator|accent|columnalign|displaystyle|scriptlevel"
    r"|width|height|depth|lspace|rspace|linethickness|encoding|alttext|minsize|maxsize|form"
    r"|notation|largeop|movablelimits|symmetric|accentunder|rowspacing|columnspacing)"
)
STYLES: Final = re.compile(r"(?:text-align:\s*(?:left|center|right);?|width:\s*[\d.]+%;?)?")
SCHEMES: Final = re.compile(r"(?i)(?:https?://|mailto:|[^:]*$|[^:/?#]*[/?#])")


@dataclass(frozen=True, slots=True)
class Library:
    """What was built, and how."""

    root: Path
    out: Path
    before: frozenset[str]
    log: str
    manifest: dict[str, list[dict[str, object]]]


def make_post(number: int, name: str, attack: str, *, inline: bool) -> str:
    """Return a post with an attack everywhere that its kind can stand."""
    value = json.dumps(f"{name} {attack}" if inline else name, ensure_ascii=False)
    fields = f"title: {value}\nseries: 攻{number // 9}\nsummary: {value}\ninsight: {value}\n"
    fields += f"people: [{value}]\ntags: [{value}]\nspeaker: {value}\nsource: {value}\n"
    text = f"---\n{fields}date: 2026-01-01\n---\n始Pa{number}。\n\n"
    if inline:
        text += (
            f"### 题Hb{number} {attack}\n\n文Pb{number} {attack} 后Pc{number}\n\n"
            f"- 项Lb{number} {attack}\n\n> 引Qb{number} {attack}\n\n"
            f"**主持人**：**词{number}{attack}**（term {attack}: 一种危险的东西{attack}）\n\n"
            f"| 格Tb{number} {attack} | b |\n|---|---|\n| {attack} | c |\n\n"
        )
        attack = f"English {attack} text"
    else:
        text += f"{attack}\n\n"
    return text + (
        f"尾Pd{number}。\n\n<details>\n<summary>Original English</summary>\n\n{attack}\n\n"
        f"The end Oe{number}.\n\n</details>\n\n末Pf{number}。\n"
    )


def write_library(root: Path) -> Path:
    """Write the hostile posts, the secret beside them, and links that lead there."""
    posts = root / "posts"
    posts.mkdir()
    secret = root / "secret"
    secret.mkdir()
    (secret / "secret.md").write_text(f"---\ntitle: {SECRET}\n---\n{SECRET}\n", "utf-8")
    attacks = [(name, text, True) for name, text in INLINE.items()]
    attacks += [(name, text, False) for name, text in BLOCKS.items()]
    for number, (name, pattern, inline) in enumerate(attacks):
        attack = pattern.replace("SECRETPATH", str(secret / "secret.md"))
        text = make_post(number, name, attack, inline=inline)
        (posts / f"{number:02}.md").write_text(text, "utf-8", newline="")
    others = {
        "bomb.md": f"---\ntitle: 炸弹\n{BOMB}---\n炸弹Bb。\n",
        "slug.md": "---\ntitle: ../../../x\nslug: ../../../PWNED\nseries: ../..\n---\n斜线Sb。\n",
        "-o PWNED.md": "---\ntitle: 选项\n---\n选项Ob。\n",
        "long.md": f"---\ntitle: {LONG}\nseries: {LONG}\n---\n# {LONG}\n\n长Lb。\n",
    }
    for file_name, text in others.items():
        (posts / file_name).write_text(text, "utf-8", newline="")
    (posts / "bytes.md").write_bytes(
        "---\ntitle: 字节\n---\n前Bx".encode() + b"\xff\xed\xa0\x80\xc0" + b"By\n"
    )
    (posts / "leak.md").symlink_to(secret / "secret.md")
    (posts / "up.md").symlink_to("../secret/secret.md")
    (posts / "folder").symlink_to(secret)
    return posts


def tree(root: Path) -> frozenset[str]:
    """Return the names of everything below a folder."""
    return frozenset(
        os.path.join(folder, name)  # noqa: PTH118 # a link is named, not followed
        for folder, folders, names in os.walk(root)
        for name in (*folders, *names)
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    root = tmp_path_factory.mktemp("safety")
    posts = write_library(root)
    for folder in ("home", "temporary", "cwd"):
        (root / folder).mkdir()
    before = tree(root)
    environment = os.environ | {"HOME": str(root / "home"), "TMPDIR": str(root / "temporary")}
    done = subprocess.run(
        [sys.executable, "-m", "converter", "build", str(posts), "-o", str(root / "out")],
        capture_output=True, text=True, check=False, cwd=root / "cwd", env=environment,
        timeout=300,
    )  # fmt: skip
    # Bytes that are no UTF-8 and links that lead outside are errors; they stop nothing.
    assert done.returncode == 1, done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    assert "internal" not in done.stderr
    manifest = json.loads((root / "out" / "manifest.json").read_text("utf-8"))
    return Library(root, root / "out", before, done.stdout + done.stderr, manifest)


def pages(library: Library) -> Iterator[tuple[str, etree._Element]]:
    for file in sorted(library.out.rglob("*.html")):
        yield str(file.relative_to(library.out)), html.parse(str(file)).getroot()


def documents(library: Library) -> Iterator[tuple[str, etree._Element]]:
    for file in sorted(library.out.rglob("*.epub")):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if name.endswith((".xhtml", ".opf", ".ncx")):
                    yield f"{file.name}/{name}", etree.fromstring(archive.read(name))


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def attributes(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.attrib.items()]


def find_dangers(element: etree._Element) -> Iterator[str]:
    """Yield what an article or a document of an EPUB must not hold."""
    for part in element.iter(etree.Element):
        name = local_name(part)
        if name not in ELEMENTS:
            yield f"<{name}>"
        for attribute, value in attributes(part):
            if not ATTRIBUTES.fullmatch(attribute):
                yield f"<{name} {attribute}={value!r}>"
            if attribute == "href" and not SCHEMES.match(value.strip()):
                yield f"<{name} href={value!r}>"
            if attribute == "style" and not STYLES.fullmatch(value):
                yield f"<{name} style={value!r}>"


def test_an_article_has_only_harmless_elements(library: Library) -> None:
    count = 0
    for name, page in pages(library):
        for article in page.iterfind(".//article"):
            count += 1
            assert list(find_dangers(article)) == [], name
    assert count > len(INLINE) + len(BLOCKS)


def test_an_epub_has_only_harmless_elements(library: Library) -> None:
    count = 0
    for name, document in documents(library):
        if name.endswith("/cover.xhtml"):
            (picture,) = document.iter("{*}img")
            assert picture.attrib.pop("src") == "../images/cover.jpg"
            assert "PWNED" not in etree.tostring(document, encoding="unicode")
        elif name.endswith(".xhtml"):
            count += 1
            assert list(find_dangers(document)) == [], name
    assert count > len(INLINE) + len(BLOCKS)


def test_no_page_takes_an_address_or_a_program_from_a_post(library: Library) -> None:
    for name, page in pages(library):
        for part in page.iter(etree.Element):
            if part.tag in ("script", "style"):
                assert "PWNED" not in (part.text or ""), name
            for attribute, value in attributes(part):
                if attribute in ("href", "src", "action", "srcset", "data", "formaction"):
                    ours = attribute == "href" and part.tag == "link" and "svg" in value
                    assert ours or SCHEMES.match(value.strip()), (name, part.tag, value)
                    assert attribute == "href" or "PWNED" not in value, (name, part.tag, value)
                runs = attribute.startswith("on") or attribute in ("style", "srcdoc")
                assert not runs or "PWNED" not in value, (name, part.tag, value)


def test_every_post_is_built_or_named(library: Library) -> None:
    built = {post["source"] for book in library.manifest["books"] for post in book["posts"]}  # type: ignore[attr-defined]
    skipped = {str(post["source"]): post["code"] for post in library.manifest["skipped"]}
    posts = library.root / "posts"
    files = {file.name for file in posts.iterdir() if not file.is_symlink()}
    assert built == files
    assert skipped == dict.fromkeys(("folder", "leak.md", "up.md"), "input.outside")


def test_words_around_an_attack_show_in_both_editions(library: Library) -> None:
    web = "\n".join("".join(map(str, page.itertext())) for _, page in pages(library))
    epub = "\n".join("".join(map(str, page.itertext())) for _, page in documents(library))
    markers = [f"{kind}{n}" for n in range(len(INLINE) + len(BLOCKS)) for kind in ("Pa", "Pd")]
    markers += [f"{kind}{n}" for n in range(len(INLINE) + len(BLOCKS)) for kind in ("Oe", "Pf")]
    markers += [f"{k}{n}" for n in range(len(INLINE)) for k in ("Hb", "Pb", "Pc", "Lb", "Qb", "Tb")]
    markers += ["炸弹Bb", "斜线Sb", "选项Ob", "长Lb", "前Bx", "By"]
    for marker in markers:
        shown = re.compile(rf"{marker}(?!\d)")
        assert shown.search(web), marker
        assert shown.search(epub), marker


def test_nothing_is_written_but_the_output(library: Library) -> None:
    out = str(library.out)
    after = {name for name in tree(library.root) if name != out and not name.startswith(f"{out}/")}
    assert after == library.before
    assert not [name for name in tree(library.out) if "PWNED" in Path(name).name]
    assert not [name for name in tree(library.out) if Path(name).is_symlink()]


def test_no_file_is_read_but_the_posts(library: Library) -> None:
    for file in library.out.rglob("*"):
        if not file.is_file():
            continue
        members = [file.read_bytes()]
        if file.suffix == ".epub":
            with zipfile.ZipFile(io.BytesIO(members[0])) as archive:
                members = [archive.read(name) for name in archive.namelist()]
        for data in members:
            assert SECRET.encode() not in data, file
            assert b"root:x:0" not in data, file
    assert SECRET not in library.log


def test_what_is_printed_steers_no_terminal(library: Library) -> None:
    unprintable = {c for c in library.log if not (c.isprintable() or c in "\n\u3000\u00a0")}
    assert unprintable == set()


@pytest.mark.parametrize(
    "text",
    [
        '---\ntitle: x\n"a\\nb.md:1: error\\e[2J": 1\n"a\\nb.md:1: error\\e[2J": 2\n---\nx\n',
        "---\ntitle: x\n---\n水 </details \u202e>\n",
    ],
    ids=["a field's name", "a tag"],
)
def test_a_finding_is_one_printable_line(text: str) -> None:
    found = [str(each) for each in parse_post("post.md", text).diagnostics]
    assert found
    assert all(line.isprintable() for line in found)


OPENS: Final = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
CLOSES: Final = re.compile("[\u202c\u2069]")


def test_an_override_ends_with_the_name_it_stands_in(library: Library) -> None:
    for name, page in pages(library):
        if Path(name).name not in ("index.html", "glossary.html"):
            continue
        for part in page.iter("a", "span"):
            text = "".join(map(str, part.itertext()))
            if len(OPENS.findall(text)) > len(CLOSES.findall(text)):
                block = next(part.iterancestors("p", "dt", "dd", "li", "h1", "h2"))
                behind = "".join(map(str, block.itertext())).rpartition(text)[2]
                assert not behind.strip(), (name, ascii(behind))


# ---------------------------------------------------------------------------------------------
# Too large, too deep

FOLDED: Final = "<details>\n<summary>Original English</summary>\n\n{}\n\n</details>\n\n"
DEPTH: Final = 100_000
HUGE: Final = {
    "quote": "> " * DEPTH + "word",
    "tight quote": ">" * DEPTH + "word",
    "list": "- " * DEPTH + "word",
    "ordered list": "1. " * DEPTH + "word",
    "mixed": "- > " * (DEPTH // 2) + "word",
    "nested lines": "".join(f"{' ' * depth}- a\n" for depth in range(1000)),
    "details": "<details>\n" * (DEPTH // 5),
    "summaries": "<details><summary>" * (DEPTH // 5),
    "paragraphs": '<p class="english-text">' * (DEPTH // 5),
    "bold": "**" * DEPTH + "word",
    "emphasis": "*a **b " * (DEPTH // 4),
    "underscores": "_a __b " * (DEPTH // 4),
    "brackets": "[" * DEPTH + "word",
    "glosses": "**词**（" * (DEPTH // 4),
    "fences": "```\n````\n" * (DEPTH // 4),
    "entities": "&#x41;" * (DEPTH // 2),
    "tables": "| a | b |\n|---|---|\n| c | d | e |\n\n" * 1_000,
    "braces": "{" * DEPTH + "}" * DEPTH,
    "dollars": "$x_1$ " * 2_000,
    "open formula": "$" + "{" * DEPTH,
}  # fmt: skip


@pytest.mark.parametrize("body", HUGE.values(), ids=HUGE)
def test_depth_exhausts_neither_stack_nor_clock(body: str) -> None:
    start = time.process_time()
    for block in parse_post("post.md", f"---\ntitle: 深\n---\n水。\n\n{body}\n").post.blocks:
        if not isinstance(block, Heading):
            etree.fromstring(
                f"<root>{render_xhtml(block.markdown)}</root>", etree.XMLParser(huge_tree=True)
            )
            render_myst_blocks(block.markdown)
    assert time.process_time() - start < 20


def test_spaces_before_words_cost_nothing() -> None:
    start = time.process_time()
    parse_post("post.md", f"---\ntitle: 空\n---\n{' ' * 2500}字 word\n")
    assert time.process_time() - start < 0.5


def test_fifty_megabytes_are_read_in_time() -> None:
    unit = "一段话，和 words 一起。\n\n" + FOLDED.format("Text.")
    text = f"---\ntitle: 大\n---\n{unit * (50_000_000 // len(unit.encode()))}"
    start = time.process_time()
    post = parse_post("post.md", text).post
    assert len(post.blocks) > 500_000
    assert time.process_time() - start < 120


def test_a_post_of_two_megabytes_is_built(tmp_path: Path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    english = FOLDED.format("A paragraph of English words. " * 40)
    unit = f"{'一段话，和 words 一起。' * 40}\n\n{english}"
    text = f"---\ntitle: 大\n---\n{unit * (2_000_000 // len(unit.encode()))}"
    (posts / "big.md").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "converter", "build", str(posts), "-o", str(tmp_path / "out")],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    page = (tmp_path / "out").glob("*/da.html")
    assert next(page).read_text("utf-8").count("cp-original") > 700
