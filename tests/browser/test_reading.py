"""The web edition in a real browser: what a reader sees, opens and finds."""

from __future__ import annotations

import re
import threading

import pytest

from converter.cli import main
from converter.server import serve

from ..samples import TIDES, write_posts

LONG = TIDES.replace(
    "\n### 大潮",
    "\n| 地点 | 高潮 | 低潮 |\n| --- | --- | --- |\n"
    "| 一个名字很长很长的港口 | 06:12 | 12:30 |\n\n"
    "```python\nprint('a line of code that is longer than a telephone is wide', 123456)\n```\n\n"
    "https://example.org/" + "averylongpath/" * 12 + "\n\n### 大潮",
).replace("潮汐与月亮", "港口的一天")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("browser")
    posts = write_posts(folder / "posts", tides=TIDES, port=LONG)
    assert main(["build", str(posts), "-o", str(folder / "site"), "--format", "html"]) == 0
    lines = serve(folder / "site", "127.0.0.1", 0)
    address: str = re.findall(r"http://\S+", next(lines))[0]
    threading.Thread(target=lambda: list(lines), daemon=True).start()
    return address


@pytest.fixture(params=[(390, 844), (1280, 900)], ids=["phone", "desktop"])
def page(request, browser, site):
    width, height = request.param
    opened = browser.new_page(viewport={"width": width, "height": height})
    opened.problems = []
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on(
        "request", lambda sent: opened.problems.append(sent.url) if site not in sent.url else 0
    )
    yield opened
    opened.close()


def chapter(page, site: str, name: str = "chao-xi-yu-yue-liang"):
    page.goto(f"{site}hai-bian-za-ji/{name}.html")
    return page.locator("details.cp-original")


def test_home_leads_to_a_chapter(page, site) -> None:
    page.goto(site)
    page.get_by_role("link", name="在线阅读").first.click()
    page.locator("article").get_by_role("link", name="潮汐与月亮").first.click()
    assert page.locator("h1").first.inner_text().startswith("潮汐与月亮")
    assert page.problems == []


@pytest.mark.parametrize(
    "name", ["index", "chao-xi-yu-yue-liang", "gang-kou-de-yi-tian", "glossary"]
)
def test_nothing_is_wider_than_the_screen(name, page, site) -> None:
    chapter(page, site, name)
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    assert page.problems == []


def test_an_original_opens_where_it_stands(page, site) -> None:
    originals = chapter(page, site)
    assert originals.count() == 2
    text = originals.first.get_by_text("There are two high tides a day")
    assert not text.is_visible()
    originals.first.locator("summary").click()
    assert text.is_visible()


def test_one_button_opens_and_folds_all(page, site) -> None:
    originals = chapter(page, site)
    button = page.locator("button.cp-toggle-all")
    button.click()
    assert [o.get_attribute("open") is not None for o in originals.all()] == [True, True]
    button.click()
    assert [o.get_attribute("open") is not None for o in originals.all()] == [False, False]


def test_text_is_large_and_lines_are_short_enough(page, site) -> None:
    chapter(page, site)
    prose = page.locator("p.cp-translation").first
    size, leading, width = prose.evaluate(
        "p => { const s = getComputedStyle(p);"
        " return [parseFloat(s.fontSize), parseFloat(s.lineHeight), p.clientWidth] }"
    )
    assert size >= 16
    assert leading / size >= 1.6
    assert width / size <= 44


def test_search_finds_chinese_and_english(page, site) -> None:
    for words, found in (("涨潮", "潮汐与月亮"), ("gravity", "潮汐与月亮")):
        chapter(page, site, "index")
        page.keyboard.press("Control+k")
        page.keyboard.type(words)
        page.wait_for_selector(f"a:has-text('{found}')", state="visible")
        page.keyboard.press("Escape")
    assert page.problems == []
