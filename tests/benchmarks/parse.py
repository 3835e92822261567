"""How fast posts are read, and whether hostile ones take more than their share.

    python -m tests.benchmarks.parse [POSTS] [--rounds 5] [--size 4000] [--profile PIECE]

Speed is bytes of UTF-8 a second of CPU time, best of N, on one core. Scaling repeats a piece of
markup to SIZE, twice and four times that many characters: what is linear takes twice as long each
time, and a ratio well above that is flagged.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from converter.front_matter import parse_front_matter, split_front_matter
from converter.gloss import find_glosses
from converter.language import language_of
from converter.markdown import render_myst_blocks, render_xhtml
from converter.model import Heading, Prose
from converter.post import parse_post
from converter.verbatim import find_code

_ROOT: Final = Path(__file__).resolve().parents[2]
_FLAGGED: Final = 2.6
_TOO_SHORT: Final = 0.004
"""Seconds below which a ratio is noise."""

_TOO_LONG: Final = 4.0
"""Seconds after which four times as much is not waited for."""

_HEAD: Final = "---\ntitle: x\n---\n"
_IN_ORIGINAL: Final = f"{_HEAD}水。\n\n<details>\n<summary>Original English</summary>\n\nText "

PIECES: Final = {
    "<details>": "<details>",
    "<details> lines": "<details>\n",
    "<summary>": "<summary>",
    "</details>": "</details>",
    "</summary>": "</summary>",
    "<p>": '<p class="english-text">',
    "<p> words": '<p class="english-text">a\n',
    "original": "<details>\n<summary>Original English</summary>\nText\n</details>\n",
    "**": "**",
    "** words": "**a ",
    "*a**": "*a**",
    "[": "[",
    "[ words": "[a ",
    "![": "![",
    "](": "](",
    "[](": "[](",
    "[a](b)": "[a](http://b)",
    "[a](<": "[a](<b",
    '[a](b "': '[a](http://b "',
    "（": "（",
    "**a**（": "**a**（",
    "gloss": "**河**（River: 向低处流动的水）",
    "gloss, empty": "**河**（River: ）",
    "$": "$",
    "$a$": "$a$ ",
    ">": ">",
    "> ": "> ",
    "> lines": "> a\n",
    "- ": "- ",
    "- lines": "- a\n",
    "- deeper": "",
    "1. ": "1. ",
    "`": "`",
    "` words": "`a ",
    "`` growing": "",
    "```": "```\n",
    "~~~": "~~~\n",
    "<!--": "<!--",
    "<!-- words": "<!-- a ",
    "-->": "-->",
    "# ": "# ",
    "# lines": "# a\n",
    "|": "|",
    "| table": "| a | b |\n",
    "front matter": "",
    "front matter list": "",
    "&": "&",
    "&amp;": "&amp;",
    "&#": "&#",
    "_": "_",
    "_ words": "_a ",
    "~~": "~~",
    "~~ words": "~~a ",
    "<br>": "<br>",
    "<": "<",
    "<a": "<a ",
    "http://": "http://",
    "http://a.": "http://a.b ",
    "\\": "\\",
    ":": ":",
    "words": "中文的话 and words ",
    "spaces": " ",
    "lines": "\n",
    "paragraphs": "水\n\n",
    "turns": "**甲**: 水\n\n",
    "U+202E": "\u202e",
}


def _repeat(name: str, size: int) -> str:
    """Return about ``size`` characters of a piece; a few pieces grow as they are repeated."""
    if name == "- deeper":
        lines = (" " * (2 * depth) + "- a\n" for depth in range(int(size**0.5)))
        return "".join(lines)
    if name == "`` growing":
        return " ".join("`" * count for count in range(1, int((2 * size) ** 0.5)))
    piece = PIECES[name]
    return piece * (size // len(piece))


def make_text(name: str, size: int, *, folded: bool = False) -> str:
    """Return a post of a repeated piece, which may stand in an original."""
    if name == "front matter":
        fields = "".join(f"key{number}: value\n" for number in range(size // 15))
        return f"---\ntitle: x\n{fields}---\n水\n"
    if name == "front matter list":
        items = "- tag\n" * (size // 6)
        return f"---\ntitle: x\ntags:\n{items}---\n水\n"
    body = _repeat(name, size)
    return f"{_IN_ORIGINAL}{body}\n</details>\n" if folded else f"{_HEAD}{body}\n"


def _parse(text: str) -> None:
    parse_post("post.md", text)


def _markdowns(text: str) -> list[str]:
    blocks = parse_post("post.md", text).post.blocks
    return [block.text if isinstance(block, Heading) else block.markdown for block in blocks]


def _render(render: Callable[[str], str]) -> Callable[[str], None]:
    def run(markdown: str) -> None:
        render(markdown)

    return run


STAGES: Final[dict[str, Callable[[str], None]]] = {
    "parse": _parse,
    "xhtml": _render(render_xhtml),
    "myst": _render(render_myst_blocks),
}


def seconds(run: Callable[[], object], rounds: int) -> float:
    """Return the CPU seconds of a call, best of some; a slow call is not called again."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
        if best > 1:
            break
    return best


