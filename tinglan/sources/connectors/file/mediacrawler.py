"""MediaCrawler's Weibo files as a table of columns: posts and comments, both generations.

Until July 2026 a row named its author (user_id, ip_location …); since then it carries a hash and a
masked name, and ids are strings. A missing value may be the word None. Only the files are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tinglan.sources.connectors.contract import SourceFacts
from tinglan.sources.connectors.fields import (
    Record,
    RecordError,
    id_of,
    mentions_in,
    parse_count,
    short,
    tags_in,
    text_of,
    time_of,
    url_of,
)
from tinglan.sources.item import IdSpace, Item, ItemAuthor, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where a kind of row keeps what; of several columns the first that is known is taken."""

    kind: Kind
    id_space: IdSpace
    native_id: str
    text: str
    counts: Mapping[str, str]
    url: str = ""
    parent: str = ""
    root: str = ""
    published: tuple[str, ...] = ("create_time", "create_date_time")
    author_id: tuple[str, ...] = ("user_id", "creator_hash")
    author_name: tuple[str, ...] = ("nickname", "user_nickname")
    region: str = "ip_location"


CONTENTS: Final = Columns(
    kind="post",
    id_space="content",
    native_id="note_id",
    text="content",
    url="note_url",
    counts={"like": "liked_count", "comment": "comments_count", "repost": "shared_count"},
)
COMMENTS: Final = Columns(
    kind="comment",
    id_space="comment",
    native_id="comment_id",
    text="content",
    parent="parent_comment_id",
    root="note_id",
    counts={"like": "comment_like_count", "comment": "sub_comment_count"},
)
NO_PARENT: Final = frozenset({"", "0"})


def read_weibo(record: Record, source: SourceFacts) -> Item:
    """A row of contents or of comments: only comments have a comment_id."""
    columns = COMMENTS if "comment_id" in record else CONTENTS
    text = text_of(record.get(columns.text))
    if not text or text == "None":
        raise RecordError(f"its column {columns.text} is empty")
    url = url_of(record.get(columns.url))
    native_id, id_flags = id_of(record.get(columns.native_id), url=url)
    moments = (record.get(column) for column in columns.published)
    published, date_flags = time_of(*moments, source=source)
    root_id = id_of(record.get(columns.root))[0] if columns.root else None
    return Item(
        platform="weibo",
        native_id=native_id,
        text=text,
        id_space=columns.id_space,
        kind=columns.kind,
        url=url,
        published_at=published.at,
        precision=published.precision,
        author=_author(record, columns),
        region=_region(record, columns),
        region_kind="ip" if _region(record, columns) else "",
        parent_id=_parent(record, columns, native_id=native_id) or root_id,
        root_id=root_id,
        counts={name: parse_count(record.get(column)) for name, column in columns.counts.items()},
        tags=tags_in(text),
        mentions=mentions_in(text),
        raw=dict(record),
        flags=id_flags + date_flags,
    )


def _parent(record: Record, columns: Columns, *, native_id: str) -> str | None:
    """A reply names its thread's first comment, which itself names none, 0, or itself."""
    parent = short(record.get(columns.parent), limit=128)
    return None if parent in NO_PARENT or parent == native_id else parent


def _author(record: Record, columns: Columns) -> ItemAuthor | None:
    native_id = _first(record, columns.author_id)
    name = _first(record, columns.author_name)
    return ItemAuthor(native_id=native_id, name=name) if native_id or name else None


def _first(record: Record, columns: tuple[str, ...]) -> str | None:
    return next((text for name in columns if (text := short(record.get(name), limit=128))), None)


def _region(record: Record, columns: Columns) -> str:
    return short(record.get(columns.region), limit=64).removeprefix("发布于").strip()
