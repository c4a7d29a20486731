"""Items as connectors hand them over, in one line each."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from tinglan.sources.item import Item, ItemAuthor

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
_numbers = count(7_440_000_000_000_000_001)


def make_item(text: str = "星河水壶漏电，客服三天没有回复", **fields: Any) -> Item:
    author = fields.pop("author", ItemAuthor(native_id="u1", name="路过的消费者"))
    values: dict[str, Any] = {
        "platform": "weibo",
        "native_id": str(next(_numbers)),
        "published_at": NOW,
        "precision": "second",
        "raw": {"text": text},
        **fields,
    }
    return Item(text=text, author=author, **values)


def make_comment(text: str = "同求", **fields: Any) -> Item:
    return make_item(text, id_space="comment", kind="comment", **fields)
