"""What is to know about characters of East Asian text.

It stands on its own and serves the Markdown rules and the PDF edition alike.
"""

from __future__ import annotations

import re

__all__ = ["CJK", "is_cjk", "joins_without_space"]

CJK = (
    "\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
)
_CJK = re.compile(f"[{CJK}]")
_QUOTES = frozenset("“”‘’…—·")


def is_cjk(character: str) -> bool:
    """Tell whether a character is set in an East Asian face: ideograph, kana, full-width mark."""
    return character >= "\u2e80" and _CJK.match(character) is not None


def joins_without_space(before: str, after: str) -> bool:
    """Tell whether a line break between two characters stands for nothing.

    Chinese and Japanese write no spaces, so a soft break between two of their characters, or
    between one and a quotation mark or dash, must not become one (CSS Text 4, section 4.1.3).
    """
    return (is_cjk(before) and (is_cjk(after) or after in _QUOTES)) or (
        before in _QUOTES and is_cjk(after)
    )
