"""The edition by LaTeX: it is stock Sphinx's, and only gets the places that links lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]

# Sphinx's writer passes over the ids of these: links to them would lead nowhere.
_INLINE = (nodes.inline, nodes.paragraph)
_BLOCKS = (nodes.block_quote, nodes.bullet_list, nodes.definition_list, nodes.enumerated_list)


class TargetInsertion(SphinxPostTransform):
    """Gives paragraphs, lists and spans with ids a target, which LaTeX has an anchor for."""

    default_priority = 200
    formats = ("latex",)

    def run(self, **kwargs: Any) -> None:
        """Edit the document in place."""
        for element in list(self.document.findall(nodes.Element)):
            if element["ids"] and isinstance(element, (*_INLINE, *_BLOCKS)):
                _insert_target(element)


def _insert_target(element: nodes.Element) -> None:
    ids, element["ids"] = element["ids"], []
    if isinstance(element.parent, nodes.term):
        # A term has an anchor; in what LaTeX makes of its text, another would be in the way.
        element.parent["ids"] += ids
    elif isinstance(element, _INLINE):
        element.insert(0, nodes.target(ids=ids))
    else:
        element.parent.insert(element.parent.index(element), nodes.target(ids=ids))


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(TargetInsertion)
