"""A process that makes one cover: from a CoverText as JSON, or with ``--image`` from an image.

It reads standard input and writes two JPEGs, the length of the first in eight bytes before it: the
cover, and a small picture of it. Typst and Pillow take 100 MB and more that they do not give back,
and a broken image may take their process with it: so whoever builds a book starts this one.
"""

from __future__ import annotations

import json
import sys

from .drawing import render_cover
from .image import fit_image, thumbnail
from .wording import CoverText

__all__: list[str] = []


def _main() -> int:
    given = sys.stdin.buffer.read()
    try:
        cover = fit_image(given) if "--image" in sys.argv else render_cover(_text(given))
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(len(cover).to_bytes(8, "big") + cover + thumbnail(cover))
    return 0


def _text(given: bytes) -> CoverText:
    facts = json.loads(given)
    for name in ("creators", "translators", "dates"):
        facts[name] = tuple(facts[name])
    return CoverText(**facts)


if __name__ == "__main__":
    sys.exit(_main())
