"""What calibre's "Check Book" says of an EPUB; run by calibre itself: calibre-debug -e."""

from __future__ import annotations

import json
import sys

from calibre.ebooks.oeb.polish.check.base import INFO  # type: ignore[import-not-found]
from calibre.ebooks.oeb.polish.check.main import run_checks  # type: ignore[import-not-found]
from calibre.ebooks.oeb.polish.container import get_container  # type: ignore[import-not-found]

json.dump(
    [
        f"{found.name}:{found.line}: {type(found).__name__}: {found.msg}"
        for found in run_checks(get_container(sys.argv[-1], tweak_mode=True))
        if found.level > INFO
    ],
    sys.stdout,
)
