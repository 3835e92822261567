"""The lines of a printed glossary: entries and see-references, in their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from ..letters import OTHER_LETTER, latin_letter
from ..model import GlossaryEntry, Mention, SeeReference
from ..pinyin import initial, sort_key
from .concepts import Concept
from .keys import concept_key, has_han

__all__ = ["make_lines"]

Line = GlossaryEntry | SeeReference

_LONGEST_ALIAS: Final = 80
_DESCRIPTION = re.compile("[的为，、。]|[\u3400-\u9fff].{14}")
"""What an expansion holds that is Chinese and no name: ``Ada 写的程序``."""

_SIGNS = re.compile(r"^[\W_]+")
_ARTICLE = re.compile(r"^(?:the|an?) (?=\w)", re.IGNORECASE)


def make_lines(
    concepts: Sequence[Concept], mentions: Mapping[str, Sequence[Mention]], *, latin_apart: bool
) -> tuple[Line, ...]:
    """Return the lines in printing order: by letter, those without one at the end.

    With ``latin_apart`` all that begin with a Chinese character come before the others. A
    see-reference that would stand next to its entry is left out.
    """
    lines: list[Line] = [_make_entry(each, mentions[each.id]) for each in concepts]
    lines += _see_references(concepts)
    lines.sort(key=_order(latin_apart=latin_apart))
    if latin_apart:
        lines = [_set_apart(line) for line in lines]
    kept: list[Line] = []
    for _, run in groupby(lines, key=lambda line: line.id):
        neighbours = list(run)
        entries = [line for line in neighbours if isinstance(line, GlossaryEntry)]
        kept += entries or neighbours
    return tuple(kept)


def _set_apart(line: Line) -> Line:
    return replace(line, letter=latin_letter(line.letter)) if _is_latin(line) else line


def _is_latin(line: Line) -> bool:
    return not has_han(_SIGNS.sub("", _text(line))[:1])


def _text(line: Line) -> str:
    return line.headword if isinstance(line, GlossaryEntry) else line.alias


def _make_entry(concept: Concept, mentions: Sequence[Mention]) -> GlossaryEntry:
    return GlossaryEntry(
        id=concept.id,
        headword=concept.headword,
        letter=initial(_without_article(concept.headword)),
        originals=concept.originals,
        definitions=concept.definitions_at(mentions[0]),
        mentions=tuple(mentions),
        aliases=concept.aliases,
    )


def _see_references(concepts: Iterable[Concept]) -> Iterator[SeeReference]:
    """Yield a line for each alias and expansion that is no headword of an entry itself."""
    concepts = list(concepts)
    headwords = {concept_key(concept.headword) for concept in concepts}
    for concept in concepts:
        seen: set[str] = set()
        originals = (each for each in concept.originals if not _DESCRIPTION.search(each))
        for alias in (*concept.aliases, *originals):
            if alias not in concept.names:
                continue
            key = concept_key(alias)
            if key not in headwords and key not in seen and len(alias) <= _LONGEST_ALIAS:
                seen.add(key)
                yield SeeReference(
                    alias, initial(_without_article(alias)), concept.id, concept.headword
                )


def _without_article(text: str) -> str:
    return text if has_han(text) else _ARTICLE.sub("", text)


def _order(*, latin_apart: bool) -> Callable[[Line], tuple[object, ...]]:
    def order(line: Line) -> tuple[object, ...]:
        is_reference = isinstance(line, SeeReference)
        return (
            line.letter == OTHER_LETTER,
            latin_apart and _is_latin(line),
            sort_key(_without_article(_text(line))),
            is_reference,
            line.id,
        )

    return order
