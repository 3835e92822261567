"""Chinese by its sound: slugs for addresses, and the order of entries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from hashlib import sha256
from typing import Final

from pypinyin import lazy_pinyin

__all__ = ["initial", "slugify", "sort_key", "unique_slug"]

_LONGEST_SLUG: Final = 60
_LONGEST_READ: Final = 200
_SEPARATORS = re.compile("[^a-z0-9]+")
_HAN = re.compile("([\u3400-\u9fff]+)")


def slugify(text: str) -> str:
    """Return lower-case ASCII words joined by hyphens, Chinese as pinyin; may be empty.

    Safe as a file name and as an id: letters, digits and single inner hyphens, 60 at most.
    """
    read = "-".join(_syllables(text[:_LONGEST_READ]))
    ascii_text = unicodedata.normalize("NFKD", read).encode("ascii", "ignore").decode()
    slug = _SEPARATORS.sub("-", ascii_text.lower()).strip("-")
    if len(slug) > _LONGEST_SLUG:
        head, _, _ = slug[: _LONGEST_SLUG + 1].rpartition("-")
        slug = head or slug[:_LONGEST_SLUG]
    return slug


def unique_slug(wish: str, salt: str, taken: Collection[str]) -> str:
    """Return the wish, or the wish with a short digest of ``salt`` if it is taken or empty.

    The digest depends on the salt only, so that a slug does not change when others come.
    """
    if wish and wish not in taken:
        return wish
    digest = sha256(salt.encode("utf-8", "surrogatepass")).hexdigest()
    slugs = (f"{wish or 'n'}-{digest[:length]}" for length in range(6, len(digest)))
    return next(slug for slug in slugs if slug not in taken)


def sort_key(text: str) -> tuple[str, str]:
    """Return what puts Latin words and Chinese by pinyin in one alphabet."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_syllables(folded)).lower().strip("\"'“”《》 "), folded


def initial(text: str) -> str:
    """Return the letter A–Z under which a text is listed, ``#`` for all others."""
    for character in sort_key(text)[0]:
        plain = unicodedata.normalize("NFKD", character)[0].upper()
        if "A" <= plain <= "Z":
            return plain
        if character.isalnum():
            return "#"
    return "#"


def _syllables(text: str) -> list[str]:
    parts: list[str] = []
    for part in _HAN.split(text):
        parts += lazy_pinyin(part) if _HAN.match(part) else [part]
    return parts
