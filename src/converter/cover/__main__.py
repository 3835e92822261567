"""A process that draws one cover: a CoverText as JSON comes in, a JPEG goes out.

Typst takes 100 MB that it does not give back, so that whoever builds a book starts this instead.
"""

from __future__ import annotations

import json
import sys

from .drawing import render_cover
from .wording import CoverText

__all__: list[str] = []


def _main() -> None:
    facts = json.loads(sys.stdin.buffer.read())
    for name in ("creators", "translators", "dates"):
        facts[name] = tuple(facts[name])
    sys.stdout.buffer.write(render_cover(CoverText(**facts)))


if __name__ == "__main__":
    _main()
