"""Speaker turns: how transcripts say who speaks, in all their spellings."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

__all__ = ["part_turns", "plain_speaker_of", "speaker_of"]

_TURN = re.compile(
    r"(?:>>[ ]{0,3})?(?:\*\*\[?(?P<before>[^*\n:：\]]{1,40})\]?\*\*[ ]?[:：]"
    r"|\*\*\[?(?P<inside>[^*\n:：\]]{1,40})\]?[:：][ ]?\*\*"
    r"|\[(?P<bracket>[^\[\]^*\n:：]{1,40})\][:：]"
    r"|<span class=\"speaker\">(?:\*\*)?(?P<span>[^<>*\n]{1,40}?)[:：]?(?:\*\*)?</span>)"
)
_TURN_STARTS: Final = frozenset("*>[<")
_PLAIN_TURN = re.compile(
    r"(?:>>[ ]{0,3})?(?:(?P<latin>[A-Z][\w.'’-]{0,20}(?: [A-Z0-9][\w.'’-]{0,20}){0,3})(?:: |：)"
    r"|(?P<han>[\u3400-\u9fff·]{2,16})[:：]|\*\*(?P<line>[^*\n:：。？！，]{2,20})\*\*\n)"
)
_NAME = re.compile(r"\w")
# A footnote is a paragraph of its own like a turn.
_LATER_TURN = re.compile(
    rf"\n(?=>>|\[\^[^\]\[\s^]{{1,40}}\]:|{_TURN.pattern.replace('?P<', '?P<later_')})"
)


def speaker_of(markdown: str) -> str:
    """Return whom a marked label at the start of a paragraph names: ``**Name**:``, ``[Name]:``."""
    turn = _TURN.match(markdown) if markdown[:1] in _TURN_STARTS else None
    speaker = (turn["before"] or turn["inside"] or turn["bracket"] or turn["span"]) if turn else ""
    return speaker.strip() if speaker and _NAME.search(speaker) else ""


def plain_speaker_of(markdown: str) -> str:
    """Return the name in a plain ``Name:``; that it is a speaker's only its recurrence tells."""
    match = _PLAIN_TURN.match(markdown)
    return match["latin"] or match["han"] or match["line"] if match else ""


def part_turns(text: str) -> list[str]:
    """Return the turns and footnotes of a text, each of which begins a line; code stays whole."""
    if not ("\n*" in text or "\n[" in text or "\n>>" in text or "\n<" in text) or "```" in text:
        return [text]
    starts = [0, *(match.end() for match in _LATER_TURN.finditer(text)), len(text) + 1]
    return [text[start : end - 1] for start, end in pairwise(starts)]
