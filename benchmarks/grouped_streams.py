"""Streams of labelled posts for the benchmarks of grouping, and how well they were grouped."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import log

from benchmarks.corpora import read
from tinglan.events.group_lines import Grouped

BATCH = 500
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

Row = Mapping[str, object]


def rumours() -> list[tuple[Row, str | None]]:
    """Weibo posts about the epidemic in the order of their times, with the event they tell of."""
    rows = sorted(read("covid19_weibo_rumor/covid19_weibo_rumor.dev.jsonl.gz"), key=_time_then_id)
    return [
        (
            {"id": row["id"], "text": row["text"], "published_at": _moment(row["time"])},
            str(row["event"]) if row["event"] is not None else None,
        )
        for row in rows
    ]


def tweets(*, days: float) -> list[tuple[Row, str | None]]:
    """English tweets with their topics, spread evenly over so many days: they have no times."""
    rows = list(read("MStream_short_text_stream/Tweets-T.jsonl.gz"))
    step = timedelta(days=days) / len(rows)
    return [
        (
            {
                "id": row["id"],
                "text": row["text"],
                "published_at": (BEGIN + step * at).isoformat(),
            },
            str(row["cluster"]),
        )
        for at, row in enumerate(rows)
    ]


def grouped(rows: Sequence[Row], *, batch: int = BATCH) -> list[str]:
    """The event of each row; one without event is a group of its own."""
    work = Grouped()
    answers = []
    for start in range(0, len(rows), batch):
        work.take(rows[start : start + batch])
        answers += list(work.settled())
    answers += list(work.rest())
    return [
        str(answer["event"] or f"alone:{at}")
        for at, answer in enumerate(answers)
        if not isinstance(answer, Exception)
    ]


def b_cubed(gold: Sequence[str], found: Sequence[str]) -> tuple[float, float, float]:
    """B³ precision, recall and F1: for each post, how pure and how complete its group is."""
    pairs, n = Counter(zip(gold, found, strict=True)), len(gold)
    in_gold, in_found = Counter(gold), Counter(found)
    precision = sum(c * c / in_found[pair[1]] for pair, c in pairs.items()) / n
    recall = sum(c * c / in_gold[pair[0]] for pair, c in pairs.items()) / n
    return precision, recall, 2 * precision * recall / (precision + recall)


def mutual_information(gold: Sequence[str], found: Sequence[str]) -> float:
    """Normalised mutual information, by the mean of the two entropies."""
    pairs, n = Counter(zip(gold, found, strict=True)), len(gold)
    in_gold, in_found = Counter(gold), Counter(found)
    shared = sum(
        c / n * log(c * n / (in_gold[pair[0]] * in_found[pair[1]])) for pair, c in pairs.items()
    )
    mean = (_entropy(in_gold, n) + _entropy(in_found, n)) / 2
    return shared / mean if mean else 1.0


def _entropy(counts: Mapping[str, int], n: int) -> float:
    return -sum(c / n * log(c / n) for c in counts.values())


def _time_then_id(row: Row) -> tuple[int, str]:
    return int(str(row["time"])), str(row["id"])


def _moment(seconds: object) -> str:
    return datetime.fromtimestamp(int(str(seconds)), UTC).isoformat()
