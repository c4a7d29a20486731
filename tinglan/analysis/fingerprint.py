"""When are two posts copies of one text: by structure first, then by an exact key.

A repost leads to the text it passes on ("转发微博//@甲:…"); web addresses, symbols, emoji, blanks
and punctuation do not count. Edited copies and syndication are not for this module.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from tinglan.analysis.text import fold

# Below this a text says too little to be a copy: "哈哈哈" of two authors are two posts.
MIN_CHARACTERS = 6
KEY_BYTES = 8  # a signed 64-bit integer: what both stores keep as bigint

# "//@name:" of a repost chain; the address "http://@" is none.
_PASSED_ON = re.compile(r"(?<![:：])//\s*@\s*([^\s@:：/]{1,40})\s*[:：]")
# What platforms write when the author of a repost wrote nothing.
_EMPTY_REPOST = re.compile(
    r"\s*(?:转发|轉發|快转|快轉|转发微博|轉發微博|快转微博|分享微博|分享图片|repost)\s*[.。!！,，]*\s*",
    re.IGNORECASE,
)
_SHOWN_LINK = re.compile(r"(?:(?<![A-Za-z])O|🔗)?\s*网页链接")
# Signs that carry no text; a full stop between digits is part of a price.
_NO_TEXT = re.compile(r"(?!(?<=\d)\.(?=\d))[\W_]+")


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
    for link in reversed(repost_chain(text)):
        if link.text and not _EMPTY_REPOST.fullmatch(link.text):
            return link.text
    return ""


def canonical(texts: Sequence[str]) -> list[str]:
    """What decides whether a text is a copy: the letters, digits and characters of its root.

    >>> canonical(["轉發微博//@甲：星河★熱水壺，涨到 3.5元😡！ http://t.cn/A6x"])
    ['星河热水壶涨到3.5元']
    """
    roots = [_SHOWN_LINK.sub(" ", repost_root(text)) for text in texts]
    return [_NO_TEXT.sub("", part) for part in fold(roots).view().parts()]


def exact_keys(texts: Sequence[str]) -> list[int | None]:
    """The keys of a batch; see `exact_key`.

    >>> keys = exact_keys(["星河热水壶漏水", "哈哈哈"])
    >>> keys[0] == exact_key("星河热水壶漏水"), keys[1]
    (True, None)
    """
    return [_key(text) if len(text) >= MIN_CHARACTERS else None for text in canonical(texts)]


def exact_key(text: str) -> int | None:
    """A signed 64-bit key, equal for copies, the same in every process and on every machine.

    None when fewer than six characters count: such a text is a copy of nothing.

    >>> exact_key("星河热水壶，漏水了！") == exact_key("转发微博//@甲:星河 熱水壺漏水了😡")
    True
    >>> exact_key("哈哈哈") is None
    True
    """
    return exact_keys([text])[0]


def _key(text: str) -> int:
    digest = blake2b(text.encode(), digest_size=KEY_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)
