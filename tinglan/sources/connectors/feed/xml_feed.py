"""RSS and Atom entries by feedparser, which forgives what feeds in the wild get wrong.

Its own reading of dates, its fetching, charset guessing and sanitising are all bypassed: it sees
decoded text without a DTD, and only raw strings are taken from it. It costs about 4 µs a byte at
worst, so the size limit of a feed also bounds its time.
"""

import io
import re
from collections.abc import Iterator
from typing import Final

import feedparser

from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.connectors.feed.entries import Channel, Entry
from tinglan.sources.connectors.fields import parse_count

HEADERS: Final = {"content-type": "application/xml; charset=utf-8"}


def read_xml(text: str, *, url: str) -> tuple[Channel, Iterator[Entry]]:
    """The channel and its entries; ConnectorError where there is no feed at all."""
    parsed = _parsed(text)
    if not parsed.get("version") and not parsed.entries:
        why = str(parsed.get("bozo_exception", "") or "no RSS or Atom element was found")[:200]
        raise ConnectorError(f"The address shows no feed: {why}.", code="not_a_feed")
    channel = Channel(title=_text(parsed.feed, "title"), url=url)
    return channel, (_entry(entry) for entry in parsed.entries)


def _parsed(text: str) -> feedparser.FeedParserDict:
    """A stream goes in, never a string: feedparser may take a string for an address."""
    try:
        return feedparser.parse(
            io.BytesIO(IMPOSSIBLE.sub("", text).encode("utf-8")),
            response_headers=HEADERS,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except BUGS as err:
        message = f"The feed is broken in a way that cannot be read: {type(err).__name__}."
        raise ConnectorError(message, code="not_a_feed") from err


# References to half of a surrogate pair: feedparser fails on them.
IMPOSSIBLE: Final = re.compile(
    r"&#(?:5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3])|[xX]0*[dD][89a-fA-F][\da-fA-F]{2});?"
)
# Its tolerant parser is old code: what a malformed feed may still raise in it.
BUGS: Final = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


def _text(fields: dict[str, object], name: str) -> str:
    """The raw string: dict's own get, for feedparser's answers `updated` with `published`."""
    value = dict.get(fields, name)
    return value if isinstance(value, str) else ""


def _entry(fields: dict[str, object]) -> Entry:
    content = [_text(part, "value") for part in _list(fields, "content")]
    raw = {name: value for name, value in dict.items(fields) if isinstance(value, str)}
    return Entry(
        guid=_text(fields, "id"),
        link=_text(fields, "link"),
        title=_text(fields, "title"),
        content=max([*content, _text(fields, "summary")], key=len),
        published=_text(fields, "published") or _text(fields, "created"),
        updated=_text(fields, "updated"),
        author=_text(fields, "author"),
        comment_count=parse_count(_text(fields, "slash_comments") or None),
        tags=[_text(tag, "term") for tag in _list(fields, "tags")],
        media=[(_text(part, "type"), _text(part, "href")) for part in _enclosures(fields)],
        raw=raw,
    )


def _list(fields: dict[str, object], name: str) -> list[dict[str, object]]:
    value = dict.get(fields, name)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _enclosures(fields: dict[str, object]) -> list[dict[str, object]]:
    return [link for link in _list(fields, "links") if dict.get(link, "rel") == "enclosure"]
