"""Books made by hand for the tests of the EPUB edition, and that edition read back as XML."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from lxml import etree

from converter.epub import EpubBook, EpubOptions, epub_identifier, render_epub
from converter.model import (
    Book,
    Definition,
    FrontMatter,
    Glossary,
    GlossaryEntry,
    Heading,
    Index,
    IndexEntry,
    Locator,
    Mention,
    Occurrence,
    Original,
    Post,
    Prose,
    SeeReference,
    Span,
    prose_anchor,
)

from .links_epub import walk_links

__all__ = [
    "EPUB_TYPE",
    "LINE",
    "MODIFIED",
    "XML_LANG",
    "X",
    "assert_sound",
    "book",
    "book_of_many_names",
    "build",
    "by_type",
    "chapter_document",
    "documents",
    "entry",
    "find",
    "glossary",
    "heading",
    "members",
    "mention",
    "ncx",
    "original",
    "package",
    "post",
    "prose",
    "sample",
    "text",
]

MODIFIED: Final = datetime(2025, 11, 26, 8, 0, tzinfo=UTC)
LINE: Final = Span(1, 2)
X: Final = {
    "h": "http://www.w3.org/1999/xhtml",
    "e": "http://www.idpf.org/2007/ops",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
}
EPUB_TYPE: Final = f"{{{X['e']}}}type"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def heading(level: int, text: str) -> Heading:
    return Heading(LINE, level, text)


def prose(markdown: str, language: str = "zh-Hans", speaker: str = "") -> Prose:
    return Prose(LINE, markdown, language, speaker)


def original(markdown: str, language: str = "en") -> Original:
    return Original(LINE, "", language, markdown)


def post(slug: str, *blocks: Heading | Prose | Original, title: str = "", **fields: Any) -> Post:
    front_matter = replace(FrontMatter(title=title or f"标题 {slug}"), **fields)
    return Post(f"{slug}.md", slug, front_matter, blocks)


def book(*chapters: Post, glossary: Glossary | None = None, **fields: Any) -> Book:
    made = Book("ai", "人工智能", "zh-CN", "en", ("张三",), chapters, glossary or Glossary())
    return replace(made, **fields)


def mention(chapter: str, index: int) -> Mention:
    return Mention(chapter, prose_anchor(chapter, index))


def entry(headword: str, letter: str, *mentions: Mention, **fields: Any) -> GlossaryEntry:
    """Return an entry without a definition, its id made of its headword's code points."""
    id_ = "gloss-" + "-".join(f"{ord(character):x}" for character in headword[:8])
    made = GlossaryEntry(id_, headword, letter, (), (), mentions)
    return replace(made, **fields)


def glossary(
    lines: Iterable[GlossaryEntry | SeeReference], chapters: Iterable[Post] = ()
) -> Glossary:
    """Return a glossary with links where a chapter has a headword between asterisks first."""
    lines = tuple(lines)
    links: dict[str, tuple[Occurrence, ...]] = {}
    for chapter in chapters:
        waiting = [line for line in lines if isinstance(line, GlossaryEntry)]
        for index, block in enumerate(chapter.blocks):
            if not isinstance(block, Prose):
                continue
            places = {line: block.markdown.find(f"**{line.headword}**") for line in waiting}
            found = [
                Occurrence(start, start + len(line.headword) + 4, line.id)
                for line, start in places.items()
                if start >= 0
            ]
            waiting = [line for line in waiting if places[line] < 0]
            if found:
                links[prose_anchor(chapter.slug, index)] = tuple(
                    sorted(found, key=lambda occurrence: occurrence.start)
                )
    return Glossary(lines, links)


