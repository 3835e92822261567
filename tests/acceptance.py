"""The EPUBs of a library against what an EPUB of ours must hold, with a figure a row.

    python -m tests.acceptance POSTS [--mode notes] [--ace 3]

Builds the EPUBs of a folder of posts twice, in two places, and looks at every one of them. What
needs a reading system is in tests/readers; what is said of small books made by hand, in the other
tests. Ace takes up to minutes a book: `--ace N` has it read the N smallest.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from .epub_rows import ROWS, Epub, Promise, apply, read

__all__ = ["ace", "promises", "with_mode"]

_ROOT: Final = Path(__file__).resolve().parent.parent
_TABLE = re.compile(r"^[ \t]*\[[ \t]*epub[ \t]*\][ \t]*(?:#.*)?$", re.MULTILINE)
_NEXT_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_ORIGINALS = re.compile(r"^[ \t]*originals[ \t]*=.*$\n?", re.MULTILINE)


def ace(epubs: Iterable[Epub], folder: Path) -> Iterator[str]:
    """7: Ace passes, without a violation of any impact."""
    command = _ROOT / "build" / "readers" / "node_modules" / ".bin" / "ace-cli"
    environment = {**os.environ, "PUPPETEER_EXECUTABLE_PATH": "/usr/bin/chromium"}
    for epub in epubs:
        report = folder / f"{epub.path.stem}.ace"
        arguments = ["-s", "-f", "-o", str(report), str(epub.path)]
        try:
            done = subprocess.run(
                [command, *arguments], env=environment, check=False, capture_output=True
            )
            found = json.loads((report / "report.json").read_text("utf-8"))
        except OSError as error:
            yield f"{epub.path.name}: Ace gave no report: {error}"
            continue
        except ValueError:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            yield f"{epub.path.name}: Ace gave a report that is none: {said[-1:]}"
            continue
        outcomes = set(_outcomes(found))
        if found.get("earl:result", {}).get("earl:outcome") != "pass" or outcomes != {"pass"}:
            yield f"{epub.path.name}: {', '.join(sorted(outcomes)) or 'no outcome'}"


def _outcomes(report: Any) -> Iterator[str]:
    if isinstance(report, dict):
        if "earl:outcome" in report:
            yield str(report["earl:outcome"])
        report = list(report.values())
    if isinstance(report, list):
        for part in report:
            yield from _outcomes(part)


def with_mode(settings: str, mode: str) -> str:
    """Return a configuration with the originals of EPUBs in a mode, all else as it was.

    Raises ValueError for one that says the same in another way than by a table of its own.
    """
    line = f'originals = "{mode}"\n'
    if table := _TABLE.search(settings):
        end = _NEXT_TABLE.search(settings, table.end())
        limit = end.start() if end else len(settings)
        rest = _ORIGINALS.sub("", settings[table.end() : limit].lstrip("\n"))
        changed = f"{settings[: table.end()]}\n{line}{rest}{settings[limit:]}"
    else:
        changed = f"{settings}\n[epub]\n{line}"
    before, after = tomllib.loads(settings), tomllib.loads(changed)
    wanted = {**before, "epub": {**before.get("epub", {}), "originals": mode}}
    if after != wanted:
        raise ValueError("the configuration says of EPUBs what cannot be changed here")
    return changed


def build(posts: Path, out: Path, mode: str, seed: str) -> list[Epub]:
    config = posts / "duizhao.toml"
    settings = config.read_text("utf-8-sig") if config.exists() else ""
    other = out.parent / f"{out.name}.toml"
    other.write_text(with_mode(settings, mode), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "converter", "build", str(posts.resolve()), "-o", str(out),
         "--format", "epub", "--config", str(other)],
        check=False, capture_output=True, text=True, cwd=out.parent,
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": f"Etc/GMT+{seed}"},
    )  # fmt: skip
    try:
        manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    except OSError:
        sys.exit(f"nothing was built: {done.stderr.strip().splitlines()[-1:]}")
    return [read(out / path, promise) for path, promise in promises(manifest, mode)]


def promises(manifest: dict[str, Any], mode: str) -> Iterator[tuple[str, Promise]]:
    """Yield the path of each EPUB of a library, and what is said of it."""
    for book in manifest["books"]:
        posts = tuple((tuple(post["epub_documents"]), post["originals"]) for post in book["posts"])
        for epub in book["epubs"]:
            edition = epub["edition"]
            yield (
                epub["path"],
                Promise(
                    edition,
                    mode if edition == "bilingual" else "none",
                    posts if epub["path"] == book["epub"] and edition != "original" else (),
                    0 if edition == "original" else book["glossary_entries"],
                ),
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=Path)
    parser.add_argument("--mode", default="notes")
    parser.add_argument("--ace", type=int, default=0)
    arguments = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        epubs = build(arguments.posts, folder / "first", arguments.mode, "1")
        again = build(arguments.posts, folder / "second", arguments.mode, "2")
        same = [a.data for a in epubs] == [b.data for b in again]
        failed += _say("9: the same posts make the same bytes", Counter(EPUBs=len(epubs)),
                       [] if epubs and same else ["they differ, or there are none"])  # fmt: skip
        for row in ROWS:
            counts: Counter[str] = Counter()
            problems = []
            for epub in epubs:
                own: Counter[str] = Counter()
                problems += [f"{epub.path.name}: {fault}" for fault in apply(row, epub, own)]
                for what, number in own.items():
                    counts[what] = _together(what, counts[what], number)
            failed += _say(str(row.__doc__).splitlines()[0], counts, problems)
        if arguments.ace:
            smallest = sorted(epubs, key=lambda epub: len(epub.data))[: arguments.ace]
            problems = list(ace(smallest, folder))
            failed += _say(str(ace.__doc__), Counter(EPUBs=len(smallest)), problems)
    return 1 if failed else 0


def _together(what: str, one: int, other: int) -> int:
    return max(one, other) if what in ("largest document", "kB of cover") else one + other


def _say(row: str, counts: Counter[str], problems: Sequence[str]) -> bool:
    figures = ", ".join(f"{number:,} {what}" for what, number in counts.items())
    sys.stdout.write(f"{'no ' if problems else 'yes'}  {row}  [{figures}]\n")
    sys.stdout.writelines(f"       {problem}\n" for problem in problems[:5])
    sys.stdout.flush()
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
