"""What tells a definition: the words that begin one, end one, or begin something else.

All of it is simplified and traditional Chinese, and the few English words that stand in the same
places. The patterns are tried at the start or at the end of a short text only.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "ABBREVIATES",
    "ASIDE",
    "CALLED",
    "CHATTER",
    "DEFINES",
    "DESCRIBES",
    "ENGLISH_DEFINITION",
    "EXAMPLE",
    "KINDS",
    "KIND_WORDS",
    "LABELS",
    "LANGUAGE",
    "LIST",
    "NOTE",
    "OWNED",
    "PERSON",
    "ROLE",
    "SAYS",
    "SOUNDS",
    "TEMPLATE",
    "THING",
]


def _any(words: str) -> str:
    """Return the words of a text, which are patterns without spaces, as alternatives."""
    return "|".join(words.split())


_COUNTER: Final = (
    "[种種个個家类類项項款位名部篇段座套次支条條场場组組份门門只隻枚间間档檔级級群幅首颗顆台"
    "本张張所处處片块塊股层層代]"
)
_MAKES: Final = _any(
    """开发 開發 推出 创立 創立 创办 創辦 创建 創建 提出 研发 研發 制作 製作 设计 設計 出版
    发布 發布 生产 生產 运营 營運 发明 發明 组成 組成 撰写 执导 领导 領導"""
)
_NATION: Final = _any(
    """[美英法德中俄韩韓泰][国國] 日本 印度 欧洲 歐洲 欧盟 歐盟 加拿大 澳大利亚 澳洲 以色列
    意大利 西班牙 台湾 臺灣 香港 新加坡 瑞典 瑞士 荷兰 丹麦 挪威 芬兰 巴西 墨西哥 阿根廷
    奥地利 波兰 希腊 土耳其 伊朗 乌克兰 爱尔兰 苏格兰 纽约 紐約 加州 北京 上海 古希腊 古罗马
    纳粹德国 苏联"""
)

DEFINES: Final = re.compile(
    rf"(?:指的?是|是指|[意泛特专專代原喻]指|指(?!数|數|标|標|挥|揮|导|導|南)|意[为為思]"
    rf"|又?[称稱]?是?[一两兩]{_COUNTER}|(?:{_NATION})的?一{_COUNTER}"
    r"|用于|用於|用来|用來|用以|形容|比喻|表示|代表|描述"
    rf"|由.{{1,30}}(?:{_MAKES})|[^，。；]{{1,24}}(?:{_MAKES}|旗下)的)"
)
"""At the start of a text: it goes on as a definition."""

DESCRIBES: Final = re.compile(
    rf"[，,;；] ?(?:是?一{_COUNTER}|以.{{1,20}}[著闻聞]|是[美英法德日中其由以]|"
    + _any(
        """是?指 用于 用於 用来 用來 用以 意为 意為 是全球 是世界 主要 负责 負責 旨在 专注
        專注 通常 通过 通過 常用 常指 包含 包括 提供 允许 允許 能够 能夠 位于 位於 总部 總部
        成立于 成立於 创立于 創立於"""
    )
    + ")"
)
"""Behind a comma: what stands before it names, what follows defines."""

PERSON: Final = re.compile(
    "(?:"
    + _any(
        r"""创始人 創始人 创办人 創辦人 创建者 总裁 總裁 首席.{2,4}官 C[ETFO]O 董事长 董事長
        主席 总统 總統 总理 總理 首相 国王 國王 女王 皇帝 部长 部長 局长 局長 州长 州長 市长
        市長 国务卿 國務卿 议长 议员 議員 委员 委員 发言人 發言人 大使 将军 將軍 法官 律师
        律師 教授 学者 學者 专家 專家 [^\W大自人回]家 作者 诗人 詩人 演员 演員 导演 導演 歌手
        歌星 乐队 樂隊 制作人 製作人 主持人 记者 記者 编辑 編輯 评论员 評論員 博主 运动员
        運動員 球员 球員 教练 教練 投资者 投資者 投资人 投資人 分析师 分析師 工程师 工程師
        设计师 設計師 医生 醫生 顾问 顧問 经理 合伙人 高管 政客 领袖 領袖 领导人 領導人
        活动人士 人物 角色 之父 之母 之一 富豪 富翁 得主 主义者 主義者 倡导者 倡導者 创业者 創業者
        开发者 開發者 先驱 先驅 大亨 选手 選手 明星 名人 网红 網紅 大师 大師 院士 宇航员 太空人
        牧师 牧師 神父 军官 軍官 元帅 元帥 检察官 檢察官 官员 官員 厨师 廚師 主厨 主廚 模特
        摄影师 攝影師 建筑师 建築師 心理师 心理師 治疗师 治療師 教师 教師 院长 院長 校长 校長
        主编 主編 出版人 经纪人 經紀人 研究员 研究員 程序员 程式設計師 黑客 駭客"""
    )
    + ")[”』」]?$"
)
"""At the end of a text: it says who a person is."""

THING: Final = re.compile(
    "(?:的(?:[^，。；、的（()]{1,9}|[A-Za-z][^，。；的（()]{1,30})|"
    + _any(
        """制造商 製造商 生产商 供应商 運營商 运营商 零售商 开发商 開發商 提供商 出版商 品牌
        巨头 巨頭 企业 企業 初创公司 独角兽 子公司 科技公司 投资公司 电影 電影 电视剧 電視劇
        剧集 动画 動畫 漫画 漫畫 小说 小說 游戏 遊戲 专辑 專輯 歌曲 纪录片 紀錄片 播客 节目
        節目 杂志 雜誌 报纸 報紙 期刊 网站 網站 社区 社區 首都 首府 城市 港口 岛屿 島嶼 省份
        城镇 小镇 王朝 部落 民族 平台 工具 软件 軟體 框架 语言 語言 插件 模型 芯片 晶片 算法
        协议 協議 应用 應用 服务 服務 功能 系统 系統 疗法 療法 药物 藥物 疾病 现象 現象 效应
        理论 理論 概念 策略 方法 技术 技術 产品 產品"""
    )
    + ")[”』」]?$"
)
"""At the end of a text of some length: it names a kind of thing."""

ROLE: Final = re.compile(rf"(?:{_NATION}|前|现任|現任|著名|知名|已故|传奇|传媒|华裔|当代|当红)")
"""At the start of what ends as PERSON does: no title in translation begins so."""

OWNED: Final = re.compile(
    rf"(?:[A-Z][\w.&-]{{1,20}}(?: [A-Z][\w.&-]{{1,20}}){{0,2}} ?|{_NATION}|"
    + _any(
        """微软 微軟 谷歌 苹果 蘋果 亚马逊 亞馬遜 英伟达 輝達 脸书 臉書 特斯拉 阿里巴巴 阿里
        腾讯 騰訊 百度 字节跳动"""
    )
    + ")的[^，。；？！]{2,20}$"
)
"""A thing of somebody's: it tells what a foreign name belongs to."""