# ---------------------------------------------------------------------------------------------
# Speed


def measure_speed(texts: Sequence[str], rounds: int) -> Iterable[str]:
    """Yield a line for parsing as a whole and for each of its stages."""
    size = sum(len(text.encode("utf-8", "replace")) for text in texts)
    posts = [parse_post("post.md", text).post for text in texts]
    prose = [block for post in posts for block in post.blocks if isinstance(block, Prose)]
    blocks = [block for post in posts for block in post.blocks if not isinstance(block, Heading)]
    fenced = [split_front_matter(text) for text in texts]
    yield f"{len(texts)} posts, {size / 1e6:.2f} MB of UTF-8, {len(blocks)} blocks"
    stages: dict[str, Callable[[], object]] = {
        "parse_post": lambda: [parse_post("post.md", text) for text in texts],
        "  front matter": lambda: [
            parse_front_matter("post.md", split_front_matter(text)) for text in texts
        ],
        "  find_code": lambda: [find_code(each.body) for each in fenced],
        "  find_glosses": lambda: [find_glosses(block.markdown) for block in prose],
        "  language_of": lambda: [language_of(block.markdown) for block in blocks],
        "render_xhtml": lambda: [render_xhtml(block.markdown) for block in blocks],
        "render_myst": lambda: [render_myst_blocks(block.markdown) for block in blocks],
    }
    for name, run in stages.items():
        run()
        taken = seconds(run, rounds) or 1e-9
        yield f"{name:16} {taken:8.3f} s {size / 1e6 / taken:9.2f} MB/s a core"


# ---------------------------------------------------------------------------------------------
# Scaling


def measure_scaling(size: int, pieces: Iterable[str], *, folded: bool) -> Iterable[str]:
    """Yield a line for each piece: seconds for SIZE and the two ratios, for each stage."""
    for name in pieces:
        columns = [f"{name + (' in an original' if folded else ''):28}"]
        flagged = False
        for stage, run in STAGES.items():
            texts = [make_text(name, size * factor, folded=folded) for factor in (1, 2, 4)]
            if stage != "parse":
                texts = ["\n\n".join(_markdowns(text)) for text in texts]
            times: list[float] = []
            for text in texts:
                if times and times[-1] > _TOO_LONG:
                    break
                times.append(seconds(lambda run=run, text=text: run(text), 3))  # type: ignore[misc]
            pairs = zip(times[1:], times, strict=False)
            ratios = [after / before if before else 0 for after, before in pairs]
            slow = len(ratios) > 0 and times[-1] > _TOO_SHORT and min(ratios) > _FLAGGED
            flagged = flagged or slow
            shown = "×".join(f"{ratio:.1f}" for ratio in ratios)
            columns.append(f"{stage} {times[-1]:.3f} s {shown}{' !' if slow else ''}".ljust(28))
        yield ("! " if flagged else "  ") + " ".join(columns).rstrip()


def profile(name: str, size: int) -> None:
    """Print where the time goes for a piece, all stages together."""
    text = make_text(name, size)
    profiler = cProfile.Profile()
    profiler.enable()
    for markdown in _markdowns(text):
        render_xhtml(markdown)
        render_myst_blocks(markdown)
    profiler.disable()
    pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(12)


def main(arguments: list[str] | None = None) -> int:
    """Print both measurements."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.parse",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("posts", type=Path, nargs="?", help="a folder of posts")
    parser.add_argument("--rounds", type=int, default=5, help="the best of how many (5)")
    parser.add_argument("--size", type=int, default=4000, help="characters to begin with (4000)")
    parser.add_argument("--profile", choices=PIECES, help="profile one piece instead")
    options = parser.parse_args(arguments)
    if options.profile:
        profile(options.profile, options.size)
        return 0
    corpus = _ROOT.parent / "shared" / "corpus" / "posts"
    folder = options.posts or (corpus if corpus.is_dir() else _ROOT / "docs" / "posts")
    texts = [file.read_text("utf-8", "replace") for file in sorted(folder.rglob("*.md"))]
    for line in measure_speed(texts, options.rounds):
        _print(line)
    _print(f"\n{options.size} characters, twice, four times: seconds of the last, and the ratios")
    for folded in (False, True):
        for line in measure_scaling(options.size, PIECES, folded=folded):
            _print(line)
    return 0


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
