"""Covers: what they say, that they hold any text, and what users' images become."""

from __future__ import annotations

import json
import random
import re
import struct
import zlib
from contextlib import suppress
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image, ImageChops

from converter import faces
from converter.cover import CoverText
from converter.cover.drawing import (
    _language,
    _printed,
    _region,
    _values,
    render_cover,
)
from converter.cover.image import fit_image, thumbnail
from converter.cover.motif import _PALETTES, leaves, palette_for
from converter.cover.wording import compose
from converter.faces import script_of

SIZE = (1400, 2100)
LONGEST = (
    "Dario Amodei：Anthropic 首席执行官谈 Claude、通用人工智能以及人工智能与人类的未来"
    " | Lex Fridman 播客第 452 期 第12卷"
)
REAL = [
    "AI",
    "Who Controls Artificial Intelligence? Essays and Conversations",
    "Superintelligence and Industrialization of Counterrevolutionaries",
    "为什么机器会思考：从图灵到深度学习的一百年",
    "20251019_Office Hour 直播答疑+分享AI新动向，你的 Vibe Coding 难题一网打尽！",
    "马斯克第13子抚养权风暴：与Ashley St. Clair的法律博弈与家庭观念",
    LONGEST,
]
UNREADABLE = r"the file is no image|the image is broken"
HOSTILE = {
    "code": '#read("/etc/passwd") #panic() $x$ *b* _i_ \\ \\u{41} @ref <l> // /* `raw` = - +',
    "controls": "a\x00b\x07c\x1b[31m\x85\u2028d\ufffe\uffff",
    "surrogates": "\ud800\udfff 标题 \udc00",
    "bidi": "\u202eabc\u202c \u2066x\u2069 \u200f",
    "emoji": "😀👩‍👩‍👧‍👦🇨🇳🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 9,
    "arabic": "العربية والذكاء الاصطناعي",
    "tibetan": "བོད་ཡིག་" * 20,
    "letters": "W" * 300,
    "hyphens": "-" * 23 + " " + "1-" * 11 + " W-" * 50 + "-" * 200,
    "words": " ".join(["W" * 23] * 12),
    "han": "人工智能" * 75,
    "closing marks": "！" * 300,
    "opening marks": "《" * 300,
    "joiners": "\u200d" * 300,
    "piled marks": "Z" + "\u0341" * 299,
    "three hundred words": "wide " * 60,
    "too long": "长" * 2000,
    "empty": "",
    "blank": " \t\n\u3000",
    "only separators": "：：| | ： |",
}


def opened(jpeg):
    image = Image.open(BytesIO(jpeg))
    assert image.format == "JPEG"
    return image.convert("RGB")


def seeded():
    return random.Random(1)  # noqa: S311 -- the same examples each time, no secrets


def plain(text):
    return text.replace("\u2060", "").replace("\u200b", "").replace("\xa0", " ")


def has_empty_edges(cover, sides=55):
    """Whether both halves show their ground alone near all edges."""
    width, height = cover.size
    boxes = [
        *((left, 0, left + 690, 50) for left in (0, 705)),
        *((left, height - 50, left + 690, height) for left in (0, 705)),
        (0, 0, sides, height),
        (width - sides, 0, width, height),
    ]
    return all(high - low <= 6 for box in boxes for low, high in cover.crop(box).getextrema())


def text_of(language="zh-CN", **fields):
    return CoverText(**{"title": "人工智能", "language": language, **fields})


def names_of(language="zh-CN", **fields):
    ways = compose(text_of(language, **fields)).creators
    return [[plain("".join(name)) for name in names] for names in ways]


# ---------------------------------------------------------------------------------------------
# Drawing


def test_a_cover_has_its_size_and_the_same_bytes_each_time():
    text = text_of(title=LONGEST, volume=12, creators=("Dario Amodei",), publisher="对照文库")
    cover = render_cover(text)
    assert opened(cover).size == SIZE
    assert len(cover) < 500_000
    assert render_cover(text) == cover


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_stays_within_the_page(name):
    text = HOSTILE[name]
    cover = render_cover(
        CoverText(
            title=text,
            language=text[:9],
            volume=10**9,
            creators=(text, text + "1", text[::-1], text + "2"),
            translators=(text, text[::-1]),
            dates=(text, "2024-01-01"),
            publisher=text,
            edition=text,
        )
    )
    assert len(cover) < 500_000
    assert has_empty_edges(opened(cover))


