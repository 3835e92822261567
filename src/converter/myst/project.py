"""A book as an ordinary Sphinx project: conf.py, index.md, chapters, glossary and indexes.

Stock ``sphinx-build -n -W -b html`` builds it with no warning, with this package installed
or without. Classes in attribute lines carry what MyST has no words for; ``sphinx_ext`` turns
``cp-unit-N`` into the attribute ``data-unit``, docutils itself ``language-en`` into ``lang``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from html import escape
from typing import Final

from ..faces import script_of
from ..markdown import escape_myst, render_myst_directive
from ..model import Book, PdfDesign, Post
from .chapter import render_chapter, render_matter
from .reference import render_reference

__all__ = ["PROJECT_MARK", "render_myst"]

PROJECT_MARK: Final = "Sphinx configuration of one book, written by duizhao."
"""What tells a generated project from one that somebody wrote."""

_CONF: Final = r'''"""{mark}

Build it with: sphinx-build -n -W -b html . _build
By LaTeX with: sphinx-build -b latex . _latex && make -C _latex
"""

from importlib import metadata

project = {title!r}
author = {author!r}
language = {language!r}
extensions = ["myst_parser", "sphinx_design"]
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_ref_domains = ["std"]
smartquotes = False
highlight_language = "none"
# A post may show code that its language's highlighter cannot read; the code is shown all the same.
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = ["_build"]
html_title = project
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
html_domain_indices = False
html_theme_options = {{}}

latex_engine = "xelatex"
latex_documents = [("index", {tex_name!r}, "", {tex_author!r}, "manual")]
latex_docclass = {{}}  # For Japanese it would be a class that is not for XeTeX.
latex_elements = {{
    "papersize": "a4paper",
    "extraclassoptions": "openany",
    "makeindex": "",
    # ctex finds Chinese fonts on any system. The second line keeps "quotes" straight.
    "fontenc": r"""\usepackage[scheme=plain]{{ctex}}
\defaultfontfeatures[\rmfamily,\sffamily,\ttfamily]{{}}""",
    # Noto where it is: TeX Live's own fonts lack characters, and XeTeX leaves those out.
    "preamble": r"""{tex_names}
\IfFontExistsTF{{Noto Serif CJK {script}}}
  {{\setCJKmainfont{{Noto Serif CJK {script}}}[ItalicFont=Noto Sans CJK {script}]}}{{}}
\IfFontExistsTF{{Noto Sans CJK {script}}}
  {{\setCJKsansfont{{Noto Sans CJK {script}}}\setCJKmonofont{{Noto Sans Mono CJK {script}}}}}{{}}
\protected\def\sphinxcrossref#1{{#1}}""",
}}

try:
    metadata.version("sphinx-book-theme")
except metadata.PackageNotFoundError:
    pass
else:
    html_theme = "sphinx_book_theme"
    html_theme_options = {theme_options!r}

try:
    metadata.version("duizhao")
except metadata.PackageNotFoundError:
    pass
else:
    # It brings the builder for PDFs too: sphinx-build -b typstpdf . _build
    extensions.append("converter.sphinx_ext")
    duizhao_pdf = {pdf!r}
    duizhao_facts = {facts!r}
    duizhao_pdf_name = {pdf_name!r}
