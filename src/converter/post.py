"""From text to Post: front matter, then the body as a flat tuple of blocks.

Parsing cannot fail; what is not understood stays visible text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from .body import read_body
from .diagnostics import Diagnostic
from .front_matter import parse_front_matter, split_front_matter
from .language import chinese_variant, sample_texts
from .markdown import plain_text
from .model import Block, FrontMatter, Heading, Original, Post, Prose
from .prose import name_speakers
from .source import clean_source, is_clean

__all__ = ["Parsed", "parse_post", "plain_title"]

_MARKUP = re.compile(r"[\\`*_\[\]<>&~$!]|://|\n")
_LONGEST_TITLE: Final = 2000


@dataclass(frozen=True, slots=True)
class Parsed:
    """A post and what was found while reading it."""

    post: Post
    diagnostics: tuple[Diagnostic, ...]


def parse_post(path: str, text: str) -> Parsed:
    """Return the post that a text holds; every visible character of it is in some block."""
    found: list[Diagnostic] = []
    source = clean_source(path, text, found)
    fenced = split_front_matter(source.text)
    front_matter, problems = parse_front_matter(path, fenced)
    found += problems
    first_line = source.text.count("\n", 0, fenced.body_start) + 1
    read, problems = read_body(path, fenced.body, fenced.body_start, first_line)
    blocks = tuple(_set_variant(name_speakers(read)))
    found += problems
    if source.cuts:
        # The carriage return of a line end goes with it.
        found = [
            replace(problem, edits=source.restore(problem.edits, with_cuts=True))
            for problem in found
        ]
    if any(problem.code == "input.control-character" for problem in found):
        found = [_without_loss(problem, text) for problem in found]
    if not blocks:
        found.append(Diagnostic(path, 0, 0, "post.empty", "the post has no text"))
    front_matter = _complete_title(path, front_matter, blocks, found)
    return Parsed(Post(path, "", front_matter, blocks), tuple(sorted(found)))


def _without_loss(problem: Diagnostic, text: str) -> Diagnostic:
    """Take back edits of what holds a character that was read as another."""
    loses = any(not is_clean(text[edit.start : edit.end]) for edit in problem.edits)
    return replace(problem, edits=()) if loses else problem


def _complete_title(
    path: str, front_matter: FrontMatter, blocks: tuple[Block, ...], found: list[Diagnostic]
) -> FrontMatter:
    title = plain_title(front_matter.title)
    if title == front_matter.title != "":
        return front_matter
    if not title:
        headings = (plain_title(block.text) for block in blocks if isinstance(block, Heading))
        title = next(filter(None, headings), "") or PurePosixPath(path).stem
        message = f"the post has no title; {title[:60]!r} stands in"
        found.append(Diagnostic(path, 1, 0, "front-matter.no-title", message))
    return replace(front_matter, title=title)


def plain_title(text: str) -> str:
    """Return a title or heading without its Markdown; one that is no title any more as it is."""
    is_marked_up = len(text) < _LONGEST_TITLE and _MARKUP.search(text)
    return plain_text(text) if is_marked_up else text


def _set_variant(blocks: list[Block]) -> list[Block]:
    """Say of Chinese blocks whether they are in simplified or traditional characters.

    A block of a post that mixes the two is judged by its own characters, if they tell.
    """
    chinese = {
        index: block
        for index, block in enumerate(blocks)
        if isinstance(block, Prose | Original) and block.language == "zh-Hans"
    }
    sample = sample_texts([block.markdown for block in chinese.values()])
    variant = chinese_variant(sample)
    if variant in ("zh-Hans", ""):
        return blocks
    for index, block in chinese.items():
        if variant == "zh-Hant" or chinese_variant(block.markdown) == "zh-Hant":
            blocks[index] = replace(block, language="zh-Hant")
    return blocks
