"""One text against all laws and the clock; a shorter text that fails in the same way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from converter.markdown import render_myst_blocks, render_xhtml
from converter.model import Heading
from converter.post import parse_post

from ..laws import LAWS, PATH, law_myst

__all__ = ["Failure", "check", "shorten"]

_SECONDS_ANYWAY: Final = 0.3
_SECONDS_A_CHARACTER: Final = 40e-6
_SECONDS_A_LOOK: Final = 3e-6
_MOST_LOOKS: Final = 100
"""markdown-it looks from each open bracket to the end of the paragraph, for a hundred of them."""

_LONGEST_READ_BY_ALL: Final = 12_000
"""The laws are slow themselves; longer texts are there for the clock."""


class Failure(NamedTuple):
    """Which law a text breaks, and how."""

    law: str
    message: str


def _read(text: str) -> None:
    for block in parse_post(PATH, text).post.blocks:
        if not isinstance(block, Heading):
            render_xhtml(block.markdown)
            render_myst_blocks(block.markdown)


def _keep_time(text: str) -> None:
    """Fail if reading and rendering take longer than is proportional to the text."""
    allowed = _SECONDS_ANYWAY + _SECONDS_A_CHARACTER * len(text)
    allowed += _SECONDS_A_LOOK * len(text) * min(_MOST_LOOKS, text.count("["))
    taken = float("inf")
    for _ in range(3):
        start = time.process_time()
        _read(text)
        taken = min(taken, time.process_time() - start)
        if taken <= allowed:
            return
    raise AssertionError(f"{len(text)} characters took {taken:.2f} s of the CPU")


_CHECKS: Final[tuple[Callable[[str], None], ...]] = (_keep_time, *LAWS)


def check(text: str, *, thorough: bool = True) -> Failure | None:
    """Return the first law that a text breaks; an exception breaks the law that met it.

    The slowest law, which builds an EPUB and reads MyST, is asked only to be thorough.
    """
    for law in _CHECKS if len(text) <= _LONGEST_READ_BY_ALL else _CHECKS[:1]:
        if law is law_myst and not thorough:
            continue
        name = law.__name__.removeprefix("_")
        try:
            law(text)
        except AssertionError as error:
            return Failure(name, str(error))
        except Exception as error:  # noqa: BLE001 # whatever it is, it is what we look for
            return Failure(name, f"{type(error).__name__}: {error}")
    return None


def shorten(text: str, failure: Failure, seconds: float = 60) -> str:
    """Return a part of a text that breaks the same law; the time is a limit."""
    deadline = time.monotonic() + seconds
    size = len(text) // 2
    while size:
        start = 0
        while start < len(text) and time.monotonic() < deadline:
            shorter = text[:start] + text[start + size :]
            found = check(shorter)
            if found and found.law == failure.law:
                text = shorter
            else:
                start += size
        size //= 2
    return text
