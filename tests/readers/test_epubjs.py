"""EPUBs in epub.js, which many readers on the web are built with."""

from __future__ import annotations

import pytest

from converter.model import OriginalsMode

from ..epubs import build, sample
from .library import documents, long_book


@pytest.mark.parametrize("name", ["sample", "manual"])
def test_every_document_of_the_spine_opens(open_reader, books, name) -> None:
    epub = books[name].read_bytes()
    reader = open_reader("epubjs", epub)
    assert len(reader.book["sections"]) == len(documents(epub))
    for index in range(len(reader.book["sections"])):
        reader.go_to(index)
        assert reader.pages() > 0
        assert reader.text().strip() or reader.count("img, svg")
    assert reader.problems == []


def test_what_the_contents_name_opens(open_reader) -> None:
    """epub.js looks for an address of the contents in the spine as it is written there, so the
    contents must lie in the folder of the package document."""
    reader = open_reader("epubjs", build(sample()).data)
    shown = {}
    for entry in reader.book["toc"]:
        reader.go_to(entry["href"])
        shown[entry["label"]] = reader.text()
    for label in ("谁在控制 AI", "只有译文", "术语表", "人物索引"):
        assert label in shown[label]
    assert reader.problems == []


def test_notes_are_text_wherever_they_stand(open_reader) -> None:
    """epub.js knows no notes: they take the room of originals in the open."""
    value = long_book()
    variants = ({"originals": OriginalsMode.NONE}, {"notes": "paragraph"}, {"notes": "document"})
    readers = [open_reader("epubjs", build(value, **options).data) for options in variants]
    none, paragraph, document = [sum(reader.count_pages().values()) for reader in readers]
    assert 1.5 < document / none < 2
    assert abs(paragraph - document) < 0.05 * document
    assert [reader.problems for reader in readers] == [[], [], []]
