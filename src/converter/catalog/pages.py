"""Many entries as web pages: by letter, none too large, each with a way to all the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from ..letters import OTHER_LETTER, latin_letter, letter_rows, letter_slug
from .frame import Section, escape, render_counts, render_document, url
from .search import SearchFiles, Target, fold, render_search

__all__ = ["Line", "render_folder"]

_PAGE_BYTES: Final = 200_000
"""A page is closed when it holds more: with its last entry, none comes near 500 kB."""

_SEE_LINKS: Final = 20
_STYLES: Final = ("reference.css",)
_LETTERS: Final = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LATIN_LETTERS: Final = tuple(map(latin_letter, _LETTERS))


@dataclass(frozen=True, slots=True)
class Line:
    """An entry to print: HTML for a ``dl``, and the names from which lines lead to it.

    ``names`` are what else it is found by; ``see`` holds names with letter and sort text.
    """

    headword: str
    letter: str
    sort: str
    html: bytes
    names: Sequence[str]
    see: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class _Item:
    """A line in its place: an entry by its number, or a name that leads to some of them."""

    letter: str
    sort: str
    text: str
    entries: tuple[int, ...]
    see: bool


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    letter: str
    items: Sequence[_Item]


@dataclass(frozen=True, slots=True)
class _Folder:
    """What every page of a section needs to know of the others."""

    library: str
    sections: Sequence[Section]
    section: Section
    lines: Sequence[Line]
    ids: Sequence[str]
    pages: Sequence[_Page]
    places: dict[int, str]
    search: SearchFiles


def render_folder(
    library: str, sections: Sequence[Section], section: Section, lines: Sequence[Line]
) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of a section's files, ``index.html`` the last of them.

    What fits a page is one page; else each letter has its own, ``a.html``, ``a-2.html`` …, and
    ``index.html`` leads to them. ``library`` is its title; every page leads to all sections.
    """
    items = _sort(lines)
    pages = list(_make_pages(items, lines))
    places = {item.entries[0]: page.name for page in pages for item in page.items if not item.see}
    numbers = {page.name: number for number, page in enumerate(pages)}
    ids = _make_ids(lines, (item.entries[0] for item in items if not item.see))
    search = render_search(
        (
            Target(line.headword, line.names, numbers[places[number]], ids[number])
            for number, line in enumerate(lines)
        ),
        [page.name for page in pages],
    )
    folder = _Folder(library, sections, section, lines, ids, pages, places, search)
    yield from search.files.items()
    for number, page in enumerate(pages):
        yield page.name, _render_page(folder, number, page)
    if not any(page.name == "index.html" for page in pages):
        yield "index.html", _render_contents(folder)


def _sort(lines: Sequence[Line]) -> list[_Item]:
    items: list[_Item] = []
    see: dict[tuple[str, str, str], list[int]] = {}
    for number, line in enumerate(lines):
        items.append(_Item(_letter(line.letter), line.sort, line.headword, (number,), see=False))
        for text, letter, sort in line.see:
            leading = see.setdefault((_letter(letter), sort, text), [])
            if len(leading) < _SEE_LINKS:
                leading.append(number)
    items += [
        _Item(letter, sort, text, tuple(numbers), see=True)
        for (letter, sort, text), numbers in see.items()
    ]
    items.sort(key=lambda item: (item.letter == OTHER_LETTER, item.letter, item.sort, item.text))
    return items


def _letter(letter: str) -> str:
    return letter if letter in _LETTERS or letter in _LATIN_LETTERS else OTHER_LETTER


def _make_ids(lines: Sequence[Line], order: Iterable[int]) -> list[str]:
    """Return an id for each entry: what it is looked up by, so that a link can be written."""
    ids = [""] * len(lines)
    taken: set[str] = set()
    for number in order:
        wish = made = fold(lines[number].headword) or "-"
        count = 1
        while made in taken:
            count += 1
            made = f"{wish}-{count}"
        ids[number] = made
        taken.add(made)
    return ids


