"""Through whose hands a repost came: the accounts that its text names, "转发//@甲:…//@乙:…".

`fingerprint_chain` wants the oldest words and forgives symbols strewn into a chain; here the names
count, to the letter, for by them the spread path is drawn.
"""

import re
from dataclasses import dataclass

# Weibo's names have 2 to 30 letters, digits, "_" and "-"; other platforms allow nearly anything.
_NAME = r"(?:[A-Za-z]+(?: [A-Za-z]+){1,2}|[^\s@＠:：/／|\\]{1,30})"
_SLASHES = r"(?<!http:)(?<!https:)(?<!ftp:)[/／]\s?[/／]\s*"
_LINK = re.compile(rf"(?:{_SLASHES}|(?<!\w)RT\s+|\|\|\s*)[@＠]\s?({_NAME})\s?[:：]")
_CUT = re.compile(rf"{_SLASHES}[@＠]\s?({_NAME})?\s*$")
_NO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u2060\ufeff"))  # a joiner belongs to its emoji


@dataclass(frozen=True, slots=True)
class Hands:
    """The accounts a post came through, the nearest first, and how the name begins that was cut."""

    names: tuple[str, ...] = ()
    cut: str = ""


NONE = Hands()


def hands(text: str) -> Hands:
    """Whose reposts a post passes on, the one it was taken from first.

    >>> hands("同求//@甲:漏水了 //@乙_1：新买的壶漏水")
    Hands(names=('甲', '乙_1'), cut='')
    >>> hands("看http://@甲:8000/ 回复@乙:对")  # an address and an answer are no repost
    Hands(names=(), cut='')
    >>> hands("同求//@甲:漏水了//@星河")  # cut at 140 characters: 星河…
    Hands(names=('甲',), cut='星河')
    """
    if "@" not in text and "＠" not in text:  # most posts: nothing to take apart
        return NONE
    plain = text.translate(_NO_WIDTH)
    cut = _CUT.search(plain)
    return Hands(
        names=tuple(match.group(1) for match in _LINK.finditer(plain)),
        cut=(cut.group(1) or "").rstrip(".…") if cut else "",
    )
