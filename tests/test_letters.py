"""The letters of a glossary, with Latin lines among Chinese ones or apart."""

from __future__ import annotations

from converter.letters import latin_letter, letter_rows, letter_slug


def test_together_there_is_one_row_without_a_label():
    places = [("A", 1), ("Z", 2), ("#", 3)]
    assert letter_rows(places) == [("", places)]
    assert letter_rows([]) == [("", [])]


def test_apart_each_run_has_a_labelled_row():
    places = [("A", 1), ("Z", 2), (latin_letter("A"), 3), (latin_letter("#"), 4)]
    assert letter_rows(places) == [
        ("中文", [("A", 1), ("Z", 2)]),
        ("西文", [("A", 3), ("#", 4)]),
    ]
    assert letter_rows(places[2:3]) == [("西文", [("A", 3)])]


def test_slugs_do_not_collide():
    letters = ["A", "#", latin_letter("A"), "Ω"]
    assert list(map(letter_slug, letters)) == ["a", "other", "latin-a", "other"]
