"""Stored posts read and matched in columns: a million in seconds, for a trial of a query.

Only what the query looks at is read, as the store gives it; times are read as text and understood
where a post is a hit, because making a million of them takes longer than matching.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from tinglan.analysis.query import Field, Matcher
from tinglan.sources.models import Post

CHUNK = 1_024
MINUTE = len("2026-11-23 01:00")
COLUMNS: Mapping[Field, str] = {
    Field.TITLE: "title",
    Field.TEXT: "text",
    Field.AUTHOR: "author_name",
    Field.PLATFORM: "platform",
    Field.SITE: "channel",
}
Row = tuple[int, str, *tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What was read, the newest first, and what of it matched."""

    n_read: int
    oldest_at: datetime | None
    hits: list[int]  # posts
    by_minute: Mapping[datetime, int]  # how many of them


def scan(matcher: Matcher, stored: QuerySet[Post], *, most: int) -> Scan:
    """Match the newest stored posts, at most so many of them."""
    n_read, oldest = 0, ""
    hits: list[int] = []
    minutes: Counter[str] = Counter()
    for chunk in _chunks(stored, matcher.fields, most=most):
        posts, times, *values = zip(*chunk, strict=True)
        found = matcher.matches_in(dict(zip(matcher.fields, values, strict=True)))
        places = found.documents.tolist()
        hits.extend(posts[at] for at in places)
        minutes.update(times[at][:MINUTE] for at in places)
        n_read, oldest = n_read + len(chunk), times[-1]
    return Scan(
        n_read=n_read,
        oldest_at=_time(oldest) if oldest else None,
        hits=hits,
        by_minute={_time(minute): n for minute, n in minutes.items()},
    )


def _chunks(stored: QuerySet[Post], fields: Sequence[Field], *, most: int) -> Iterator[list[Row]]:
    told = stored.annotate(at_text=Cast("effective_at", TextField()))
    columns = ("pk", "at_text", *(COLUMNS[one] for one in fields))
    rows = told.order_by("-effective_at", "-pk").values_list(*columns)[:most]
    reading = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(reading, CHUNK)):
        yield chunk


def _time(text: str) -> datetime:
    """Both stores write UTC; only one of them says so."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
