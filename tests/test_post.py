"""Posts: every malformation is recovered, and nothing is lost, whatever the text."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from converter.model import Heading, Original, Prose, unit_numbers
from converter.post import Parsed, parse_post

CASES = read_fixture_file(Path(__file__).parent / "cases" / "posts.md")

TAGS = [
    "<details>", "<details", "</details>", "</detais>", "<summary>", "</summary>", "</p>",
    '<p class="english-text">', "Original English", "View/Hide Original English", "```", "`", "\n",
    "\n\n", "### ", "---\n", "<!--", "-->", "**", "（", "）", "中文的一段话。", "An English line.",
    "- ", "> ", "[", "]: ", "</", "<br>", "\u2028", "\u3000", " ", "：", "注", "甲",
]  # fmt: skip


def dump(parsed: Parsed) -> str:
    """Return a post a line a block: its kind, lines, language, unit, and text."""
    lines = []
    blocks = parsed.post.blocks
    for block, unit in zip(blocks, unit_numbers(blocks), strict=True):
        place = f"{block.span.start}-{block.span.end}"
        if isinstance(block, Heading):
            lines.append(f"H{block.level} {place} {block.text}")
            continue
        kind = "P" if isinstance(block, Prose) else "O"
        facts = [f"{kind}{unit}", place, block.language or "?"]
        facts += [f"<{block.speaker}>"] if isinstance(block, Prose) and block.speaker else []
        facts += [f"[{block.label}]"] if isinstance(block, Original) and block.label else []
        lines.append(" ".join([*facts, block.markdown.replace("\n", "⏎")]))
    lines += [f"! {d.line}:{d.column} {d.code}: {d.message}" for d in parsed.diagnostics]
    return "\n".join(lines) + "\n"


def text_of(parsed: Parsed) -> str:
    return "\n".join(
        block.text
        if isinstance(block, Heading)
        else f"{getattr(block, 'label', '')}\n{block.markdown}"
        for block in parsed.post.blocks
    )


@pytest.mark.parametrize(("title", "text", "expected"), [case[1:] for case in CASES])
def test_case(title, text, expected):
    assert dump(parse_post("post.md", text)) == expected, title


PIECES = {
    "openers": "<details>",
    "openers with text": "<details>a ",
    "openers on lines": "<details>\n中\n",
    "summaries": "<summary>",
    "summaries with text": "<summary>Original English\nEnglish text\n中文的一行\n",
    "summaries closed by details": "<summary>Original English</details>\n",
    "paragraphs": '<p class="english-text">English\n中文的一行\n',
    "closers": "</details>",
    "closers behind words": "word\n</details>\n",
    "unknown closers": "</foo>\n",
    "comments": "<!--",
    "comment ends": "-->",
    "comments in comments": "<!-- <!-- -->",
    "cut tags": "<p",
    "angle brackets": "<",
    "slashes": "</",
    "bold": "**",
    "spaced bold": "** ",
    "glosses": "**词**（",
    "brackets": "[",
    "full-width brackets": "（",
    "backticks": "`",
    "spaced backticks": "` ",
    "growing backticks": "` `` ``` ",
    "fences": "```\n",
    "long fences": "````\n```\n",
    "quotations": "> ",
    "hashes": "# ",
    "headings": "### 桥\n",
    "hash lines": "#\n",
    "list items": "- 一\n\n",
    "blank lines": "\n",
    "lines of spaces": "\n ",
    "spaces": " ",
    "digits": "1",
    "colons": "a: ",
    "commas": "，",
    "words": "中文的话 and words ",
    "leftovers": "[BODY_END]\n",
}
FRAMES = {
    "alone": "{}",
    "in an original": "<details>\n<summary>Original English</summary>\n\nText {}\n</details>\n",
    "in an open original": "<details>\n<summary>Original English</summary>\n\nText\n\n{}",
    "in an own element": "<details>\n<summary>Original English</summary>\n\n<foo> {}",
    "in front matter": "---\ntitle: {}\n---\n",
    "behind a key": "---\ntitle: x\na: &a\n{}",
}


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_time_grows_with_the_length(piece, frame):
    def seconds(size):
        text = frame.format(piece * (size // len(piece)))
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            parse_post("post.md", text)
            best = min(best, time.process_time() - start)
        return best

    # Quadratic would be sixteen times. The constant lets what is too short to measure pass, the
    # second and third time what a busy machine has held up.
    assert any(seconds(48_000) < 9 * seconds(12_000) + 0.02 for _ in range(3))


@given(st.lists(st.one_of(st.sampled_from(TAGS), st.text(max_size=5)), max_size=40))
def test_any_text_parses(pieces):
    parsed = parse_post("post.md", "".join(pieces))
    spans = [block.span for block in parsed.post.blocks]
    assert all(span.start < span.end for span in spans)
    assert [span.start for span in spans] == sorted(span.start for span in spans)


MARKUP = [
    "<details>\n", "<details>", "</details>", "</details>\n", "</detais>\n", "</summary>", "</p>\n",
    "<summary>Original English</summary>\n", "<summary>View/Hide Original English</p>\n",
    "<summary>",
    '<p class="english-text">', "```\n", "`", "\n", "\n\n", "\n### ", "**", "（", "）", "- ", "> ",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(MARKUP), st.sampled_from(["河", "River "])), max_size=30))
def test_no_word_is_lost_or_doubled(pieces):
    body = "".join(f"{markup}{word}{n}。" for n, (markup, word) in enumerate(pieces))
    words = re.findall(r"(?:河|River )\d+。", body)
    parsed = parse_post("post.md", f"---\ntitle: x\n---\n{body}\n")
    assert sorted(re.findall(r"(?:河|River )\d+。", text_of(parsed))) == sorted(words)


def test_a_random_post_is_read_in_the_same_way_twice():
    text = "".join(TAGS[n * n % 31] for n in range(2000))
    assert parse_post("a.md", text) == parse_post("a.md", text)


HOSTILE = {
    "nulls": "中\x00文",
    "lone surrogates": "中\ud800文\udfff",
    "noncharacters": "中\ufdd0\uffff文",
    "separators": "中\u2028文\u2029字\x85",
    "form feeds": "中\x0c文\x0b",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_no_edition_can_hold_is_replaced_and_reported(body):
    parsed = parse_post("post.md", f"---\ntitle: x\n---\n{body}\n")
    shown = text_of(parsed).strip()
    forbidden = "[\x00-\x08\x0b\x0c\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\uffff]"
    assert not re.search(forbidden, shown)
    assert shown.startswith("中")
    assert "文" in shown
    assert [(d.code, d.line, d.column) for d in parsed.diagnostics] == [
        ("input.control-character", 4, 2)
    ]


def test_line_ends_and_byte_order_marks_make_no_difference():
    original = "<details>\n<summary>Original English</summary>\n\nOne\n\n</details>\n"
    text = f"---\ntitle: x\n---\n一\n\n{original}"
    expected = parse_post("post.md", text)
    assert parse_post("post.md", "\ufeff" + text) == expected
    assert parse_post("post.md", text.replace("\n", "\r\n")) == expected
    assert parse_post("post.md", text.replace("\n", "\r")) == expected


def test_bidi_overrides_are_text():
    parsed = parse_post("post.md", "---\ntitle: x\n---\n中\u202e文\n")
    assert text_of(parsed).strip() == "中\u202e文"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("水与桥", "水与桥"),
        ("'**水** 与 `桥`'", "水 与 桥"),
        ("水 & 桥 < $5", "水 & 桥 < $5"),
        ("水" * 300, "水" * 300),
        ("''", "第一节"),
        ("'[链](javascript:x)'", "[链](javascript:x)"),
    ],
)
def test_titles(title, expected):
    parsed = parse_post("post.md", f"---\ntitle: {title}\n---\n### 第一节\n\n正文\n")
    assert parsed.post.front_matter.title == expected


def test_without_any_title_the_file_name_stands_in():
    assert parse_post("notes/-a.b.md", "正文").post.front_matter.title == "-a.b"


def test_a_long_line_and_many_anchors():
    text = "---\n" + "".join(f"a{n}: &a{n} [{'*a0, ' * 9}x]\n" for n in range(200)) + "---\n"
    assert parse_post("post.md", text + "水 and bridge, " * 350_000).post.blocks
