"""The options of the PDF edition, from ``duizhao_pdf`` in conf.py."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from sphinx.errors import ConfigError

if TYPE_CHECKING:
    from sphinx.config import Config

__all__ = ["PdfOptions", "read_options"]

_CHOICES: Final = {
    "page": ("a5", "a4", "phone"),
    "originals": ("beneath", "facing", "endnotes", "none"),
    "standard": ("ua-1", "a-2a", "a-3a", "none"),
}


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """How the book looks; ``fonts`` are families for its text, before those chosen by itself."""

    page: str = "a5"
    originals: str = "beneath"
    standard: str = "ua-1"
    fonts: tuple[str, ...] = ()


def read_options(config: Config) -> PdfOptions:
    """Return the options. Raises ConfigError that names what is wrong and what is possible."""
    given = dict(config.duizhao_pdf)
    known = {field.name for field in fields(PdfOptions)}
    for name, value in given.items():
        if name not in known:
            raise ConfigError(
                f"duizhao_pdf: {name!r} is no option; there are {', '.join(sorted(known))}"
            )
        if name == "fonts" and not (
            isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
        ):
            raise ConfigError("duizhao_pdf: fonts is no list of names of fonts")
        if name in _CHOICES and value not in _CHOICES[name]:
            choices = ", ".join(map(repr, _CHOICES[name]))
            raise ConfigError(f"duizhao_pdf: {name} is {value!r}; choose from {choices}")
    return PdfOptions(**{**given, "fonts": tuple(given.get("fonts", ()))})
