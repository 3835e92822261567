"""The glossary of the EPUB edition: its entries, its documents, its search keys, its links."""

from dataclasses import replace

from lxml import etree

from converter.markdown import plain_text
from converter.model import Definition, GlossaryEntry, SeeReference

from .epubs import (
    assert_sound,
    book,
    book_of_many_names,
    build,
    by_type,
    chapter_document,
    documents,
    entry,
    find,
    glossary,
    members,
    mention,
    package,
    post,
    prose,
    sample,
    text,
)
from .links_epub import walk_links


def glossary_document(*lines, **fields):
    """Return ``text/glossary.xhtml`` of a book of one chapter, ``a``, of three paragraphs."""
    chapter = post("a", prose("一"), prose("二"), prose("三"), title="标题 <甲>")
    value = book(chapter, glossary=glossary(lines), **fields)
    epub = build(value)
    assert_sound(value, epub)
    return documents(epub)["text/glossary.xhtml"]


def links(element):
    return [(text(link), link.get("href")) for link in find(element, ".//h:a")]


def test_headword_is_linked_where_it_comes_first_in_a_chapter():
    epub = build(sample())
    for number in (0, 1):
        found = by_type(chapter_document(epub, number), "glossref")
        assert [(text(link), link.get("href"), link.get("role")) for link in found] == [
            ("代币", "glossary.xhtml#gloss-dai-bi", "doc-glossref"),
            ("模型", "glossary.xhtml#gloss-mo-xing", "doc-glossref"),
        ]


def test_glossary_entry_holds_definitions_and_leads_back():
    root = documents(build(sample()))["text/glossary.xhtml"]
    (section,) = by_type(root, "glossary")
    assert section.get("role") == "doc-glossary"
    (found,) = find(root, "//h:dl/h:div[@id='gloss-dai-bi']")
    assert text(find(found, "h:dt[@e:type='glossterm']/h:dfn")[0]) == "代币"
    assert [text(dd) for dd in find(found, "h:dd")] == [
        "文本的最小单位 ——《谁在控制 AI》",
        "The unit that is billed. ——《只有译文》",
        "又作 词元",
        "见于 谁在控制 AI 2；只有译文",
    ]
    assert len(find(found, "h:dd[@e:type='glossdef']")) == 2
    assert links(find(found, "h:dd[1]")[0]) == [
        ("《谁在控制 AI》", "001-who-controls.xhtml#p1-who-controls")
    ]
    assert links(find(found, "h:dd[@class='mentions']")[0]) == [
        ("谁在控制 AI", "001-who-controls.xhtml#p1-who-controls"),
        ("2", "001-who-controls.xhtml#p4-who-controls"),
        ("只有译文", "002-plain.xhtml#p0-plain"),
    ]
    assert {link.get("role") for link in find(found, ".//h:a")} == {"doc-backlink"}


def test_foreign_terms_and_definitions_name_their_language():
    root = documents(build(sample()))["text/glossary.xhtml"]
    assert [text(span) for span in find(root, "//*[@lang='en'][not(self::h:html)]")] == [
        "Token",
        "The unit that is billed.",
        "Model",
    ]


def test_one_definition_and_its_only_mention_are_one_link():
    place = mention("a", 1)
    root = glossary_document(entry("甲", "J", place, definitions=(Definition("义", place),)))
    assert [text(dd) for dd in find(root, "//h:dd")] == ["义 ——《标题 <甲>》"]


def test_mentions_are_listed_where_a_source_does_not_lead_to_them():
    meaning = Definition("义", mention("a", 0))
    root = glossary_document(
        entry("甲", "J", mention("a", 1), mention("a", 1), definitions=(meaning,)),
    )
    assert links(find(root, "//h:dd[@class='mentions']")[0]) == [("标题 <甲>", "001-a.xhtml#p1-a")]


def test_entry_without_definitions_is_a_headword_with_its_mentions():
    root = glossary_document(entry("甲", "J", mention("a", 0), mention("a", 2)))
    assert [text(dd) for dd in find(root, "//h:dd")] == ["见于 标题 <甲> 2"]


def test_see_reference_leads_to_its_entry_by_a_plain_link():
    term = entry("**甲** [x](https://example.org)", "J", mention("a", 0), id="gloss-jia")
    root = glossary_document(SeeReference("乙*丙*", "B", term.id, term.headword), term)
    (see,) = find(root, "//h:dl/h:div[not(@id)]")
    assert text(see) == "乙丙 见 甲 x"
    assert links(see) == [("甲 x", "glossary.xhtml#gloss-jia")]


