"""The views on a list of blocks: units and section levels."""

from __future__ import annotations

import pytest

from converter.model import (
    Block,
    FrontMatter,
    Heading,
    Original,
    Post,
    Prose,
    Span,
    prose_anchor,
    section_levels,
    unit_numbers,
)

SPAN = Span(1, 2)
KINDS: dict[str, Block] = {
    "Z": Prose(SPAN, "河", "zh-Hans"),
    "B": Original(SPAN, "", "en", "river"),
    "#": Heading(SPAN, 3, "河"),
    "-": Original(SPAN, "", "", ""),
}


@pytest.mark.parametrize(
    ("blocks", "units"),
    [
        ("", []),
        ("ZB", [1, 1]),
        ("ZBZB", [1, 1, 2, 2]),
        ("ZZB", [1, 1, 1]),
        ("ZBBZ", [1, 1, 1, 0]),
        ("BZ", [1, 0]),
        ("Z#ZB", [0, 0, 1, 1]),
        ("Z#B", [0, 0, 1]),
        ("ZB#BZB", [1, 1, 0, 2, 3, 3]),
        ("Z-ZB", [0, 0, 1, 1]),
        ("ZZ-", [0, 0, 0]),
        ("Z-BZB", [1, 0, 1, 2, 2]),
        ("ZB-BZ-", [1, 1, 0, 1, 0, 0]),
        ("Z-#B", [0, 0, 0, 1]),
        ("ZB-ZB", [1, 1, 0, 2, 2]),
    ],
)
def test_units(blocks, units):
    assert list(unit_numbers(KINDS[kind] for kind in blocks)) == units


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([3, 3, 3], [2, 2, 2]),
        ([1, 2, 3], [2, 3, 4]),
        ([1, 3, 5], [2, 3, 4]),
        ([3, 4, 3, 2, 3], [2, 3, 2, 2, 3]),
        ([1, 2, 3, 4, 5, 6, 6], [2, 3, 4, 5, 6, 6, 6]),
    ],
)
def test_levels(levels, expected):
    assert list(section_levels(Heading(SPAN, level, "x") for level in levels)) == expected


def test_originals_are_counted():
    blocks = tuple(KINDS[kind] for kind in "ZBBZ#-")
    assert Post("a.md", "a", FrontMatter(), blocks).originals == 2


def test_anchors():
    assert prose_anchor("he", 3) == "p3-he"
