"""The library's home page."""

from __future__ import annotations

import re

import pytest

from converter.catalog import BookCard, render_home

from .pages import Page

HOSTILE = "</h2><script>alert('x')</script>\"'&<img src=x onerror=alert(1)>{title}"


def _card(**facts: object) -> BookCard:
    return BookCard(**{"slug": "a", "title": "甲", "language": "zh-CN", **facts})  # type: ignore[arg-type]


def test_a_book_is_listed_with_its_facts() -> None:
    card = _card(
        title="机器与常识",
        href="a/index.html",
        epubs=(("对照", "a/a.epub"),),
        pdf="a/a.pdf",
        posts=12,
        originals=3456,
        glossary_entries=78,
        first_date="2024-03-01",
        last_date="2025-11-26",
        creators=("林知远", "陈一白"),
    )
    page = Page(render_home([card]))
    for fact in ("机器与常识", "12 篇", "3,456 段原文", "78 条术语", "林知远、陈一白"):
        assert fact in page.text
    assert "2024-03-01 — 2025-11-26" in page.text
    assert page.links() == ["a/index.html", "a/index.html", "a/a.epub", "a/a.pdf"]


def test_totals_are_sums_over_the_books() -> None:
    books = [_card(posts=400, originals=700), _card(posts=601, originals=5, glossary_entries=9)]
    header = render_home(books).split("<main>")[0]
    text = Page(header.split("</style>")[1]).text
    assert "2 本书 · 1,001 篇文章 · 705 段原文 · 9 条术语" in text


def test_the_books_keep_the_order_given() -> None:
    page = render_home([_card(title="乙"), _card(title="甲"), _card(title="丙")])
    assert re.findall(r"<h2>(.)</h2>", page) == ["乙", "甲", "丙"]


def test_an_edition_that_was_not_built_has_no_link() -> None:
    assert Page(render_home([_card(epubs=(("对照", "a/a.epub"),))])).links() == ["a/a.epub"]
    assert Page(render_home([_card()])).links() == []


def test_one_date_is_not_a_range() -> None:
    page = render_home([_card(first_date="2025-02-01", last_date="2025-02-01")])
    assert page.count("2025-02-01") == 1
    assert "<time>" not in render_home([_card()])


@pytest.mark.parametrize("field", ["slug", "title", "language", "href", "first_date"])
def test_a_hostile_value_stays_text(field: str) -> None:
    page = Page(render_home([_card(**{field: HOSTILE})], title=HOSTILE))
    assert {"script", "img"}.isdisjoint(tag for tag, _ in page.tags)
    assert not [name for _, attributes in page.tags for name in attributes if name[:2] == "on"]


def test_hostile_text_is_shown_whole() -> None:
    page = Page(render_home([_card(title=HOSTILE, creators=(HOSTILE,))]))
    assert page.text.count(HOSTILE) == 2


def test_a_path_cannot_become_a_scheme() -> None:
    (link, _) = Page(render_home([_card(href="javascript:alert(1)")])).links()
    assert link == "javascript%3Aalert%281%29"


def test_a_path_is_percent_encoded() -> None:
    (link,) = Page(render_home([_card(epubs=(("", "甲 #1?/a.epub"),))])).links()
    assert link == "%E7%94%B2%20%231%3F/a.epub"


def test_an_empty_library_says_so() -> None:
    page = render_home([])
    assert "书架上还没有书" in page
    assert 'class="shelf"' not in page
    assert "本书</span>" not in page


def test_the_language_is_marked_where_it_differs() -> None:
    page = render_home([_card(title="Notes", language="en"), _card(title="乙")])
    assert '<html lang="zh-CN">' in page
    assert '<h2 lang="en">Notes</h2>' in page
    assert "<h2>乙</h2>" in page


def test_the_page_loads_nothing() -> None:
    page = render_home([_card(href="a/index.html")])
    tags = {tag for tag, _ in Page(page).tags}
    assert tags.isdisjoint({"script", "img", "iframe"})
    # The icon is in the page: a browser that is told of none asks for /favicon.ico.
    assert re.findall(r"<link [^>]*>", page) == re.findall(
        r'<link rel="icon" href="data:image/svg[^"]*">', page
    )
    assert "//" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page
