"""Repost chains: a repost leads to the oldest words it passes on ("转发微博//@甲:…")."""

import re
from dataclasses import dataclass

# "//@name:" of a repost chain, symbols strewn into it or not; the address "http://@" is none.
_STREWN = r"(?:[^\w:：/@#，。,.!?！？]|_){0,3}"
_PASSED_ON = re.compile(
    rf"(?<![:：])/{_STREWN}/{_STREWN}@{_STREWN}([^\s@:：/]{{1,40}}){_STREWN}[:：]"
)
# What platforms write when the author of a repost wrote nothing.
_EMPTY_REPOST = re.compile(
    r"\s*(?:转发|轉發|快转|快轉|转发微博|轉發微博|快转微博|分享微博|分享图片|repost)\s*[.。!！,，]*\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a repost chain: whose words, "" for the author of the post itself."""

    author: str
    text: str


def repost_chain(text: str) -> tuple[Link, ...]:
    """The words of a post and of those it passes on, the newest first.

    >>> [(link.author, link.text) for link in repost_chain("同求//@甲:漏水 //@乙:新买的壶漏水")]
    [('', '同求'), ('甲', '漏水'), ('乙', '新买的壶漏水')]
    """
    pieces = _PASSED_ON.split(text)
    authors = ["", *pieces[1::2]]
    return tuple(
        Link(author, words.strip()) for author, words in zip(authors, pieces[::2], strict=True)
    )


def repost_root(text: str) -> str:
    """The oldest words that a repost carries; the text itself when it is no repost, "" if none.

    >>> repost_root("转发微博//@安琪:星河热水壶漏水，客服不理")
    '星河热水壶漏水，客服不理'
    >>> repost_root("说得好//@安琪:转发微博"), repost_root("转发微博")
    ('说得好', '')
    """
    if "/" not in text or "@" not in text:  # most posts: nothing to take apart
        return "" if _EMPTY_REPOST.fullmatch(text) else text.strip()
    for link in reversed(repost_chain(text)):
        if link.text and not _EMPTY_REPOST.fullmatch(link.text):
            return link.text
    return ""


def n_passed_on(text: str) -> int:
    """Through how many hands a text came: its links but the author's own.

    >>> n_passed_on("同求//@甲:转发微博//@乙:漏水了"), n_passed_on("漏水了")
    (2, 0)
    """
    return sum(1 for _ in _PASSED_ON.finditer(text)) if "@" in text else 0
