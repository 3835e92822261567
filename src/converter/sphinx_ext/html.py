"""The HTML edition: attributes on the prose, templates, styles, and what search may see."""

from __future__ import annotations

import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.fileutil import copy_asset_file

from converter.sphinx_ext.cards import CARD_CLASS
from converter.sphinx_ext.languages import interface_labels, language_tag

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

__all__ = ["BookTranslatorMixin", "ChevronRemoval", "flat_contents", "setup"]

_HERE = Path(__file__).parent
_TEMPLATES = str(_HERE / "templates")
_THEME = "sphinx_book_theme"
_STATIC = ("book.css", "book.js", "cards.js")

# Found by search but no answer to anybody's question: lists of links, labels, headings' marks.
_NOT_SEARCHED = frozenset(
    "cp-label cp-letters cp-mentions cp-meta cp-series cp-source headerlink toctree-wrapper".split()
)

# Copied by the theme into every book and loaded by none of our pages: 6 MB a book. The icons
# come from the theme's own web font; source maps serve only who debugs the theme.
_UNUSED_STATIC = (
    "**/*.map",
    "language_data.js",
    "locales",
    "sbt-webpack-macros.html",
    "scripts/fontawesome.js*",
    "searchtools.js",
    "webpack-macros.html",
)

# Theme options that the pages are designed for; a value in conf.py wins.
_THEME_OPTIONS: dict[str, Any] = {
    # Empty, or the theme shows a second, hidden bar above its own whose buttons do nothing.
    "navbar_persistent": [],
    "article_header_end": ["originals-toggle.html", "article-header-buttons.html"],
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
}


class BookTranslatorMixin:
    """Turns the classes that carry data into the attributes that they stand for."""

    def starttag(
        self, node: Any, tagname: str, suffix: str = "\n", empty: bool = False, **attributes: Any
    ) -> str:
        """Return the start tag; ``cp-unit-3`` becomes ``data-unit``, ``language-en`` ``lang``."""
        start_tag = super().starttag  # type: ignore[misc]
        classes: list[str] = node.get("classes") or []
        marks: dict[str, str] = {}
        kept: list[str] = []
        for name in classes:
            if name.startswith("cp-unit-"):
                marks["data-unit"] = name[8:]
            elif name.startswith("language-"):
                marks["lang"] = language_tag(name[9:])
            elif name.startswith(CARD_CLASS):
                marks["data-gloss"] = name.removeprefix(CARD_CLASS)
            else:
                kept.append(name)
                if name in _NOT_SEARCHED:
                    marks["data-pagefind-ignore"] = "index"
                if name == "cp-letters":
                    language = self.config.language  # type: ignore[attr-defined]
                    marks["role"] = "navigation"
                    marks["aria-label"] = interface_labels(language)["letters"]
        if marks:
            # A copy: other builders and a second visit see the node as it was.
            node = node.copy()
            node["classes"] = kept
            attributes |= marks
        tag: str = start_tag(node, tagname, suffix, empty, **attributes)
        return tag


class ChevronRemoval(SphinxPostTransform):
    """Drops sphinx-design's drawn chevron: 400 bytes an original, and book.css draws its own."""

    default_priority = 200  # just after sphinx-design has made the <details>
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Edit the document in place."""
        for original in self.document.findall(nodes.Element):
            if "cp-original" in original.get("classes", ()):
                for part in list(original.findall(nodes.inline)):
                    if "sd-summary-state-marker" in part["classes"]:
                        part.parent.remove(part)


def _add_templates(app: Sphinx, config: Config) -> None:
    # Between the author's own templates and the theme's, which it appends later.
    if config.html_theme == _THEME:
        config.templates_path = [*config.templates_path, _TEMPLATES]


def _fit_theme(app: Sphinx) -> None:
    builder: Any = app.builder
    options: dict[str, Any] | None = getattr(builder, "theme_options", None)
    if options is None or app.config.html_theme != _THEME:
        return
    if builder.name == "epub":
        # It has a theme of its own, which no template of ours fits.
        app.config.templates_path.remove(_TEMPLATES)
        builder.init_templates()
    else:
        for option, value in _THEME_OPTIONS.items():
            options.setdefault(option, value)


def _prepare_builder(app: Sphinx) -> None:
    builder: Any = app.builder
    if builder.format != "html" or not hasattr(builder, "theme"):
        return
    translator = types.new_class(
        "BookTranslator",
        (BookTranslatorMixin, app.registry.get_translator_class(builder)),
    )
    app.set_translator(builder.name, translator, override=True)
    builder.search = False  # Pagefind indexes the finished pages instead.
    static = Path(app.outdir, "_static")
    static.mkdir(parents=True, exist_ok=True)
    for name in _STATIC:
        copy_asset_file(_HERE / name, static, force=True)
    if app.config.html_theme == _THEME:
        app.config.html_permalinks_icon = "<span data-pagefind-ignore>#</span>"


def flat_contents(env: BuildEnvironment) -> list[tuple[str, str]]:
    """Return (document, title) of every chapter; nothing if the contents are more than a list.

    That is: nested, captioned, numbered, or with links that lead out of the book.
    """
    root = env.config.root_doc
    if any(env.toctree_includes.get(name) for name in env.toctree_includes.get(root, ())):
        return []
    chapters: list[tuple[str, str]] = []
    for toctree in env.tocs[root].findall(addnodes.toctree):
        if toctree.get("caption") or toctree.get("numbered"):
            return []
        for title, name in toctree["entries"]:
            if name not in env.titles:
                return []
            chapters.append((name, title or env.titles[name].astext()))
    return chapters


def _list_chapters(app: Sphinx, builder: Builder) -> None:
    if builder.format == "html" and app.config.html_theme == _THEME:
        # Once a build, before the writing is shared out among processes.
        app.config.html_context["cp_contents"] = flat_contents(app.env)


def _add_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    context["cp"] = interface_labels(app.config.language)
    # Without JavaScript nobody else sets the page's colors.
    context.setdefault("default_mode", "light")
    context["cp_library"] = app.config.duizhao_library
    context["theme_toc_title"] = context["cp"]["outline"]
    context["cp_chapters"] = [
        (context["pathto"](name), title, name == pagename)
        for name, title in context.get("cp_contents", ())
    ]


def _remove_unused_static(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html" or app.config.html_theme != _THEME:
        return
    static = Path(app.outdir, "_static")
    for pattern in _UNUSED_STATIC:
        for path in sorted(static.glob(pattern), reverse=True):
            if path.is_dir():
                for file in sorted(path.rglob("*"), reverse=True):
                    file.rmdir() if file.is_dir() else file.unlink()
                path.rmdir()
            else:
                path.unlink()


def setup(app: Sphinx) -> None:
    """Connect the HTML edition's hooks."""
    # The address of the library's home page, seen from the book's pages; empty for a book alone.
    app.add_config_value("duizhao_library", "", "html", str)
    app.connect("config-inited", _add_templates)
    # Before the theme (500) fills in its own defaults, and after it has wrapped the translator.
    app.connect("builder-inited", _fit_theme, priority=100)
    app.connect("builder-inited", _prepare_builder, priority=900)
    app.connect("write-started", _list_chapters)
    # Before the theme (500) renders its components to see which of them are empty.
    app.connect("html-page-context", _add_page_context, priority=400)
    app.connect("build-finished", _remove_unused_static, priority=900)
    app.add_post_transform(ChevronRemoval)
    app.add_css_file("book.css", priority=900)
    app.add_js_file("book.js", priority=900, loading_method="defer")
