"""Text with cuts, and the way back to where it stood."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from converter.diagnostics import Diagnostic, Edit
from converter.source import Source, clean_source


def cut(text: str, flags: list[bool]) -> list[tuple[int, int]]:
    return [(i, i + 1) for i, flag in enumerate(flags[: len(text)]) if flag]


@given(st.text(), st.lists(st.booleans()), st.lists(st.booleans()))
def test_what_is_left_stands_where_it_stood(text, first, second):
    source = Source(text)
    source = source.without(cut(source.text, first))
    source = source.without(cut(source.text, second))
    assert "".join(text[source.origin(i)] for i in range(len(source.text))) == source.text
    origins = [source.origin(i) for i in range(len(source.text))]
    assert origins == sorted(set(origins))


def test_edits_are_edits_of_the_whole():
    source = Source("ab<!---->cd").without([(2, 9)])
    assert source.restore([Edit(1, 1, "x"), Edit(2, 3, "y")]) == (Edit(1, 1, "x"), Edit(9, 10, "y"))
    assert source.restore([Edit(3, 4, "z")], 100) == (Edit(110, 111, "z"),)


def test_an_edit_of_what_was_cut_is_none():
    source = Source("ab<!---->cd").without([(2, 9)])
    assert source.restore([Edit(0, 1, "x"), Edit(1, 3, "y")]) == ()


def test_cleaning():
    found: list[Diagnostic] = []
    source = clean_source("a.md", "\ufeffa\r\nb\rc\x07\u2028d\ud800", found)
    assert source.text == "a\nb\nc\ufffd d\ufffd"
    assert source.origin(1) == 3
    assert [(d.line, d.column, d.code) for d in found] == [(3, 2, "input.control-character")]


def test_a_clean_text_is_taken_as_it_is():
    text = "河\n桥"
    source = clean_source("a.md", text, [])
    assert source.text is text
    assert source.cuts == ()
