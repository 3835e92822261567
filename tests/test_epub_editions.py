"""The editions of one language, and what stands around the chapters of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from converter.epub import EpubOptions, epub_identifier, render_epub, select_edition
from converter.model import (
    Definition,
    Edition,
    Imprint,
    Index,
    IndexEntry,
    Locator,
    OriginalsMode,
    Prose,
    Span,
)

from .epubs import (
    MODIFIED,
    XML_LANG,
    book,
    build,
    by_type,
    chapter_document,
    documents,
    entry,
    find,
    glossary,
    heading,
    members,
    mention,
    ncx,
    original,
    package,
    post,
    prose,
    sample,
    text,
)
from .links_epub import walk_links

COVER = b"\xff\xd8\xff\xe0 a picture"
IMPRINT = Imprint(
    series="海边丛书",
    volume=3,
    summary="收两篇 <文章> & 其他。",
    publisher="海边书社",
    translators=("王译", "Lee & Co"),
    rights="CC BY 4.0",
)


def original_edition():
    selected = select_edition(sample(), Edition.ORIGINAL)
    return selected, build(selected, originals=OriginalsMode.NONE)


def test_the_bilingual_edition_is_the_book():
    assert select_edition(sample(), Edition.BILINGUAL) == sample()


def test_the_translation_says_so_in_its_title_and_keeps_all_else():
    selected = select_edition(sample(), Edition.TRANSLATION)
    assert selected == replace(sample(), title="人工智能（译文）", edition=Edition.TRANSLATION)
    traditional = select_edition(replace(sample(), language="zh-TW"), Edition.TRANSLATION)
    assert traditional.title == "人工智能（譯文）"


def test_the_originals_edition_holds_every_original_and_no_translation():
    selected, epub = original_edition()
    assert [chapter.slug for chapter in selected.chapters] == ["who-controls"]
    root = chapter_document(epub)
    said = text(root)
    for words in ("Why do tokens matter", "First paragraph", "This paragraph was never translated"):
        assert words in said
    assert "为什么重要" not in said
    assert "摘要" not in said
    assert not find(root, "//h:aside | //h:details")
    assert walk_links(epub.data).problems == []


def test_the_originals_edition_is_a_book_of_their_language():
    selected, epub = original_edition()
    opf = package(epub)
    assert find(opf, "//dc:language/text()") == ["en"]
    assert selected.title == "人工智能 (original)"
    root = chapter_document(epub)
    assert root.get("lang") == root.get(XML_LANG) == "en"
    assert {h.get("lang") for h in find(root, "//h:h1 | //h:h2 | //h:h3")} == {"zh-CN"}
    nav = documents(epub)["nav.xhtml"]
    assert text(find(nav, "//h:h1")[0]) == "Contents"
    assert find(nav, "//h:nav[@role='doc-toc']//h:a/@lang")[0] == "zh-CN"
    assert "Speaking: Lex Fridman" in text(root)
    assert "made with duizhao" in text(documents(epub)["text/colophon.xhtml"]).lower()
    assert not [name for name in members(epub) if "glossary" in name or "index-" in name]


def test_sections_without_an_original_are_left_out():
    value = book(
        post(
            "a",
            heading(2, "空"),
            heading(3, "也空"),
            prose("只有中文。"),
            heading(2, "有"),
            heading(3, "里面"),
            prose("一段。"),
            original("A paragraph."),
            heading(2, "末尾"),
        ),
        post("b", prose("只有中文。")),
    )
    (chapter,) = select_edition(value, Edition.ORIGINAL).chapters
    shown = [
        getattr(block, "text", "") or getattr(block, "markdown", "") for block in chapter.blocks
    ]
    assert shown == ["有", "里面", "A paragraph."]


def test_where_the_prose_is_the_original_the_prose_is_kept():
    value = book(post("a", prose("English prose.", "en"), original("中文译文。", "zh-Hans")))
    (chapter,) = select_edition(value, Edition.ORIGINAL).chapters
    assert [block.markdown for block in chapter.blocks if isinstance(block, Prose)] == [
        "English prose."
    ]


def test_a_post_that_unfolds_its_originals_is_parted_too():
    pairs = [
        (prose(f"English {n}.", "en"), prose(f"中文 **词{n}**。", "zh-Hans")) for n in range(6)
    ]
    term = entry("词2", "C", mention("a", 4), mention("a", 5))
    value = book(
        post("a", heading(2, "节"), *(each for pair in pairs for each in pair)),
        glossary=glossary([term]),
    )
    translation = build(select_edition(value, Edition.TRANSLATION), originals=OriginalsMode.NONE)
    root = chapter_document(translation)
    assert "English" not in text(root)
    assert all(f"中文 词{n}" in text(root) for n in range(6))
    assert walk_links(translation.data).problems == []
    (chapter,) = select_edition(value, Edition.ORIGINAL).chapters
    shown = [block.markdown for block in chapter.blocks if isinstance(block, Prose)]
    assert shown == [f"English {n}." for n in range(6)]


def alternating(*blocks):
    """Return what the two editions of a post keep."""
    value = book(post("a", *blocks))
    return [
        [
            block.markdown
            for block in select_edition(value, edition).chapters[0].blocks
            if isinstance(block, Prose) and block.markdown
        ]
        for edition in (Edition.TRANSLATION, Edition.ORIGINAL)
    ]


def test_a_translation_may_stand_before_its_original():
    pairs = [(prose(f"中文{n}。"), prose(f"English {n}.", "en")) for n in range(6)]
    blocks = [each for pair in pairs for each in pair]
    for chosen in (blocks, [heading(2, "甲"), *blocks[:6], heading(2, "乙"), *blocks[6:]]):
        translation, originals = alternating(*chosen)
        assert translation == [f"中文{n}。" for n in range(6)]
        assert originals == [f"English {n}." for n in range(6)]


def test_a_paragraph_before_the_first_original_changes_nothing():
    lengths = (90, 10, 40, 200, 5, 120)
    pairs = [(prose("Word " * n, "en"), prose("文" * n)) for n in lengths]
    translation, originals = alternating(
        prose("引子。"), *(each for pair in pairs for each in pair), prose("Not translated.", "en")
    )
    assert translation == ["引子。", *("文" * n for n in lengths), "Not translated."]
    assert originals == [*("Word " * n for n in lengths), "Not translated."]


NOTED = [
    each
    for n in range(6)
    for each in (prose(f"English {n}[^{n}].", "en"), prose(f"中文{n}[^{n}]。"))
]


def test_notes_of_a_post_that_alternates_go_with_their_language():
    both = [
        each
        for n in range(6)
        for each in (prose(f"[^{n}]: Note {n}.", "en"), prose(f"[^{n}]: 注{n}。"))
    ]
    ends = [both, [*both[::2], *both[1::2]], [*both[1::2], *both[::2]]]
    for notes in ends:
        translation, originals = alternating(*NOTED, *notes)
        assert [note for note in translation if note.startswith("[^")] == [
            f"[^{n}]: 注{n}。" for n in range(6)
        ]
        assert [note for note in originals if note.startswith("[^")] == [
            f"[^{n}]: Note {n}." for n in range(6)
        ]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_note_in_one_language_is_in_both_editions(language):
    notes = [prose(f"[^{n}]: {'Note.' if language == 'en' else '注。'}", language) for n in (0, 1)]
    # One stands between an original and its translation, or behind that.
    blocks = [NOTED[0], notes[0], NOTED[1], notes[1], *NOTED[2:]]
    translation, originals = alternating(*blocks)
    for kept in (translation, originals):
        assert [text for text in kept if text.startswith("[^")] == [n.markdown for n in notes]
    assert len(translation) == len(originals) == 8


def test_a_note_in_the_translation_goes_with_a_folded_original_that_has_its_mark():
    value = book(
        post(
            "a",
            prose("一条河[^1]，一座桥[^2]。"),
            original("A river[^1], a bridge."),
            prose("[^1]: 赫拉克利特。"),
            prose("[^2]: 译者的话。"),
        )
    )
    (chapter,) = select_edition(value, Edition.ORIGINAL).chapters
    assert [block.markdown for block in chapter.blocks if isinstance(block, Prose)] == [
        "A river[^1], a bridge.",
        "[^1]: 赫拉克利特。",
    ]


def test_a_library_in_one_language_has_no_originals():
    value = book(post("a", *(prose(f"段{n}。") for n in range(12))), original_language="zh-CN")
    assert select_edition(value, Edition.TRANSLATION).chapters == value.chapters


def test_nothing_empty_is_left_where_an_original_stood():
    pairs = [(prose(f"**Chip{n}** hums.", "en"), prose(f"**词{n}**。")) for n in range(6)]
    blocks = [each for pair in pairs for each in pair]
    people = Index(
        "people",
        (IndexEntry("people-ada", "Ada", "A", (), (Locator("a", ("p4-a", "p5-a", "p6-a")),)),),
    )
    value = book(post("a", *blocks), indexes=(people,))
    terms = [entry("Chip1", "C", mention("a", 2), mention("a", 3)), entry("词4", "C")]
    terms[1] = replace(
        terms[1],
        definitions=(Definition("说明", mention("a", 8)),),
        mentions=(mention("a", 8), mention("a", 9)),
    )
    value = replace(value, glossary=glossary(terms, value.chapters))
    epub = build(select_edition(value, Edition.TRANSLATION), originals=OriginalsMode.NONE)
    root = chapter_document(epub)
    assert not find(root, "//h:div | //h:p[not(node())]")
    assert walk_links(epub.data).problems == []
    index = documents(epub)["text/index-people.xhtml"]
    assert find(index, "//h:a[@e:type='index-locator']/@href") == [
        "001-a.xhtml#p5-a",
        "001-a.xhtml#p7-a",
    ]
    links = find(documents(epub)["text/glossary.xhtml"], "//h:a[@role='doc-backlink']/@href")
    assert links == ["001-a.xhtml#p3-a", "001-a.xhtml#p9-a"]


def test_quotations_are_no_originals():
    said = [
        (prose(f"提示词{n}如下："), prose(f"Write it {n}.", "en"), prose(f"效果{n}不错。"))
        for n in range(6)
    ]
    value = book(post("a", *(block for each in said for block in each)))
    kept = select_edition(value, Edition.TRANSLATION).chapters
    assert kept == value.chapters
    assert select_edition(value, Edition.ORIGINAL).chapters == ()


def test_stray_words_of_another_language_are_no_originals():
    value = book(post("a", prose("中文。"), prose("Export to Sheets", "en"), prose("中文。")))
    assert select_edition(value, Edition.ORIGINAL).chapters == ()
    kept = select_edition(value, Edition.TRANSLATION).chapters[0]
    assert kept == value.chapters[0]


def test_the_originals_edition_names_no_translators():
    value = replace(sample(), imprint=IMPRINT)
    opf = package(build(select_edition(value, Edition.ORIGINAL)))
    assert not find(opf, "//dc:contributor")
    assert find(opf, "//dc:publisher")


def test_a_preface_with_originals_is_in_their_edition():
    bilingual = post("preface", prose("为什么。"), original("Why."), title="前言")
    value = replace(sample(), front=(bilingual,), back=(post("afterword", prose("完。")),))
    selected = select_edition(value, Edition.ORIGINAL)
    assert [block.markdown for block in selected.front[0].blocks if isinstance(block, Prose)] == [
        "Why."
    ]
    assert selected.back == ()


def test_a_book_without_originals_has_no_such_edition():
    assert select_edition(book(post("a", prose("中文。"))), Edition.ORIGINAL).chapters == ()


def test_each_edition_has_an_identifier_of_its_own():
    identifiers = [epub_identifier("ai", edition) for edition in Edition]
    assert len(set(identifiers)) == len(identifiers)
    assert identifiers[0] == epub_identifier("ai")


# ---------------------------------------------------------------------------------------------
# Around the chapters


def test_the_package_says_who_made_the_book_and_what_series_it_is_of():
    opf = package(build(replace(sample(), imprint=IMPRINT)))
    assert find(opf, "//dc:contributor/text()") == ["王译", "Lee & Co"]
    roles = find(opf, "//o:meta[@property='role'][starts-with(@refines, '#contributor')]/text()")
    assert roles == ["trl", "trl"]
    assert find(opf, "//dc:publisher/text()") == ["海边书社"]
    assert find(opf, "//dc:rights/text()") == ["CC BY 4.0"]
    assert find(opf, "//dc:description/text()") == ["收两篇 <文章> & 其他。"]
    assert find(opf, "//o:meta[@property='belongs-to-collection']/text()") == ["海边丛书"]
    assert find(opf, "//o:meta[@property='collection-type']/text()") == ["series"]
    assert find(opf, "//o:meta[@property='group-position']/text()") == ["3"]
    assert find(opf, "//o:meta[@name='calibre:series']/@content") == ["海边丛书"]
    assert find(opf, "//o:meta[@name='calibre:series_index']/@content") == ["3"]


def test_a_book_that_is_its_whole_series_is_the_first_of_it():
    opf = package(build(replace(sample(), imprint=replace(IMPRINT, volume=0))))
    assert find(opf, "//o:meta[@property='group-position']/text()") == ["1"]
    assert find(opf, "//o:meta[@name='calibre:series_index']/@content") == ["1"]


def test_conformance_is_claimed_only_where_somebody_vouches_for_it():
    claims = "//o:meta[@property='dcterms:conformsTo' or @property='a11y:certifiedBy']"
    assert not find(package(build(sample())), claims)
    vouched = replace(sample(), imprint=Imprint(certified_by="海边 & Co"))
    claim, certifier = find(package(build(vouched)), claims)
    # The wording is the specification's, to the letter.
    assert claim.text == "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
    assert (certifier.text, certifier.get("refines")) == ("海边 & Co", f"#{claim.get('id')}")


def test_tags_areas_and_categories_are_subjects_the_most_frequent_first():
    value = book(
        post("a", title="甲", area="技术", tags=("芯片", "教育")),
        post("b", title="乙", area="技术", category="访谈", tags=("芯片",)),
    )
    assert find(package(build(value)), "//dc:subject/text()") == ["技术", "芯片", "教育", "访谈"]


def test_the_cover_is_a_page_an_image_and_a_landmark():
    epub = build(sample(), cover=COVER)
    assert members(epub)["EPUB/images/cover.jpg"] == COVER
    opf = package(epub)
    (item,) = find(opf, "//o:item[@properties='cover-image']")
    assert (item.get("href"), item.get("media-type")) == ("images/cover.jpg", "image/jpeg")
    assert find(opf, "//o:meta[@name='cover']/@content") == [item.get("id")]
    first = find(opf, "//o:itemref")[0]
    assert first.get("linear") in (None, "yes")
    (image,) = find(documents(epub)["text/cover.xhtml"], "//h:img")
    assert (image.get("src"), image.get("alt")) == ("../images/cover.jpg", "封面：人工智能")
    nav = documents(epub)["nav.xhtml"]
    assert find(nav, "//h:a[@e:type='cover']/@href") == ["text/cover.xhtml"]
    assert find(opf, "//o:reference[@type='cover']/@href") == ["text/cover.xhtml"]
    assert "EPUB/images/cover.jpg" not in members(build(sample()))


def test_sources_name_each_chapter_with_date_speakers_and_address():
    page = documents(build(sample()))["text/sources.xhtml"]
    first, second = find(page, "//h:li")
    assert text(first).startswith("谁在控制 AI")
    assert "2025-11-26 · Lex Fridman、张三、李四" in text(first)
    assert find(first, ".//h:a/@href") == [
        "001-who-controls.xhtml",
        "https://www.youtube.com/watch?v=abc&t=1s",
    ]
    assert find(second, ".//h:a/@href") == ["002-plain.xhtml"]  # its address is none


def test_a_book_whose_posts_are_from_nowhere_has_no_sources():
    assert "EPUB/text/sources.xhtml" not in members(build(book(post("a", prose("文")))))


def test_a_long_list_of_sources_is_several_documents():
    value = book(
        *(post(f"c{n}", prose("文"), title=f"篇{n}", date="2025-01-01") for n in range(301))
    )
    names = [name for name in members(build(value)) if "/sources" in name]
    assert names == ["EPUB/text/sources-2.xhtml", "EPUB/text/sources.xhtml"]


def test_the_colophon_says_what_identifies_the_book():
    epub = build(replace(sample(), imprint=IMPRINT))
    (page,) = by_type(documents(epub)["text/colophon.xhtml"], "colophon")
    facts = {text(dt): text(dt.getnext()) for dt in find(page, ".//h:dt")}
    identifier = str(find(package(epub), "string(//dc:identifier)"))
    assert facts["译者"] == "王译、Lee & Co"
    assert facts["语言"] == "中文（简体）、英文"
    assert facts["版权"] == "CC BY 4.0"
    assert facts["出版"] == "海边书社"
    assert facts["标识"] == identifier
    assert page.get("role") == "doc-colophon"


def test_preface_and_afterword_stand_around_the_chapters():
    value = replace(
        sample(),
        front=(post("preface", prose("为什么有这本书。"), title="前言"),),
        back=(post("afterword", prose("后来的事。"), original("What came after."), title="后记"),),
    )
    epub = build(value)
    opf = package(epub)
    hrefs = {item.get("id"): item.get("href") for item in find(opf, "//o:item")}
    spine = [hrefs[idref] for idref in find(opf, "//o:itemref/@idref")]
    assert spine[1:3] == ["nav.xhtml", "text/preface.xhtml"]
    assert spine.index("text/afterword.xhtml") == spine.index("text/002-plain.xhtml") + 1
    pages = documents(epub)
    assert find(pages["text/preface.xhtml"], "//h:section/@role") == ["doc-preface"]
    assert by_type(pages["text/afterword.xhtml"], "afterword")
    assert len(by_type(pages["text/afterword.xhtml"], "noteref")) == 1
    labels = [text(point) for point in find(ncx(epub), "//n:navMap/n:navPoint/n:navLabel")]
    assert labels[0] == "前言"
    assert "后记" in labels
    marks = find(pages["nav.xhtml"], "//h:nav[@e:type='landmarks']//h:a/@e:type")
    assert marks[2:5] == ["preface", "bodymatter", "afterword"]
    assert epub.documents == (("text/001-who-controls.xhtml",), ("text/002-plain.xhtml",))


def test_the_title_page_of_a_volume_has_the_series_and_the_volume_below_it():
    volume = Imprint(series="人工智能", volume=2, summary="第二卷的内容。")
    value = replace(sample(), title="人工智能 第2卷", imprint=volume)
    page = documents(build(value))["text/title.xhtml"]
    assert [text(h) for h in find(page, "//h:h1")] == ["人工智能"]
    assert text(find(page, "//h:p[@class='volume']")[0]) == "第 2 卷"
    assert "内容提要 第二卷的内容。" in text(page)
    facts = text(documents(build(value))["text/colophon.xhtml"])
    assert "丛书" not in facts


def test_the_title_page_of_a_volume_names_its_edition():
    value = replace(sample(), title="海 第2卷", imprint=Imprint(series="海", volume=2))
    for edition, title in (
        (Edition.BILINGUAL, "海"),
        (Edition.TRANSLATION, "海（译文）"),
        (Edition.ORIGINAL, "海 (original)"),
    ):
        page = documents(build(select_edition(value, edition)))["text/title.xhtml"]
        assert [text(h) for h in find(page, "//h:h1")] == [title]


def test_a_list_of_many_names_is_cut_on_the_title_page():
    value = replace(sample(), creators=tuple(f"讲者{n}" for n in range(20)))
    page = documents(build(value))["text/title.xhtml"]
    assert text(find(page, "//h:p[@class='creators']")[0]).endswith("讲者5 等")


def test_a_preface_is_signed_at_its_end():
    signed = post("preface", prose("为什么。"), title="前言", author="陈码", date="2026-01-02")
    page = documents(build(replace(sample(), front=(signed,))))["text/preface.xhtml"]
    (section,) = by_type(page, "preface")
    assert [text(each) for each in section] == ["前言", "为什么。", "陈码 2026-01-02"]


@pytest.mark.parametrize("title", ["", "\x00", "&<>\"'", "题" * 400, "\ud800"])
def test_any_title_makes_a_sound_package(title):
    hostile = Imprint(title, 2, title, title, (title,), title, title)
    value = replace(sample(), title=title, imprint=hostile)
    for edition in Edition:
        selected = select_edition(value, edition)
        epub = render_epub(selected, EpubOptions("urn:x", MODIFIED, cover=COVER))
        assert find(package(epub), "string(//dc:title)").strip()
        assert walk_links(epub.data).problems == []


def test_a_span_is_kept_by_what_was_an_original():
    block = original("Text.")
    value = book(post("a", prose("文"), block))
    (chapter,) = select_edition(value, Edition.ORIGINAL).chapters
    assert chapter.blocks == (Prose(Span(1, 2), "Text.", "en"),)