@pytest.mark.parametrize("title", REAL)
def test_lines_of_real_titles_keep_within_the_margins(title):
    text = CoverText(
        title=title,
        language="zh-CN",
        volume=12,
        creators=(title, "Norges Bank Investment Management"),
        translators=(title, "王译"),
        dates=("2024-01-01",),
        publisher=title,
        edition="对照",
    )
    assert has_empty_edges(opened(render_cover(text)), sides=110)


def test_random_texts_are_drawn():
    chance = seeded()
    for _ in range(12):
        letters = [chr(chance.randrange(0x11_0000)) for _ in range(chance.randrange(1, 60))]
        assert has_empty_edges(opened(render_cover(text_of(title="".join(letters)))))


def test_what_looks_like_code_is_shown_and_not_run():
    # A mark-up language would make both the same.
    assert render_cover(text_of(title="*润*")) != render_cover(text_of(title="润"))
    assert compose(text_of(title='#read("x")')).title == '#read("x")'


def bright(cover, box):
    """Where the ink of letters is within a box of a cover."""
    return opened(cover).crop(box).convert("L").point(lambda v: 255 * (v > 170)).getbbox()


def title_ink(title):
    return bright(render_cover(text_of(title=title)), (110, 390, 1290, 1050))


def test_the_title_reaches_the_paper_and_short_ones_are_large():
    for title in ("润", "AI", "杂纂"):
        _, top, _, bottom = title_ink(title)
        assert 220 < bottom - top < 270
    left, _, right, bottom = title_ink("如何在人工智能时代培养孩子的独立思考能力")
    assert 0 < left < 60
    assert 900 < right < 1175
    assert bottom > 350


def test_titles_in_an_alphabet_are_as_large_as_chinese_ones():
    for title in ("finance-wealth", "Vibe Coding"):
        _, top, right, bottom = title_ink(title)
        assert bottom - top > 400
        assert right > 650


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_number_of_a_volume_is_read_in_a_thumbnail(language):
    covers = [render_cover(text_of(language, volume=volume)) for volume in (1, 2, 12)]
    corners = [bright(cover, (752, 110, 1290, 336)) for cover in covers]
    for _, top, _, bottom in corners:
        assert bottom - top > 165
    assert bright(render_cover(text_of(language)), (752, 110, 1290, 336)) is None
    small = [opened(cover).resize((100, 150)).crop((53, 7, 93, 25)) for cover in covers]
    changed = ImageChops.difference(small[0], small[1]).convert("L")
    assert sum(value > 60 for value in changed.tobytes()) > 25


@pytest.mark.parametrize(
    ("language", "edition", "pages"),
    [
        ("zh-CN", "", [True, True]),
        ("zh-CN", "对照", [True, True]),
        ("zh-CN", "译文", [True, False]),
        ("ja", "原文", [True, False]),
        ("en", "原文", [False, True]),
        ("en", "Original", [False, True]),
        ("de", "Translation", [False, True]),
    ],
)
def test_an_edition_in_one_language_has_one_page(language, edition, pages):
    text = text_of(language, edition=edition)
    values = _values(text, compose(text), None)
    assert [bool(values[page]) for page in ("left", "right")] == pages
    cover = opened(render_cover(text)).convert("L")
    assert [cover.getpixel((x, 1140)) > 150 for x in (660, 740)] == pages


def test_names_of_a_block_have_one_size_and_long_ones_two_lines():
    creators = ("Nicolai Tangen", "Norges Bank Investment Management", "老石")
    short = opened(render_cover(text_of(creators=(creators[0], "Norges Bank", creators[2]))))
    cover = opened(render_cover(text_of(creators=creators)))

    def rows(image):
        area = image.crop((110, 1690, 705, 2010)).convert("L")
        lit = [max(area.crop((0, y, 595, y + 1)).tobytes()) > 170 for y in range(320)]
        return sum(here and not before for before, here in pairwise(lit))

    assert (rows(short), rows(cover)) == (3, 4)


