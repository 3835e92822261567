"""The library's glossary opened from a disk: looked up by typing, from the keyboard alone."""

from __future__ import annotations

import pytest

from converter.catalog import BookReference, collect_sections, render_sections
from converter.catalog.search import fold
from converter.pinyin import initial
from converter.reference import Reference, ReferenceEntry

WORDS = (
    *("大潮", "小潮", "潮汐", "潮间带", "GPU", "C++", "Café", "ＷＩＤＥ", "İstanbul", "Straße"),
    *("“引号”", "± ±", "①号", "𠮷野家", "<img src=x onerror=alert(1)>", "\u202e倒", "ﬁre", "Ⅷ 世"),
    *("航運", "数据"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lookup")
    many = [f"词语{number}" for number in range(9000)]
    entries = [
        ReferenceEntry(
            f"g{number}", word, initial(word), word, "glossary.html", 1,
            (f"Name {word}",) if word.startswith("词") else (), (), (),
        )
        for number, word in enumerate((*WORDS, *many))
    ]  # fmt: skip
    book = BookReference("sea", "海", Reference({}, tuple(entries), (), ()))
    for section, name, text in render_sections("对照", collect_sections([book])):
        (folder / section).mkdir(exist_ok=True)
        (folder / section / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(params=[(390, 844), (1280, 900)], ids=["phone", "desktop"])
def page(request, browser, folder):
    width, height = request.param
    opened = browser.new_page(viewport={"width": width, "height": height})
    opened.problems = []
    opened.loaded = []
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on("request", lambda sent: opened.loaded.append(sent.url))
    opened.goto((folder / "glossary" / "index.html").as_uri())
    yield opened
    opened.close()


def look_up(page, text: str, *, everywhere: bool = False):
    box = page.get_by_label("查找术语表")
    box.fill("")
    box.fill(text)
    if everywhere:
        box.press("Enter")
    start = "含有" if everywhere else "开头是"
    page.get_by_role("status").filter(has_text=f"{start}“{text}”").wait_for()
    return page.locator("#search-results a")


def test_typing_finds_what_begins_so_and_loads_no_more(page) -> None:
    found = look_up(page, "潮")
    assert found.all_inner_texts() == ["潮汐", "潮间带"]
    data = [address for address in page.loaded if "search-" in address and "table" not in address]
    assert len(data) == 1
    assert page.problems == []


@pytest.mark.parametrize(
    ("typed", "headword"),
    [("航运", "航運"), ("航運", "航運"), ("數據", "数据"), ("数據", "数据")],
)
def test_traditional_and_simplified_characters_find_each_other(page, typed, headword) -> None:
    found = look_up(page, typed)
    assert found.all_inner_texts() == [headword]
    found.first.click()
    page.wait_for_url("**#*")
    page.locator("dfn", has_text=headword).wait_for()
    assert page.problems == []


def test_enter_finds_what_holds_it(page) -> None:
    found = look_up(page, "潮", everywhere=True)
    assert sorted(found.all_inner_texts()) == sorted(["潮汐", "潮间带", "大潮", "小潮"])


def test_another_name_leads_to_its_headword(page) -> None:
    assert look_up(page, "name 词语77").all_inner_texts()[0] == "词语77（Name 词语77）"


def test_much_is_counted_and_cut_short(page) -> None:
    assert look_up(page, "词语").count() == 40
    assert "多于 40 条" in page.get_by_role("status").inner_text()
    assert look_up(page, "没有这个词").count() == 0
    assert "0 条" in page.get_by_role("status").inner_text()


def test_the_keyboard_is_enough(page) -> None:
    look_up(page, "大潮")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**#*")
    assert page.locator(":target dfn").inner_text() == "大潮"


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_folded_as_in_the_files(word, page) -> None:
    typed = word.strip("“”")
    found = look_up(page, typed)
    link = found.filter(has_text=word).first
    assert link.inner_text() == word
    link.click()
    page.wait_for_url("**#*")
    assert page.locator(":target dfn").inner_text() == word
    assert fold(word)
    assert page.problems == []


def test_nothing_is_wider_than_the_screen(page, folder) -> None:
    for name in ("index", "c", "c-2", "other"):
        page.goto((folder / "glossary" / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
