"""JSON Feed 1.0 and 1.1 entries."""

import html
import json
from collections.abc import Iterator

from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.connectors.feed.entries import Channel, Entry
from tinglan.sources.connectors.json_records import cleaned

Fields = dict[str, object]


def read_json(text: str, *, url: str) -> tuple[Channel, Iterator[Entry]]:
    try:
        feed = cleaned(json.loads(text, strict=False))
    except (ValueError, RecursionError) as err:
        raise ConnectorError(f"The address shows broken JSON: {err}.", code="not_a_feed") from err
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        message = "The address shows JSON that is no JSON Feed: it has no list of items."
        raise ConnectorError(message, code="not_a_feed")
    channel = Channel(title=html.escape(_text(feed, "title")), url=url)
    return channel, (_entry(item if isinstance(item, dict) else {}) for item in feed["items"])


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _entry(fields: Fields) -> Entry:
    plain = _text(fields, "content_text") or _text(fields, "summary")
    return Entry(
        guid=_text(fields, "id"),
        link=_text(fields, "url") or _text(fields, "external_url"),
        title=html.escape(_text(fields, "title")),  # plain text by its standard
        content=_text(fields, "content_html") or html.escape(plain).replace("\n", "<br>"),
        published=_text(fields, "date_published"),
        updated=_text(fields, "date_modified"),
        author=html.escape(", ".join(_names(fields))),
        tags=[tag for tag in _list(fields, "tags") if isinstance(tag, str)],
        media=list(_media(fields)),
        raw=fields,
    )


def _list(fields: Fields, name: str) -> list[object]:
    value = fields.get(name)
    return value if isinstance(value, list) else []


def _names(fields: Fields) -> list[str]:
    """1.1 has authors, 1.0 had one author."""
    authors = [*_list(fields, "authors"), fields.get("author")]
    names = [_text(author, "name") for author in authors if isinstance(author, dict)]
    return list(dict.fromkeys(name for name in names if name))


def _media(fields: Fields) -> Iterator[tuple[str, str]]:
    if image := _text(fields, "image"):
        yield "image", image
    for part in _list(fields, "attachments"):
        if isinstance(part, dict):
            yield _text(part, "mime_type"), _text(part, "url")