def test_books_read_from_the_right_keep_the_sheet():
    assert has_empty_edges(opened(render_cover(text_of("ar", title=HOSTILE["arabic"], volume=4))))


def test_volumes_share_colours_and_differ():
    covers = [text_of(title=f"访谈 第{volume}卷", volume=volume) for volume in (1, 2)]
    names = {compose(cover).name for cover in covers}
    assert names == {"访谈"}
    assert leaves("访谈", 1) != leaves("访谈", 2)
    assert render_cover(covers[0]) != render_cover(covers[1])


def test_titles_spread_over_all_colours():
    assert {palette_for(f"标题{number}") for number in range(200)} == set(_PALETTES)
    assert json.dumps(_PALETTES[0].colours)


def luminance(colour):
    def linear(value):
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("palette", _PALETTES, ids=lambda palette: palette.ground)
def test_colours_contrast(palette):
    def contrast(one, other):
        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for ground in (palette.ground, palette.fold):
        assert contrast(palette.paper, ground) > 7
        assert contrast(palette.glow, ground) > 4.5
        assert contrast(palette.accent, ground) > 1.9
    assert contrast(palette.shade, palette.accent) > 1.9


# ---------------------------------------------------------------------------------------------
# Words


def test_a_long_title_is_taken_apart():
    wording = compose(text_of(title=LONGEST, volume=12))
    assert wording.title == "Dario Amodei"
    assert plain(wording.subtitle) == (
        "Anthropic 首席执行官谈 Claude、通用人工智能以及人工智能与人类的未来"
    )
    assert plain(wording.note) == "Lex Fridman 播客第 452 期"
    assert wording.volume == ("第", "12", "卷")


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("《黑客：画家》读后", ["《黑客：画家》读后", "", ""]),
        ("10:30 的会", ["10:30 的会", "", ""]),
        ("Who Rules: Essays", ["Who Rules", "Essays", ""]),
        ("甲 | 乙：丙", ["甲", "", "乙：丙"]),
        ("：甲：", ["：甲：", "", ""]),
    ],
)
def test_titles_are_split_where_both_sides_say_something(title, parts):
    wording = compose(text_of(title=title))
    assert [plain(part) for part in (wording.title, wording.subtitle, wording.note)] == parts


@pytest.mark.parametrize(
    ("language", "volume", "label"),
    [
        ("zh-CN", 0, ("", "", "")),
        ("zh-CN", 10, ("第", "10", "卷")),
        ("zh-TW", 23, ("第", "23", "卷")),
        ("ja", 3, ("第", "3", "巻")),
        ("ko", 3, ("제", "3", "권")),
        ("en", 3, ("Volume", "3", "")),
    ],
)
def test_volumes_are_labelled(language, volume, label):
    assert compose(text_of(language, volume=volume)).volume == label


def test_lines_break_after_hyphens():
    assert compose(text_of(title="finance-wealth")).title == "finance-\u200bwealth"
    assert compose(text_of(title="10-30")).title == "10-30"
    assert "\u200b" not in compose(text_of(title="Hohenzollern")).title
    name = compose(text_of(creators=("Hohenzollern-Sigmaringen",))).creators[0][0][0]
    assert name == "Hohenzollern-\u200bSigmaringen"


def test_a_volume_is_only_taken_from_the_title_if_it_is_said_elsewhere():
    assert compose(text_of(title="甲 第三卷", volume=3)).name == "甲"
    assert compose(text_of(title="甲 第三卷", volume=4)).name == "甲 第三卷"
    assert compose(text_of(title="甲 第23卷", volume=23)).name == "甲"
    assert compose(text_of(title="甲 第一百二十卷", volume=120)).name == "甲 第一百二十卷"
    assert compose(text_of(title="第3卷", volume=3)).name == "第3卷"


