"""From posts to books."""

from __future__ import annotations

from dataclasses import replace

import pytest

from converter.book import (
    PlannedPost,
    describe,
    is_left_out,
    make_book,
    parse_matter,
    select_books,
)
from converter.config import BookSettings, Settings
from converter.model import FrontMatter, Heading, Imprint, Post
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
        ({"status": "Archived"}, {"exclude_status": ("inbox", " archived ")}, True),
        ({"status": "evergreen"}, {"exclude_status": ("inbox", "archived")}, False),
        ({"status": ""}, {"exclude_status": ("", " ", "inbox")}, False),
        ({"status": "in progress"}, {"exclude_status": ("In-Progress",)}, True),
        ({}, {"exclude": ("a*",)}, True),
        ({}, {"exclude": ("b*",)}, False),
    ],
)
def test_left_out(fields, settings, left_out):
    assert bool(is_left_out(planned("a.md", **fields), Settings(**settings))) is left_out


def test_the_status_that_leaves_a_post_out_is_named():
    post = planned("a.md", status="\u202eInbox" + "x" * 300)
    reason = is_left_out(post, Settings(exclude_status=(post.front_matter.status,)))
    assert reason.startswith("posts.exclude_status leaves out the status '\\u202eInboxx")
    assert reason.isprintable()
    assert len(reason) < 100


