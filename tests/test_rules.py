"""``glossary.toml``: what is read from it, and what is refused."""

from __future__ import annotations

import pytest

from converter.rules import NO_RULES, RulesError, parse_rules

RULES = """\
forbid = [
  "桥",
  "船",
]

[[entry]]
headword = "潮汐"
original = "Tide"
definition = "海水因日月引力而涨落"
aliases = ["潮水"]

[[entry]]
headword = "火星"
definition = "第四颗行星"

[[merge]]
into = "江河"
headwords = ["河", "江"]

[[rename]]
headword = "月球"
to = "月亮"

[index]
forbid = ["甲"]
[[index.merge]]
into = "Ada Reed"
headwords = ["A. Reed"]
[[index.rename]]
headword = "Tide Office"
to = "海潮局"
"""


def test_rules_are_read_with_their_lines():
    rules = parse_rules(RULES)
    assert [(rule.id, rule.line, rule.text) for rule in rules] == [
        ("entry:1", 6, 'entry "潮汐"'),
        ("entry:2", 12, 'entry "火星"'),
        ("merge:1", 16, 'merge "河" into "江河"'),
        ("rename:1", 20, 'rename "月球" to "月亮"'),
        ("forbid:1", 2, 'forbid "桥"'),
        ("forbid:2", 3, 'forbid "船"'),
        ("index.merge:1", 26, 'index.merge "A. Reed" into "Ada Reed"'),
        ("index.rename:1", 29, 'index.rename "Tide Office" to "海潮局"'),
        ("index.forbid:1", 25, 'index.forbid "甲"'),
    ]
    assert parse_rules("") == NO_RULES


def test_rules_written_inline_have_no_line():
    (rule,) = parse_rules('merge = [{ into = "a", headwords = ["b"] }]')
    assert (rule.line, rule.text) == (0, 'merge "b" into "a"')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = ", "does not parse"),
        ("a = " + "[" * 5000, "does not parse"),
        ("nonsense = 1", "unknown key 'nonsense' in the file"),
        ('[[entry]]\nheadword = "a"', r"\[\[entry\]\] in line 1 needs the key 'definition'"),
        ('[[entry]]\nheadword = 1\ndefinition = "x"', "headword of .* should be text"),
        ('[[entry]]\nheadword = " "\ndefinition = "x"', "holds an empty text"),
        ('[entry]\nheadword = "a"', r"write \[\[entry\]\]"),
        ('[[merge]]\ninto = "a"\nheadwords = []', "headwords .* is empty"),
        ('[[merge]]\ninto = "a"\nheadwords = "b"', "should be a list of text"),
        ('[[merge]]\nto = "a"', "unknown key 'to'"),
        ('[[rename]]\nheadword = "a"', "needs the key 'to'"),
        ('forbid = "a"', "forbid should be a list of text"),
        ("forbid = [1]", "forbid should be a list of text"),
        ("index = 1", "index should be a table"),
        ("[index]\nentry = []", "unknown key 'entry'"),
        (f'forbid = ["{"x" * 3000}"]', "more than 2000 characters"),
    ],
)
def test_mistakes_in_rules(text, message):
    with pytest.raises(RulesError, match=message):
        parse_rules(text)