def test_of_many_creators_a_few_are_printed():
    creators = tuple(f"N{number}" for number in range(100))
    assert names_of(creators=creators) == [["N0", "N1", "N2 等"], ["N0", "N1 等"], ["N0 等"]]
    assert names_of("en", creators=creators)[0] == ["N0", "N1", "N2 et al."]
    assert names_of(creators=("甲", "", "甲", "乙")) == [["甲", "乙"], ["甲 等"]]
    assert names_of() == []


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("zh-CN", ["王译、李慧 译", "王译 等 译"]),
        ("zh-Hant", ["王译、李慧 譯", "王译 等 譯"]),
        ("ja", ["王译、李慧 訳", "王译 ほか 訳"]),
        ("ko", ["王译, 李慧 옮김", "王译 외 옮김"]),
        ("en", ["translated by 王译, 李慧", "translated by 王译 et al."]),
        ("de", ["translated by 王译, 李慧", "translated by 王译 et al."]),
    ],
)
def test_translators_are_printed_with_their_role(language, printed):
    said = compose(text_of(language, translators=("王译", "", "李慧", "王译"))).translators
    assert [plain("".join(way)) for way in said] == printed
    assert compose(text_of(language, translators=("", " "))).translators == ()
    assert render_cover(text_of(language, translators=("王译",))) != render_cover(text_of(language))


@pytest.mark.parametrize(
    ("language", "edition", "printed"),
    [
        ("zh-CN", "Translation", "译文"),
        ("zh-CN", "original", "原文"),
        ("ko", "bilingual", "대역"),
        ("zh-Hant-TW", "译文", "譯文"),
        ("en", "译文", "Translation"),
        ("en-GB", "原文", "Original"),
        ("en", "对照", "Bilingual"),
        ("ja", "译文", "訳文"),
        ("zh-CN", "节选", "节选"),
    ],
)
def test_editions_are_named_in_the_language_of_the_book(language, edition, printed):
    assert compose(text_of(language, edition=edition)).edition == printed


def test_books_in_english_have_no_chinese_words_of_ours():
    names = tuple(f"Name {number}" for number in range(9))
    for edition in ("", "译文", "原文", "对照"):
        text = CoverText(
            title="Essays",
            language="en",
            volume=10,
            creators=names,
            translators=names,
            dates=("2024-01-01", "2025-01-01"),
            edition=edition,
        )
        assert re.search("[\u2e80-\uffef]", _printed(compose(text))) is None


@pytest.mark.parametrize(
    ("dates", "printed"),
    [
        ((), ""),
        (("2024-05-01",), "2024.05.01"),
        (("2024-05-01", "2024-05-01"), "2024.05.01"),
        (("2024-05-01", "2024-05-09"), "2024.05"),
        (("2024-05-01", "2025-11-09"), "2024.05–2025.11"),
        (("2024", "soon"), "2024–soon"),
    ],
)
def test_dates_are_printed_short(dates, printed):
    assert compose(text_of(dates=dates)).dates == printed


@pytest.mark.parametrize(
    ("tag", "language", "region", "script"),
    [
        ("zh-CN", "zh", "CN", "SC"),
        ("zh-Hant", "zh", None, "TC"),
        ("zh-Hant-HK", "zh", "HK", "HK"),
        ("zh-TW", "zh", "TW", "TC"),
        ("ja", "ja", None, "JP"),
        ("ko-KR", "ko", "KR", "KR"),
        ("en", "en", None, "SC"),
        ("nonsense", "und", None, "SC"),
        ("", "und", None, "SC"),
    ],
)
def test_languages(tag, language, region, script):
    assert (_language(tag), _region(tag), script_of(tag)) == (language, region, script)


# ---------------------------------------------------------------------------------------------
# Fonts


def test_without_system_fonts_the_wheel_has_a_face(monkeypatch):
    monkeypatch.setattr(faces, "FONT_ROOTS", ())
    folder = faces.font_folder()
    assert folder is not None
    assert folder.name == "noto_cjk_sans_otc"
    face = faces.face_for("TC", folder)
    assert face == faces.Face("Noto Sans CJK TC", 400)
    assert not face.is_bold
    cover = opened(render_cover(text_of(title=LONGEST, volume=12)))
    assert cover.size == SIZE
    assert has_empty_edges(cover)


def test_without_any_font_there_is_still_a_cover(monkeypatch):
    monkeypatch.setattr(faces, "FONT_ROOTS", ())
    monkeypatch.setattr(faces, "find_spec", lambda _: None)
    assert faces.font_folder() is None
    assert has_empty_edges(opened(render_cover(text_of(title=LONGEST))))


