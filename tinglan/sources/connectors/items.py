"""Records to items, one by one: a bad one becomes a reject with its reason, the rest goes on."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from tinglan.sources.connectors.contract import SourceFacts
from tinglan.sources.connectors.fields import Record, RecordError, short
from tinglan.sources.connectors.json_records import Found, refuse
from tinglan.sources.item import Item, Reject

ReadRecord = Callable[[Record, SourceFacts], Item]


def items_of(
    records: Iterable[Found | Reject], *, read: ReadRecord, source: SourceFacts
) -> Iterator[Item | Reject]:
    for found in records:
        yield found if isinstance(found, Reject) else _item(found, read=read, source=source)


def _item(found: Found, *, read: ReadRecord, source: SourceFacts) -> Item | Reject:
    try:
        return replace(read(found.record, source), position=found.position)
    except RecordError as err:
        sample = json.dumps(found.record, ensure_ascii=False, default=str)
        reject = refuse(found.position, str(err), sample)
        return replace(reject, native_id=short(found.record.get("id"), limit=128))
