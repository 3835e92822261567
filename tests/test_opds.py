"""The OPDS catalog: both formats, read as a reading program reads them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from converter.catalog.opds import EpubLink, Publication, render_opds

ROOT = "https://books.example/some/folder/"
ATOM = "{http://www.w3.org/2005/Atom}"
NAMESPACES = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/terms/",
    "os": "http://a9.com/-/spec/opensearch/1.1/",
    "schema": "http://schema.org",
    "thr": "http://purl.org/syndication/thread/1.0",
}
ACQUISITION = "http://opds-spec.org/acquisition/open-access"
NAVIGATION_TYPE = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION_TYPE = "application/atom+xml;profile=opds-catalog;kind=acquisition"
JSON_TYPE = "application/opds+json"
HOSTILE = "</title><script>alert('x')</script>\"&amp;\x00\x1b\ud800\uffff]]>../../{x}\n%s"


def _book(slug: str = "ai", **facts: object) -> Publication:
    known: dict[str, object] = {
        "identifier": f"urn:uuid:{slug}",
        "title": f"书 {slug}",
        "language": "zh-CN",
        "creators": ("林知远", "A. Author"),
        "summary": "关于机器。",
        "epubs": (EpubLink(f"{slug}/{slug}.epub", 1234, "对照"),),
        "cover": f"{slug}/cover.jpg",
        "thumbnail": f"{slug}/thumbnail.jpg",
        "cover_size": (1600, 2100),
        "published": "2025-11-25",
        "updated": "2025-11-26T00:00:00Z",
        "posts": 12,
        "series": "机器",
        "volume": 1,
        "areas": ("人工智能",),
        "subjects": ("伦理",),
        "publisher": "对照出版",
    }
    return Publication(slug=slug, **(known | facts))  # type: ignore[arg-type]


def _render(*books: Publication, title: str = "文库") -> dict[str, str]:
    yielded = list(render_opds(title, books, language="zh-CN"))
    files = dict(yielded)
    assert len(files) == len(yielded), "a path was given twice"
    assert len({path.casefold() for path in files}) == len(files)
    return files


def _atom(files: dict[str, str], path: str) -> etree._Element:
    return etree.fromstring(files[path].encode("utf-8"))


def _texts(element: etree._Element, path: str) -> list[str]:
    found: Any = element.xpath(path, namespaces=NAMESPACES)
    return [str(each) for each in found]


def _titles(files: dict[str, str], stem: str) -> list[str]:
    """Return the titles in a feed, which both formats must agree on."""
    atom = _texts(_atom(files, f"{stem}.xml"), "a:entry/a:title/text()")
    feed = json.loads(files[f"{stem}.json"])
    listed = [book["metadata"]["title"] for book in feed.get("publications", ())]
    listed += [link["title"] for link in feed.get("navigation", ())]
    assert atom == listed
    return atom


def _json_links(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "href" in value:
            yield value
        for each in value.values():
            yield from _json_links(each)
    elif isinstance(value, list):
        for each in value:
            yield from _json_links(each)


def _links(path: str, text: str) -> list[tuple[str, str, str]]:
    """Return relation, address and type of all links in a feed."""
    if path.endswith(".json"):
        found = _json_links(json.loads(text))
        return [(each.get("rel", ""), each["href"], each["type"]) for each in found]
    elements = etree.fromstring(text.encode("utf-8")).iter(f"{ATOM}link")
    return [(each.get("rel", ""), each.get("href", ""), each.get("type", "")) for each in elements]


def _check(files: dict[str, str], books: tuple[Publication, ...]) -> None:
    """Check what holds of every catalog: each link leads to a file, each file is linked."""
    known = {"index.html"} | set(files)
    for book in books:
        known |= {epub.path for epub in book.epubs} | {book.cover, book.thumbnail}
    reached = {"opds/index.xml", "opds/index.json"}
    for path, text in files.items():
        for _, address, media_type in _links(path, text):
            target = urljoin(ROOT + path, address)
            assert target.startswith(ROOT), address
            name = unquote(target.removeprefix(ROOT))
            assert name in known, (path, address)
            reached.add(name)
            if name in files:
                expected = JSON_TYPE if name.endswith(".json") else _type_of(files[name])
                assert media_type == expected
    assert set(files) <= reached


def _type_of(text: str) -> str:
    return ACQUISITION_TYPE if ACQUISITION in text else NAVIGATION_TYPE


def test_a_book_is_described_in_atom() -> None:
    files = _render(_book(language="en-US"))
    [entry] = _atom(files, "opds/newest.xml").findall(f"{ATOM}entry")
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-US"
    for path, expected in {
        "a:title/text()": ["书 ai"],
        "a:updated/text()": ["2025-11-26T00:00:00Z"],
        "a:author/a:name/text()": ["林知远", "A. Author"],
        "dc:identifier/text()": ["urn:uuid:ai"],
        "dc:language/text()": ["en-US"],
        "dc:issued/text()": ["2025-11-25"],
        "dc:publisher/text()": ["对照出版"],
        "a:category/@term": ["人工智能", "伦理"],
        "a:content[@type='text']/text()": ["关于机器。"],
        "schema:Series/@schema:name": ["机器"],
        "schema:Series/@schema:position": ["1"],
        "a:link[@rel='http://opds-spec.org/image']/@href": ["../ai/cover.jpg"],
        "a:link[@rel='http://opds-spec.org/image/thumbnail']/@type": ["image/jpeg"],
        "a:link[@rel='related']/@href": ["series/ji-qi.xml"],
    }.items():
        assert _texts(entry, path) == expected, path
    # OPDS 1.2, 5.1.1: an entry is another thing than the book.
    assert _texts(entry, "a:id/text()") != ["urn:uuid:ai"]


def test_a_book_is_described_in_json() -> None:
    [book] = json.loads(_render(_book())["opds/areas/ren-gong-zhi-neng.json"])["publications"]
    metadata = book["metadata"]
    assert metadata["identifier"] == "urn:uuid:ai"
    assert metadata["author"] == ["林知远", "A. Author"]
    assert (metadata["published"], metadata["modified"]) == ("2025-11-25", "2025-11-26T00:00:00Z")
    assert metadata["description"] == "关于机器。"
    assert [subject["name"] for subject in metadata["subject"]] == ["人工智能", "伦理"]
    assert metadata["belongsTo"]["series"] == {
        "name": "机器",
        "position": 1,
        "links": [{"href": "../series/ji-qi.json", "type": JSON_TYPE}],
    }
    assert book["links"] == [
        {
            "href": "../../ai/ai.epub",
            "type": "application/epub+zip",
            "title": "对照",
            "rel": ACQUISITION,
            "size": 1234,
        }
    ]
    assert [(each["href"], each.get("width"), each.get("height")) for each in book["images"]] == [
        ("../../ai/cover.jpg", 1600, 2100),
        ("../../ai/thumbnail.jpg", None, None),
    ]
    [book] = json.loads(_render(_book(cover_size=(0, 0)))["opds/all.json"])["publications"]
    assert not {"width", "height"} & book["images"][0].keys()


def test_editions_are_told_apart_by_their_titles() -> None:
    labels = ("对照", "译文", "")
    epubs = tuple(EpubLink(f"ai/{n}.epub", n, label) for n, label in enumerate(labels))
    files = _render(_book(epubs=epubs))
    entry = _atom(files, "opds/all.xml")
    assert _texts(entry, f"//a:link[@rel='{ACQUISITION}']/@title") == ["对照", "译文", "EPUB"]
    assert _texts(entry, f"//a:link[@rel='{ACQUISITION}']/@length") == ["1", "2"]
    [book] = json.loads(files["opds/all.json"])["publications"]
    assert [link["title"] for link in book["links"]] == ["对照", "译文", "EPUB"]
    # The manifest's schema wants a size above 0.
    assert "size" not in book["links"][0]


def test_the_root_leads_to_the_shelves() -> None:
    files = _render(_book(), _book("b", areas=("法律",)))
    assert _titles(files, "opds/index") == ["最近更新", "按系列", "按领域", "全部书籍"]
    root = _atom(files, "opds/index.xml")
    assert _texts(root, "a:title/text()") == ["文库"]
    assert _texts(root, "a:entry/a:link/@thr:count") == ["2", "2"]
    assert _texts(root, "a:entry/a:link/@rel")[0] == "http://opds-spec.org/sort/new"
    # Thorium takes an entry with an author for a book.
    assert not root.findall(f"{ATOM}entry/{ATOM}author")
    groups = json.loads(files["opds/index.json"])["groups"]
    assert [group["metadata"]["title"] for group in groups] == ["最近更新", "法律", "人工智能"]
    assert groups[1]["links"] == [{"href": "areas/fa-lv.json", "type": JSON_TYPE, "rel": "self"}]


def test_every_feed_has_what_the_specifications_demand() -> None:
    books = tuple(_book(f"b{n}", areas=(f"领域 {n % 3}",), series=f"系列 {n}") for n in range(120))
    files = _render(*books)
    ids = []
    for path, text in files.items():
        relations = [relation for relation, *_ in _links(path, text)]
        assert relations[:2] == ["self", "start"]
        if path.endswith(".json"):
            feed = json.loads(text)
            assert feed["metadata"]["title"]
            assert feed.keys() & {"navigation", "publications", "groups"}
            assert all(feed.values())
            continue
        atom = _atom(files, path)
        entries = _texts(atom, "a:entry/a:id/text()")
        assert len(set(entries)) == len(entries)
        assert _texts(atom, "a:author/a:name/text()") == ["文库"]
        assert len(_texts(atom, "a:entry[a:content and a:link and a:updated]/a:id")) == len(entries)
        ids += _texts(atom, "a:id/text()")
    assert len(set(ids)) == len(ids) == len(files) / 2
    assert all(each.startswith("urn:uuid:") for each in ids)
    _check(files, books)


def test_a_long_list_goes_on_in_further_pages() -> None:
    books = tuple(_book(f"b{n:03}") for n in range(101))
    files = _render(*books)
    stems = ("opds/all", "opds/all/2", "opds/all/3")
    assert [len(_titles(files, stem)) for stem in stems] == [50, 50, 1]
    assert [title for stem in stems for title in _titles(files, stem)] == [b.title for b in books]
    for suffix in ("xml", "json"):
        pages = {
            stem: {
                relation: address
                for relation, address, _ in _links(f".{suffix}", files[f"{stem}.{suffix}"])
                if relation in {"first", "previous", "next", "last"}
            }
            for stem in stems
        }
        assert pages == {
            "opds/all": {
                "first": f"all.{suffix}",
                "next": f"all/2.{suffix}",
                "last": f"all/3.{suffix}",
            },
            "opds/all/2": {
                "first": f"../all.{suffix}",
                "previous": f"../all.{suffix}",
                "next": f"3.{suffix}",
                "last": f"3.{suffix}",
            },
            "opds/all/3": {
                "first": f"../all.{suffix}",
                "previous": f"2.{suffix}",
                "last": f"3.{suffix}",
            },
        }
    second = _atom(files, "opds/all/2.xml")
    assert _texts(second, "os:*/text()") == ["101", "50", "51"]
    metadata = json.loads(files["opds/all/2.json"])["metadata"]
    assert (metadata["numberOfItems"], metadata["itemsPerPage"]) == (101, 50)
    assert metadata["currentPage"] == 2
    # What is new is not everything, and fifty is one page.
    assert len(_titles(files, "opds/newest")) == 50
    assert "opds/newest/2.xml" not in files
    assert "next" not in {relation for relation, *_ in _links(".xml", files["opds/newest.xml"])}
    _check(files, books)


def test_the_order_depends_on_the_books_only() -> None:
    books = (
        _book("a", title="机器 10", volume=10, published="2025-01-01"),
        _book("b", title="机器 2", volume=2, published="2025-03-01"),
        _book("c", title="机器 附录", volume=0, published=""),
        _book("d", title="安全", series="", published="2025-02-01"),
    )
    files = _render(*books)
    assert _titles(files, "opds/newest") == ["机器 2", "安全", "机器 10", "机器 附录"]
    assert _titles(files, "opds/all") == ["安全", "机器 2", "机器 10", "机器 附录"]
    assert _titles(files, "opds/series/ji-qi") == ["机器 2", "机器 10", "机器 附录"]
    assert list(_render(*reversed(books)).items()) == list(files.items())


def test_a_feed_is_as_new_as_the_newest_book_in_it() -> None:
    books = (
        _book("a", series="甲", updated="2025-01-01T00:00:00Z"),
        _book("b", series="乙", updated="2026-01-01T00:00:00Z"),
    )
    files = _render(*books)
    updated = {
        path: _texts(_atom(files, path), "a:updated/text()")
        for path in files
        if path.endswith(".xml")
    }
    assert updated["opds/series/jia.xml"] == ["2025-01-01T00:00:00Z"]
    assert updated["opds/series/yi.xml"] == ["2026-01-01T00:00:00Z"]
    assert updated["opds/index.xml"] == ["2026-01-01T00:00:00Z"]


def test_feeds_of_like_names_keep_apart() -> None:
    names = ("AI", "ai", "A.I.", "a/i", "../ai", "ai 2", "ai-2", "🤖", "…", "人工", "仁公")
    books = tuple(_book(f"b{n}", areas=(name,), series=name) for n, name in enumerate(names))
    files = _render(*books)
    for folder in ("opds/series", "opds/areas"):
        paths = [path for path in files if path.startswith(f"{folder}/") and path.endswith(".xml")]
        assert len(paths) == len(names)
        for path in paths:
            name = path.removeprefix(f"{folder}/").removesuffix(".xml")
            assert name.isascii()
            assert name.replace("-", "").isalnum()
        assert sorted(_titles(files, folder)) == sorted(names)
    _check(files, books)


def test_pages_never_take_the_place_of_another_feed() -> None:
    books = [_book(f"b{n:03}", areas=("ai",), series="ai") for n in range(60)]
    books += [_book("x", areas=("ai 2",), series="ai 2"), _book("y", areas=("2",), series="ai/2")]
    files = _render(*books)
    assert len(_titles(files, "opds/areas/ai/2")) == 10
    assert len(_titles(files, "opds/areas/ai-2")) == 1
    _check(files, tuple(books))


def test_a_library_without_books_says_so() -> None:
    for files in (_render(), _render(_book(epubs=()))):
        assert list(files) == ["opds/index.xml", "opds/index.json"]
        assert _texts(_atom(files, "opds/index.xml"), "a:updated/text()") == [
            "1970-01-01T00:00:00Z"
        ]
        # A feed of OPDS 2.0 must list something.
        [link] = json.loads(files["opds/index.json"])["navigation"]
        assert (link["href"], link["type"]) == ("../index.html", "text/html")
        _check(files, ())


def test_a_book_that_is_its_whole_series_is_the_first_of_it() -> None:
    files = _render(_book(volume=0))
    [book] = json.loads(files["opds/all.json"])["publications"]
    assert book["metadata"]["belongsTo"]["series"]["position"] == 1
    assert 'schema:position="1"' in files["opds/all.xml"]
    assert (
        "第"
        not in json.loads(_render(_book(volume=0, summary=""))["opds/all.json"])["publications"][0][
            "metadata"
        ]["description"]
    )


def test_what_is_unknown_is_left_out() -> None:
    book = _book(
        creators=(),
        summary="",
        cover="",
        thumbnail="",
        published="",
        series="",
        volume=0,
        areas=(),
        subjects=(),
        publisher="",
        language="",
    )
    files = _render(book)
    assert not {path for path in files if "series" in path or "areas" in path}
    [entry] = json.loads(files["opds/all.json"])["publications"]
    assert set(entry) == {"metadata", "links"}
    assert set(entry["metadata"]) == {"@type", "identifier", "title", "modified", "description"}
    atom = _atom(files, "opds/all.xml").find(f"{ATOM}entry")
    assert atom is not None
    assert {etree.QName(child).localname for child in atom} == {
        *("title", "id", "updated", "identifier", "content", "link"),
    }
    _check(files, (book,))


def test_a_book_without_a_summary_is_described_by_its_counts() -> None:
    def description(**facts: object) -> str:
        files = _render(_book("ai", summary=" ", **facts))
        [text] = _texts(_atom(files, "opds/all.xml"), "a:entry/a:content/text()")
        return text

    assert description(posts=1200, volume=3) == "机器，第 3 卷 · 1,200 篇文章 · 人工智能"
    assert description(series="", posts=1, areas=()) == "1 篇文章"
    assert description(series="", posts=0, areas=()) == "电子书"


def test_hostile_texts_stay_texts() -> None:
    book = _book(
        identifier=HOSTILE,
        title=HOSTILE,
        language=HOSTILE,
        creators=(HOSTILE,),
        summary=HOSTILE,
        epubs=(EpubLink("javascript:alert(1)/a b&<'\">é?#%.epub", 1, HOSTILE),),
        cover="//evil.example/x.jpg",
        published=HOSTILE,
        updated=HOSTILE,
        series=HOSTILE,
        areas=(HOSTILE,),
        subjects=(HOSTILE,),
        publisher=HOSTILE,
    )
    files = _render(book, title=HOSTILE)
    shown = "</title><script>alert('x')</script>\"&amp;\ufffd\ufffd\ufffd\ufffd]]>../../{x} %s"
    for path, text in files.items():
        text.encode("utf-8")
        assert "<script" not in text or path.endswith(".json")
        assert ".." not in path
    entry = _atom(files, "opds/all.xml").find(f"{ATOM}entry")
    assert entry is not None
    assert _texts(entry, "a:title/text()") == [shown]
    assert _texts(entry, "a:author/a:name/text() | dc:publisher/text()") == [shown, shown]
    assert _texts(entry, "a:category/@term | schema:Series/@schema:name") == [shown, shown]
    assert _texts(entry, f"a:link[@rel='{ACQUISITION}']/@title") == [shown]
    assert not _texts(entry, "dc:language | dc:issued")
    [listed] = json.loads(files["opds/all.json"])["publications"]
    assert listed["metadata"]["title"] == shown
    assert listed["metadata"]["identifier"].startswith("urn:uuid:")
    addresses = [link["href"] for link in (*listed["links"], *listed["images"])]
    for address in addresses:
        assert not urlsplit(address).scheme
        assert not urlsplit(address).netloc
        assert address.startswith("../")
    assert unquote(urljoin(ROOT + "opds/all.json", addresses[0])) == ROOT + book.epubs[0].path


def test_no_text_is_longer_than_anybody_reads() -> None:
    long = "长" * 10_000
    files = _render(_book(title=long, series=long, areas=(long,), summary=long, creators=(long,)))
    [book] = json.loads(files["opds/all.json"])["publications"]
    assert len(book["metadata"]["title"]) == 300
    assert book["metadata"]["title"].endswith("…")
    assert len(book["metadata"]["description"]) == 4000
    assert all(len(path) < 100 for path in files)


def test_a_thousand_books_take_a_moment() -> None:
    books = [
        _book(f"b{n}", series=f"系列 {n // 5}", areas=(f"领域 {n % 40}", "技术"))
        for n in range(1000)
    ]
    _render(*books[:2])
    start = time.perf_counter()
    files = _render(*books)
    assert time.perf_counter() - start < 2
    assert sum(len(_titles(files, f"opds/all/{n}")) for n in range(2, 21)) == 950


def test_the_same_library_gives_the_same_bytes() -> None:
    books = [_book(f"b{n}") for n in range(70)]
    assert list(_render(*books).items()) == list(_render(*books).items())
    # Ids of feeds differ from library to library: a program may read several.
    one, two = (_render(title=title)["opds/index.xml"] for title in ("甲", "乙"))
    ids = [_texts(etree.fromstring(text.encode()), "a:id/text()") for text in (one, two)]
    assert ids[0] != ids[1]
