"""The library's glossary and indexes: what is merged, on which page it stands, how it is found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

import pytest

from converter.catalog import BookReference, collect_sections, render_home, render_sections
from converter.catalog.search import Target, fold, render_search
from converter.pinyin import initial, sort_key
from converter.reference import (
    Reference,
    ReferenceDefinition,
    ReferenceEntry,
    ReferenceIndex,
    ReferenceLocator,
    ReferenceName,
    ReferenceSee,
)

from .pages import Page

HOSTILE = "</script><script>alert('x')</script>\"'&\u2028<img src=x onerror=alert(1)>]]>{title}"
LIMIT = 500_000


def entry(headword: str, *definitions: str, **facts: object) -> ReferenceEntry:
    made: dict[str, object] = {
        "id": f"gloss-{headword}",
        "letter": initial(headword),
        "sort": " ".join(sort_key(headword)[:2]),
        "page": "glossary.html",
        "mentions": 1,
        "originals": (),
        "aliases": (),
        "definitions": tuple(
            ReferenceDefinition(text, "tides", "p3-tides") for text in definitions
        ),
    }
    return ReferenceEntry(headword=headword, **{**made, **facts})  # type: ignore[arg-type]


def name(headword: str, *originals: str, chapters: int = 1) -> ReferenceName:
    locators = tuple(
        ReferenceLocator(f"post-{number}", 2, f"p1-post-{number}") for number in range(chapters)
    )
    sort = " ".join(sort_key(headword)[:2])
    letter = initial(headword)
    return ReferenceName(
        f"people-{headword}", headword, letter, sort, "people.html", originals, locators
    )


def book(
    slug: str,
    *entries: ReferenceEntry,
    people: Iterable[ReferenceName] = (),
    see: Iterable[ReferenceSee] = (),
) -> BookReference:
    index = ReferenceIndex("people", tuple(people), ())
    chapters = {"tides": f"{slug}的潮汐", "post-0": "第零篇"}
    return BookReference(slug, f"《{slug}》", Reference(chapters, entries, tuple(see), (index,)))


def render(*books: BookReference) -> dict[str, str]:
    files = render_sections("对照", collect_sections(books))
    return {f"{folder}/{file}": text for folder, file, text in files}


def entries_of(page: str) -> list[str]:
    return re.findall(r'<div class="entry.*?</div>', page, re.DOTALL)


# -- merging -----------------------------------------------------------------------------------


def test_one_headword_of_two_books_is_one_entry() -> None:
    page = render(book("a", entry("大潮", "甲说的话")), book("b", entry("“大潮”", "乙另有说法")))
    (merged,) = entries_of(page["glossary/index.html"])
    assert "甲说的话" in merged
    assert "乙另有说法" in merged
    assert 'href="../a/glossary.html#gloss-' in merged
    assert 'href="../b/glossary.html#gloss-' in merged


def test_an_alias_joins_entries_of_two_books() -> None:
    books = (
        book("a", entry("图形处理器", mentions=9, aliases=("GPU",))),
        book("b", entry("GPU", "画图的芯片", originals=("Graphics Processing Unit",))),
    )
    page = render(*books)["glossary/index.html"]
    full, line = sorted(entries_of(page), key=len, reverse=True)
    assert "<dfn>图形处理器</dfn>" in full
    assert "又作 GPU" in full
    assert "Graphics Processing Unit" in full
    assert "<dt>GPU</dt><dd>见 " in line
    assert ">图形处理器</a>" in line


def test_an_alias_of_two_things_joins_neither() -> None:
    page = render(
        book("a", entry("知识产权", aliases=("IP",)), entry("网际协议", aliases=("IP",))),
        book("b", entry("IP")),
    )["glossary/index.html"]
    assert len(re.findall("<dfn>", page)) == 3


def test_names_that_name_each_other_end() -> None:
    page = render(
        book("a", entry("甲", aliases=("乙",))),
        book("b", entry("乙", aliases=("丙",))),
        book("c", entry("丙", aliases=("甲",))),
    )["glossary/index.html"]
    assert len(re.findall("<dfn>", page)) == 1


def test_a_see_reference_leads_to_the_entry() -> None:
    line = ReferenceSee("spring tide", "S", "spring tide", "gloss-大潮")
    page = render(book("a", entry("大潮", "涨潮"), see=[line]))["glossary/index.html"]
    (see,) = [found for found in entries_of(page) if "见 " in found]
    target = unquote(re.findall(r'href="index.html#([^"]*)"', see)[0])
    assert f'id="{target}"' in page


def test_two_definitions_are_shown_the_fullest_first() -> None:
    said = ("短", "日月引力同向的时候出现的那种最高的涨潮", "日月引力同向的时候出现的那种最高涨潮")
    books = [book(f"b{number}", entry("大潮", text)) for number, text in enumerate(said)]
    (merged,) = entries_of(render(*books)["glossary/index.html"])
    definitions = re.findall(r"<dd>(\S+) <a class=\"from\"", merged)
    assert definitions == [said[1], said[0]]


def test_a_definition_names_its_post() -> None:
    (merged,) = entries_of(render(book("sea", entry("大潮", "涨潮")))["glossary/index.html"])
    assert '<a class="from" href="../sea/tides.html#p3-tides">sea的潮汐</a>' in merged


def test_the_page_of_a_split_glossary_is_linked() -> None:
    page = render(book("sea", entry("大潮", page="glossary-2.html")))["glossary/index.html"]
    assert 'href="../sea/glossary-2.html#' in page


def test_an_index_names_books_and_chapters() -> None:
    page = render(book("sea", people=[name("Ada Reed", chapters=2)]))["people/index.html"]
    (merged,) = entries_of(page)
    assert '<a href="../sea/people.html#people-Ada%20Reed">《sea》</a>' in merged
    assert '<a href="../sea/post-0.html#p1-post-0">第零篇</a> <small>2 段</small>' in merged


def test_a_name_meets_its_original_in_another_book() -> None:
    people = [name("艾达·里德", "Ada Reed", chapters=3)]
    page = render(book("a", people=people), book("b", people=[name("Ada-Reed")]))
    assert len(re.findall("<dfn>", page["people/index.html"])) == 1


# -- pages -------------------------------------------------------------------------------------


def test_a_section_without_entries_is_not_there() -> None:
    assert render(book("a")) == {}
    assert {path.split("/")[0] for path in render(book("a", entry("大潮")))} == {"glossary"}


def test_a_small_glossary_is_one_page() -> None:
    files = render(book("a", *(entry(word) for word in ("大潮", "Zoo", "+1", "潮汐"))))
    assert [path for path in files if path.endswith(".html")] == ["glossary/index.html"]
    page = files["glossary/index.html"]
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page) == ["C", "D", "Z", "其他"]
    assert 'href="#letter-c"' in page
    assert re.findall("<dfn>(.*?)</dfn>", page) == ["潮汐", "大潮", "Zoo", "+1"]


@pytest.fixture(scope="module")
def large() -> Mapping[str, str]:
    words = [f"{first}{number}" for number in range(600) for first in ("甲", "Alpha ", "潮", "7")]
    text = "一句很长的解释，" * 12
    entries = [entry(word, f"{word}：{text}", originals=(f"Original {word}",)) for word in words]
    return render(book("a", *entries), book("b", *entries[:300]))


def test_no_page_is_too_large(large: Mapping[str, str]) -> None:
    assert len([path for path in large if path.endswith(".html")]) > 6
    assert max(len(text.encode()) for text in large.values()) < LIMIT


def test_every_link_between_pages_leads_somewhere(large: Mapping[str, str]) -> None:
    ids = {
        path.removeprefix("glossary/"): Page(text).attributes("id")
        for path, text in large.items()
        if path.endswith(".html")
    }
    for path, own in ids.items():
        assert len(own) == len(set(own)), path
        for link in Page(large[f"glossary/{path}"]).attributes("href"):
            if link.startswith(("../", "data:")):
                continue
            target, _, fragment = link.partition("#")
            assert target in ids or (not target and fragment), link
            assert not fragment or unquote(fragment) in ids[target or path], link


def test_every_entry_is_on_one_page_in_order(large: Mapping[str, str]) -> None:
    headwords: list[str] = []
    for path, text in large.items():
        if path.endswith(".html"):
            headwords += re.findall("<dfn>(.*?)</dfn>", text)
    assert len(headwords) == len(set(headwords)) == 2400
    keys = [(initial(word) == "#", initial(word), *sort_key(word)) for word in headwords]
    assert keys == sorted(keys)


def test_a_letter_of_many_pages_leads_to_all_of_them(large: Mapping[str, str]) -> None:
    pages = sorted(path for path in large if re.match(r"glossary/c(-\d+)?\.html", path))
    assert len(pages) > 1
    for path in pages:
        for other in pages:
            assert f'href="{other.removeprefix("glossary/")}"' in large[path]
            assert f'href="{other.removeprefix("glossary/")}"' in large["glossary/index.html"]


def test_one_name_in_all_chapters_of_all_books_fits_a_page() -> None:
    title = "《" + "很长的标题&" * 40
    books = []
    for number in range(300):
        found = book(f"book-{number}", people=[name("Ada Reed", chapters=120)])
        chapters = {f"post-{each}": title for each in range(120)}
        reference = Reference(chapters, (), (), found.reference.indexes)
        books.append(BookReference(found.slug, title, reference))
    files = render(*books)
    assert max(len(text.encode()) for text in files.values()) < LIMIT
    (merged,) = entries_of(files["people/index.html"])
    assert "共 120 篇" in merged
    assert "本书</dd>" in merged


def test_one_term_of_endless_texts_fits_a_page() -> None:
    long = "字&" * 5000
    texts = {"originals": (long, long + "2"), "aliases": (long + "3",)}
    entries = [
        entry(f"{long}{number}", long, id=f"gloss-{number}", **texts) for number in range(20)
    ]
    books = [book(f"b{number}", *entries) for number in range(30)]
    assert max(len(text.encode()) for text in render(*books).values()) < LIMIT


def test_the_pages_name_all_sections_and_load_only_their_own_scripts() -> None:
    files = render(book("a", entry("大潮"), people=[name("Ada")]))
    for path in ("glossary/index.html", "people/index.html"):
        page = Page(files[path])
        links = page.attributes("href")
        assert {"../index.html", "../glossary/index.html", "../people/index.html"} <= set(links)
        scripts = [found["src"] for tag, found in page.tags if tag == "script"]
        assert [(source or "").split("?")[0] for source in scripts] == [
            "search.js",
            "search-table.js",
        ]
        assert "//" not in re.sub(r"/\*.*?\*/", "", files[path]).replace("http:%2F%2F", "")


def test_home_leads_to_the_sections() -> None:
    collected = collect_sections([book("a", entry("大潮"), entry("小潮"), people=[name("Ada")])])
    page = Page(render_home([], sections=[each.section for each in collected]))
    assert page.attributes("href")[1:] == ["glossary/index.html", "people/index.html"]
    assert "术语表 2 条" in " ".join(page.text.split())


# -- hostile texts -----------------------------------------------------------------------------


def test_hostile_texts_stay_texts() -> None:
    hostile = entry(
        HOSTILE, HOSTILE, originals=(HOSTILE + "1",), aliases=(HOSTILE + "2",), id=HOSTILE
    )
    made = book(HOSTILE, hostile, people=[name(HOSTILE, HOSTILE + "1")])
    other = BookReference("b", HOSTILE, made.reference)
    for path, text in render(made, other).items():
        text.encode()
        if path.endswith(".html"):
            page = Page(text)
            assert [tag for tag, _ in page.tags].count("script") == 2, path
            assert "img" not in [tag for tag, _ in page.tags], path
            assert not [key for _, found in page.tags for key in found if key[:2] == "on"], path
            assert all(not link.startswith("javascript") for link in page.attributes("href"))
            assert HOSTILE in page.text, path


def shard_lines(text: str) -> list[list[str]]:
    number, _, literal = text.removeprefix("duizhaoSearch.shard(").partition(",")
    assert number.isdecimal()
    lines: str = json.loads(literal.removesuffix(");\n"))
    return [line.split("\t") for line in lines.split("\n")]


def test_hostile_texts_are_safe_in_the_data() -> None:
    found = render_search([Target(HOSTILE, (HOSTILE + "\u2029\ud800x",), 0, "id")], ["index.html"])
    for path, text in found.files.items():
        if path != "search.js":
            text.encode()
            assert not set("<>&\u2028\u2029").intersection(text), path
    (line, other) = shard_lines(found.files["search-1.js"])
    assert line[0] == HOSTILE.replace("\u2028", " ")
    assert len(other) == 4


# -- search ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ＧＰＵ", "gpu"),
        ("C++ / C#", "c++c#"),
        ("GPT-4.1", "gpt4.1"),
        ("“通用 人工·智能”", "通用人工智能"),
        ("± ±", "±±"),
        ("數據庫 Ⅲ", "数据库iii"),
        ("x" * 300, "x" * 100),
    ],
)
def test_fold(text: str, key: str) -> None:
    assert fold(text) == key


def test_each_name_is_in_the_data_with_its_page(large: Mapping[str, str]) -> None:
    table = json.loads(
        large["glossary/search-table.js"].removeprefix("duizhaoSearch.table(").removesuffix(");\n")
    )
    shards = [
        shard_lines(large[f"glossary/search-{number}.js"])
        for number in range(1, len(table["starts"]) + 1)
    ]
    keys = [fold(line[0]) for lines in shards for line in lines]
    assert keys == sorted(keys, key=lambda key: key.encode("utf-16-be"))
    assert [fold(lines[0][0]) for lines in shards] == table["starts"]
    names = {line[0]: line[1:] for lines in shards for line in lines}
    assert len(names) == 4800
    for text, (page, *rest) in list(names.items())[::97]:
        headword = rest[0] if rest else text
        assert f"<dfn>{headword}</dfn>" in large[f"glossary/{table['pages'][int(page)]}"]


def test_headwords_of_one_key_have_ids_of_their_own() -> None:
    files = render(book("a", entry("C.1"), entry("C 1"), entry("c1"), entry("ZZ"), entry("Z·Z")))
    ids = Page(files["glossary/index.html"]).attributes("id")
    assert len(ids) == len(set(ids))
    lines = shard_lines(files["glossary/search-1.js"])
    for line in lines:
        target = line[3] if len(line) == 4 else fold(line[0])
        assert target in ids


def test_another_build_has_another_address() -> None:
    one = render(book("a", entry("大潮")))["glossary/index.html"]
    other = render(book("a", entry("小潮")))["glossary/index.html"]
    pattern = r'src="search-table\.js\?(\w+)"'
    assert re.findall(pattern, one) != re.findall(pattern, other)


def test_latin_lines_that_stand_apart_have_letters_and_files_of_their_own() -> None:
    few = render(book("a", entry("潮汐"), entry("cat", letter="西文 C"), entry("3D")))
    page = few["glossary/index.html"]
    assert re.findall(r'<h2 id="([^"]+)">([^<]+)', page) == [
        ("letter-c", "C"), ("letter-latin-c", "西文 C"), ("letter-other", "其他"),
    ]  # fmt: skip
    assert re.findall(r"<p>(中文|西文)</p>", page) == ["中文", "西文"]
    assert page.count('href="#letter-latin-c"') == page.count('href="#letter-c"') == 1
    many = [entry(f"cat {n}", "字" * 900, letter="西文 C") for n in range(200)]
    files = render(book("a", entry("潮汐"), *many))
    assert {"glossary/c.html", "glossary/latin-c.html", "glossary/latin-c-2.html"} <= files.keys()