KIND_WORDS: Final = {
    "平台": "platform",
    "平臺": "platform",
    "工具": "tool kit",
    "软件": "software app",
    "軟體": "software app",
    "应用": "app",
    "网站": "site web",
    "網站": "site web",
    "浏览器": "browser",
    "编辑器": "editor",
    "搜索引擎": "search",
    "游戏": "game",
    "遊戲": "game",
    "播客": "podcast",
    "电视剧": "series show drama",
    "电影": "film movie",
    "電影": "film movie",
    "杂志": "magazine",
    "品牌": "brand",
    "初创公司": "startup",
    "科技公司": "tech",
    "制药公司": "pharma drug",
}
"""Kinds of things with a name, and how a headword that says so itself says it."""

KINDS: Final = re.compile(f"(?:{'|'.join(KIND_WORDS)})$")

ASIDE: Final = re.compile(
    "(?:"
    + _any(
        r"""毕竟 畢竟 反正 例如 比如 譬如 例： 如(?!何|果) 像 即便 即使 尽管 儘管 虽然 雖然 但
        不过 不過 因为 因為 因此 所以 如果 若 特别 特別 尤其 以及 或 和 及 与 與 甚至 当然
        當然 其实 其實 无论 無論 不管 至少 大约 大約 约(?!翰|瑟|书|旦|克) 約 超过 超過 截至
        截止 目前 当时 當時 现在 現在 后来 後來 我 你 您 他 她 它 这 這 那 也 都 就 还 還
        又(?!名|称|稱) 再 不 没 沒 未 参见 參見 参考 详见 詳見 同上 为了 為了 除了 除非
        注[：:，] 註[：:，] 可能 可以 应该 應該 应[为為] 有(?!效|机|機|限|氧|线|線) 只 仅 僅
        很 非常 更 最好 真的 确实 確實 大概 或许 也许 估计 总之 總之 其中 另外 同时 同時 包括
        含 共(?!和|同|享) 每 从 從 到 把 被 让 讓 请 請 来自 來自 根据 根據 据 據
        在(?:这|這|那|我|你|他|它|她|大多|某|此) 对[的，。吧啊] [见見][上下图圖表第前後后文《]
        第[一二三四五六七八九十\d]+[章节節页頁行条條季集次天年代轮輪场場]
        多[么麼数數亏次个個年] [几幾][乎个個年十百千天次家] [上下]图 [图圖][\d一二三：:示] 想
        要(?!素|塞) 会(?!计|议|员|展) 會(?!計|議|員|展) 已 正在 曾 笑 看到 看来 听说 聽說 说是
        說是 给你 给我 当[你我他时]"""
    )
    + ")"
)
"""At the start of a bracket without a colon: it comments, or gives an example."""

