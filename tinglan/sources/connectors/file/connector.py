"""Files of posts: JSON Lines, a JSON array or CSV, in the product's own format or a crawler's."""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Final

from tinglan.lib.files import first_character
from tinglan.sources.connectors.contract import ConnectorError, SourceFacts
from tinglan.sources.connectors.file.csv_records import read_table
from tinglan.sources.connectors.file.profiles import Profile, named, recognised
from tinglan.sources.connectors.items import items_of
from tinglan.sources.connectors.json_records import Found, read_records
from tinglan.sources.item import Item, Reject

kind: str = "file"

NOT_TEXT: Final = (
    (b"PK\x03\x04", "an Excel workbook or another zip archive; save it as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save it as CSV UTF-8"),
    (b"\x1f\x8b", "compressed; expand it first"),
    (b"SQLite format 3", "a database; export its tables as CSV or JSON Lines"),
    (b"%PDF", "a PDF document"),
)


def read(body: BinaryIO, *, source: SourceFacts) -> Iterator[Item | Reject]:
    """The posts of a seekable file, streamed; ConnectorError at its end when it is half written."""
    _refuse_what_is_no_text(body)
    first = first_character(body)
    if not first:
        raise ConnectorError("The file is empty.", code="empty")
    profile, records = _json(body, source) if first in "[{" else _table(body, source)
    yield from items_of(records, read=profile.read, source=source)


def _refuse_what_is_no_text(body: BinaryIO) -> None:
    start = body.tell()
    head = body.read(16)
    body.seek(start)
    for magic, what in NOT_TEXT:
        if head.startswith(magic):
            raise ConnectorError(f"The file is {what}.", code="not_text", permanent=True)


def _table(body: BinaryIO, source: SourceFacts) -> tuple[Profile, Iterator[Found | Reject]]:
    header, rows = read_table(body)
    if not source.profile:
        return recognised(header), rows
    profile = named(source.profile)
    if missing := profile.columns.difference(header):
        raise ConnectorError(
            f"The file lacks columns that {profile.name} has: {', '.join(sorted(missing))}.",
            code="unknown_profile",
            permanent=True,
        )
    return profile, rows


def _json(body: BinaryIO, source: SourceFacts) -> tuple[Profile, Iterator[Found | Reject]]:
    """Without a named format the first object that can be read tells it."""
    records = read_records(body)
    if source.profile:
        return named(source.profile), records
    before: list[Found | Reject] = []
    for found in records:
        before.append(found)
        if isinstance(found, Found):
            return recognised(found.record.keys()), chain(before, records)
        if len(before) >= MAX_BAD_LINES:
            break
    raise ConnectorError(_nothing_readable(before), code="nothing_readable", permanent=True)


MAX_BAD_LINES: Final = 1000  # after as many without one good, the file is something else


def _nothing_readable(rejects: list[Found | Reject]) -> str:
    first = next((found for found in rejects if isinstance(found, Reject)), None)
    why = f" The first problem: line {first.position}, {first.reason}." if first else ""
    return f"No object in the file could be read.{why}"