def _make_pages(items: Sequence[_Item], lines: Sequence[Line]) -> Iterator[_Page]:
    sizes = [_size(item, lines) for item in items]
    if sum(sizes) <= _PAGE_BYTES:
        yield _Page("index.html", "", items)
        return
    sized = zip(items, sizes, strict=True)
    for letter, group in groupby(sized, key=lambda pair: pair[0].letter):
        held: list[_Item] = []
        filled, number = 0, 1
        for item, size in group:
            if held and filled + size > _PAGE_BYTES:
                yield _Page(_page_name(letter, number), letter, tuple(held))
                held, filled, number = [], 0, number + 1
            held.append(item)
            filled += size
        yield _Page(_page_name(letter, number), letter, tuple(held))


def _size(item: _Item, lines: Sequence[Line]) -> int:
    """Return about how many bytes an item takes, and not fewer."""
    if not item.see:
        return len(lines[item.entries[0]].html) + 4 * len(item.text) + 60
    # A link holds the headword twice, once percent-encoded: nine bytes a Chinese character.
    links = (100 + 15 * len(lines[number].headword) for number in item.entries)
    return 100 + 6 * len(item.text) + sum(links)


def _page_name(letter: str, number: int) -> str:
    name = letter_slug(letter)
    return f"{name}.html" if number == 1 else f"{name}-{number}.html"


# ---------------------------------------------------------------------------------------------
# HTML


def _render_page(folder: _Folder, number: int, page: _Page) -> str:
    groups = groupby(page.items, key=lambda item: item.letter)
    main = "\n".join(_render_group(folder, letter, list(items)) for letter, items in groups)
    title = folder.section.title + (f" · {_label(page.letter)}" if page.letter else "")
    parts = [other for other in folder.pages if other.letter == page.letter]
    content = (
        _render_parts(parts, page)
        + f'<main id="to-entries">\n{main}\n</main>\n'
        + _render_neighbours(folder.pages, number)
    )
    return _render_frame(folder, title, page.name, content)


def _render_contents(folder: _Folder) -> str:
    parts = []
    for letter, group in groupby(folder.pages, key=lambda page: page.letter):
        pages = list(group)
        count = sum(not item.see for page in pages for item in page.items)
        ranges = "\n".join(
            f'<li><a href="{url(page.name)}">{_render_range(page)}</a></li>' for page in pages
        )
        parts.append(
            f'<section id="letter-{letter_slug(letter)}">\n<h2><a href="{url(pages[0].name)}">'
            f"{_label(letter)}</a> <small>{count:,} 条</small></h2>\n"
            f'<ol class="ranges">\n{ranges}\n</ol>\n</section>'
        )
    main = '<main id="to-entries" class="contents">\n' + "\n".join(parts) + "\n</main>\n"
    return _render_frame(folder, folder.section.title, "index.html", main)


def _render_frame(folder: _Folder, title: str, name: str, content: str) -> str:
    own = folder.section
    section = "".join(
        f'<li><a href="../{url(other.name)}/index.html"'
        f"{_current(other == own)}>{escape(other.title)}</a></li>\n"
        for other in folder.sections
    )
    body = _BODY.format(
        library=escape(folder.library),
        title=escape(title),
        totals=render_counts((own.entries, "条")),
        sections=section,
        label=escape(f"查找{own.title}"),
        letters=_render_letters(folder, name),
        content=content,
    )
    full = f"{title} — {folder.library}"
    return render_document(full, body, styles=_STYLES, scripts=folder.search.scripts)


# No entry has such an id: theirs are of letters and digits, with a hyphen before digits only.
_BODY: Final = """\
<a class="skip" href="#to-entries">跳到条目</a>
<header>
<nav aria-label="全库">
<ul class="sections">
<li><a href="../index.html">{library}</a></li>
{sections}</ul>
</nav>
<h1>{title}</h1>
<p class="totals">{totals}</p>
<div role="search">
<form class="search" hidden>
<label for="search-input">{label}</label>
<div class="field"><input id="search-input" type="search" autocomplete="off" spellcheck="false"\
 aria-describedby="search-status"><button>查找</button></div>
<p id="search-status" role="status"></p>
<ol id="search-results"></ol>
</form>
</div>
{letters}</header>
{content}"""