NOTE: Final = re.compile(
    r"此[处處][^，。：]{0,6}(?:应|應|疑|误|誤|可能|似|原|口|缺|省|听|聽|双关|雙關)|"
    + _any(
        r"""
        ^(?:原文|原話|原话|原稿|原作|译文|譯文|译者|譯者|编者|編者|编注|校注|听写|转录|轉錄|字幕)
        口误 口誤 笔误 筆誤 误识别 誤識別 误听 误写 误为 误作 应为[“‘「《] 應為[「“] 应作 疑为
        推测[为為是] 疑為 疑似 疑指 拼写错误 识别错误 听不清 聽不清 音频(?:不|中断|缺|模糊)
        无法辨
        ^[注註按][：:]"""
    )
)
"""In a bracket's first characters: somebody remarks on the text, and explains nothing."""

LABELS: Final = frozenset(
    """注 註 注意 备注 備註 例 例如 例子 举例 舉例 如 比如 譬如 像 即 也就是 简称 簡稱 全称
    全稱 又称 又稱 亦称 又名 股票代码 股票代號 代码 代號 代码为 原文 译注 譯註 译者注 編者按
    编者按 编者注 按 来源 來源 出处 出處 参考 參考 参见 參見 见 見 详见 图 圖 圖片 图片 链接
    連結 网址 網址 地址 电话 電話 邮箱 作者 译者 譯者 编辑 編輯 主持人 嘉宾 来宾 旁白 字幕
    掌声 笑声 音乐 时间 時間 日期 背景 提示 说明 說明 总结 結論 结论 目标价 目標價 市值 价格
    價格 现价 涨幅 跌幅 成本 预计 預計 数据 數據 单位 單位 约合 截至 其中 包括 分别是 分別是
    原文书名 原书名 书名 副标题 原文書名與副標題 原文書名 英文书名 答 问 問 答案 译 譯 意译
    直译 音译 口语 美式 英式 可能是 可能指 疑为 应为 应该是 此处 此處 优点 缺点 特点 优势 劣势
    重点 关键 核心 目标 用途 功能 状态 版本 类型 分类 级别 难度 评分 得分 排名 占比 份额 同比
    环比 增长 上涨 下跌 买入 卖出 止损 支撑 阻力 地点 年份 年龄 人数 距离 长度 高度 重量 温度
    频率 次数 步骤 原因 结果 影响 建议 翻译 发音 读音 拼音 谐音 标题 主题 章节 页码 字面
    缺点是 优点是 前提 条件 注解 附注 旁注 补充 更正 勘误 笑 画外音 優點 缺點 特點 優勢 重點
    目標 狀態 類型 評分 佔比 結果 影響 建議 發音 標題 主題 補充 sic inaudible unclear
    crosstalk phonetic audio note nb n.b. e.g e.g. eg i.e i.e. ie cf cf. see source ticker
    nasdaq nyse symbol via by aka a.k.a a.k.a. p pp vol isbn doi url link http https www tel
    email""".split()
)
"""Before a colon: a label of what follows, not another name of the headword."""