def sample() -> Book:
    """Return a book that has each kind of block, pairing and front matter once."""
    control = post(
        "who-controls",
        heading(3, "谁在控制 **AI**"),
        prose(
            "**主持人**：**代币**（Token: 文本的最小单位）为什么重要？",
            "zh-Hans",
            "主持人",
        ),
        original("**Host**: Why do *tokens* matter?"),
        heading(3, "两段译文，一段原文"),
        prose("第一段，再说**代币**。"),
        prose("- 甲\n- 乙"),
        original("First paragraph.\n\n- one\n- two"),
        heading(4, "一段译文，两段原文"),
        prose("> 引文里的**模型**（Model: 从数据学来的程序）。"),
        original("First half."),
        original("她说：“第二半。”", "zh-Hans"),
        prose("```python\nprint('<b>')\n```"),
        original("[ __ ]", ""),
        prose("没有原文的一段。"),
        heading(2, "没有译文"),
        original("An original with nothing above."),
        original("# "),
        prose("This paragraph was never translated.", "en"),
        title="谁在控制 AI",
        date="2025-11-26",
        speakers=("Lex Fridman",),
        guests=("张三", "李四"),
        people=("Sam Altman", "黄仁勋"),
        organizations=("OpenAI",),
        summary="一段**摘要**。",
        insight="编者的话。",
        source_url="https://www.youtube.com/watch?v=abc&t=1s",
    )
    plain = post(
        "plain",
        prose("第二篇只有中文，也提到**代币**与**模型**。"),
        title="只有译文",
        date="2025-01-02",
        source_url="#${id}",
    )
    who = "who-controls"
    tokens = entry(
        "代币",
        "D",
        mention(who, 1),
        mention(who, 4),
        mention("plain", 0),
        id="gloss-dai-bi",
        originals=("Token",),
        definitions=(
            Definition("文本的最小单位", mention(who, 1)),
            Definition("The unit that is billed.", mention("plain", 0)),
        ),
        aliases=("词元",),
    )
    model = entry(
        "模型",
        "M",
        mention(who, 8),
        mention("plain", 0),
        id="gloss-mo-xing",
        originals=("Model", "模型（旧译）"),
        definitions=(Definition("从数据学来的程序", mention(who, 8)),),
    )
    lines = (SeeReference("词元", "C", tokens.id, "代币"), tokens, model)
    people = Index(
        "people",
        (
            IndexEntry(
                "people-huang-ren-xun",
                "黄仁勋",
                "H",
                ("Jensen Huang",),
                (Locator(who, tuple(prose_anchor(who, n) for n in (1, 5))), Locator("plain", ())),
            ),
            SeeReference("老黄", "L", "people-huang-ren-xun", "黄仁勋"),
            IndexEntry("people-sam-altman", "Sam Altman", "S", (), (Locator(who, ()),)),
        ),
    )
    organizations = Index(
        "organizations",
        (IndexEntry("organizations-openai", "OpenAI", "O", (), (Locator(who, ()),)),),
    )
    return book(
        control,
        plain,
        glossary=glossary(lines, (control, plain)),
        indexes=(people, organizations),
        creators=("张三", "Lex Fridman"),
    )


def build(value: Book, **options: Any) -> EpubBook:
    identifier = epub_identifier(f"https://example.org/{value.slug}")
    return render_epub(value, EpubOptions(identifier, MODIFIED, **options))