@pytest.mark.parametrize(
    ("group_by", "fields", "title"),
    [
        ("area", {"area": "AI"}, "AI"),
        ("category", {"category": "Water"}, "Water"),
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


def merged(posts, field, **settings):
    """The values of a field in all posts, in order of path."""
    books = plan(posts, **settings)
    chapters = sorted((post for book in books for post in book.posts), key=lambda post: post.path)
    return [getattr(post.front_matter, field) for post in chapters]


@pytest.mark.parametrize(
    "field",
    ["speakers", "guests", "people", "organizations", "products", "media", "tags", "projects"],
)
def test_lists_show_the_spelling_most_used_and_no_name_twice(field):
    posts = [
        planned("a.md", **{field: ("openai", "C++", "Open AI")}),
        planned("b.md", **{field: ("C", "OpenAI")}),
        planned("c.md", **{field: ("OpenAI",)}),
    ]
    assert merged(posts, field) == [("OpenAI", "C++"), ("C", "OpenAI"), ("OpenAI",)]


@pytest.mark.parametrize("field", ["author", "channel", "series", "area", "category"])
def test_single_names_show_the_spelling_most_used(field):
    posts = [planned(f"{n}.md", **{field: name}) for n, name in enumerate(("pai", "PAI", "PAI"))]
    assert merged(posts, field) == ["PAI"] * 3
    assert merged([planned("a.md")], field) == [""]


def test_all_who_speak_are_one_family_and_tags_are_another():
    posts = [
        planned("a.md", people=("Ada Reed",), tags=("ada-reed",)),
        planned("b.md", speakers=("ada-reed",), author="ADA REED", tags=("ada-reed",)),
        planned("c.md", guests=("Ada Reed",), tags=("Ada Reed",)),
    ]
    assert merged(posts, "speakers") == [(), ("Ada Reed",), ()]
    assert merged(posts, "author") == ["", "Ada Reed", ""]
    assert merged(posts, "tags") == [("ada-reed",)] * 3


@pytest.mark.parametrize(
    ("group_by", "values"),
    [
        ("area", [{"area": name} for name in ("pai", "PAI", "PAI")]),
        ("category", [{"category": name} for name in ("open-ai", "Open AI", "Open AI")]),
        ("speaker", [{"speakers": (name,)} for name in ("唐纳德•王", "唐纳德·王", "唐纳德·王")]),
        ("channel", [{"channel": name} for name in ("ＡＢＣ", "ABC", "ABC")]),
        ("author", [{"author": name} for name in ("“Bo”", "Bo", "Bo")]),
        ("year", [{"series": name} for name in ("《河》", "河", "河")]),
    ],
)
def test_one_name_makes_one_book(group_by, values):
    posts = [planned(f"{number}.md", **fields) for number, fields in enumerate(values)]
    [book] = plan(posts, group_by=group_by)
    [(best,)] = {tuple(values[1].values())}
    assert book.title == (best[0] if isinstance(best, tuple) else best)
    assert len(book.posts) == 3


def test_a_series_gives_its_spelling_to_the_book():
    posts = [planned(f"{n}.md", area="deep-water") for n in range(3)]
    [book] = plan([*posts, planned("z.md", series="Deep Water")])
    assert (book.title, book.slug, len(book.posts)) == ("Deep Water", "deep-water", 4)


def test_folders_are_no_names():
    posts = [planned("my_notes/a.md"), planned("my-notes/b.md")]
    slugs = {"my_notes": "one", "my-notes": "two"}
    books = plan(posts, group_by="folder", slugs=slugs)
    assert {book.title: book.slug for book in books} == slugs


def test_books_of_two_libraries_are_told_apart():
    posts = [planned("a.md", area="AI"), planned("b.md", area="爱")]
    libraries = [{}, {"title": "另一个"}, {"identifier": "https://example.org/"}]
    named = [book.identity for said in libraries for book in plan(posts, **said)]
    assert len(set(named)) == len(named)
    # The title of a library may change where the configuration identifies it.
    named = [plan(posts, title=title, identifier="x")[0].identity for title in ("甲", "乙")]
    assert len(set(named)) == 1


def test_what_tells_a_book_from_others_stays_when_posts_are_added():
    posts = [planned("a.md", area="open-ai")]
    (before,) = plan(posts)
    more = [*posts, *(planned(f"{n}.md", area="OpenAI") for n in range(3))]
    (after,) = plan(more)
    first, second = plan(more, max_posts=2, slugs={"open ai": "x"})
    assert after.title != before.title
    assert first.identity == after.identity == before.identity
    assert second.identity != first.identity


def test_a_volume_is_no_book_of_that_title():
    posts = [planned(f"{n}.md", series="河") for n in range(2)]
    books = plan([*posts, planned("c.md", series="河 第2卷")], max_posts=1)
    assert [book.title for book in books].count("河 第2卷") == 2
    assert len({book.identity for book in books}) == 3


def test_an_area_is_called_like_its_book():
    posts = [
        planned("a.md", area="finance-wealth"),
        planned("b.md", area="Finance Wealth", series="河"),
        planned("c.md", area="other"),
    ]
    books = plan(posts, titles={"finance wealth": "财富"})
    areas = {book.title: [post.front_matter.area for post in book.posts] for book in books}
    assert areas == {"财富": ["财富"], "河": ["财富"], "other": ["other"]}
    # What names books of another kind says nothing of areas.
    by_year = plan(posts, group_by="year", titles={"finance wealth": "财富"})
    assert "财富" not in {post.front_matter.area for book in by_year for post in book.posts}


def test_folders_are_told_apart_as_they_are_written():
    books = plan([planned("a_b/1.md"), planned("a-b/1.md")], group_by="folder")
    assert len({book.identity for book in books}) == 2


def test_a_slug_is_found_by_any_spelling_of_the_title():
    posts = [planned(f"{n}.md", area="PAI") for n in range(3)]
    assert [b.slug for b in plan(posts, slugs={"pai": "ai"})] == ["ai"]
    volumes = plan(posts, slugs={"pai": "ai", "pai第2卷": "more"}, max_posts=2)
    assert [b.slug for b in volumes] == ["ai", "more"]
    unnamed = plan(posts, slugs={"pai": "ai"}, max_posts=1)
    assert [b.slug for b in unnamed] == ["ai", "ai-2", "ai-3"]


def test_a_book_is_called_as_the_settings_say_and_found_by_either_name():
    posts = [planned(f"{n}.md", area="PAI") for n in range(3)]
    own = (BookSettings("pai", publisher="岸"),)
    (named,) = plan(posts, titles={"P-A-I": "人工智能"}, slugs={"pai": "ai"}, books=own)
    assert (named.title, named.slug, named.imprint.publisher) == ("人工智能", "ai", "岸")
    (same,) = plan(
        posts, titles={"PAI": "人工智能"}, books=(BookSettings("人工智能", publisher="岸"),)
    )
    assert (same.slug, same.imprint.publisher) == ("ren-gong-zhi-neng", "岸")
    (blank,) = plan(posts, titles={"PAI": " "})
    assert blank.title == "PAI"
    volumes = plan(posts, titles={"PAI": "人工智能"}, max_posts=2)
    assert [(b.title, b.imprint.series, b.imprint.volume) for b in volumes] == [
        ("人工智能 第1卷", "人工智能", 1),
        ("人工智能 第2卷", "人工智能", 2),
    ]


def test_settings_of_a_book_that_is_not_there_are_reported():
    _, found = select_books(
        [planned("a.md", series="河")],
        Settings(books=(BookSettings("河"), BookSettings("海"))),
    )
    assert [(f.path, f.code) for f in found] == [("duizhao.toml", "book.unused-settings")]


def test_titles_and_slugs_of_a_book_that_is_not_there_are_reported():
    _, found = select_books(
        [planned("a.md", series="河"), planned("b.md", series="湖")],
        Settings(
            titles={"河": "江", "海": "洋", "江": "川"},
            slugs={"河": "he", "湖": "hu", "洋": "yang"},
        ),
    )
    assert {f.code for f in found} == {"book.unused-settings"}
    assert [f.message for f in found] == [
        "no book has the title '江' that books.titles changes",
        "no book has the title '洋' that books.slugs gives an address",
        "no book has the title '海' that books.titles changes",
    ]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("  大 江\n 东去 ", "大 江 东去"),
        ("\ufeff大\u200b江\u2060", "大江"),
        ("大\u202e江\u2066", "大江"),
        ("大\x07江", "大\ufffd江"),
        ("\u200b\u200e ", "河"),
        ("\u200d", "河"),
    ],
)
def test_a_title_of_the_settings_is_clean(written, title):
    (book,) = plan([planned("a.md", series="河")], titles={"河": written})
    assert book.title == title


