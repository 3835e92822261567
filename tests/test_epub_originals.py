"""Originals of an EPUB in each mode: notes, folded, in the open, left out."""

from __future__ import annotations

import pytest

from converter.model import OriginalsMode

from .epubs import build, chapter_document, documents, find, package, sample, text
from .links_epub import walk_links

SHOWN = ["Why do tokens matter", "First paragraph", "First half", "第二半", "[ __ ]"]
ALONE = "An original with nothing above."


def originals_of(mode):
    epub = build(sample(), originals=OriginalsMode(mode))
    return epub, chapter_document(epub)


@pytest.mark.parametrize(
    ("mode", "element"), [("notes", "aside"), ("details", "details"), ("inline", "div")]
)
def test_each_original_is_there_with_its_language_and_unit(mode, element):
    epub, root = originals_of(mode)
    found = find(root, "//*[contains(@class, 'cp-original')]")
    assert {each.tag.rpartition("}")[2] for each in found} == {element}
    assert [each.get("id") for each in found] == [f"o{n}" for n in range(1, 8)]
    said = "\n".join(map(text, found))
    assert all(words in said for words in (*SHOWN, ALONE))
    assert [each.get("lang", "") for each in found] == ["en", "en", "en", "zh-Hans", "", "en", ""]
    units = {
        each.get("data-unit") for each in find(root, "//*[contains(@class, 'cp-translation')]")
    }
    assert units <= {each.get("data-unit") for each in found}
    assert walk_links(epub.data).problems == []
    assert bool(find(root, "//h:a[@class='noteref']")) == (mode == "notes")


def test_a_folded_original_has_a_summary_in_its_own_language():
    _, root = originals_of("details")
    (summary,) = find(root, "//h:details[@id='o1']/h:summary")
    assert (summary.text, summary.get("lang")) == ("英文原文", "zh-CN")
    assert find(root, "//h:details[@id='o1']/h:summary/following-sibling::*")


def test_without_originals_only_what_translates_nothing_is_left():
    epub, root = originals_of("none")
    assert not find(root, "//h:aside | //h:details | //h:a[@class='noteref']")
    said = text(root)
    assert not any(words in said for words in SHOWN)
    assert ALONE in said
    assert "主持人：代币（Token: 文本的最小单位）为什么重要？" in said
    assert walk_links(epub.data).problems == []


@pytest.mark.parametrize("mode", list(OriginalsMode))
def test_the_title_page_and_the_metadata_say_how_originals_are_reached(mode):
    epub = build(sample(), originals=mode)
    advice = text(find(documents(epub)["text/title.xhtml"], "//*[@class='about advice']")[0])
    summary = find(package(epub), "string(//*[@property='schema:accessibilitySummary'])")
    assert ("原文" in advice) == ("原文" in summary) == (mode is not OriginalsMode.NONE)
    assert ("※" in advice) == ("脚注" in summary) == (mode is OriginalsMode.NOTES)
    assert ("展开" in advice) == ("展开" in summary) == (mode is OriginalsMode.DETAILS)


def test_the_identifier_is_the_same_in_each_mode():
    packages = [package(build(sample(), originals=mode)) for mode in OriginalsMode]
    named = {find(root, "string(//*[local-name() = 'identifier'])") for root in packages}
    assert len(named) == 1
    assert named.pop().startswith("urn:uuid:")
