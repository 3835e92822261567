"""The configuration: every key, every mistake."""

from __future__ import annotations

import pytest

from converter.config import (
    _CHOICES,
    GROUPINGS,
    BookSettings,
    ConfigError,
    Settings,
    parse_settings,
)
from converter.model import PdfDesign
from converter.sphinx_ext.pdf import options


def test_an_empty_text_gives_the_defaults():
    assert parse_settings("") == Settings()


def test_every_key():
    text = (
        '[library]\ntitle = " 河 "\nlanguage = "zh-TW"\noriginal_language = "ja"\n'
        'identifier = "https://example.org/"\n'
        'publisher = "河畔"\ntranslators = ["甲", "乙"]\nrights = "CC0"\n'
        '[books]\ngroup_by = "year"\nuntitled = "杂"\nmax_posts = 3\nslugs = { "甲" = "a" }\n'
        'titles = { "乙" = "丙" }\n'
        '[posts]\ndrafts = false\nexclude = ["old/*"]\nexclude_status = ["inbox"]\n'
        '[glossary]\nlatin = "apart"\n'
        '[epub]\noriginals = "details"\nnotes = "document"\ncertified_by = "丙"\n'
        'editions = ["original", "bilingual", "original"]\n'
        '[pdf]\npage = "a4"\noriginals = "facing"\nstandard = "a-2a"\n'
        'fonts = ["宋体", "Noto Serif", "宋体"]\n'
        '[[book]]\ntitle = "河"\nsummary = "写河"\npublisher = "岸"\ntranslators = ["丁"]\n'
        'rights = "CC BY"\n'
        'cover = "c.png"\npreface = "p.md"\nafterword = "a.md"\n[[book]]\ntitle = "海"\n'
    )
    assert parse_settings(text) == Settings(
        title="河",
        identifier="https://example.org/",
        language="zh-TW",
        original_language="ja",
        group_by="year",
        untitled="杂",
        max_posts=3,
        slugs={"甲": "a"},
        titles={"乙": "丙"},
        drafts=False,
        exclude=("old/*",),
        exclude_status=("inbox",),
        latin="apart",
        originals="details",
        notes="document",
        editions=("original", "bilingual"),
        publisher="河畔",
        translators=("甲", "乙"),
        rights="CC0",
        certified_by="丙",
        books=(
            BookSettings("河", "写河", "岸", ("丁",), "CC BY", "c.png", "p.md", "a.md"),
            BookSettings("海"),
        ),
        pdf=PdfDesign("a4", "facing", "a-2a", ("宋体", "Noto Serif")),
    )


@pytest.mark.parametrize("tag", ["zh", "zh-Hant", "zh-Hant-HK", "es-419", "sl-rozaj", "de-1996"])
def test_language_tags(tag):
    assert parse_settings(f'[library]\nlanguage = "{tag}"').language == tag


def test_blank_names_in_a_list_are_left_out():
    assert parse_settings('[library]\ntranslators = ["", " ", "甲"]').translators == ("甲",)


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_groupings(grouping):
    assert parse_settings(f'[books]\ngroup_by = "{grouping}"').group_by == grouping


def test_a_pdf_has_defaults_of_its_own():
    assert parse_settings("[pdf]").pdf == PdfDesign("a5", "beneath", "ua-1", ())
    # Where an EPUB has its originals is said by a key of the same name.
    assert parse_settings('[epub]\noriginals = "inline"').pdf == PdfDesign()
    assert parse_settings('[pdf]\noriginals = "endnotes"').originals == Settings().originals


def test_what_is_said_of_one_key_of_a_pdf_leaves_the_others():
    assert parse_settings('[pdf]\npage = "phone"').pdf == PdfDesign(page="phone")
    assert parse_settings('[pdf]\nfonts = [" ", "楷体"]').pdf == PdfDesign(fonts=("楷体",))


