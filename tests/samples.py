"""Posts that several tests build from; our own text, in the post format."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["TIDES", "write_posts"]

TIDES: Final = """\
---
title: 潮汐与月亮
date: '2026-03-01'
series: 海边杂记
speaker: Harbour Radio
people: [Ada Reed]
source: https://example.org/tides
summary: 一篇关于**潮汐**的短文。
---
### 两次涨潮

每天有两次涨潮，这是**月球**（Moon: 地球唯一的天然卫星）的引力造成的。
<details>
<summary>View/Hide Original English</summary>
<p class="english-text">There are two high tides a day, and the Moon's gravity makes them.</p>
</details>

### 大潮

新月和满月时，太阳也来帮忙，这叫**大潮**（spring tide: 日月引力同向时的涨潮）。

<details>
<summary>Original English</summary>

At new and full moon the **Sun** helps: a spring tide.

</details>
"""


def write_posts(folder: Path, **texts: str) -> Path:
    """Write posts named after the keywords, ``_`` as ``-``, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name.replace('_', '-')}.md").write_text(text, "utf-8", newline="")
    return folder
