"""One entry of any feed as an item: identity, links, times and texts."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

from tinglan.sources.connectors.contract import SourceFacts
from tinglan.sources.connectors.feed.text import plain_text
from tinglan.sources.connectors.fields import MAX_ID, RecordError, clean, short, time_of, url_of
from tinglan.sources.item import Item, ItemAuthor

# An id with one of these prefixes is unique in the world; any other only within its feed.
WORLDWIDE: Final = re.compile(r"(?:https?://|tag:|urn:)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What RSS, Atom and JSON Feed have in common, as written: nothing is read yet."""

    guid: str = ""
    link: str = ""
    title: str = ""  # HTML or text
    content: str = ""
    published: str = ""
    updated: str = ""
    author: str = ""
    comment_count: int | None = None
    tags: Sequence[str] = ()
    media: Sequence[tuple[str, str]] = ()  # type and address
    raw: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The feed an entry stands in."""

    title: str = ""
    url: str = ""  # where it was fetched: relative links start here, never from its own claims


def to_item(entry: Entry, *, position: int, channel: Channel, source: SourceFacts) -> Item:
    title, text = plain_text(entry.title), plain_text(entry.content)
    if not title and not text:
        raise RecordError("the entry has neither title nor text")
    url = url_of(_joined(channel.url, entry.link or _link_in(entry.guid)))
    published, flags = time_of(entry.published, entry.updated, source=source)
    edited, _ = time_of(entry.updated, source=source)
    author = short(plain_text(entry.author), limit=128)
    return Item(
        platform=source.platform,
        native_id=_identity(entry, title=title, scope=source.scope),
        text=text or title,
        kind="article",
        title=title,
        url=url,
        published_at=published.at,
        precision=published.precision,
        edited_at=edited.at if edited.at != published.at else None,
        author=ItemAuthor(name=author) if author else None,
        counts={} if entry.comment_count is None else {"comment": entry.comment_count},
        media=tuple(_media(entry, channel)),
        tags=tuple(dict.fromkeys(tag for given in entry.tags if (tag := short(given, limit=60)))),
        channel=short(plain_text(channel.title), limit=128),
        raw=entry.raw,
        flags=flags,
        position=position,
    )


def _link_in(guid: str) -> str:
    return guid if guid.lower().startswith(("http://", "https://")) else ""


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, clean(link).replace(" ", "%20"))
    except ValueError:  # "http://[": no address
        return ""


def _identity(entry: Entry, *, title: str, scope: str) -> str:
    """The guid, else the link, else what stays the same of an entry: its title and date as written.

    Never its text: an edit is a revision of the same post.
    """
    given = clean(entry.guid) or clean(entry.link)
    if not given:
        given = f"{title}\0{clean(entry.published)}"
        return f"{scope}:{_digest(given)}"[:MAX_ID]
    native_id = given if WORLDWIDE.fullmatch(given) else f"{scope}:{given}"
    return native_id if len(native_id) <= MAX_ID else f"{scope}:{_digest(given)}"[:MAX_ID]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]


def _media(entry: Entry, channel: Channel) -> list[dict[str, str]]:
    found = [
        (short(kind, limit=60), url_of(_joined(channel.url, url))) for kind, url in entry.media
    ]
    return [{"type": kind, "url": url} for kind, url in found if url][:20]