EXAMPLE: Final = re.compile("[例比譬]如")
"""At the start of what follows a colon: it gives examples of the headword."""

SAYS: Final = frozenset(
    """意思 意思是 含义 含義 定义 定義 解释 解釋 释义 釋義 意为 意為 意即 指 指的是 是指 即指
    直译为 字面意思 本意 原意 原指 这里指 此处指 這裡指""".split()
)
"""Before a colon: what follows defines, and there is no original."""

CHATTER: Final = re.compile(
    "(?:"
    + _any(
        """对[的，。啊] 是的 是啊 嗯 哦 喔 啊 哈 好[的吧啊，。] 我 你 您 没错 沒錯 谢谢 謝謝
        真的 哇 不[是，。]"""
    )
    + ")"
)
"""Behind a colon: somebody is speaking, ``（Mike: 对，没错）``."""

CALLED: Final = re.compile(
    r"^(?:现已?更名[为為]|又[名称稱]|[也亦旧舊简簡全原][称稱]|原名|即)[为為是]?[ ：:]?(?=.)"
)
"""In front of an original: the author says that it is another name."""

LANGUAGE: Final = re.compile("[\u3400-\u9fff]{1,4}[语語文]")
"""The name of a language, in the place of an original."""

LIST: Final = re.compile(
    r"(?:；|(?<!&amp)(?<!&lt)(?<!&gt)(?<!&quot)(?<!&apos)(?<!&nbsp)(?<!&#\d\d);) ?[\w ]{1,20}[：:]"
)
"""A second label in a bracket: it lists, or compares."""

TEMPLATE: Final = re.compile(
    r"(?:(?:[英中日法德俄韩韓外]|拉丁|西班牙|意大利|希腊)[文语語](?:/[英中]文)?"
    r"(?:全称|全稱|名称|名稱|名字|原?名|原文|译名|譯名|翻译|缩写|縮寫|简称|称|稱|术语)?"
    r"|[全简簡原](?:称|稱|名|文))(?:/[^：:，]{1,6})?[：:] ?"
)
"""What a template left before the original: ``英文全称：``."""

ABBREVIATES: Final = re.compile(
    "(?:"
    + _any(
        """简称 簡稱 缩写 縮寫 又称 又稱 亦称 亦稱 也称 也稱 又叫 也叫 俗称 俗稱 又名 别名
        別名 旧称 舊稱 英文 全称 全稱 原名 股票代码 代码"""
    )
    + ")[为為是作：: ]{0,2}[^，。；,;]{1,24}$"
)
"""The whole of a text that gives only another name."""

ENGLISH_DEFINITION: Final = re.compile(
    r"(?:an?|the|one|any|someone|something|people|those|when|used|refers?|to) ",
    re.IGNORECASE,
)
"""At the start of English words: they go on as a definition."""

SOUNDS: Final = frozenset(
    """phonetic audio note laugh laughs laughter laughing chuckle chuckles music applause
    cheering sigh sighs gasp gasps sic inaudible unclear crosstalk pause silence cough coughs
    beep bleep speaking foreign upbeat digital clears ok okay yes no yeah sure right maybe
    hopefully etc if and or but not e.g e.g. i.e i.e. eg ie aka vs see about with for from in
    on at of to by as than plus incl""".split()
)
"""The first word of a bracket of Latin letters: a noise, or the rest of a sentence."""