def _render_letters(folder: _Folder, name: str) -> str:
    whole = folder.pages[0].name == "index.html" if folder.pages else True
    present: dict[str, str] = {}
    for page in folder.pages:
        for item in page.items if whole else page.items[:1]:
            target = f"#letter-{letter_slug(item.letter)}" if whole else page.name
            present.setdefault(item.letter, target)
    current = next((page.letter for page in folder.pages if page.name == name), "")
    latin = () if present.keys().isdisjoint(_LATIN_LETTERS) else _LATIN_LETTERS
    rows = letter_rows((letter, letter) for letter in (*_LETTERS, *latin, OTHER_LETTER))
    return "".join(
        f'<nav aria-label="{label}字母">\n{label and f"<p>{label}</p>"}<ul class="letters">\n'
        + "".join(_render_letter(shown, letter, present, current) for shown, letter in row)
        + "</ul>\n</nav>\n"
        for label, row in rows
    )


def _render_letter(shown: str, letter: str, present: Mapping[str, str], current: str) -> str:
    label = _label(shown)
    if letter not in present:
        return f'<li><span aria-hidden="true">{label}</span></li>\n'
    return (
        f'<li><a href="{escape(present[letter])}"{_current(letter == current)}>{label}</a></li>\n'
    )


def _render_parts(parts: Sequence[_Page], current: _Page) -> str:
    if len(parts) < 2:
        return ""
    links = "".join(
        f'<li><a href="{url(page.name)}" title="{_render_range(page)}"'
        f"{_current(page is current)}>{number}</a></li>\n"
        for number, page in enumerate(parts, 1)
    )
    return (
        f'<nav aria-label="{_label(current.letter)} 的各页">\n<p>{_render_range(current)}</p>\n'
        f'<ul class="parts">\n{links}</ul>\n</nav>\n'
    )


def _render_neighbours(pages: Sequence[_Page], number: int) -> str:
    links = []
    if number > 0:
        page = pages[number - 1]
        links.append(f'<a rel="prev" href="{url(page.name)}">‹ {_render_range(page)}</a>')
    if number + 1 < len(pages):
        page = pages[number + 1]
        links.append(f'<a rel="next" href="{url(page.name)}">{_render_range(page)} ›</a>')
    if not links:
        return ""
    return '<nav class="neighbours" aria-label="前后页">\n' + "\n".join(links) + "\n</nav>\n"


def _render_range(page: _Page) -> str:
    first, last = (_shorten(item.text) for item in (page.items[0], page.items[-1]))
    return escape(first if first == last else f"{first} – {last}")


def _shorten(text: str) -> str:
    return text if len(text) <= 16 else text[:15] + "…"


def _render_group(folder: _Folder, letter: str, items: Sequence[_Item]) -> str:
    entries = "\n".join(
        _render_see(folder, item) if item.see else _render_entry(folder, item.entries[0])
        for item in items
    )
    id_ = f"letter-{letter_slug(letter)}"
    return (
        f'<section aria-labelledby="{id_}">\n'
        f'<h2 id="{id_}">{_label(letter)}</h2>\n<dl>\n{entries}\n</dl>\n</section>'
    )


def _render_entry(folder: _Folder, number: int) -> str:
    html = folder.lines[number].html.decode()
    return f'<div class="entry" id="{escape(folder.ids[number])}">{html}</div>'


def _render_see(folder: _Folder, item: _Item) -> str:
    links = "、".join(
        f'<a href="{url(folder.places[number], folder.ids[number])}">'
        f"{escape(folder.lines[number].headword)}</a>"
        for number in item.entries
    )
    return f'<div class="entry see"><dt>{escape(item.text)}</dt><dd>见 {links}</dd></div>'


def _current(yes: bool) -> str:  # noqa: FBT001 -- a word of its own would say no more
    return ' aria-current="true"' if yes else ""


def _label(letter: str) -> str:
    return "其他" if letter == OTHER_LETTER else letter
