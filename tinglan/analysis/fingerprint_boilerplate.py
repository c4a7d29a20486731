"""What outlets wrap around a text that they pass on: 【…讯】, 本报讯（记者…）, 来源：…, 责编：….

Only the beginning and the end of a text are looked at, and a bounded part of each: in the middle
the same words belong to what is told.
"""

import re

HEAD, TAIL = 120, 120  # characters at the ends of a text that can be boilerplate
ROUNDS = 6  # pieces of boilerplate at one end
LEAST_KEPT = 0.4  # of the text: what is mostly boilerplate is left as it is

_OUTLET = r"[\w·]{0,12}?(?:社|网|报|台|刊|新闻|客户端|在线|财经|视频|卫视)"
_LABEL = (
    r"(?:(?:文章|信息|图片|稿件|内容|资料|新闻|素材|综合)?来源|来自|(?:本文)?转载?自|摘自|原标题|原题"
    r"|责任编辑|责编|值班编辑|编辑|编审|编校|校对|审核|监制|主编|统筹"
    r"|作者|撰文|撰稿|记者|通讯员|实习生|摄影)"
)
_BYLINE = rf"[（(](?:{_OUTLET})?\s*(?:记者|通讯员|编译|编辑|作者|来源)[^（）()\n]{{0,40}}[）)]"
_REPORTED_BY = rf"(?:{_OUTLET})?\s*记者\s*[\w·、 ]{{2,24}}?(?:报道|摄)"

_MAY_BEGIN_SO = re.compile(r"[讯转源]|日电|消息|报道|记者|通讯员|编|标题|作者|摘自|来自")
_AT_HEAD = re.compile(
    r"[\s—\-]*(?:"
    r"[【\[〔（(][^】\]〕）)\n]{0,20}?(?:讯|电|消息|报道|转载|转发|转)[】\]〕）)]"
    r"|本[报网台站刊]\w{0,8}?讯"
    rf"|{_BYLINE}|{_REPORTED_BY}"
    rf"|{_OUTLET}[\w ]{{0,10}}?\d{{1,2}}月\d{{1,2}}日(?:电|讯|消息|报道)"
    rf"|据{_OUTLET}(?:客户端|官微)?\s*(?:报道|消息)"
    rf"|[（(【]{_LABEL}\s*[：:][^（）()【】\n]{{1,60}}[）)】]"
    r"|原标题\s*[：:][^\n]{1,60}\n"
    rf"|{_LABEL}\s*[：:]\s*[^\s，。,：:]{{1,24}}\s"
    r")[\s—\-:：，,]*"
)

_MAY_END_SO = re.compile(r"[源自题编校对审核制统作撰记通实摄via转][\w ]{0,8}[：:/|丨@者）)]")
_VIA = r"(?<![-0-9A-Za-z./:?=&%#~+_@;!$*'])via"  # not the end of a web address
_NAMED = (
    rf"{_LABEL}\s*[：:/|丨]\s*[^\n。！？!?]{{1,40}}"
    rf"|(?:转自|来自|分享自|{_VIA}|转)\s*@\S{{1,30}}"
    rf"|{_BYLINE}"
)
_LABELLED = re.compile(_NAMED)
# What may begin with any word is sought where it may stand only: it takes ten times as long.
_LABELLED_OR_REPORTED, _REPORTER = re.compile(rf"{_NAMED}|{_REPORTED_BY}"), "记者"
_OPENING, _CLOSING = " \t\r\n\u3000（(【[〔|丨/—-", " \t\r\n\u3000）)】]〕。?？"
# One of these stands in each piece of boilerplate: what has none need not be looked at.
SIGNS = "讯转"
WORDS = re.findall(
    r"\S\S",
    "来源 来自 载自 摘自 享自 标题 原题 编辑 责编 编审 编校 校对 审核 监制 主编 统筹 作者 撰文 撰稿"
    " 记者 实习 摄影 编译 日电 消息 报道 vi 电】 电] 电〕 电) 电）",
)


def core_of(text: str) -> tuple[int, int]:
    """Where in the text stands what is told, without the boilerplate of syndication.

    >>> told = "星河热水壶漏电，三名消费者受伤，厂家表示正在调查。"
    >>> passed_on = f"【环球快报讯】{told}（来源：城市晚报 责编：李某）"
    >>> start, end = core_of(passed_on)
    >>> passed_on[start:end]
    '星河热水壶漏电，三名消费者受伤，厂家表示正在调查。'
    >>> core_of("来源：不明"), core_of("")
    ((0, 5), (0, 0))
    """
    start, end = told_in(text)
    return (start, end) if end - start >= LEAST_KEPT * len(text) else (0, len(text))


def told_in(text: str) -> tuple[int, int]:
    """As `core_of`, however little is left."""
    start, end = _begin(text), _end(text)
    return min(start, end), end


def _begin(text: str) -> int:
    at = 0
    if _MAY_BEGIN_SO.search(text, 0, HEAD):
        for _ in range(ROUNDS):
            found = _AT_HEAD.match(text, at, HEAD)
            if found is None:
                break
            at = found.end()
    return at


def _end(text: str) -> int:
    end = len(text)
    for _ in range(ROUNDS):
        shorter = _shorter(text, end)
        if shorter is None:
            break
        end = shorter
    return end


def _shorter(text: str, end: int) -> int | None:
    """Where the last piece of boilerplate before `end` begins; None when there is none."""
    first = max(0, end - TAIL)
    if _MAY_END_SO.search(text, first, end):
        has_reporter = text.find(_REPORTER, first, end) >= 0
        pattern = _LABELLED_OR_REPORTED if has_reporter else _LABELLED
        for found in pattern.finditer(text, first, end):
            if not text[found.end() : end].strip(_CLOSING):
                return first + len(text[first : found.start()].rstrip(_OPENING))
    return None
