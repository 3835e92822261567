"""Languages are told by letters, not by labels."""

from __future__ import annotations

import time

import pytest

from converter.language import (
    chinese_variant,
    language_among,
    language_of,
    language_outside_brackets,
    sample_texts,
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我们在水里", "zh-Hans"),
        ("We are in the water", "en"),
        ("", ""),
        ("123 — ♪ …", ""),
        ("**主持人**: Good morning", "en"),
        ("**Host**: 早上好", "zh-Hans"),
        (">> **Ada Lane:** 好", "zh-Hans"),
        ("[Speaker 2]: 好", "zh-Hans"),
        ("主持人：", "zh-Hans"),
        ("**Host**:", "en"),
        ("用 GPT-4 写 Python", "en"),
        ("我们用 GPT-4 写 Python 程序", "zh-Hans"),
        ("1" * 50_000 + " 我们", "zh-Hans"),
        ("привет", ""),
        ("a\ud800b", "en"),
    ],
)
def test_language(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A **chip** (处理器: 执行指令的电路，也叫芯片) hums", "en"),
        ("**Host**: A **chip**（" + "执行指令的电路" * 10 + "） hums", "en"),
        ("**主持人**: A **chip** (处理器: 执行指令的电路，也叫芯片) hums", "en"),
        ("Chip（芯片）是执行指令的电路", "zh-Hans"),
        ("（芯片）", "zh-Hans"),
        ("123 (处理器)", "zh-Hans"),
        ("A chip hums", "en"),
    ],
)
def test_language_outside_brackets(text, language):
    assert language_outside_brackets(text) == language


def test_a_long_text_without_letters_takes_linear_time():
    start = time.process_time()
    assert language_of("1" * 5_000_000) == ""
    assert time.process_time() - start < 2


def test_variants():
    assert chinese_variant("這個國家的歷史") == "zh-Hant"
    assert chinese_variant("这个国家的历史") == "zh-Hans"
    assert chinese_variant("山水") == ""
    assert chinese_variant("這個國家" * 3 + "这个国家" * 3) == "mixed"
    assert chinese_variant("這個國家" * 30 + "这") == "zh-Hant"


def test_a_sample_is_taken_from_all_of_a_post():
    sample = sample_texts([f"{n:03}" + "x" * 500 for n in range(200)])
    assert sample.startswith("000")
    assert "195" in sample
    assert len(sample) <= 6000
    assert sample_texts([]) == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我是Tracy Alloway。", "zh-Hans"),
        ("OpenAI 和 Google DeepMind 都在做 AI agents。", "zh-Hans"),
        ("**嘉宾**: OK，Good。", "zh-Hans"),
        ('<span class="speaker">主持人A:</span> 对。', "zh-Hans"),
        ("见 https://example.com/some/long-address-of-words。", "zh-Hans"),
        ("He said “你好，世界。” and left the room.", "en"),
        ("**主持人**: Good morning.", "en"),
        ("Yes, **人工智能** is what I mean.", "en"),
        (r"$$\frac{a}{b}$$", ""),
        (r"其中 $\alpha_{max}$ 很小。", "zh-Hans"),
        ("It costs $5 or $7 in shops.", "en"),
    ],
)
def test_names_tags_and_formulas_do_not_outweigh_a_sentence(text, language):
    assert language_of(text) == language


def test_a_long_text_without_letters_is_in_no_language():
    assert language_of("……" * 100_000) == ""


@pytest.mark.parametrize(
    ("text", "languages", "language"),
    [
        # Of a library as most are nothing changes.
        ("Good morning.", ("zh-CN", "en"), "en"),
        ("早上好。", ("zh-CN", "en"), "zh-Hans"),
        ("42", ("zh-CN", "en"), ""),
        # Letters tell the script; of languages that share one, the likeliest is meant.
        ("Bonjour à tous.", ("fr", "zh-CN"), "fr"),
        ("早上好。", ("fr", "zh-CN"), "zh-Hans"),
        ("Bonjour à tous.", ("zh-CN", "fr"), "fr"),
        ("Guten Morgen.", ("de", "en"), "de"),
        ("Good morning.", ("en-GB", "de"), "en-GB"),
        ("Good morning.", ("zh-CN", "ja"), "en"),
        ("おはようございます、OpenAIのAPIです。", ("ja", "zh-CN"), "ja"),
        ("這是「カラオケ」這個詞，它來自日語，大家都知道。", ("zh-TW", "ja"), "zh-Hans"),
        ("東京", ("ja", "zh-CN"), "ja"),
        ("我们说东京", ("ja", "zh-CN"), "zh-Hans"),
        ("Доброе утро, OpenAI.", ("ru", "zh-CN"), "ru"),
        ("Доброе утро.", ("zh-CN", "ru"), "ru"),
        ("Доброе утро.", ("zh-CN", "en"), ""),
        ("안녕하세요.", ("zh-CN", "ko"), "ko"),
        ("صباح الخير", ("ar", "en"), "ar"),
        ("Dobro jutro.", ("sr-Latn", "zh-CN"), "sr-Latn"),
        ("Добро јутро.", ("sr", "zh-CN"), "sr"),
    ],
)
def test_the_language_of_a_text_is_one_of_its_books(text, languages, language):
    assert language_among(text, languages) == language
