"""Names in many spellings: what is one name, which spelling wins, and that nothing breaks it."""

from __future__ import annotations

import unicodedata
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.names import merge_names, name_key, select_spellings

LETTERS = "abcxyzABCXYZ人工智能王é"
words = st.lists(
    st.one_of(
        st.text(LETTERS, min_size=1, max_size=6), st.from_regex(r"[0-9]{1,3}", fullmatch=True)
    ),
    min_size=1,
    max_size=4,
)
spellings = st.lists(
    st.one_of(
        st.sampled_from("OpenAI openai open-ai 《OpenAI》 ＯｐｅｎＡＩ C C++ c 王·小 王小".split()),
        st.text(max_size=8),
    ),
    max_size=12,
)


def widen(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize(
    "variants",
    [
        [
            "Donald Trump",
            "donald-trump",
            "DONALD_TRUMP",
            "Ｄｏｎａｌｄ　Ｔｒｕｍｐ",
            "“Donald Trump”",
        ],
        ["OpenAI", "Open AI", "openai", "open-ai", "Open\u2011AI", "Open\u200bAI", "'OpenAI'"],
        ["唐纳德·特朗普", "唐纳德•特朗普", "唐纳德・特朗普", "唐纳德･特朗普", "唐纳德特朗普"],
        ["三体", "《三体》", "「三体」", "〈三体〉", "三 体"],
        ["O'Reilly", "O’Reilly", "OReilly"],
        ["GPT-4o", "GPT 4o", "gpt4o", "GPT–4o"],
        ["Llama 3 8B", "llama-3-8b", "Llama 3_8B"],
        ["Straße", "STRASSE"],
        ["Beyonc\u00e9", "Beyonce\u0301"],
    ],
    ids=lambda variants: variants[0],
)
def test_one_name(variants):
    assert len({name_key(variant) for variant in variants}) == 1


@pytest.mark.parametrize(
    "names",
    [
        ["C", "C++", "C#", "C*"],
        ["GPT-4.1", "GPT-41", "GPT-4"],
        ["Llama 3 8B", "Llama 38B"],
        ["Money & Macro", "Money Macro"],
        ["NET", ".NET"],
        ["王", "工"],
        ["ビル", "ビール"],
        ["-", "--", "·", "《》", "\u202e", " "],
    ],
    ids=lambda names: names[0],
)
def test_different_names(names):
    assert all(name_key(one) != name_key(other) for one, other in combinations(names, 2))


@given(st.text())
def test_a_key_is_its_own_key(name):
    assert name_key(name_key(name)) == name_key(name)
    assert bool(name_key(name)) is bool(name)


@given(words, st.sampled_from(["-", " ", "_", "\u2014", " - ", "\u3000"]))
def test_the_key_of_a_variant_is_the_key(parts, separator):
    key = name_key(" ".join(parts))
    name = separator.join(parts)
    for variant in (
        name,
        name.upper(),
        name.lower(),
        widen(name),
        f"《{name}》",
        f"“{name}\u202c”",
    ):
        assert name_key(variant) == key
    assert name_key(unicodedata.normalize("NFD", name)) == key


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Open AI", "open-ai"),
        ("OpenAI", "openai"),
        ("Open AI", "OpenAI"),
        ("OpenAI", "OPENAI"),
        ("GPT-4", "Gpt-4"),
        ("openai", "open-ai"),
        ("Copilot", "Co-pilot"),
        ("Jean-Luc", "JeanLuc"),
        ("Donald Trump", "Donald_Trump"),
        ("Donald Trump", "“Donald Trump”"),
        ("Donald Trump", "Donald\u202e Trump"),
        ("abc", "ＡＢＣ"),
        ("王·小", "王•小"),
        ("价值观", "价值-观"),
    ],
)
def test_of_spellings_used_alike_the_better_wins(better, worse):
    assert select_spellings([worse, better]) == {worse: better}
    assert select_spellings([better, worse]) == {worse: better}
    assert select_spellings([worse, better, worse]) == {better: worse}, "use comes first"


def test_every_order_gives_the_same():
    names = ["open-ai", "OpenAI", "Open AI", "openai", "OPENAI"]
    assert len({tuple(sorted(select_spellings(p).items())) for p in permutations(names)}) == 1


@given(spellings, st.randoms(use_true_random=False))
def test_merging_does_not_depend_on_order_and_is_done_once(names, random):
    better = select_spellings(names)
    shuffled = list(names)
    random.shuffle(shuffled)
    assert select_spellings(shuffled) == better
    merged = merge_names(names, better)
    assert merge_names(merged, better) == merged
    assert not select_spellings(merged)
    assert set(merged) <= set(names)
    assert {name_key(name) for name in merged} == {name_key(name) for name in names}
    assert len({name_key(name) for name in merged}) == len(merged)


def test_names_keep_their_order():
    better = select_spellings(["B", "b", "b", "A", "C"])
    assert merge_names(["C", "B", "A", "b"], better) == ("C", "b", "A")
    assert merge_names((), better) == ()


@pytest.mark.parametrize(
    "name",
    [
        "a" + "\u0301\u0316" * 100_000,
        "\ufdfa" * 500,
        "-" * 100_000,
        "1-" * 250,
        "\u202e" * 300,
        "\x00\ud800\ufdd0",
        "《" * 300 + "x",
    ],
    ids=lambda name: ascii(name[:3]),
)
def test_hostile_names_are_only_names(name):
    assert name_key(name_key(name)) == name_key(name)
    assert select_spellings([name, name, "x"]).keys() <= {"x"}
