"""How much was heard lately, by monitor and by brand: the small curves of their lists."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, OuterRef, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from tinglan.monitors.models import Match, MonitorVersion, Rollup

DAYS = 7
WIDTH, HEIGHT = 84, 22  # of a curve, in its own units


@dataclass(slots=True)
class Hits:
    """What came on each of the last days, today last."""

    days: list[int] = field(default_factory=lambda: [0] * DAYS)
    last_at: datetime | None = None
    n_negative: int = 0

    @property
    def total(self) -> int:
        return sum(self.days)

    @property
    def line(self) -> str:
        return line(self.days)

    @property
    def negative_share(self) -> float | None:
        return self.n_negative / self.total if self.total else None


def of_monitors(now: datetime) -> dict[int, Hits]:
    """Monitor → what its versions matched; a query per day, which the index on time answers."""
    found: defaultdict[int, Hits] = defaultdict(Hits)
    first = _first_midnight(now)
    for at in range(DAYS):
        start = first + timedelta(days=at)
        day = Match.objects.filter(
            mention__at__gte=start, mention__at__lt=start + timedelta(days=1)
        )
        rows = day.values_list("version__monitor").annotate(
            n=Count("mention", distinct=True), last=Max("mention__at")
        )
        for monitor, n, last in rows.order_by():
            found[monitor].days[at] = n
            found[monitor].last_at = last  # the days come in order
    for monitor, last in _latest_arrivals():
        if last is not None:
            found[monitor].last_at = max(last, found[monitor].last_at or last)
    return dict(found)


def _latest_arrivals() -> Iterable[tuple[int, datetime | None]]:
    """Monitor and time of what each version matched last, for those silent for days."""
    newest = Match.objects.filter(version=OuterRef("pk")).order_by("-pk")
    versions = MonitorVersion.objects.annotate(last_at=Subquery(newest.values("mention__at")[:1]))
    return versions.values_list("monitor", "last_at")


def of_brands(now: datetime) -> dict[int, Hits]:
    """Brand → its mentions, from the hourly figures."""
    start = _first_midnight(now)
    rows = (
        Rollup.objects.filter(hour__gte=start, hour__lte=now)
        .annotate(day=TruncDate("hour"))
        .values_list("brand", "day", "polarity")
        .annotate(n=Sum("n_mentions"))
    )
    found: defaultdict[int, Hits] = defaultdict(Hits)
    for brand, day, polarity, n in rows:
        _put(found[brand].days, day, n, now=now)
        found[brand].n_negative += n if polarity == "negative" else 0
    return dict(found)


def line(values: Sequence[int]) -> str:
    """The points of a polyline in a box of WIDTH × HEIGHT.

    >>> line([0, 2, 1])
    '0,22 42,0 84,11'
    """
    most, step = max(values, default=0) or 1, WIDTH / max(len(values) - 1, 1)
    return " ".join(_points(values, most, step))


def _points(values: Sequence[int], most: int, step: float) -> Iterable[str]:
    for at, value in enumerate(values):
        yield f"{round(at * step)},{round(HEIGHT - value / most * HEIGHT)}"


def _first_midnight(now: datetime) -> datetime:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=DAYS - 1)


def _put(days: list[int], day: date, n: int, *, now: datetime) -> None:
    ago = (timezone.localtime(now).date() - day).days
    if 0 <= ago < DAYS:
        days[DAYS - 1 - ago] += n
