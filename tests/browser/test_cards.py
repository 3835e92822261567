"""Cards of terms in a real browser, from a folder: pointer, keyboard, finger, and none of them."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from converter.model import (
    Book,
    Definition,
    FrontMatter,
    Glossary,
    GlossaryEntry,
    Mention,
    Occurrence,
    Original,
    Post,
    Prose,
    Span,
    prose_anchor,
)
from converter.myst import render_myst

SPAN = Span(1, 2)
SLUG = "tide"
CARD = ".cp-card"
SEA = "海水受月亮吸引而起落，一天两回。" * 20
DEFINITIONS = {
    "大潮": "**新月**和满月时的涨潮，`spring` 与春天无关，见 https://example.org/tide 。",
    "小潮": '<img src=x onerror="document.title=1"> & <u>上弦</u>时的涨潮。',
    "潮汐": SEA,
    "港口": "船停靠的地方。",
    "Moon": "The body that pulls the sea.",
}
PARAGRAPHS = (
    "大潮之后是小潮。",
    "水" * 14 + "潮汐" + "水" * 30 + "港口和小潮",
    "| 词 | 义 |\n|---|---|\n| " + "大" * 40 + "港口 | 义 |",
    "沙" * 900,
    "**潮汐**",
)


def make_book() -> Book:
    blocks: list[Prose | Original] = [Prose(SPAN, text, "zh-Hans") for text in PARAGRAPHS]
    blocks.insert(1, Original(SPAN, "", "en", "The Moon and the sea."))
    links: dict[str, list[Occurrence]] = {}
    entries = []
    for number, (headword, text) in enumerate(DEFINITIONS.items()):
        identity = f"gloss-{number}"
        anchors = [
            prose_anchor(SLUG, index - isinstance(block, Original))
            for index, block in enumerate(blocks)
            if headword in block.markdown
        ]
        places = tuple(Mention(SLUG, anchor) for anchor in anchors)
        entries.append(
            GlossaryEntry(
                id=identity,
                headword=headword,
                letter="#",
                originals=("Tidal Term",),
                definitions=(Definition(text, places[0]),),
                mentions=places,
            )
        )
        for index, block in enumerate(blocks):
            for found in re.finditer(headword, block.markdown):
                links.setdefault(prose_anchor(SLUG, index), []).append(
                    Occurrence(found.start(), found.end(), identity)
                )
    return Book(
        slug="book",
        title="海边",
        language="zh-CN",
        original_language="en",
        creators=("某人",),
        chapters=(Post("a.md", SLUG, FrontMatter(title="潮汐记"), tuple(blocks)),),
        glossary=Glossary(tuple(entries), {key: tuple(found) for key, found in links.items()}),
    )


@pytest.fixture(scope="module")
def chapter(tmp_path_factory) -> str:
    folder: Path = tmp_path_factory.mktemp("cards")
    for name, text in render_myst(make_book()).items():
        (folder / name).write_text(text, "utf-8", newline="\n")
    command = [sys.executable, "-m", "sphinx", "-n", "-W", "-q", str(folder), str(folder / "html")]
    subprocess.run(command, check=True)
    return (folder / "html" / f"{SLUG}.html").as_uri()


@pytest.fixture
def open_page(browser, chapter):
    """A function that opens the chapter on a screen, and fails the test for what goes wrong."""
    contexts, problems = [], []

    def open_chapter(width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda said: problems.append(said.text) if said.type in ("error", "warning") else 0,
        )
        page.on("request", lambda sent: problems.append(sent.url) if sent.url[:5] == "http:" else 0)
        page.goto(chapter)
        return page

    yield open_chapter
    for context in contexts:
        context.close()
    assert problems == []


def term(page, headword="大潮"):
    return page.locator("a.reference.internal", has_text=re.compile(f"^{headword}$")).first


def is_inside_screen(page) -> bool:
    inside: bool = page.locator(CARD).evaluate(
        "card => { const box = card.getBoundingClientRect();"
        " return box.left >= 0 && box.top >= 0 && box.width > 150 && box.height > 60"
        " && box.right <= document.documentElement.clientWidth"
        " && box.bottom <= document.documentElement.clientHeight }"
    )
    return inside


def test_a_pointer_opens_a_card_and_may_go_over_it(open_page):
    page = open_page()
    term(page).hover()
    card = page.locator(CARD)
    card.wait_for()
    assert "大潮" in card.inner_text()
    assert "Tidal Term" in card.inner_text()
    assert "新月和满月时的涨潮，spring 与春天无关" in card.inner_text()
    card.hover()
    page.wait_for_timeout(600)
    assert card.is_visible()
    page.mouse.move(5, 5)
    card.wait_for(state="detached")


def test_escape_closes_a_card_under_the_pointer(open_page):
    page = open_page()
    term(page).hover()
    page.locator(CARD).wait_for()
    page.keyboard.press("Escape")
    assert page.locator(CARD).count() == 0
    page.wait_for_timeout(600)
    assert page.locator(CARD).count() == 0


def test_the_focus_opens_a_card_that_describes_the_term(open_page):
    page = open_page()
    link = term(page)
    link.focus()
    card = page.locator(CARD)
    card.wait_for()
    described = page.locator(f"#{link.get_attribute('aria-describedby')}")
    assert described.inner_text().startswith("新月和满月时的涨潮")
    assert card.get_attribute("role") == "dialog"
    assert page.locator(f"#{card.get_attribute('aria-labelledby')}").inner_text().startswith("大潮")
    page.wait_for_timeout(600)
    assert card.is_visible()
    page.keyboard.press("Escape")
    assert card.count() == 0
    assert link.evaluate("link => link === document.activeElement")
    assert link.get_attribute("aria-describedby") is None


def test_tab_goes_from_the_term_to_its_card_and_on(open_page):
    page = open_page()
    link = term(page)
    link.focus()
    page.keyboard.press("Tab")
    entry = page.locator(f"{CARD} a.cp-card-entry")
    assert entry.evaluate("link => link === document.activeElement")
    assert entry.inner_text().startswith("查看词条")
    page.keyboard.press("Escape")
    assert link.evaluate("link => link === document.activeElement")
    assert page.locator(CARD).count() == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "小潮"
    assert "上弦" in page.locator(CARD).inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert "上弦" not in "".join(page.locator(CARD).all_inner_texts())


@pytest.mark.parametrize("press", ["link", "term"])
def test_the_card_and_the_term_lead_to_the_entry(open_page, press):
    page = open_page()
    term(page).focus()
    if press == "link":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#gloss-0")


def test_a_tap_opens_a_card_and_a_second_one_the_entry(open_page):
    page = open_page(390, 844, has_touch=True)
    before = page.url
    link = term(page)
    link.tap()
    card = page.locator(CARD)
    card.wait_for()
    assert page.url == before
    assert is_inside_screen(page)
    assert card.evaluate("card => card === document.activeElement")
    page.wait_for_timeout(600)
    assert card.is_visible()
    button = card.locator("button")
    assert button.bounding_box()["height"] >= 44
    button.tap()
    assert card.count() == 0
    assert link.evaluate("link => link === document.activeElement")
    link.tap()
    card.wait_for()
    link.tap()
    page.wait_for_url("**/glossary.html#gloss-0")


def test_a_tap_elsewhere_closes_a_card(open_page):
    page = open_page(390, 844, has_touch=True)
    term(page).tap()
    page.locator(CARD).wait_for()
    page.locator("h1").tap()
    page.locator(CARD).wait_for(state="detached")


@pytest.mark.parametrize("size", [(390, 844), (1280, 900), (640, 320)])
def test_no_card_leaves_the_screen(open_page, size):
    page = open_page(*size)
    page.locator("details").evaluate("original => { original.open = true }")
    links = page.locator(".cp-page a[href*='#gloss-']")
    assert links.count() == 8
    for link in links.all():
        for top in (60, size[1] - 40):
            link.evaluate(
                "(link, top) => scrollBy({ behavior: 'instant',"
                " top: link.getBoundingClientRect().top - top })",
                top,
            )
            link.evaluate("link => link.focus({ preventScroll: true })")
            page.locator(CARD).wait_for()
            assert is_inside_screen(page), (link.inner_text(), top)
            widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert widths[0] <= widths[1]
            link.evaluate("link => link.blur()")
            page.keyboard.press("Escape")


def test_what_a_post_says_is_text_in_a_card(open_page):
    page = open_page()
    term(page, "小潮").focus()
    card = page.locator(CARD)
    assert '<img src=x onerror="document.title=1"> & ' in card.inner_text()
    assert card.locator("img, u").count() == 0
    term(page, "大潮").focus()
    assert card.locator(".cp-card-text a").count() == 0
    term(page, "潮汐").focus()
    assert card.locator(".cp-card-text").inner_text() == SEA[:240] + "…"


def test_ids_are_unique_while_a_card_is_open(open_page):
    page = open_page()
    term(page).focus()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(found => found.id)")
    assert len(ids) == len(set(ids))


def test_without_a_script_a_term_leads_to_its_entry(open_page):
    page = open_page(java_script_enabled=False)
    assert "新月" not in page.locator("body").inner_text()
    term(page).click()
    page.wait_for_url("**/glossary.html#gloss-0")
    assert page.locator("dd", has_text="新月").is_visible()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_card_moves_only_where_motion_is_wanted(open_page, motion):
    page = open_page(reduced_motion=motion)
    term(page).focus()
    name = page.locator(CARD).evaluate("card => getComputedStyle(card).animationName")
    assert (name == "none") == (motion == "reduce")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_card_is_legible(open_page, scheme):
    page = open_page(color_scheme=scheme)
    term(page).focus()
    page.wait_for_timeout(300)
    card = page.locator(CARD)
    ground = luminance(card.evaluate("card => getComputedStyle(card).backgroundColor"))
    assert (ground > 0.5) == (scheme == "light")
    for part in (".cp-headword", ".cp-expansion", ".cp-card-text", "a"):
        color = card.locator(part).first.evaluate("part => getComputedStyle(part).color")
        lighter, darker = sorted((ground, luminance(color)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, part


def luminance(color: str) -> float:
    """Return the relative luminance of a CSS ``rgb()`` color, as WCAG defines it."""
    channels = [int(value) / 255 for value in re.findall(r"\d+", color)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_glossary_has_no_cards_and_jumps_to_its_letters(open_page, chapter):
    page = open_page(390, 844)
    page.goto(chapter.replace(f"{SLUG}.html", "glossary.html"))
    assert page.locator("template#cp-cards").count() == 0
    tops = page.locator("dt").evaluate_all("all => all.map(t => t.getBoundingClientRect().top)")
    assert all(upper < lower for upper, lower in pairwise(tops))