def members(epub: EpubBook) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(epub.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def documents(epub: EpubBook) -> dict[str, etree._Element]:
    return {
        name.removeprefix("EPUB/"): etree.fromstring(data)
        for name, data in members(epub).items()
        if name.endswith(".xhtml")
    }


def chapter_document(epub: EpubBook, number: int = 0, part: int = 0) -> etree._Element:
    return documents(epub)[epub.documents[number][part]]


def package(epub: EpubBook) -> etree._Element:
    return etree.fromstring(members(epub)["EPUB/content.opf"])


def find(element: etree._Element, path: str) -> Any:
    return element.xpath(path, namespaces=X)


def text(element: etree._Element) -> str:
    return " ".join(str(element.xpath("string()")).split())


def by_type(root: etree._Element, epub_type: str) -> Any:
    return find(root, f"//*[@e:type='{epub_type}']")


def ncx(epub: EpubBook) -> etree._Element:
    return etree.fromstring(members(epub)["EPUB/toc.ncx"])


def assert_sound(value: Book, epub: EpubBook) -> None:
    """Assert what holds for every book, whatever its posts say."""
    trees = documents(epub)
    assert len(epub.documents) == len(value.chapters)
    assert not walk_links(epub.data).problems
    for name, tree in trees.items():
        repeated = [key for key, times in Counter(find(tree, "//@id")).items() if times > 1]
        assert not repeated, name
        assert tree.get("lang") == tree.get(XML_LANG) == value.language
        assert find(tree, "string(/h:html/h:head/h:title)").strip(), name
        assert not find(tree, "//h:script | //@style[contains(., 'display')]")
        for element in find(tree, "//*[@lang]"):
            assert element.get("lang") == element.get(XML_LANG) != ""
    for chapter, names in zip(value.chapters, epub.documents, strict=True):
        parts = [trees[name] for name in names]
        asides = [each for part in parts for each in find(part, "//h:aside[@class='cp-original']")]
        references = [each for part in parts for each in find(part, "//h:a[@class='noteref']")]
        assert len(asides) == len(references) == chapter.originals
        for part in parts:
            assert_notes_lead_both_ways(part)


def assert_notes_lead_both_ways(part: etree._Element) -> None:
    asides = {aside.get("id"): aside for aside in by_type(part, "footnote")}
    notes = {id_: aside for id_, aside in asides.items() if aside.get("class") != "cp-original"}
    for id_ in notes:
        del asides[id_]
    reached = set()
    for reference in by_type(part, "noteref"):
        assert reference.get("role") == "doc-noteref"
        target = reference.get("href").removeprefix("#")
        aside = notes[target] if target in notes else asides.pop(target)
        assert aside.get("role") == "doc-footnote"
        if target in notes:
            assert "cp-footnote" in aside.get("class").split()
            backlink = find(aside, ".//h:a[@role='doc-backlink']")[0]
            first = find(part, f"//h:a[@e:type='noteref'][@href='#{target}']")[0]
            assert backlink.get("href") == f"#{first.get('id')}"
            reached.add(target)
            continue
        assert aside.get("class") == "cp-original"
        (backlink,) = find(aside, ".//*[@e:type='backlink']")
        assert backlink.get("href") == f"#{reference.get('id')}"
        assert text(reference) == text(backlink)
        translations = find(part, f"//*[@class and @data-unit='{aside.get('data-unit')}']")
        paired = [e for e in translations if "cp-translation" in e.get("class").split()]
        own = find(reference, "ancestor::h:p[@class='references' and not(@data-unit)]")
        assert bool(paired) or own
    assert not asides
    assert reached == notes.keys()


def book_of_many_names() -> Book:
    """Return a book whose glossary and index of products fill several documents each."""
    count = 400
    chapters = [
        post(
            f"part-{number}",
            *(prose(f"第 {index} 段，说到**词{number * 100 + index}**。") for index in range(100)),
            title=f"第 {number} 部分：很多词语，很多名字",
            products=(f"名{number}",),
        )
        for number in range(count // 100)
    ]
    places = [(number // 100, number % 100) for number in range(count)]
    lines: list[GlossaryEntry | SeeReference] = []
    names: list[IndexEntry | SeeReference] = []
    for number, (part, index) in enumerate(places):
        letter = "ABC"[number * 3 // count]
        place = mention(f"part-{part}", index)
        meaning = Definition(f"第 {number} 个词，{'意思很长，' * 10}说完。", place)
        term = entry(f"词{number}", letter, place, id=f"gloss-{number}", definitions=(meaning,))
        lines += [term, SeeReference(f"又{number}", letter, term.id, term.headword)]
        anchors = tuple(prose_anchor(f"part-{part}", each) for each in range(index % 4 + 1))
        locators = tuple(
            Locator(chapter.slug, anchors if chapter.slug == f"part-{part}" else ())
            for chapter in chapters
        )
        names.append(IndexEntry(f"products-{number}", f"名{number}", letter, (), locators))
    return book(
        *chapters,
        glossary=glossary(lines, chapters),
        indexes=(Index("products", tuple(names)),),
    )
