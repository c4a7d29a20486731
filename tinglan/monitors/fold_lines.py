"""Copies among rows of JSON, as `tinglan fold` reads them: each row and what it is a copy of.

The state is a window of the originals seen lately (`analysis.fingerprint.Window`): memory has a
bound, whatever the length of the stream.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tinglan.analysis.fingerprint import Copy, CopyKind, Window, repost_root
from tinglan.lib.jsonl import Answer, BadLineError, Row, text_of

Name = str | int

MOST_ORIGINALS = 1 << 18  # a power of two
MOST_COPIES = 1 << 18  # copies whose originals are remembered, for the reposts of copies
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A row as folding sees it."""

    name: Name
    title: str
    text: str
    at: int
    passes_on: Name | None  # what is reposted without a word


class Folding:
    """Folds the rows of a stream, batch by batch, in the order in which they come.

    Within a batch the time of publication decides which of two equal posts is the original; a row
    that names no time stands where the row before it stands.

    >>> folding = Folding()
    >>> folding([{"id": 1, "text": "星河热水壶漏水了"}, {"id": 2, "text": "星河★热水壶，漏水了！"}])
    [{'id': 1, 'near_dup_of': None, 'kind': None}, {'id': 2, 'near_dup_of': 1, 'kind': 'exact'}]
    """

    def __init__(self, *, originals: int = MOST_ORIGINALS, copies: int = MOST_COPIES) -> None:
        self._window = Window(originals)
        self._most_copies = copies
        self._copies: OrderedDict[Name, Name] = OrderedDict()
        self._last_at = 0

    def __call__(self, rows: Sequence[Row]) -> list[Answer | Exception]:
        read = [self._read(row) for row in rows]
        told = [one for one in read if isinstance(one, Told)]
        found = iter(
            self._window.fold(
                [one.name for one in told],
                [one.text for one in told],
                [one.at for one in told],
                titles=[one.title for one in told],
            )
        )
        return [self._answer(one, next(found)) if isinstance(one, Told) else one for one in read]

    def _read(self, row: Row) -> Told | BadLineError:
        try:
            text = text_of(row, "text")
            title = text_of(row, "title", default="")
            at = published_at(row)
            self._last_at = self._last_at if at is None else (at - _EPOCH) // _TICK
        except BadLineError as error:
            return error
        repost_of = row.get("repost_of")
        passes_on = repost_of if isinstance(repost_of, str | int) else None
        return Told(
            name=_name(row),
            title=title,
            text=text,
            at=self._last_at,
            passes_on=None if title or repost_root(text) else passes_on,
        )

    def _answer(self, told: Told, copy: Copy | None) -> Answer:
        if told.passes_on is not None:
            original = self._copies.get(told.passes_on, told.passes_on)
            copy = Copy(original, CopyKind.REPOST)
        if copy is None or copy.of == told.name:  # the same post, told twice
            return {"id": told.name, "near_dup_of": None, "kind": None}
        self._remember(told.name, copy.of)
        return {"id": told.name, "near_dup_of": copy.of, "kind": copy.kind.value}

    def _remember(self, name: Name, original: Name) -> None:
        self._copies[name] = original
        if len(self._copies) > self._most_copies:
            self._copies.popitem(last=False)


def _name(row: Row) -> Name:
    name = row["id"]
    assert isinstance(name, str | int), "rows without a usable id are answered by the reader"
    return name


def published_at(row: Row) -> datetime | None:
    """When a row says that it was published, None when it does not; without zone it is UTC."""
    written = text_of(row, "published_at", default="")
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadLineError(f'"published_at" is no time in ISO 8601: {written[:40]}') from error
