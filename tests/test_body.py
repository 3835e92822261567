"""The body of a post: blocks, and places in the file."""

from __future__ import annotations

import pytest

from converter.body import read_body
from converter.model import Heading, Original, Prose

ORIGINAL = "<details>\n<summary>Original English</summary>\n\n{}\n\n</details>"


def places(body: str) -> list[tuple[int, int, str]]:
    _, found = read_body("a.md", body, 100, 10)
    return [(one.line, one.column, one.code) for one in found]


@pytest.mark.parametrize(
    "shown",
    ["Use `</details>` to close it.", "```html\n</details>\n```", "`<details>` opens it."],
)
def test_a_tag_that_an_original_shows_does_not_end_it(shown):
    original = ORIGINAL.format(f"{shown}\n\nMore.")
    (prose, folded, after), _ = read_body("a.md", f"河。\n\n{original}\n\n水。\n", 0, 1)
    assert isinstance(folded, Original)
    assert folded.markdown == f"{shown}\n\nMore."
    assert isinstance(prose, Prose)
    assert isinstance(after, Prose)


def test_findings_tell_where_in_the_file_they_are():
    assert places("河。</details>\n") == [(10, 3, "post.stray-tag")]
    assert places("<!-- a -->河。<!-- b\nc --> </details>\n") == [(11, 7, "post.stray-tag")]
    assert places(" \n   \n###桥\n\n</details>\n") == [
        (12, 1, "post.heading-no-space"), (14, 1, "post.stray-tag")
    ]  # fmt: skip


def test_edits_are_counted_from_the_start_of_the_file():
    _, (found,) = read_body("a.md", "河。<!-- b --></details>\n", 100, 10)
    (edit,) = found.edits
    assert (edit.start, edit.end, edit.text) == (112, 122, "")


def test_spans_are_in_order_where_blocks_share_lines():
    inner = ORIGINAL.format("And a bridge.")
    body = f"河。\n\n{ORIGINAL.format(f'Time.{chr(10) * 2}{inner}{chr(10) * 2}A boat.')}水。\n"
    blocks, _ = read_body("a.md", body, 0, 1)
    kinds = [type(block) for block in blocks]
    assert kinds == [Prose, Original, Original, Original, Prose]
    assert [block.span.start for block in blocks] == sorted(block.span.start for block in blocks)


def test_a_quotation_around_an_original_goes_on_behind_it():
    quoted = "\n".join(f"> {line}" for line in ORIGINAL.format("Time.").split("\n"))
    blocks, found = read_body("a.md", f"> 河。\n>\n{quoted}\n>\n> 桥。\n\n### 船\n", 0, 1)
    assert [getattr(block, "markdown", "") for block in blocks] == [
        "> 河。\n>",
        "Time.",
        ">\n> 桥。",
        "",
    ]
    assert isinstance(blocks[-1], Heading)
    assert not found
