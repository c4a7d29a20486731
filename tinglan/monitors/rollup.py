"""Hourly counts of mentions, written in the transaction of the mentions they count."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from tinglan.lib.rows import overwrite
from tinglan.monitors.models import Mention, Rollup


class Bucket(NamedTuple):
    brand_id: int
    hour: datetime
    platform: str
    polarity: str
    intent: str


def bucket_of(mention: Mention, *, platform: str) -> Bucket:
    return bucket(mention.brand_id, mention.at, platform, mention.polarity, mention.intent)


def bucket(brand_id: int, at: datetime, platform: str, polarity: str, intent: str) -> Bucket:
    hour = at.replace(minute=0, second=0, microsecond=0)
    return Bucket(brand_id, hour, platform, polarity, intent)


def shift(mentions: Counter[Bucket], copies: Counter[Bucket]) -> None:
    """Add to the buckets (negative to take away); rows are made where none was."""
    touched = sorted({one for one in (*mentions, *copies) if mentions[one] or copies[one]})
    if not touched:
        return
    rows = _locked(touched)
    if missing := [one for one in touched if one not in rows]:
        made = [Rollup(**_fields(one)) for one in missing]
        Rollup.objects.bulk_create(made, ignore_conflicts=True)  # another worker may make one too
        rows = _locked(touched)
    for one in touched:  # the rows are locked: what was read is what is there
        rows[one].n_mentions += mentions[one]
        rows[one].n_copies += copies[one]
    overwrite([rows[one] for one in touched], ["n_mentions", "n_copies"])


def count(buckets: Iterable[Bucket]) -> Counter[Bucket]:
    return Counter(buckets)


def difference(after: Counter[Bucket], before: Counter[Bucket]) -> Counter[Bucket]:
    """after - before, negatives kept (Counter's own minus drops them)."""
    change = Counter(after)
    change.subtract(before)
    return change


def _locked(buckets: Iterable[Bucket]) -> dict[Bucket, Rollup]:
    """The rows of the buckets, locked in one order, so that two workers wait and never deadlock."""
    wanted = set(buckets)
    near = Rollup.objects.filter(
        brand_id__in={one.brand_id for one in wanted},
        hour__in={one.hour for one in wanted},
        platform__in={one.platform for one in wanted},
    )
    rows = {_bucket_of_row(row): row for row in near.select_for_update().order_by("pk")}
    return {one: row for one, row in rows.items() if one in wanted}


def _bucket_of_row(row: Rollup) -> Bucket:
    return Bucket(row.brand_id, row.hour, row.platform, row.polarity, row.intent)


def _fields(one: Bucket) -> dict[str, Any]:
    return dict(zip(Bucket._fields, one, strict=True))
