"""What a connector hands to intake: one published item in the common shape, before it is a row.

Every connector (feed, file, push) yields `Item` and `Reject` values and nothing else;
`sources.intake` alone turns them into posts. Unknown is None and never 0 or "".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal[
    "post", "comment", "repost", "article", "review", "complaint", "video", "mail", "form", "call"
]
IdSpace = Literal["content", "comment"]
Precision = Literal["second", "minute", "day", "none"]
Verified = Literal["none", "person", "org", "media", "gov"]
Flag = Literal[
    "future_date",  # later than now: published_at is None
    "absurd_date",  # before the web: likewise
    "unreadable_date",  # in no form we know: likewise
    "old_date",  # more than a year back: kept
    "numeric_id",  # a number beyond 2**53, whose last digits a spreadsheet may have lost
    "recovered_id",  # such an id, taken from the address instead
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAuthor:
    """Who published it, as far as the source tells; crawlers often mask everything but a name."""

    native_id: str | None = None
    name: str | None = None
    followers: int | None = None
    verified: Verified | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of one source. Identity: (platform, id_space, native_id).

    A `parent_id` equal to `root_id` is the content that a comment stands under; any other parent of
    a comment is a comment. Without a root the parent may be either.
    """

    platform: str
    native_id: str
    text: str
    id_space: IdSpace = "content"
    kind: Kind = "post"
    title: str = ""
    url: str = ""
    published_at: datetime | None = None  # aware, UTC; None when the source does not say
    precision: Precision = "none"
    edited_at: datetime | None = None
    author: ItemAuthor | None = None
    region: str = ""
    region_kind: Literal["", "ip", "profile", "text"] = ""
    parent_id: str | None = None  # native ids on the same platform
    root_id: str | None = None
    repost_of: str | None = None
    counts: Mapping[str, int | None] = field(default_factory=dict)  # like comment repost view …
    media: tuple[Mapping[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    channel: str = ""  # board, forum or outlet name
    vendor_labels: Mapping[str, object] = field(default_factory=dict)
    raw: Mapping[str, object] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    position: int = 0  # 1-based line or entry number where it stood


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A line or entry that could not become an item: where, and what to do about it."""

    position: int  # 1-based line or entry number
    reason: str
    sample: str = ""  # at most 200 characters of the offending input
    native_id: str = ""  # the id it would have had, where that could be read
