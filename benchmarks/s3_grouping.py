"""S3: short Chinese posts grouped online with a window of seven days, by one core.

131,000 real posts, spread evenly over two windows, so that in the second half as many clusters are
forgotten as are opened. Every post may open an event, which a brand's ordinary talk may not: no
more could be alive at once. From text to event as `tinglan group` does it, near-duplicates folded
and events merged; without folding stands beside it. The last figure is an ordinary brand's, with
one complaint in twenty posts, grouped without folding and merging.
"""

import resource
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import process_time

from benchmarks.corpora import read
from tinglan.analysis.background import Background
from tinglan.analysis.clustering import Groups, Piece
from tinglan.analysis.clusters import DEFAULT
from tinglan.events.group_lines import Grouped
from tinglan.monitors.fold_lines import Folding

ID = "S3"
GOAL = "5,000 posts per CPU-second within 1 GiB (floor 1,500; quadratic peers 135 at n = 2,000)"
BATCH = 500
WINDOWS = 2
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FEW = 20_000  # posts for the rate of an ordinary brand

Row = Mapping[str, object]


def run() -> dict[str, object]:
    rows = _rows()
    Grouped().take(rows[:BATCH])  # kernels are compiled, tables are read
    before = _memory()
    alone = _seconds_of_folding(rows)
    started, work, n_events = process_time(), Grouped(), set[object]()
    for start in range(0, len(rows), BATCH):
        work.take(rows[start : start + BATCH])
        n_events |= {_event(answer) for answer in work.settled()}
    n_events |= {_event(answer) for answer in work.rest()}
    seconds = process_time() - started
    return {
        "posts": len(rows),
        "posts per CPU-second": round(len(rows) / seconds),
        "without folding": round(len(rows) / (seconds - alone)),
        "events": len(n_events),
        "peak memory, MiB": round(_memory()),
        "of which before": round(before),
        "ordinary brand, posts per CPU-second": _ordinary_brand(rows[:FEW]),
    }


def _rows() -> list[Row]:
    texts = [str(row["text"]) for row in read("weibo_unlabelled/posts.jsonl.gz")]
    step = WINDOWS * DEFAULT.window / len(texts)
    return [
        {"id": at, "text": text, "published_at": (BEGIN + at * step).isoformat()}
        for at, text in enumerate(texts)
    ]


def _seconds_of_folding(rows: Sequence[Row]) -> float:
    started, folding = process_time(), Folding()
    for start in range(0, len(rows), BATCH):
        folding(rows[start : start + BATCH])
    return process_time() - started


def _ordinary_brand(rows: Sequence[Row]) -> int:
    """One in twenty complains; the rest is chatter that waits for two days and is forgotten."""
    pieces = [
        Piece(
            str(at),
            str(row["text"]),
            BEGIN + at * timedelta(minutes=1),
            intent="complaint" if at % 20 == 0 else "other",
        )
        for at, row in enumerate(rows)
    ]
    started, groups = process_time(), Groups(Background())
    for start in range(0, len(pieces), BATCH):
        groups.place(pieces[start : start + BATCH])
        groups.forget_before(pieces[start].at)
    return round(len(pieces) / (process_time() - started))


def _event(answer: object) -> object:
    return answer["event"] if isinstance(answer, dict) else None


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
