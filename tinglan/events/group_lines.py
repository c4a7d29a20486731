"""Rows of JSON in, the event of each out, as `tinglan group` answers them.

The same code groups them as groups mentions; only what a batch knows is kept here and not in a
database. A row that names its brand is grouped as a mention of it is: labelled first, so that
chatter opens no event. Rows that name none are taken to tell of something, each of them.
An answer waits until nothing can change it: later posts make events of what waited, and events that
turn out to be one are merged. So memory grows with the posts of a window, not with the file.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tinglan.analysis import labels
from tinglan.analysis.background import Background
from tinglan.analysis.clustering import DEFAULT, Config, Groups, Piece
from tinglan.analysis.labels import INTENTS, POLARITIES
from tinglan.analysis.twins import distinct
from tinglan.lib.jsonl import Answer, Row
from tinglan.monitors.fold_lines import Folding, published_at

LATE = timedelta(days=1)  # so much later than the newest post one may come and find its event
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Place:
    """A post whose answer waits: in which cluster of which brand it is."""

    key: str
    name: object
    brand: str
    cluster: str | None = None


@dataclass(slots=True)
class BrandAtWork:
    """The clusters of one brand, and what became of those that were merged."""

    groups: Groups
    merged: dict[str, str] = field(default_factory=dict)

    def event_of(self, cluster: str) -> str:
        """The event that a cluster is a part of now."""
        while cluster in self.merged:
            cluster = self.merged[cluster]
        return cluster


class Grouped:
    """Groups the rows of a stream, batch by batch, in the order in which they come.

    >>> grouped = Grouped()
    >>> texts = ["星河水壶漏电，手都麻了", "我家的水壶也漏电，手麻", "退款拖了半个月还没到账"]
    >>> grouped.take([{"id": n, "text": text} for n, text in enumerate(texts)])
    >>> [answer["event"] for answer in grouped.rest()]
    ['1', '1', '3']
    """

    def __init__(self, config: Config = DEFAULT) -> None:
        self._config = config
        self._folding = Folding()
        self._brands: dict[str, BrandAtWork] = {}
        self._queue: deque[Place | Exception] = deque()
        self._by_key: dict[str, Place] = {}
        self._n_rows = 0
        self._newest = _START

    def take(self, rows: Sequence[Row]) -> None:
        """Group a batch; its answers are given once they are settled."""
        by_brand: dict[str, list[Piece]] = {}
        for row, folded in zip(rows, self._folding(rows), strict=True):
            if isinstance(folded, Exception):
                self._queue.append(folded)
                continue
            piece = self._piece(row, folded)
            brand = str(row.get("brand") or "")
            self._queue.append(self._place(piece.key, row, brand))
            by_brand.setdefault(brand, []).append(piece)
        for brand, pieces in by_brand.items():
            self._group(brand, _labelled(pieces) if brand else pieces)

    def settled(self) -> Iterator[Answer | Exception]:
        """The answers, in the order of the rows, up to the first that may still change."""
        while self._queue:
            first = self._queue[0]
            if isinstance(first, Place) and self._is_live(first):
                return
            yield self._answer(self._queue.popleft())

    def rest(self) -> Iterator[Answer | Exception]:
        """All other answers: nothing more comes."""
        while self._queue:
            yield self._answer(self._queue.popleft())

    def _piece(self, row: Row, folded: Answer) -> Piece:
        at = published_at(row) or self._newest
        self._newest = max(self._newest, at)
        self._n_rows += 1
        name = str(row["id"])
        thread = row.get("parent_id") or row.get("repost_of") or name
        return Piece(
            key=str(self._n_rows),
            text=f"{row.get('title') or ''}\n{row['text']}",
            at=at,
            intent="complaint",
            links=(f"copy:{folded['near_dup_of'] or name}", f"thread:{thread}"),
        )

    def _place(self, key: str, row: Row, brand: str) -> Place:
        place = self._by_key[key] = Place(key, row["id"], brand)
        return place

    def _group(self, brand: str, pieces: Sequence[Piece]) -> None:
        work = self._brands.get(brand)
        if work is None:
            work = self._brands[brand] = BrandAtWork(Groups(Background(), config=self._config))
        for made in work.groups.place(sorted(pieces, key=lambda piece: piece.at)):
            if made.post in self._by_key:
                self._by_key[made.post].cluster = made.cluster
        for pair in distinct(work.groups.twins_of(sorted(work.groups.changed()))):
            work.groups.merge(pair.smaller, pair.larger)
            work.merged[pair.smaller] = pair.larger
        work.groups.forget_before(self._newest - LATE)

    def _is_live(self, place: Place) -> bool:
        work = self._brands[place.brand]
        if place.cluster is None:
            return work.groups.awaits(place.key)
        return work.event_of(place.cluster) in work.groups

    def _answer(self, waited: Place | Exception) -> Answer | Exception:
        if isinstance(waited, Exception):
            return waited
        del self._by_key[waited.key]
        if waited.cluster is None:
            return {"id": waited.name, "event": None}
        event = self._brands[waited.brand].event_of(waited.cluster)
        return {"id": waited.name, "event": event.removeprefix("new:")}


def _labelled(pieces: Sequence[Piece]) -> list[Piece]:
    """With the labels that say whether a post may open an event."""
    found = labels.classify([piece.text for piece in pieces])
    return [
        replace(
            piece,
            polarity=str(POLARITIES[found.polarity[at]]),
            intent=str(INTENTS[found.intent[at]]),
            aspects=tuple(str(one) for one in found.aspects_of(at)),
        )
        for at, piece in enumerate(pieces)
    ]
