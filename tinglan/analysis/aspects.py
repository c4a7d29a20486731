"""What a post is about (问题方面): quality, safety, price …, by published word rules.

The words stand in weights/aspect_rules.json. A post gets every aspect of which it holds a word; a
post without any gets none, and what was said stays for a person to read.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from tinglan.analysis import weights
from tinglan.analysis.wordrules import WordLists, as_mapping, as_words, folded

__all__ = ["METHOD", "VERSION", "Aspect", "classify"]

METHOD = "rules"
VERSION = "aspect-rules-1"
_IGNORED = "ignored"  # longer words that only look like one of an aspect


class Aspect(StrEnum):
    """The aspect of an inquiry, complaint or praise (问题方面)."""

    QUALITY = "quality"  # 质量/做工
    SAFETY = "safety"  # 安全/伤害/食品卫生
    FUNCTION = "function"  # 功能/性能/效果
    DESIGN = "design"  # 外观/设计/体验
    PRICE = "price"  # 价格/促销/优惠
    DELIVERY = "delivery"  # 物流/发货/安装
    AFTER_SALES = "after_sales"  # 退换/维修/退款
    STAFF = "staff"  # 客服/员工态度
    ADVERTISING = "advertising"  # 虚假宣传/误导
    PRIVACY = "privacy"  # 个人信息/数据
    ETHICS = "ethics"  # 价值观/歧视/环保/劳动者权益
    MANAGEMENT = "management"  # 企业经营/高管/财务
    OTHER = "other"


def classify(texts: Sequence[str]) -> list[tuple[Aspect, ...]]:
    """Name the aspects of each post, in the order of Aspect.

    >>> [list(map(str, found)) for found in classify(["水壶漏电，客服不理我", "发货太慢", "哈"])]
    [['safety', 'staff'], ['delivery'], []]
    """
    return [_aspects_of(text) for text in texts]


def _aspects_of(text: str) -> tuple[Aspect, ...]:
    found = _lists().found_in(folded(text))
    return tuple(aspect for aspect in Aspect if aspect in found)


@cache
def _lists() -> WordLists:
    rules = weights.load_rules("aspect_rules")
    lists: dict[str, Sequence[str]] = {
        Aspect(name): as_words(words) for name, words in as_mapping(rules["aspects"]).items()
    }
    return WordLists.of({**lists, _IGNORED: as_words(rules[_IGNORED])})
