"""Words of Chinese titles that no line end should cut."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["hold_words"]

_WORD_JOINER: Final = "\u2060"

# Chinese has no spaces, and a segmenter is a dictionary of megabytes. These are the words that
# titles in such collections are made of; where another word is cut, it is as in any book.
_WORDS: Final = """
人工智能 人工智慧 通用 机器学习 机器人 机器 機器 深度学习 深度學習 学习 學習 大模型 模型 智能体
智能 智慧 算法 数据中心 数据 數據 编程 程序员 程序 代码 软件 硬件 芯片 互联网 网络 网路 计算机
电脑 電腦 技术 技術 科技 科学家 科学 科學 工程师 工程 首席执行官 首席 执行官 创始人 联合 总统 總統
主席 教授 博士 记者 作家 专家 投资人 投资 投資 企业家 企业 公司 创业 商业 市场 市場 经济学 经济
經濟 金融 资本 货币 美元 基金 财富 财报 周报 增长 能源 产业 行业 产品 设计 设计师 用户 平台 系统
服务 管理 战略 策略 政治 政策 政府 民主 自由 法律 权力 权利 国家 国际 全球化 全球 世界 中国 中國
美国 美國 欧洲 日本 伊朗 中东 地缘 战争 和平 冲突 危机 社会 社會 文化 文明 历史 歷史 哲学 哲學
思想 思考 思维 宗教 信仰 艺术 文学 小说 电影 音乐 新闻 媒体 媒介 语言 翻译 人类 人類 人生 人们
生命 生活 生存 生物 生态 自然 宇宙 地球 环境 气候 健康 医疗 医学 药物 疾病 大脑 意识 心理 情绪
情感 焦虑 孩子 儿童 父母 家庭 夫妻 婚姻 女性 男性 青少年 青年 老人 教育 学校 大学 学生 老师 研究
知识 知識 记忆 习惯 能力 潜能 未来 未來 过去 现在 时代 時代 时间 核心 开发 开源 发展 发布 发现
空间 今天 明天 世纪 故事 真相 意义 价值 问题 答案 方法 原理 原则 理论 实践 经验 教训 机会 机遇
挑战 风险 安全 信任 责任 影响 影響 力量 行动 行動 变化 变革 革命 创新 创造 成长 成功 失败 努力
坚持 觉醒 解放 什么 什麼 为什么 為什麼 如何 怎么 怎样 为何 何时 是否 哪里 谁是 我们 我們 你们 他们
她们 它们 自己 自我 大家 所有 一切 一个 一個 这个 那个 可以 可能性 可能 不能 不会 不要 不是 没有
沒有 必须 需要 应该 正在 已经 开始 结束 成为 成為 以及 而且 但是 因为 所以 如果 关于 關於 通过
对于 之间 之後 之后 之前 之路 背后 背後 面对 独立 真正 重要 最好 最后 最後 完全 不同 新的 全新
深度 解析 分析 访谈 訪談 访谈录 对话 對話 演讲 演講 讲座 播客 博客 笔记 读书会 读书 报告 指南 手册
入门 系列 合集 文集 随笔 評論 评论 书评 年度 重塑 构建 解锁 揭示 打破 培养 理解
""".split()

# The longest that begins at a place. What only follows (of, plural, question) stays with its word,
# and a number with what it counts.
_HELD: Final = re.compile("|".join(sorted(_WORDS, key=lambda word: (-len(word), word))))
_TRAILING: Final = re.compile(
    "(?<=[\u3400-\u9fff])(?=[的了着吗嗎呢吧们們地得])"
    "|(?<=第)(?=[0-9])|(?<=[0-9])(?=[\u3400-\u9fff])"
)


def hold_words(text: str) -> str:
    """Return the text with word joiners, which have no width, where no line should break."""
    held = _HELD.sub(lambda found: _WORD_JOINER.join(found[0]), text)
    return _TRAILING.sub(_WORD_JOINER, held)
