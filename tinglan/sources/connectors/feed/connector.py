"""Feeds: RSS, Atom and JSON Feed, polled with conditional requests.

An answer without a feed in it is a failure and not "no news": a login page, an empty body or an
error page with status 200 would otherwise be silence that nobody notices.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Final

from tinglan.lib import http
from tinglan.sources.connectors.contract import (
    Collected,
    ConnectorError,
    Fetch,
    SourceFacts,
)
from tinglan.sources.connectors.feed.entries import Channel, Entry, to_item
from tinglan.sources.connectors.feed.json_feed import read_json
from tinglan.sources.connectors.feed.text import feed_text
from tinglan.sources.connectors.feed.xml_feed import read_xml
from tinglan.sources.connectors.fields import RecordError, clean
from tinglan.sources.connectors.json_records import refuse
from tinglan.sources.item import Item, Reject

kind: str = "feed"

MAX_BYTES: Final = 4 << 20
ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9,"
    " text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
CONDITIONS: Final = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}


def poll(
    url: str,
    *,
    source: SourceFacts,
    state: Mapping[str, str],
    allow: Iterable[str] = (),
    fetch: Fetch = http.fetch,
) -> Collected:
    """Ask the feed what is new; ConnectorError says why it could not be told."""
    asked = {header: state[name] for name, header in CONDITIONS.items() if state.get(name)}
    try:
        answer = fetch(url, headers={"Accept": ACCEPT, **asked}, allow=allow, max_bytes=MAX_BYTES)
    except http.BlockedAddress as err:
        raise ConnectorError(str(err), code="blocked_address", permanent=True) from err
    except http.HttpError as err:
        raise ConnectorError(str(err), code="unreachable", permanent=err.permanent) from err
    if answer.is_not_modified:
        return Collected(state=dict(state), is_unchanged=True, moved_to=answer.moved_to)
    _refuse_failure(answer, source)
    return _collected(answer, source)


def _refuse_failure(answer: http.Response, source: SourceFacts) -> None:
    status = answer.status
    if status == 410:
        message = "The site says the feed is gone for good (410). Stop it, or give its new address."
        raise ConnectorError(message, code="gone", permanent=True)
    if status in {401, 403}:
        message = f"The site refuses us the feed ({status}): it asks to sign in, or blocks us."
        raise ConnectorError(message, code="refused")
    if status == 404:
        message = "There is nothing at this address (404). Check the address of the feed."
        raise ConnectorError(message, code="not_found")
    if not answer.is_success:
        retry_at = answer.retry_at(source.now)
        wish = f"; it asks us to wait until {retry_at:%Y-%m-%d %H:%M} UTC" if retry_at else ""
        message = f"The site answers with an error ({status}){wish}."
        code = "too_often" if status == 429 else "site_error"
        raise ConnectorError(message, code=code, retry_at=retry_at)


def _collected(answer: http.Response, source: SourceFacts) -> Collected:
    content_type = answer.headers.get("content-type", "")
    entries = list(_read(answer.body, url=answer.url, content_type=content_type, source=source))
    return Collected(
        items=tuple(entry for entry in entries if isinstance(entry, Item)),
        rejects=tuple(entry for entry in entries if isinstance(entry, Reject)),
        state=_conditions(answer.headers),
        moved_to=answer.moved_to,
    )


def _conditions(headers: Mapping[str, str]) -> dict[str, str]:
    """What to send back next time, verbatim: weak marks and odd dates are the server's business."""
    found = {"etag": headers.get("etag"), "last_modified": headers.get("last-modified")}
    return {name: value for name, value in found.items() if value and value.isascii()}


def read(body: BinaryIO, *, source: SourceFacts) -> Iterator[Item | Reject]:
    """The entries of a feed that is already here; its relative links stay unresolved."""
    return _read(body.read(MAX_BYTES + 1), url="", content_type="", source=source)


def _read(
    body: bytes, *, url: str, content_type: str, source: SourceFacts
) -> Iterator[Item | Reject]:
    if len(body) > MAX_BYTES:
        message = f"The feed is longer than {MAX_BYTES:,} bytes; ask the site for fewer entries."
        raise ConnectorError(message, code="too_large", permanent=True)
    text = feed_text(body, content_type=content_type)
    reader = read_json if text.lstrip()[:1] in {"{", "["} else read_xml
    channel, entries = reader(text, url=url)
    for position, entry in enumerate(entries, start=1):
        yield _item(entry, position=position, channel=channel, source=source)


def _item(entry: Entry, *, position: int, channel: Channel, source: SourceFacts) -> Item | Reject:
    try:
        return to_item(entry, position=position, channel=channel, source=source)
    except RecordError as err:
        return refuse(position, str(err), clean(entry.link or entry.guid))