def test_the_best_face_of_the_system_is_found(tmp_path):
    for name in ("a/NotoSansCJK-Bold.ttc", "b/NotoSerifCJK-Bold.ttc", "c/NotoSerifCJK-VF.ttc"):
        path = tmp_path / name
        path.parent.mkdir()
        path.touch()
    assert faces._system_folder((str(tmp_path),)) == tmp_path / "b"
    assert faces._system_folder((str(tmp_path / "none"),)) is None


# ---------------------------------------------------------------------------------------------
# Images of users


def encoded(image, kind="PNG", **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((1400, 2100), (1400, 2100)),
        ((700, 1050), (1400, 2100)),
        ((2800, 4200), (1400, 2100)),
        ((1600, 2560), (1400, 2240)),
        ((100, 100), (2100, 2100)),
        ((300, 100), (6300, 2100)),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_image_is_scaled_until_the_smaller_side_fits(size, fitted, kind):
    cover = fit_image(encoded(Image.new("RGB", size, "teal"), kind))
    assert opened(cover).size == fitted
    assert len(cover) < 500_000


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_all_modes_are_read(mode):
    assert opened(fit_image(encoded(Image.new(mode, (140, 210))))).size == SIZE


def test_transparent_parts_are_white():
    cover = opened(fit_image(encoded(Image.new("RGBA", (140, 210), (0, 0, 0, 0)))))
    assert cover.getpixel((700, 1000)) == (255, 255, 255)


def test_grey_of_sixteen_bits_keeps_its_brightness():
    grey = Image.new("I;16", (140, 210), 0x8000)
    assert opened(fit_image(encoded(grey))).getpixel((700, 1000)) == (128, 128, 128)


def test_a_photograph_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encoded(Image.new("RGB", (2100, 1400), "teal"), "JPEG", exif=exif)
    cover = fit_image(turned)
    assert opened(cover).size == SIZE
    assert not Image.open(BytesIO(cover)).getexif()


def test_even_noise_fits():
    noise = Image.frombytes("RGB", (1400, 2100), seeded().randbytes(1400 * 2100 * 3))
    cover = fit_image(encoded(noise, compress_level=0))
    assert opened(cover).size == SIZE
    assert len(cover) < 500_000
    assert len(thumbnail(cover)) < 40_000


def png_of(width, height):
    """A PNG that claims a size and has no pixels."""

    def chunk(kind, data):
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", [(8000, 8000), (10_000, 10_000), (60_000, 60_000)])
def test_a_decompression_bomb_is_refused(size):
    with pytest.raises(ValueError, match="too large: more than 30 million pixels"):
        fit_image(png_of(*size))


def test_a_ribbon_is_refused():
    with pytest.raises(ValueError, match="too long and narrow for a cover: 1×900 pixels"):
        fit_image(encoded(Image.new("RGB", (1, 900))))


@pytest.mark.parametrize("data", [b"", b"text", b"%!PS-Adobe", b"<svg/>", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_image_is_refused(data):
    with pytest.raises(ValueError, match=UNREADABLE):
        fit_image(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_broken_image_is_refused_on_one_line(kind):
    noise = Image.frombytes("RGB", (300, 450), seeded().randbytes(300 * 450 * 3))
    data = encoded(noise, kind)
    with pytest.raises(ValueError, match=UNREADABLE) as caught:
        fit_image(data[: len(data) // 2])
    assert "\n" not in str(caught.value)


def test_damaged_images_raise_nothing_else():
    chance = seeded()
    noise = Image.frombytes("RGB", (30, 45), chance.randbytes(30 * 45 * 3))
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"):
        data = encoded(noise, kind)
        for _ in range(12):
            damaged = bytearray(data)
            for _ in range(4):
                damaged[chance.randrange(min(200, len(data)))] = chance.randrange(256)
            with suppress(ValueError):
                assert len(fit_image(bytes(damaged))) < 500_000


def test_a_thumbnail_is_small():
    small = thumbnail(render_cover(text_of(title=LONGEST)))
    assert opened(small).size == (300, 450)
    assert len(small) < 40_000
    assert opened(thumbnail(encoded(Image.new("RGB", (2100, 2100))))).size == (300, 300)