'''

_TEX: Final = str.maketrans(
    {letter: f"\\{letter}" for letter in "$%&#_{}"}
    | {letter: f"{{{letter}}}" for letter in "[]"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)

_COUNTED: Final = {
    "people": "位人物",
    "organizations": "家机构",
    "products": "种产品与模型",
    "media": "种书刊与媒体",
}

_THEME_OPTIONS: Final[dict[str, object]] = {
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "use_sidenotes": False,
    "home_page_in_toc": True,
    # The theme would cut a link's text short, and with it the post's.
    "shorten_urls": False,
}


def render_myst(book: Book) -> dict[str, str]:
    """Return the project's files by their names; all names are flat and ASCII."""
    reference = list(render_reference(book))
    posts = (*book.front, *book.chapters, *book.back)
    names = [*(post.slug for post in posts), *(document.name for document in reference)]
    files = {"conf.py": _render_conf(book), "index.md": _render_index(book, names)}
    entries = {index.kind: index.ids for index in book.indexes}
    for number, chapter in enumerate(book.chapters):
        files[f"{chapter.slug}.md"] = _join(render_chapter(book, number, entries))
    for post in (*book.front, *book.back):
        files[f"{post.slug}.md"] = _join(render_matter(book, post))
    files |= {f"{document.name}.md": document.text for document in reference}
    return files


def _join(parts: Iterator[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _escape_tex(text: str) -> str:
    """Return a text as LaTeX shows it."""
    return text.translate(_TEX)


def _tex_names(language: str) -> str:
    """Return what says "Contents" and "Chapter" in Chinese: Sphinx has babel speak English."""
    if not language.lower().startswith("zh"):
        return ""
    contents = "目录" if script_of(language) == "SC" else "目錄"
    return rf"\addto\captionsenglish{{\def\contentsname{{{contents}}}\def\chaptername{{}}}}"


def _render_conf(book: Book) -> str:
    return _CONF.format(
        mark=PROJECT_MARK,
        tex_name=f"{book.slug}.tex",
        tex_names=_tex_names(book.language),
        title=book.title,
        tex_author=_escape_tex("、".join(book.creators[:3])),
        script=script_of(book.language),
        # The theme writes this into the page as it is, too.
        author=escape("、".join(book.creators[:3]) or book.title),
        language=book.language.replace("-", "_"),
        # The theme writes this, or else the project's title, into the page as it is.
        pdf=dict(_pdf_options(book)),
        facts=dict(_facts(book)),
        pdf_name=f"{book.slug}.pdf",
        theme_options={**_THEME_OPTIONS, "logo": {"text": escape(book.title)}},
    )


def _pdf_options(book: Book) -> Iterator[tuple[str, object]]:
    """Yield the options of the PDF that are not what they are anyway."""
    usual = PdfDesign()
    for field in fields(PdfDesign):
        value = getattr(book.pdf, field.name)
        if value != getattr(usual, field.name):
            yield field.name, value


def _facts(book: Book) -> Iterator[tuple[str, str]]:
    """Yield what the title page of the PDF says beside the title and the author."""
    imprint = book.imprint
    dates = sorted(filter(None, (chapter.front_matter.date for chapter in book.chapters)))
    years = list(dict.fromkeys(date[:4] for date in (dates[:1] + dates[-1:])))
    facts = {
        "author": "、".join(book.creators[:3]),
        "series": imprint.series if imprint.series != book.title else "",
        "volume": str(imprint.volume or ""),
        "translators": "、".join(imprint.translators),
        "publisher": imprint.publisher,
        "rights": imprint.rights,
        "dates": "–".join(years),
        "counts": " · ".join(_counts(book)),
    }
    return ((name, value) for name, value in facts.items() if value)


def _counts(book: Book) -> list[str]:
    """Return how much a PDF holds, in the language of the book as far as it is known here."""
    is_chinese = book.language.lower().startswith("zh")
    originals = sum(chapter.originals for chapter in book.chapters)
    counted = (
        (len(book.chapters), "篇文章", "posts"),
        (originals if book.pdf.originals != "none" else 0, "段原文", "originals"),
        (len(book.glossary.entries), "条术语", "terms"),
    )
    return [f"{count:,} {zh if is_chinese else en}" for count, zh, en in counted if count]


def _render_index(book: Book, names: Sequence[str]) -> str:
    originals = sum(chapter.originals for chapter in book.chapters)
    counts = [f"{len(book.chapters):,} 篇文章"]
    counts += [f"{originals:,} 段原文"] if originals else []
    if book.glossary.entries:
        counts.append(f"[{len(book.glossary.entries):,} 条术语](glossary.md)")
    counts += [
        f"[{len(index.entries):,} {_COUNTED[index.kind]}]({index.kind}.md)"
        for index in book.indexes
        if index.entries
    ]
    toctree = render_myst_directive("toctree", "", ":hidden:\n:maxdepth: 1\n\n" + "\n".join(names))
    parts = (
        f"# {escape_myst(book.title)}",
        "{.cp-counts}\n" + " · ".join(counts),
        _render_contents(book.front, "{.cp-contents .cp-unnumbered}"),
        _render_contents(book.chapters, "{.cp-contents}"),
        _render_contents(book.back, "{.cp-contents .cp-unnumbered}"),
        toctree,
    )
    return _join(iter(parts))


def _render_contents(posts: Sequence[Post], attributes: str) -> str:
    if not posts:
        return ""
    return f"{attributes}\n" + "\n\n".join(map(_render_contents_entry, posts))


def _render_contents_entry(chapter: Post) -> str:
    matter = chapter.front_matter
    facts = " · ".join(escape_myst(fact) for fact in (matter.date, *matter.speakers[:3]) if fact)
    lines = [f"[{escape_myst(matter.title)}]({chapter.slug}.md)"]
    if facts:
        lines.append(f"[{facts}]{{.cp-facts}}")
    return "- " + "\\\n  ".join(lines)
