"""Brands of which nothing is heard any more: zero mentions are an alarm, not good news.

The words of a monitor may match no longer, a source may have lost its search: each source may look
well and the brand is gone all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Sum

from tinglan.analysis.rhythm import rhythm_of
from tinglan.monitors.models import Brand, Rollup

HOUR = timedelta(hours=1)
LEARNT = timedelta(days=28)
SHORTEST = timedelta(hours=2)  # without a mention: before that nothing is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """A brand that went quiet."""

    brand: Brand
    since: datetime  # the end of the last hour that brought a mention
    missed: int  # mentions that usually come in such hours


def hushed(*, now: datetime) -> list[Hush]:
    """The active brands that should have been spoken of and were not."""
    end = now.replace(minute=0, second=0, microsecond=0)
    known = Rollup.objects.filter(n_mentions__gt=0, hour__gt=end - LEARNT, hour__lte=end)
    last = known.filter(brand__is_active=True).order_by().values_list("brand")
    quiet = {brand: at for brand, at in last.annotate(at=Max("hour")) if end - at > SHORTEST + HOUR}
    brands = Brand.objects.in_bulk(list(quiet))
    found = [_hush_of(brands[pk], last=at, end=end) for pk, at in sorted(quiet.items())]
    return [hush for hush in found if hush is not None]


def _hush_of(brand: Brand, *, last: datetime, end: datetime) -> Hush | None:
    rows = Rollup.objects.filter(brand=brand, hour__gt=end - LEARNT, hour__lt=end)
    counts: Mapping[datetime, int] = dict(
        rows.order_by().values_list("hour").annotate(n=Sum("n_mentions"))
    )
    first = min((hour for hour, n in counts.items() if n), default=end)
    hours = [first + number * HOUR for number in range(int((end - first) / HOUR))]
    rhythm = rhythm_of([float(counts.get(hour, 0)) for hour in hours])
    if not rhythm.is_silent:
        return None
    return Hush(brand=brand, since=last + HOUR, missed=round(rhythm.missed))
