"""Make an item storable: what a database refuses is taken out, what is too long is cut or hashed.

Pure: an item goes in, an item comes out, with flags for what had to be set right. What cannot be
told apart from others or says nothing at all is unusable and becomes a rejection with its reason.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tinglan.lib.dates import EARLIEST, FUTURE_TOLERANCE
from tinglan.lib.errors import TinglanError
from tinglan.sources.item import Item, ItemAuthor

MAX_TEXT_BYTES: Final = 200 * 1024  # kept whole up to here; the sealed raw record has the rest
MAX_TITLE: Final = 500
MAX_ID: Final = 128
MAX_NAME: Final = 128
MAX_URL: Final = 1000
MAX_COUNT: Final = 2**63 - 1
BACKFILL_AFTER: Final = timedelta(hours=48)

FUTURE_DATE: Final = "future_date"  # the source's time lies ahead: first_seen_at counts instead
ABSURD_DATE: Final = "absurd_date"  # before the web
TEXT_CUT: Final = "text_cut"

# PostgreSQL stores no NUL, UTF-8 no lone surrogate; other control characters only hide words.
UNSTORABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
COUNTS: Final = {
    "like": "n_likes",
    "comment": "n_comments",
    "repost": "n_reposts",
    "view": "n_views",
}


class UnusableError(TinglanError):
    """The item cannot become a post; the message says why."""


@dataclass(frozen=True, slots=True)
class Tidy:
    """An item that can be stored, what was set right, and the hash of what it says."""

    item: Item
    content_hash: str
    flags: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int | None]:
        """By the names of the columns."""
        return {column: self.item.counts.get(name) for name, column in COUNTS.items()}


def tidy(item: Item, *, now: datetime) -> Tidy:
    """The storable form of an item; UnusableError when there is none."""
    flags: list[str] = list(item.flags)
    title, text = _content(item, flags)
    _check(item, title=title, text=text)
    published_at = _published(item, now, flags)
    tidied = replace(
        item,
        native_id=_identifier(item.native_id),
        title=title,
        text=text,
        url=_url(item.url),
        published_at=published_at,
        precision=item.precision if published_at else "none",
        edited_at=_not_ahead(item.edited_at, now),
        author=_author(item.author),
        region=clean(item.region)[:64],
        channel=clean(item.channel)[:MAX_NAME],
        parent_id=_reference(item.parent_id),
        root_id=_reference(item.root_id),
        repost_of=_reference(item.repost_of),
        counts={name: _count(value) for name, value in item.counts.items() if name in COUNTS},
        media=tuple({clean(k): clean(v) for k, v in one.items()} for one in item.media),
        tags=tuple(clean(tag) for tag in item.tags),
        vendor_labels=_clean_mapping(item.vendor_labels),
        raw=_clean_mapping(item.raw),
    )
    return Tidy(tidied, content_hash(title, text), tuple(dict.fromkeys(flags)))


def clean(text: str) -> str:
    """Without what cannot be stored, composed (NFC), with plain line ends and no blanks around.

    >>> clean("  星河\\x00水壶\\r\\n漏电 ")
    '星河水壶\\n漏电'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def content_hash(title: str, text: str) -> str:
    return hashlib.blake2b(f"{title}\0{text}".encode(), digest_size=16).hexdigest()


def _content(item: Item, flags: list[str]) -> tuple[str, str]:
    """Title and text; a title too long for its column stays whole at the head of the text."""
    title, text = clean(item.title), clean(item.text)
    if len(title) > MAX_TITLE:
        if not text.startswith(title):
            text = f"{title}\n{text}"
        title = title[: MAX_TITLE - 1] + "…"
    data = text.encode()
    if len(data) > MAX_TEXT_BYTES:
        text = data[:MAX_TEXT_BYTES].decode(errors="ignore")
        flags.append(TEXT_CUT)
    return title, text


def _check(item: Item, *, title: str, text: str) -> None:
    if not clean(item.native_id):
        raise UnusableError("no id: every post needs one of its own on its platform")
    if not 0 < len(clean(item.platform)) <= 64 or clean(item.platform) != item.platform:
        raise UnusableError("no usable platform: give its name in at most 64 characters")
    if not (title or text or item.media):
        raise UnusableError("nothing in it: no title, no text and no media")


def _identifier(native_id: str) -> str:
    """As it is; an address too long for the column by its hash, which is as much its own."""
    cleaned = clean(native_id)
    if len(cleaned) <= MAX_ID:
        return cleaned
    return f"sha256:{hashlib.sha256(cleaned.encode()).hexdigest()}"


def _reference(native_id: str | None) -> str | None:
    return _identifier(native_id) or None if native_id else None


def _url(url: str) -> str:
    cleaned = clean(url)
    if len(cleaned) > MAX_URL or not cleaned.lower().startswith(("http://", "https://")):
        return ""  # javascript: and the like must never become a link
    return cleaned


def _published(item: Item, now: datetime, flags: list[str]) -> datetime | None:
    at = item.published_at
    if at is None:
        return None
    if at > now + FUTURE_TOLERANCE:
        flags.append(FUTURE_DATE)
        return None
    if at < EARLIEST:
        flags.append(ABSURD_DATE)
        return None
    return at


def _not_ahead(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and EARLIEST <= at <= now + FUTURE_TOLERANCE else None


def _author(author: ItemAuthor | None) -> ItemAuthor | None:
    if author is None:
        return None
    return ItemAuthor(
        native_id=_reference(author.native_id),
        name=clean(author.name or "")[:MAX_NAME] or None,
        followers=_count(author.followers),
        verified=author.verified,
    )


def _count(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= MAX_COUNT else None


def _clean_mapping(mapping: Mapping[str, object]) -> dict[str, object]:
    return {clean(str(key)): _clean_tree(value) for key, value in mapping.items()}


def _clean_tree(value: object) -> object:
    match value:
        case str():
            return UNSTORABLE.sub("", value)
        case Mapping():
            return _clean_mapping(value)
        case list() | tuple():
            return [_clean_tree(one) for one in value]
        case None | bool() | int() | float():
            return value
    return str(value)
