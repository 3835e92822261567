"""From posts to books."""

from __future__ import annotations

import pytest

from converter.book import PlannedPost, is_left_out, make_book, select_books
from converter.config import Settings
from converter.model import FrontMatter
from converter.post import parse_post


def planned(path, **fields):
    return PlannedPost(path, FrontMatter(**{"title": path.partition(".")[0], **fields}))


def plan(posts, **settings):
    return select_books(posts, Settings(**settings))[0]


@pytest.mark.parametrize(
    ("fields", "settings", "left_out"),
    [
        ({"exclude": True}, {}, True),
        ({"draft": True}, {}, False),
        ({"draft": True}, {"drafts": False}, True),
        ({"status": "archived"}, {}, False),
        ({}, {"exclude": ("a*",)}, True),
        ({}, {"exclude": ("b*",)}, False),
    ],
)
def test_left_out(fields, settings, left_out):
    assert bool(is_left_out(planned("a.md", **fields), Settings(**settings))) is left_out


@pytest.mark.parametrize(
    ("group_by", "fields", "title"),
    [
        ("area", {"area": "AI"}, "ai"),
        ("category", {"category": "Water"}, "water"),
        ("speaker", {"speakers": ("Ada", "Bo")}, "Ada"),
        ("channel", {"channel": "C"}, "C"),
        ("author", {"author": "Ada"}, "Ada"),
        ("year", {"date": "2026-01-31"}, "2026"),
        ("folder", {}, "notes"),
        ("none", {"area": "AI"}, "文集"),
        ("area", {}, "文集"),
        ("area", {"area": "AI", "series": "河"}, "河"),
    ],
)
def test_groups(group_by, fields, title):
    [book] = plan([planned("notes/a.md", **fields)], group_by=group_by)
    assert book.title == title


def test_order_is_by_date_then_path_and_undated_last():
    posts = [
        planned("c.md"),
        planned("b.md", date="2026-01-02"),
        planned("a.md", date="2026-01-02"),
        planned("d.md", date="2025-01-01"),
    ]
    [book] = plan(posts)
    assert [post.path for post in book.posts] == ["d.md", "a.md", "b.md", "c.md"]
    assert plan(posts[::-1]) == (book,)


def test_volumes():
    books = plan([planned(f"{n}.md", date=f"2026-01-0{n}") for n in range(1, 6)], max_posts=2)
    assert [book.title for book in books] == [f"文集 第{n}卷" for n in (1, 2, 3)]
    assert [len(book.posts) for book in books] == [2, 2, 1]
    assert len({book.slug for book in books}) == 3


def test_addresses_are_safe_and_unique():
    posts = [
        planned("a.md", title="../../x"),
        planned("b.md", title="X"),
        planned("c.md", title="index"),
        planned("d.md", title="。"),
        planned("e.md", extra={"slug": "/Own One/"}),
    ]
    books, found = select_books(posts, Settings())
    slugs = [post.slug for post in books[0].posts]
    assert slugs[0] == "x"
    assert slugs[1].startswith("x-")
    assert slugs[2] == "index-post"
    assert slugs[3].startswith("n-")
    assert slugs[4] == "own-one"
    assert [(d.path, d.code) for d in found] == [("b.md", "book.slug-collision")]


def test_slugs_of_books_come_from_the_configuration_and_avoid_reserved_names():
    [named] = plan([planned("a.md", series="河")], slugs={"河": "River Book"})
    assert named.slug == "river-book"
    [reserved] = plan([planned("a.md", series="index")])
    assert reserved.slug != "index"


def test_a_book_has_its_chapters_creators_and_glossary():
    texts = {
        "a.md": "---\ntitle: a\nspeaker: Ada\n---\n**河**（River: 水的路）\n",
        "b.md": "---\ntitle: b\nauthor: Bo\n---\n正文\n",
        "c.md": "---\ntitle: c\nspeaker: Ada\nauthor: Cy\n---\n正文\n",
    }
    posts = [parse_post(path, text).post for path, text in texts.items()]
    [book_plan] = plan([PlannedPost(post.path, post.front_matter) for post in posts])
    book = make_book(book_plan, posts)
    assert [chapter.slug for chapter in book.chapters] == ["a", "b", "c"]
    assert book.creators == ("Ada", "Bo")
    assert [entry.headword for entry in book.glossary.entries] == ["河"]
    with pytest.raises(ValueError, match="zip"):
        make_book(book_plan, posts[:1])
