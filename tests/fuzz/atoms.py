"""What posts are made of, whole and broken: for the fuzzer, and for hypothesis."""

from __future__ import annotations

from typing import Final

__all__ = ["ATOMS", "FRONT_MATTERS", "PROSE", "SYNTAX", "TAGS"]

FRONT_MATTERS: Final = (
    "---\ntitle: 河\n---\n",
    "---\ntitle: 河\nsummary: 一条**河**（river: 流动的水）\ntags: [水, bridge]\n---\n\n",
    "---\ntitle: '**河**与`桥` & <b>'\npeople:\n- 甲\n- \"乙\"\n---\n",
    "----\ntitle: 河\n----\n",
    "---\ntitle: 河: 桥\ndate: yesterday\n---\n",
    "---\ntitle: 河\ntitle: 桥\ndraft: perhaps\n---\n",
    "---\ntitle: [1, {a: &x b}, *x]\n---\n",
    "---\ntitle: 河\n",
    "---\n",
    "\ufeff---\r\ntitle: 河\r\n---\r\n",
    "",
)

PROSE: Final = (
    "时间是一条河，我们都在水里。",
    "An old bridge stands upstream.",
    "**主持人**: 你好。",
    "**Host**: Good morning.",
    "**Guest:** Thanks.",
    "[Speaker 2]: 我提交回去。",
    ">> 再来一次。",
    "**月球**（Moon: 地球唯一的天然卫星）",
    "**RNA 测序** (RNA-seq: 测量的方法)",
    "**“引号”**文字",
    "他花了$5，她花了$7。",
    "1989. It was a year.",
    "水", "桥梁", "word", "Two words", "7", "é", "𫫇", "😀", "。", "，", "…",
)  # fmt: skip

TAGS: Final = (
    "<details>", "<details>\n", "<DETAILS open>\n", "<details\n", "</details>", "</details>\n",
    "</detais>\n", "</details]\n", "</details", "</text>\n", "</thought\n", "</", "</s Joe>\n",
    "<summary>", "</summary>", "</summary>\n", "</summary>\n\n", "</summary_\n", "</source>\n",
    "<summary>Original English</summary>\n\n", "<summary>View/Hide Original English</summary>\n",
    "<summary>View/Hide Original English</p>\n", "<summary>Original English\n",
    "<summary>查看/隐藏英文原文 / View/Hide Original English</summary>\n",
    "<summary>Veiw/Hide Original English-3</summary>\n", "<summary>译者的说明</summary>\n",
    '<p class="english-text">', "<p class='chinese-text'>", "<p>", "</p>", "</p>\n",
    '<span class="speaker">甲</span>', "<font color=red>", "<b>", "</b>", "<i>", "<br>", "<br/>\n",
    "<foo>", "</foo>", "<PRD_name>", "<", ">", "< ", "<3", "<!--", "-->", "<!-- 隐 -->",
    "[BODY_START]\n", "[TRANSCRIPT_END]",
)  # fmt: skip

SYNTAX: Final = (
    "\n", "\n", "\n", "\n\n", "\n\n", " ", "  ", "    ", "\t", "\u3000", "\u00a0", "\u200b",
    "### ", "\n\n### 桥\n\n", "# ", "#", "###无", "######\n", " #\n", "- ", "* ", "+ ", "1. ", "> ",
    "**", "*", "_", "__", "`", "``", "```\n", "```python\n", "~~~\n", "~~", "$", "$$", "---\n",
    "***\n", "===\n", "[", "]", "(", ")", "（", "）", "：", "！", "](", "![", "](http://a.b)",
    "https://a.b/c?d=e&f", "&amp;", "&#35;", "&lt;b&gt;", "&", "|", "| a | b |\n|---|---|\n| c |\n",
    "\\", "\\*", "{", "}", "{.c}", "{role}`x`", "```{include} x\n", ":::{note}\n", ":::\n",
    "(t)=\n", "% c\n", "+++\n", "[^1]", "[^1]: n\n", "[]()", "[x]()", "![x]()", "```中文\n",
    "[a]: http://b\n", ": d\n", "{{ x }}", "{% y %}", "#read(\"x\")", "\\input{x}", "@",
    "\r\n", "\r",
)  # fmt: skip

CONTROLS: Final = (
    "\x00", "\x07", "\x0b", "\x0c", "\x1b[31m", "\x85", "\u2028", "\u202e", "\u2066", "\ud800",
    "\udfff", "\ufdd0", "\ufeff", "\uffff", "\U000f0000",
)  # fmt: skip

ATOMS: Final = (*PROSE, *TAGS, *SYNTAX, *CONTROLS)
