"""Hourly counts of mentions, written in the transaction of the mentions they count."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F

from tinglan.monitors.models import Mention, Rollup


class Bucket(NamedTuple):
    brand_id: int
    hour: datetime
    platform: str
    polarity: str
    intent: str


def bucket_of(mention: Mention, *, platform: str) -> Bucket:
    hour = mention.at.replace(minute=0, second=0, microsecond=0)
    return Bucket(mention.brand_id, hour, platform, mention.polarity, mention.intent)


def shift(mentions: Counter[Bucket], copies: Counter[Bucket]) -> None:
    """Add to the buckets (negative to take away); rows are made where none was."""
    touched = sorted(
        {bucket for bucket in (*mentions, *copies) if mentions[bucket] or copies[bucket]}
    )
    Rollup.objects.bulk_create(
        [Rollup(**_fields(bucket)) for bucket in touched], ignore_conflicts=True
    )
    # Sorted, so that two workers lock the same rows in the same order.
    for bucket in touched:
        Rollup.objects.filter(**_fields(bucket)).update(
            n_mentions=F("n_mentions") + mentions[bucket], n_copies=F("n_copies") + copies[bucket]
        )


def count(buckets: Iterable[Bucket]) -> Counter[Bucket]:
    return Counter(buckets)


def _fields(bucket: Bucket) -> dict[str, Any]:
    return dict(zip(Bucket._fields, bucket, strict=True))
