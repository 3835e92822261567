"""A prose block: its speaker, its language and the terms that it explains."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from .gloss import Glosses, find_glosses
from .language import language_among, language_of, language_outside_brackets
from .markdown import CJK
from .model import Block, Heading, Prose, Span
from .speaker import plain_speaker_of, speaker_of

__all__ = ["make_prose", "name_speakers", "settle_languages"]

_CJK = re.compile(f"[{CJK}]")
_WORD = re.compile("[A-Za-z]+")
_FEW_WORDS: Final = 3
_BEGINNING: Final = 16
_FEWEST_TURNS: Final = 3
"""How often a plain ``Name:`` must begin a paragraph of a post to be a speaker's."""


def make_prose(span: Span, markdown: str) -> Prose:
    """Return the block of a Markdown text, which is not empty."""
    speaker = speaker_of(markdown)
    is_code = "```" in markdown or "~~~" in markdown
    glosses = Glosses() if is_code else find_glosses(markdown)
    # A look at the beginning: nearly all prose is Chinese, and begins so.
    is_latin = markdown[:_BEGINNING].isascii()
    language = language_outside_brackets(markdown) if is_latin else language_of(markdown)
    if language == "en" and not markdown.isascii() and _has_few_words(markdown):
        # ``嘉宾：OK。`` is Chinese: its label says more than its words.
        language = "zh-Hans"
    return Prose(span, markdown, language, speaker, glosses.definitions, glosses.names)


def _has_few_words(markdown: str) -> bool:
    return _CJK.search(markdown) is not None and len(_WORD.findall(markdown)) <= _FEW_WORDS


def name_speakers(blocks: list[Block]) -> list[Block]:
    """Name the speakers of turns written as plain ``Name:``, where the name recurs."""
    turns: list[tuple[int, Prose, str]] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Prose) and not block.speaker:
            name = plain_speaker_of(block.markdown)
            if name:
                turns.append((index, block, name))
    if not turns:
        return blocks
    counts = Counter(name for _, _, name in turns)
    for index, block, name in turns:
        if counts[name] >= _FEWEST_TURNS:
            blocks[index] = replace(block, speaker=name)
    return blocks


def settle_languages(
    blocks: Sequence[Block], language: str, original_language: str
) -> tuple[Block, ...]:
    """Return blocks in the languages of their library, where their letters alone said English.

    Prose is in the translation's language if it can be, an original in that of the originals.
    """
    if language.startswith("zh") and original_language == "en":
        return tuple(blocks)
    both = (language, original_language)
    settled: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            settled.append(block)
            continue
        order = both if isinstance(block, Prose) else both[::-1]
        found = language_among(block.markdown, order, block.language)
        settled.append(replace(block, language=found))
    return tuple(settled)
