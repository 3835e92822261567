"""Formulas as MathML: no script, nothing fetched, and a screen reader can read them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes

from converter.mathml import render_mathml

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.html5 import HTML5Translator

__all__ = ["RENDERER", "setup"]

RENDERER = "duizhao"
"""The name of the renderer among Sphinx's ``html_math_renderer``."""

# Beyond this a formula in a line may be wider than a phone, and gets a scroll bar of its own.
_LONGEST_IN_LINE = 30


def _render(tex: str, *, display: bool) -> str:
    return render_mathml(tex, display=display) or (
        f'<code class="docutils literal notranslate">{escape(tex)}</code>'
    )


def _visit_inline(translator: HTML5Translator, node: nodes.Element) -> None:
    tex = node.astext()
    classes = ["cp-math-long"] if len(tex) > _LONGEST_IN_LINE else []
    start = translator.starttag(node, "span", "", CLASS=" ".join(["notranslate", *classes]))
    translator.body.append(f"{start}{_render(tex, display=False)}</span>")
    raise nodes.SkipNode


def _visit_block(translator: HTML5Translator, node: nodes.Element) -> None:
    start = translator.starttag(node, "div", CLASS="math notranslate nohighlight")
    translator.body.append(start)
    if node.get("number"):
        number = escape(str(node["number"]))
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append(f"{_render(node.astext(), display=True)}</div>\n")
    raise nodes.SkipNode


def _depart(translator: HTML5Translator, node: nodes.Element) -> None:
    raise AssertionError("its visit skips the departure")


def _select(app: Sphinx, config: Config) -> None:
    if config.html_math_renderer is None:
        config.html_math_renderer = RENDERER


def setup(app: Sphinx) -> None:
    """Register the renderer and make it the one that is used, unless conf.py names another."""
    renderers: Any = (_visit_inline, _depart), (_visit_block, _depart)
    app.add_html_math_renderer(RENDERER, *renderers)
    app.connect("config-inited", _select)
