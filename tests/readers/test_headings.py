"""The headings of an EPUB: their order, which reading systems and screen readers go by."""

from __future__ import annotations

import itertools
from typing import Final

import pytest

from .library import documents, find

_HEADINGS: Final = "//h:h1 | //h:h2 | //h:h3 | //h:h4 | //h:h5 | //h:h6"


@pytest.mark.parametrize("name", ["sample", "manual", "long"])
def test_a_chapter_has_one_h1_and_no_document_skips_a_level(books, name) -> None:
    for document, tree in documents(books[name].read_bytes()).items():
        levels = [int(heading.tag[-1]) for heading in find(tree, _HEADINGS)]
        if levels or find(tree, "//*[@e:type='chapter']"):
            assert levels[0] == 1, document
            assert levels.count(1) == 1, document
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), (document, levels)
