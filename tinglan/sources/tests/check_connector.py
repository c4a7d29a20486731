"""The contract that every connector keeps, whatever it reads: run over its own samples.

    for kind in KINDS: check_connector(connector(kind), samples=[…])

1. Each sample gives items, and each item is one that intake can take.
2. Reading it twice, the second time a day later, gives the same identities.
3. Cut anywhere, with bytes changed, doubled or in another charset, and on plain rubbish, it raises
   ConnectorError or gives rejects that say why; nothing else ever comes out.
"""

import io
import json
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, get_args
from zoneinfo import ZoneInfo

from tinglan.sources.connectors.contract import Connector, ConnectorError, SourceFacts
from tinglan.sources.item import Flag, IdSpace, Item, Kind, Precision, Reject, Verified

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FACTS: Final = SourceFacts(
    platform="news:example", scope="source-7", zone=ZoneInfo("Asia/Shanghai"), now=NOW
)
RUBBISH: Final = (
    b"",
    b" \n\t ",
    b"\0" * 100,
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1f\x8b\x08\x00",
    b"PK\x03\x04" + b"\0" * 50,
    b"<!DOCTYPE html><title>404</title>",
    b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>',
    b"<rss><channel><item>",
    b"<" * 10_000,
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'"' * 10_000,
    b'id,text\n"' + b"x\n" * 10_000,
    b'[{"id":"1","text":"',
    b'{"id":"1","text":"\\ud800\\u0000"}\n',
    b'{"id":1e999,"text":"x"}\n{"id":NaN,"text":"x"}\n{"id":[],"text":{}}\n',
    b'{"id":' + b"9" * 5000 + b',"text":"x"}',
    b"null\ntrue\n3\n[]\n",
    b"id,text\n1\n2,3,4\n,,\n",
    b"a" * 100_000,
)


def check_connector(connector: Connector, *, samples: Iterable[Path]) -> None:
    samples = list(samples)
    assert samples, f"{connector.kind} has no samples"
    for path in samples:
        data = path.read_bytes()
        items = check_reading(connector, data)
        assert items, f"{path.name} gave no item"
        check_identity(connector, data)
        for hostile in spoiled(data):
            check_reading(connector, hostile)
    for data in RUBBISH:
        check_reading(connector, data)


def check_reading(connector: Connector, data: bytes) -> list[Item]:
    items = []
    try:
        for entry in connector.read(io.BytesIO(data), source=FACTS):
            if isinstance(entry, Reject):
                check_reject(entry)
            else:
                check_item(entry)
                items.append(entry)
    except ConnectorError as err:
        check_error(err)
    return items


def check_error(error: ConnectorError) -> None:
    assert str(error)
    assert error.code


def check_identity(connector: Connector, data: bytes) -> None:
    later = SourceFacts(
        platform=FACTS.platform, scope=FACTS.scope, zone=FACTS.zone, now=NOW + timedelta(days=1)
    )
    first, second = (
        [
            (item.platform, item.id_space, item.native_id)
            for item in connector.read(io.BytesIO(data), source=facts)
            if isinstance(item, Item)
        ]
        for facts in (FACTS, later)
    )
    assert first == second
    assert len(set(first)) == len(first), "two items of one sample have one identity"


def check_item(item: Item) -> None:
    assert 1 <= len(item.native_id) <= 128
    assert item.platform
    assert item.position >= 1
    assert item.text or item.title
    assert (item.kind, item.id_space) in {
        (kind, space) for kind in get_args(Kind) for space in get_args(IdSpace)
    }
    check_times(item)
    check_counts(item)
    assert set(item.flags) <= set(get_args(Flag))
    for text in (item.native_id, item.text, item.title, item.url, item.region, item.channel):
        assert "\0" not in text
        text.encode("utf-8")
    assert item.url == "" or item.url.lower().startswith(("http://", "https://"))
    assert all(part["url"].startswith("http") for part in item.media)
    json.dumps(item.raw, ensure_ascii=False, allow_nan=False).encode("utf-8")


def check_times(item: Item) -> None:
    assert item.precision in get_args(Precision)
    assert (item.published_at is None) == (item.precision == "none")
    for at in (item.published_at, item.edited_at):
        if at is not None:
            assert at.utcoffset() == timedelta(0)
            assert at <= NOW + timedelta(minutes=10)


def check_counts(item: Item) -> None:
    for count in item.counts.values():
        assert count is None or (type(count) is int and 0 <= count < 2**63)
    if item.author:
        assert item.author.verified in (None, *get_args(Verified))
        assert item.author.native_id != ""
        assert item.author.name != ""


def check_reject(reject: Reject) -> None:
    assert reject.position >= 1
    assert reject.reason
    assert len(reject.sample) <= 200
    f"{reject.reason}{reject.sample}{reject.native_id}".encode()


def spoiled(data: bytes) -> Iterator[bytes]:
    """A fixed choice of cuts and changes, the same in each run."""
    chance = random.Random(len(data))
    for _ in range(25):
        yield data[: chance.randrange(len(data))]
    for _ in range(25):
        changed = bytearray(data)
        for _ in range(5):
            changed[chance.randrange(len(data))] = chance.randrange(256)
        yield bytes(changed)
    yield data + data
    yield data.decode("utf-8-sig").encode("utf-16")
    yield data.decode("utf-8-sig").encode("gb18030")
    yield data.replace(b"\n", b"\r\n")
