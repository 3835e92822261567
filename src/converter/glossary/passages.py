"""The blocks of a chapter that may explain or mention something, each with its paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Heading, Original, Post, Prose, prose_anchor

__all__ = ["anchored_blocks"]


def anchored_blocks(chapter: Post) -> Iterator[tuple[str, Heading | Prose | Original]]:
    """Yield blocks with the anchor of a paragraph, in reading order.

    Prose has its own, an original that of the prose above it, a heading that explains
    something that of the prose below it; where there is none, that of the nearest. A chapter
    without prose yields nothing.
    """
    anchor = ""
    waiting: list[Heading | Original] = []
    for index, block in enumerate(chapter.blocks):
        if isinstance(block, Prose):
            anchor = prose_anchor(chapter.slug, index)
            yield from ((anchor, each) for each in waiting)
            waiting.clear()
            yield anchor, block
        elif isinstance(block, Heading):
            if block.glosses:
                waiting.append(block)
        elif anchor and not waiting:
            yield anchor, block
        else:
            waiting.append(block)
    if anchor:
        yield from ((anchor, each) for each in waiting)