def test_only_paragraphs_that_something_leads_to_have_ids():
    root = chapter_document(build(sample()))
    anchors = [key for key in find(root, "//@id") if key.startswith("p")]
    assert anchors == [f"p{n}-who-controls" for n in (1, 4, 5, 8)]
    bare = replace(sample(), indexes=())
    anchors = [key for key in find(chapter_document(build(bare)), "//@id") if key.startswith("p")]
    assert anchors == [f"p{n}-who-controls" for n in (1, 4, 8)]


def test_source_of_a_definition_has_an_id_without_being_a_mention():
    meaning = Definition("义", mention("a", 2))
    chapter = post("a", prose("一"), prose("二"), prose("三"))
    lines = [entry("甲", "J", mention("a", 0), definitions=(meaning,))]
    root = chapter_document(build(book(chapter, glossary=glossary(lines))))
    assert find(root, "//h:p/@id") == ["p0-a", "p2-a"]


def test_letters_head_a_glossary_of_twenty_lines_and_no_shorter_one():
    def letters(count):
        lines = [entry(f"词{n:02}", "AB"[n % 20 // 10], mention("a", 0)) for n in range(count)]
        root = glossary_document(*lines)
        return [text(h) for h in find(root, "//h:h2")], find(root, "//h:p[@class='letters']")

    assert letters(19) == ([], [])
    headings, (bar,) = letters(20)
    assert headings == ["A", "B"]
    assert links(bar) == [("A", "glossary.xhtml#letter-1"), ("B", "glossary.xhtml#letter-2")]


def test_letter_that_comes_twice_is_headed_and_linked_twice():
    lines = [entry(f"词{n:02}", "ABA"[n // 8], mention("a", 0)) for n in range(24)]
    root = glossary_document(*lines)
    assert [text(h) for h in find(root, "//h:h2")] == ["A", "B", "A"]
    assert find(root, "//h:p[@class='letters']/h:a/@href") == [
        f"glossary.xhtml#letter-{n}" for n in (1, 2, 3)
    ]


def test_long_glossary_becomes_several_documents_with_all_letters_on_each():
    value = book_of_many_names()
    epub = build(value)
    trees = documents(epub)
    names = ["text/glossary.xhtml", "text/glossary-2.xhtml", "text/glossary-3.xhtml"]
    assert [name for name in trees if "glossary" in name] == sorted(names)
    entries = [find(trees[name], "//h:dl/h:div[@id]/@id") for name in names]
    assert [key for each in entries for key in each] == [f"gloss-{n}" for n in range(400)]
    for name in names:
        assert len(members(epub)[f"EPUB/{name}"]) < 175_000
        bar = find(trees[name], "//h:p[@class='letters']")[0]
        assert [letter for letter, _ in links(bar)] == ["A", "B", "C"]
    titles = [text(find(trees[name], "//h:h1")[0]) for name in names]
    assert titles == ["术语表 A", "术语表 B", "术语表 C"]
    toc = find(trees["nav.xhtml"], "//h:li[h:a='术语表']/h:ol//h:a")
    assert [text(link) for link in toc] == ["A", "B", "C"]


def test_letter_too_long_for_a_document_goes_on_in_the_next():
    place = mention("a", 0)
    lines = [
        entry(f"词{n:02}", "A", place, definitions=(Definition("义" * 2000, place),))
        for n in range(40)
    ]
    value = book(post("a", prose("一")), glossary=glossary(lines))
    epub = build(value)
    assert_sound(value, epub)
    trees = documents(epub)
    titles = [text(find(trees[f"text/glossary{n}.xhtml"], "//h:h1")[0]) for n in ("", "-2")]
    assert titles == ["术语表 A", "术语表 A（续）"]
    assert find(trees["text/glossary.xhtml"], "//h:h2/@id") == ["letter-1"]
    assert not find(trees["text/glossary-2.xhtml"], "//h:h2/@id")


def test_mention_of_an_unknown_place_is_no_dead_link():
    gone = mention("gone", 1)
    lines = [entry("甲", "J", gone, definitions=(Definition("义", gone),))]
    epub = build(book(post("a"), glossary=glossary(lines)))
    root = documents(epub)["text/glossary.xhtml"]
    assert [text(dd) for dd in find(root, "//h:dd")] == ["义"]
    assert walk_links(epub.data).problems == [
        f"glossary entry: {lines[0].id} has no link to the text"
    ]


def test_search_keys_are_headwords_aliases_and_expansions():
    value = sample()
    epub = build(value)
    root = etree.fromstring(members(epub)["EPUB/search-key-map.xml"])
    groups = [
        (group.get("href"), find(group, "e:match/@value"))
        for group in find(root, "//e:search-key-group")
    ]
    assert groups == [
        ("text/glossary.xhtml#gloss-dai-bi", ["代币", "词元", "Token"]),
        ("text/glossary.xhtml#gloss-mo-xing", ["模型", "Model", "模型（旧译）"]),
    ]
    for line in value.glossary.entries:
        assert any(plain_text(line.headword) in keys for _, keys in groups)
    items = find(package(epub), "//o:item[contains(@properties, 'glossary')]")
    assert [(item.get("href"), item.get("properties")) for item in items] == [
        ("text/glossary.xhtml", "glossary"),
        ("search-key-map.xml", "glossary search-key-map"),
    ]
    assert items[1].get("media-type") == "application/vnd.epub.search-key-map+xml"


def test_book_without_entries_has_neither_glossary_nor_search_keys():
    names = members(build(book(post("a", prose("一")))))
    assert not [name for name in names if "glossary" in name or "search" in name]


def test_no_search_key_is_empty():
    root_of = book(post("a", prose("一")), glossary=glossary([entry("", "#", mention("a", 0))]))
    epub = build(root_of)
    assert_sound(root_of, epub)
    assert "EPUB/search-key-map.xml" not in members(epub)


# ---------------------------------------------------------------------------------------------
# The walk over all links: what it must find


def test_walk_counts_what_it_walked():
    report = walk_links(build(sample()).data)
    assert report.problems == []
    assert dict(report.walked) == {
        "link": len([*all_links(sample())]),
        "NCX": 10,
        "guide": 7,
        "manifest": 11,
        "search key": 2,
        "doc-glossref": 4,
        "name": 3,
        "glossary entry": 2,
        "glossary chapter": 4,
        "index entry": 3,
        "index chapter": 3,
        "index chapter without a link": 1,
        "see": 2,
    }


def all_links(value):
    for tree in documents(build(value)).values():
        yield from (href for href in find(tree, "//h:a/@href") if ":" not in href)


def without_mentions(value, keep):
    """Return the sample with its entries' mentions and sources chosen by ``keep``."""
    lines = [
        replace(
            line,
            mentions=tuple(filter(keep, line.mentions)),
            definitions=tuple(d for d in line.definitions if keep(d.mention)),
        )
        if isinstance(line, GlossaryEntry)
        else line
        for line in value.glossary.lines
    ]
    return replace(value, glossary=replace(value.glossary, lines=tuple(lines)))


def test_walk_finds_an_entry_that_does_not_lead_back_to_the_chapter():
    epub = build(without_mentions(sample(), lambda place: place.chapter != "plain"))
    assert walk_links(epub.data).problems == [
        f"doc-glossref: text/002-plain.xhtml: {word} -> {key}, which does not lead back before it"
        for word, key in (("代币", "gloss-dai-bi"), ("模型", "gloss-mo-xing"))
    ]


def test_walk_finds_an_entry_that_leads_behind_the_link_only():
    epub = build(without_mentions(sample(), lambda place: place != mention("who-controls", 1)))
    (problem,) = walk_links(epub.data).problems
    assert problem.endswith("代币 -> gloss-dai-bi, which does not lead back before it")


def test_latin_letters_that_stand_apart_have_a_labelled_row_of_their_own():
    chapter = post("a", prose("词"), title="词")
    lines = [entry(f"词{n}", "Z", mention("a", 0)) for n in range(19)]
    lines += [entry("zebra", "西文 Z", mention("a", 0)), entry("3D", "#", mention("a", 0))]
    epub = build(book(chapter, glossary=glossary(lines, [chapter])))
    root = documents(epub)["text/glossary.xhtml"]
    assert [text(h) for h in find(root, "//h:h2")] == ["Z", "西文 Z", "#"]
    bars = find(root, "//h:p[@class='letters']")
    assert [text(bar) for bar in bars] == ["中文 Z", "西文 Z #"]
    targets = [href.partition("#")[2] for href in find(root, "//h:p[@class='letters']/h:a/@href")]
    assert targets == [heading.get("id") for heading in find(root, "//h:h2")]
    assert walk_links(epub.data).problems == []
