"""The post line: the product's own exchange format, one JSON object per post, for files and pushes.

Only `id` and `text` are needed. Fields it does not know are ignored; a known field with a value
that means nothing is refused with the values it takes, so that a sender learns of it at once.
"""

from typing import Final, cast, get_args

from tinglan.sources.connectors.contract import SourceFacts
from tinglan.sources.connectors.fields import (
    Record,
    RecordError,
    id_of,
    parse_count,
    short,
    text_of,
    time_of,
    url_of,
)
from tinglan.sources.item import IdSpace, Item, ItemAuthor, Kind, Verified
from tinglan.sources.platforms import platform_code

COUNTS: Final = ("like", "comment", "repost", "view")
COLUMNS: Final = frozenset({"id", "text"})


def read(record: Record, source: SourceFacts) -> Item:
    """One post line as an item; RecordError with the reason where it is none."""
    text, title = text_of(record.get("text")), text_of(record.get("title"))
    if not text and not title:
        raise RecordError("it has no text")
    url = url_of(record.get("url"))
    native_id, id_flags = id_of(record.get("id"), url=url)
    kind = cast("Kind", _one_of(record, "kind", get_args(Kind)) or "post")
    published, date_flags = time_of(record.get("published_at"), source=source)
    return Item(
        platform=platform_code(short(record.get("platform"), limit=64)) or source.platform,
        native_id=native_id,
        text=text,
        id_space=_space(kind),
        kind=kind,
        title=title,
        url=url,
        published_at=published.at,
        precision=published.precision,
        edited_at=time_of(record.get("edited_at"), source=source)[0].at,
        author=_author(record),
        region=short(record.get("region"), limit=64),
        parent_id=_reference(record, "parent_id"),
        root_id=_reference(record, "root_id"),
        repost_of=_reference(record, "repost_of"),
        counts=_counts(record),
        channel=short(record.get("channel"), limit=128),
        raw=dict(record),
        flags=id_flags + date_flags,
    )


def _space(kind: Kind) -> IdSpace:
    return "comment" if kind == "comment" else "content"


def _one_of(record: Record, name: str, allowed: tuple[str, ...]) -> str | None:
    value = record.get(name)
    if value in allowed:  # before emptiness is asked: "none" is a legal answer of verified
        return value
    if value is None or (isinstance(value, str) and not short(value, limit=64)):
        return None
    raise RecordError(f"its {name} is {str(value)[:40]!r}; it may be {', '.join(allowed)}")


def _author(record: Record) -> ItemAuthor | None:
    """A name, or an object {"id","name"}; followers and verified stand on the line itself."""
    given = record.get("author")
    parts = given if isinstance(given, dict) else {"name": given}
    author = ItemAuthor(
        native_id=short(parts.get("id"), limit=128) or None,
        name=short(parts.get("name"), limit=128) or None,
        followers=parse_count(record.get("followers")),
        verified=cast("Verified | None", _one_of(record, "verified", get_args(Verified))),
    )
    return None if author == ItemAuthor() else author


def _reference(record: Record, name: str) -> str | None:
    value = record.get(name)
    try:
        return id_of(value)[0] if short(value, limit=MAX_REFERENCE) else None
    except RecordError as err:
        raise RecordError(f"its {name} cannot be used: {err}") from err


MAX_REFERENCE: Final = 200


def _counts(record: Record) -> dict[str, int | None]:
    """Nested in `counts`, or, in a table, columns of their own."""
    nested = record.get("counts")
    given = nested if isinstance(nested, dict) else record
    return {name: parse_count(given.get(name)) for name in COUNTS if given.get(name) is not None}
