"""Ctrl-C and SIGTERM: when they stop a command, and what is true of the output then."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

__all__ = ["PublishError", "prepare_signals", "undisturbed"]

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)


class PublishError(OSError):
    """The output was replaced in part; the message is one line."""


def prepare_signals() -> None:
    """Let both signals stop the command by a KeyboardInterrupt."""
    _listen(_interrupt)


@contextmanager
def undisturbed(out: Path) -> Iterator[None]:
    """Hold signals back while the output is replaced, which is a matter of moments.

    One that was held back, or that comes later, stops the command by a KeyboardInterrupt that
    says what is true then. Raises PublishError for trouble with the disk: then some of the output
    is new already, and a signal that came on top of it is forgotten.
    """
    came: list[int] = []
    # Not blocked, but noted: a blocked one goes to any other thread that there is.
    _listen(lambda number, _: came.append(number))
    try:
        yield
    except OSError as error:
        what = error.strerror or error
        message = f"{out}: {what}; some of it may be new already: run the command again"
        raise PublishError(message) from error
    _listen(_interrupt_late)
    if came:
        _interrupt_late()


def _listen(handler: Callable[[int, FrameType | None], object]) -> None:
    """Set what the signals do; one that is ignored, as by ``nohup``, stays so."""
    for number in _STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _interrupt_late(*_: object) -> NoReturn:
    raise KeyboardInterrupt("interrupted; by then everything was published")