def test_choices_for_a_pdf_are_those_of_the_builder():
    """The configuration may not import the Sphinx extension, so they are written there again."""
    ours = {key[4:]: choices for key, choices in _CHOICES.items() if key.startswith("pdf.")}
    assert ours == options._CHOICES
    theirs = options.PdfOptions()
    assert PdfDesign() == PdfDesign(theirs.page, theirs.originals, theirs.standard, theirs.fonts)
    for key, choices in ours.items():
        for choice in choices:
            assert getattr(parse_settings(f'[pdf]\n{key} = "{choice}"').pdf, key) == choice


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = ", "does not parse"),
        ("[nonsense]", "unknown table"),
        ("library = 1", r"^library is 1; write a table \[library\] with keys such as title$"),
        ("epub = []", r"^epub is a list; write a table \[epub\] with keys such as editions$"),
        ("[[epub]]", r"^epub is a list; write \[epub\] once, with one bracket on either side$"),
        ("book = 3", r"^book is 3; write a table \[\[book\]\] for each book, with its title$"),
        (
            'book = "河"',
            r"^book is text; write a table \[\[book\]\] for each book, with its title$",
        ),
        ("[[book]]\ntitle = 3", r"^a \[\[book\]\] has a title that is 3; it should be text$"),
        ('[[book]]\ntitle = ""', r"^a \[\[book\]\] has a title that is empty; it should be text$"),
        ("[library]\nnonsense = 1", "unknown key 'nonsense'"),
        ("[library]\ntitle = 1", "library.title should be text"),
        ('[library]\ntitle = " "', "^library.title is empty; write a text or leave the key out$"),
        ('[library]\nlanguage = ""', "^library.language is empty; write a text or leave"),
        ('[[book]]\ntitle = "河"\nsummary = ""', "^book '河'.summary is empty; write a text or"),
        ("[library]\ntitle = 2025-01-01", "^library.title should be text, not a date$"),
        ("[library]\ntitle = true", "^library.title should be text, not true$"),
        (
            "[library]\ntranslators = '甲'",
            "^library.translators should be a list of text, not text$",
        ),
        ("[books]\ntitles = 3", "^books.titles should be a table of text, not 3$"),
        ("[books]\nmax_posts = -3", "^books.max_posts should be a number above 0, not -3$"),
        ('[books]\ngroup_by = "moon"', "choose one of area"),
        ("[books]\nmax_posts = 0", "a number above 0"),
        ("[books]\nmax_posts = true", "a number above 0"),
        ('[books]\nslugs = ["a"]', "books.slugs"),
        ("[books.slugs]\na = 1", "books.slugs"),
        ('[posts]\ndrafts = "no"', "true or false"),
        ("[posts]\nexclude = [1]", "posts.exclude"),
        ('[posts]\nexclude_status = "inbox"', "posts.exclude_status should be a list of text"),
        ("[posts]\nexclude_status = [1]", "posts.exclude_status"),
        ('[epub]\neditions = ["both"]', "epub.editions is 'both'; choose one of bilingual"),
        ("[epub]\neditions = []", "epub.editions is empty; choose from bilingual"),
        ('[epub]\nnotes = "above"', "choose one of paragraph, document"),
        ('[library]\nlanguage = "en-xx-yy-zz"', "no language tag"),
        ('[library]\nlanguage = "zh-Hans-Hant"', "no language tag"),
        ('[book]\ntitle = "河"', r"write each \[\[book\]\] with two brackets"),
        ("book = [1]", r"write each \[\[book\]\] with two brackets"),
        ('[[book]]\npreface = "p.md"', r"a \[\[book\]\] needs the title"),
        ('[[book]]\ntitle = " "', r"a \[\[book\]\] has a title that is empty; it should be text"),
        ('[[book]]\ntitle = "河"\npreface = 1', "book '河'.preface should be text"),
        ('[[book]]\ntitle = "河"\nslug = "x"', r"unknown key 'slug' in \[book '河'\]"),
        ('[glossary]\nlatin = "last"', "glossary.latin is 'last'; choose one of together, apart"),
        (
            '[epub]\noriginals = "hidden"',
            "epub.originals is 'hidden'; choose one of notes, details, inline, none",
        ),
        ("[glossary]\nlatin = true", "glossary.latin should be text"),
        ("pdf = 1", r"^pdf is 1; write a table \[pdf\] with keys such as page$"),
        ('pdf = "a4"', r"^pdf is text; write a table \[pdf\] with keys such as page$"),
        ("pdf = []", r"^pdf is a list; write a table \[pdf\] with keys such as page$"),
        ("[[pdf]]", r"^pdf is a list; write \[pdf\] once, with one bracket on either side$"),
        (
            '[pdf]\nsize = "a4"',
            r"^unknown key 'size' in \[pdf\]; known are page, originals, standard, fonts$",
        ),
        ('[pdf]\npage = "A4"', "^pdf.page is 'A4'; choose one of a5, a4, phone$"),
        (
            '[pdf]\noriginals = "notes"',
            "^pdf.originals is 'notes'; choose one of beneath, facing, endnotes, none$",
        ),
        (
            '[pdf]\nstandard = "ua-2"',
            "^pdf.standard is 'ua-2'; choose one of ua-1, a-2a, a-3a, none$",
        ),
        ('[pdf]\npage = ""', "^pdf.page is empty; write a text or leave the key out$"),
        ("[pdf]\npage = 5", "^pdf.page should be text, not 5$"),
        ('[pdf]\nfonts = "楷体"', "^pdf.fonts should be a list of text, not text$"),
        ("[pdf]\nfonts = [1]", "^pdf.fonts should be a list of text, not a list$"),
        ('[epub]\noriginals = "facing"', "choose one of notes, details, inline, none"),
        ('[glossary]\nenglish = "apart"', "unknown key 'english'"),
        ("a = " + "[" * 5000, "does not parse"),
    ],
)
def test_mistakes(text, message):
    with pytest.raises(ConfigError, match=message):
        parse_settings(text)
