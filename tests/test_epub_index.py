"""The indexes of the EPUB edition: their entries, their documents, the links to them."""

from converter.model import Index, IndexEntry, Locator, SeeReference

from .epubs import (
    assert_sound,
    book,
    book_of_many_names,
    build,
    by_type,
    chapter_document,
    documents,
    find,
    members,
    post,
    prose,
    sample,
    text,
)


def index_document(*lines, kind="people"):
    """Return the index of a book of two chapters, ``a`` and ``b``, of four paragraphs each."""
    chapters = [post(slug, *map(prose, "一二三四"), title=f"<{slug}>") for slug in "ab"]
    value = book(*chapters, indexes=(Index(kind, lines),))
    epub = build(value)
    assert_sound(value, epub)
    return documents(epub)[f"text/index-{kind}.xhtml"]


def name(number, letter="A", *locators, originals=()):
    locators = locators or (Locator("a", ()),)
    return IndexEntry(f"people-{number}", f"人{number}", letter, originals, locators)


def links(element):
    return [(text(link), link.get("href")) for link in find(element, ".//h:a")]


def test_entry_has_a_term_and_locators_by_chapter():
    root = index_document(
        name(1, "R", Locator("a", ("p1-a", "p3-a")), Locator("b", ()), originals=("Ren One",)),
        name(2, "R", Locator("b", ("p0-b", "p0-b", "p2-b", "p3-b"))),
    )
    (section,) = by_type(root, "index")
    assert section.get("role") == "doc-index"
    assert text(find(section, "h:h1")[0]) == "人物索引"
    first, second = by_type(root, "index-entry")
    assert [text(term) for term in by_type(root, "index-term")] == ["人1", "人2"]
    assert text(find(first, "h:span[@class='expansion']")[0]) == "（Ren One）"
    assert find(first, ".//h:span[@lang='en']/text()") == ["Ren One"]
    chapters = find(first, "h:ul[@e:type='index-locator-list']/h:li")
    assert [links(chapter) for chapter in chapters] == [
        [("<a>", "001-a.xhtml#p1-a"), ("2", "001-a.xhtml#p3-a")],
        [("<b>", "002-b.xhtml")],
    ]
    assert links(find(second, "h:span[@class='locators']")[0]) == [
        ("<b>", "002-b.xhtml#p0-b"),
        ("2", "002-b.xhtml#p2-b"),
        ("3", "002-b.xhtml#p3-b"),
    ]
    assert len(by_type(root, "index-locator")) == 6
    assert find(root, "//h:a[.='2']/@aria-label") == ["第 2 处"] * 2


def test_locator_of_unknown_paragraphs_leads_to_the_chapter_of_unknown_chapters_nowhere():
    root = index_document(name(1, "R", Locator("a", ("p99-a",)), Locator("gone", ("p0-gone",))))
    assert links(by_type(root, "index-entry")[0]) == [("<a>", "001-a.xhtml")]


def test_see_reference_leads_to_the_preferred_name():
    root = index_document(SeeReference("老黄", "L", "people-1", "人1"), name(1, "R"))
    see = by_type(root, "index-entry")[0]
    assert text(see) == "老黄 见 人1"
    (preferred,) = by_type(see, "index-xref-preferred")
    assert links(preferred) == [("人1", "index-people.xhtml#people-1")]
    assert not find(see, ".//*[@e:type='index-locator']")


def test_letters_head_an_index_of_twenty_lines_and_no_shorter_one():
    short = index_document(*(name(n, "AB"[n // 10]) for n in range(19)))
    assert not find(short, "//h:h2")
    assert len(by_type(short, "index-entry-list")) == 1
    root = index_document(*(name(n, "AB"[n // 10]) for n in range(20)))
    groups = by_type(root, "index-group")
    assert [text(find(group, "h:h2")[0]) for group in groups] == ["A", "B"]
    assert [len(by_type(root, "index-entry-list")), len(find(groups[0], "h:ul/h:li"))] == [2, 10]
    assert links(find(root, "//h:p[@class='letters']")[0]) == [
        ("A", "index-people.xhtml#letter-1"),
        ("B", "index-people.xhtml#letter-2"),
    ]


def test_each_kind_has_its_title():
    kinds = {
        "people": "人物索引",
        "organizations": "机构索引",
        "products": "产品与模型索引",
        "media": "书刊与媒体索引",
    }
    for kind, title in kinds.items():
        assert text(find(index_document(name(1), kind=kind), "//h:h1")[0]) == title


def test_index_without_entries_is_left_out():
    names = members(build(book(post("a", prose("一")), indexes=(Index("people", ()),))))
    assert not [each for each in names if "index" in each]


def test_long_index_becomes_several_documents():
    value = book_of_many_names()
    epub = build(value)
    assert_sound(value, epub)
    trees = documents(epub)
    names = [f"text/index-products{suffix}.xhtml" for suffix in ("", "-2", "-3")]
    assert [each for each in trees if "index-" in each] == sorted(names)
    found = [key for each in names for key in find(trees[each], "//h:li/@id")]
    assert found == [f"products-{n}" for n in range(400)]
    assert all(len(members(epub)[f"EPUB/{each}"]) < 175_000 for each in names)
    toc = find(trees["nav.xhtml"], "//h:li[h:a='产品与模型索引']/h:ol//h:a/@href")
    assert toc == names


def test_bare_numbers_are_explained_where_there_are_any():
    pages = documents(build(sample()))
    assert find(pages["text/index-people.xhtml"], "//h:p[@class='hint']")
    assert not find(pages["text/index-organizations.xhtml"], "//h:p[@class='hint']")


def test_names_at_the_end_of_a_chapter_lead_to_the_index():
    root = chapter_document(build(sample()))
    (mentioned,) = find(root, "//h:section[@class='mentioned']")
    assert links(mentioned) == [
        ("Sam Altman", "index-people.xhtml#people-sam-altman"),
        ("黄仁勋", "index-people.xhtml#people-huang-ren-xun"),
        ("OpenAI", "index-organizations.xhtml#organizations-openai"),
    ]


def test_name_that_an_index_lacks_or_knows_by_another_form():
    chapter = post("a", prose("一"), people=("Ren One", "老一", "<没有>"), media=("人1",))
    entry = name(1, originals=("Ren One",))
    index = Index("people", (entry, SeeReference("老一", "L", entry.id, entry.name)))
    root = chapter_document(build(book(chapter, indexes=(index,))))
    (mentioned,) = find(root, "//h:section[@class='mentioned']")
    assert links(mentioned) == [
        ("Ren One", "index-people.xhtml#people-1"),
        ("老一", "index-people.xhtml#people-1"),
    ]
    assert text(mentioned) == "本文提及 人物：Ren One、老一、<没有> 书刊与媒体：人1"


def test_split_chapter_is_reached_in_its_right_document():
    blocks = [prose("长" * 3000) for _ in range(120)]
    entry = name(1, "R", Locator("long", ("p0-long", "p119-long")))
    value = book(post("long", *blocks), indexes=(Index("people", (entry,)),))
    epub = build(value)
    assert_sound(value, epub)
    last = epub.documents[0][-1].removeprefix("text/")
    root = documents(epub)["text/index-people.xhtml"]
    hrefs = [href for _, href in links(by_type(root, "index-entry")[0])]
    assert hrefs == ["001-long.xhtml#p0-long", f"{last}#p119-long"]
    assert last != "001-long.xhtml"
