"""A real cascade of the CED data set, told anew now: the same words, the same intervals.

Of it become a feed, as a site of news would bring it, and the two files that MediaCrawler writes of
a Weibo search: contents and comments, of its new generation (ids are strings, authors a hash).
"""

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

FILE = "CED_weibo_cascades/train_dev.jsonl.gz"
SPAN = timedelta(hours=20)  # of the cascade: what is older than a day counts for no level


@dataclass(frozen=True, slots=True)
class Repost:
    """Somebody passes it on with words of their own; `above` is whose repost they repeat."""

    number: int
    at: datetime
    text: str
    above: int | None


@dataclass(frozen=True, slots=True)
class Cascade:
    native_id: str
    at: datetime
    text: str
    followers: int
    reposts: Sequence[Repost]


def cascade_of(data: Path, native_id: str, *, now: datetime) -> Cascade:
    """Shifted so that its last repost within SPAN was a minute ago."""
    with gzip.open(data / FILE, "rt", encoding="utf-8") as lines:
        row = next(row for row in map(json.loads, lines) if row["id"] == native_id)
    said = [
        (number, timedelta(seconds=delay), above, text.strip())
        for number, (delay, above, text) in enumerate(row["reposts"])
        if delay < SPAN.total_seconds() and text.strip()
    ]
    start = now - timedelta(minutes=1) - max(delay for _, delay, _, _ in said)
    kept = {number for number, *_ in said}
    reposts = [
        Repost(number, start + delay, text, above if above in kept else None)
        for number, delay, above, text in said
    ]
    return Cascade(native_id, start, row["text"], row["user"]["followers"], reposts)


def feed(posts: Sequence[Repost], *, title: str) -> bytes:
    """RSS 2.0 with an item for each."""
    items = "".join(
        f"<item><guid isPermaLink='false'>n{post.number}</guid>"
        f"<title>{escape(post.text[:30])}</title>"
        f"<description>{escape(post.text)}</description>"
        f"<pubDate>{format_datetime(post.at)}</pubDate></item>"
        for post in posts
    )
    head = f"<title>{escape(title)}</title><link>https://news.example/</link>"
    document = f'<rss version="2.0"><channel>{head}{items}</channel></rss>'
    return f'<?xml version="1.0" encoding="utf-8"?>{document}'.encode()


def write_contents(cascade: Cascade, path: Path) -> Path:
    """The original, as `search_contents_….jsonl`."""
    row = {
        "note_id": cascade.native_id,
        "content": cascade.text,
        "create_time": int(cascade.at.timestamp()),
        "create_date_time": cascade.at.isoformat(sep=" ", timespec="seconds"),
        "note_url": f"https://m.weibo.cn/detail/{cascade.native_id}",
        "liked_count": "7",
        "comments_count": "418",
        "shared_count": str(len(cascade.reposts)),
        "nickname": "消***报",
        "creator_hash": _hash("author"),
        "source_keyword": "爆炸",
    }
    return _write(path, [row])


def write_comments(cascade: Cascade, reposts: Sequence[Repost], path: Path) -> Path:
    """What was said under it, as `search_comments_….jsonl`."""
    rows = [
        {
            "comment_id": f"{cascade.native_id}{post.number:05}",
            "note_id": cascade.native_id,
            "parent_comment_id": ""
            if post.above is None
            else f"{cascade.native_id}{post.above:05}",
            "content": post.text,
            "create_time": int(post.at.timestamp()),
            "create_date_time": post.at.isoformat(sep=" ", timespec="seconds"),
            "comment_like_count": "0",
            "sub_comment_count": "None",
            "nickname": "路***人",
            "creator_hash": _hash(str(post.number)),
        }
        for post in reposts
    ]
    return _write(path, rows)


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:16]