def test_a_volume_may_have_settings_of_its_own():
    posts = [planned(f"{n}.md", series="河") for n in range(2)]
    own = (
        BookSettings("河", summary="都是河", preface="序.md"),
        BookSettings("河 第2卷", summary="下游"),
    )
    volumes = plan(posts, books=own, max_posts=1)
    assert [b.imprint.summary for b in volumes] == ["都是河", "下游"]
    assert [b.preface for b in volumes] == ["序.md", "序.md"]


def test_several_tables_about_one_book_are_one():
    own = (BookSettings("河", summary="写河"), BookSettings("河", summary="又", publisher="岸"))
    (volume,) = plan([planned("a.md", series="河")], books=own)
    assert (volume.imprint.summary, volume.imprint.publisher) == ("写河", "岸")


def test_a_preface_needs_neither_front_matter_nor_title():
    post, found = parse_matter("preface", "序.md", "## 一节\n\n文字。\n", "zh-CN")
    assert (post.slug, post.front_matter.title, found) == ("preface", "前言", ())
    assert isinstance(post.blocks[0], Heading)
    titled, _ = parse_matter("afterword", "跋.md", "---\ntitle: 跋\n---\n文字。\n", "zh-CN")
    assert titled.front_matter.title == "跋"
    english, _ = parse_matter("afterword", "a.md", "Text.\n", "en")
    assert english.front_matter.title == "Afterword"
    _, problems = parse_matter("preface", "p.md", "文字。\n\n</details>\n", "zh-CN")
    assert problems


def test_a_summary_is_the_settings_or_the_first_titles():
    posts = [planned(f"{n}.md", series="河", title=f"{'长' * 60}{n}") for n in range(9)]
    (planned_book,) = plan(posts)
    texts = [Post(p.path, "", p.front_matter, ()) for p in planned_book.posts]
    made = make_book(planned_book, texts)
    assert describe(made) == "；".join([*(f"{'长' * 60}{n}" for n in range(3)), "…"])
    own = replace(made, imprint=Imprint(summary="写河"))
    assert describe(own) == "写河"


def test_chapters_and_creators_have_the_spelling_of_the_library():
    texts = {
        "a.md": "---\ntitle: a\nseries: 甲\nspeaker: ada-reed\npeople: [bo, Bo]\n---\n正文\n",
        "b.md": "---\ntitle: b\nseries: 乙\nspeaker: Ada Reed\n---\n正文\n",
        "c.md": "---\ntitle: c\nseries: 乙\nauthor: Ada Reed\n---\n正文\n",
    }
    posts = {path: parse_post(path, text).post for path, text in texts.items()}
    plans = plan([PlannedPost(path, post.front_matter) for path, post in posts.items()])
    books = [make_book(p, [posts[planned.path] for planned in p.posts]) for p in plans]
    assert [book.creators for book in books] == [("Ada Reed",), ("Ada Reed",)]
    [chapter] = next(book.chapters for book in books if book.title == "甲")
    assert chapter.front_matter.speakers == ("Ada Reed",)
    assert chapter.front_matter.people == ("Bo",)
    assert chapter.blocks == posts["a.md"].blocks
