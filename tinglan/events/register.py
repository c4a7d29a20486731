"""The standing risk register (风险台账): one row a brand and week, written when the week is over.

A row stays as it was assessed, with its parts: what came later does not rewrite what was known.
The running week is reckoned anew whenever it is shown and is no row yet.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from tinglan.analysis.register import Week, standing
from tinglan.audit.record import record
from tinglan.events.models import RANK, Allegation, Event, LevelChange, RiskEntry
from tinglan.monitors.models import Brand, Mention, Polarity
from tinglan.sources.models import Source

WEEK = timedelta(weeks=1)
N_BEFORE = 4  # weeks that say what is usual
N_KEPT = 12  # weeks back that a new register begins with
FRESH = timedelta(days=1)  # after a week: later nobody knows what was heard in it


def work(now: datetime) -> int:
    """The worker's step: write the weeks that are over and have no row yet."""
    last = monday(now) - WEEK
    behind = Brand.objects.filter(is_active=True).exclude(risk_entries__week=last)
    written = 0
    for brand in behind:
        with transaction.atomic():
            Brand.objects.select_for_update().get(pk=brand.pk)
            written += len(_write(brand, until=last, now=now))
    return written


def _write(brand: Brand, *, until: date, now: datetime) -> list[RiskEntry]:
    """The missing weeks of a brand; none before it was heard of."""
    known = set(brand.risk_entries.values_list("week", flat=True))
    entries = [entry_of(brand, week, now=now) for week in _weeks(brand, until) if week not in known]
    for entry in entries:
        entry.save()
        record("events.assess_week", entry, by=None, now=now, data={"score": entry.score})
    return entries


def _weeks(brand: Brand, until: date) -> list[date]:
    first = Mention.objects.filter(brand=brand).aggregate(first=Min("at"))["first"]
    if first is None:
        return []
    start = max(monday(first), until - (N_KEPT - 1) * WEEK)
    return [start + n * WEEK for n in range((until - start).days // 7 + 1)]


def entry_of(brand: Brand, week: date, *, now: datetime) -> RiskEntry:
    """The row of a week, not saved."""
    start, end = _bounds(week)
    counts = _counts(brand, start, end)
    found = standing(
        Week(
            levels=_levels(brand, start, end),
            harm=_harm(brand, start, end),
            n_posts=counts["posts"],
            n_negative=counts["negative"],
            negative_before=_before(brand, week),
        )
    )
    return RiskEntry(
        brand=brand,
        week=week,
        score=found.score,
        band=found.band,
        parts=[asdict(part) for part in found.parts],
        n_mentions=counts["mentions"],
        n_negative=counts["negative"],
        coverage=coverage(now) if now - end < FRESH else None,
        assessed_at=now,
    )


def monday(at: datetime) -> date:
    day = timezone.localdate(at)
    return day - timedelta(days=day.weekday())


def _bounds(week: date) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    return (
        timezone.make_aware(datetime.combine(week, time()), zone),
        timezone.make_aware(datetime.combine(week + WEEK, time()), zone),
    )


def _counts(brand: Brand, start: datetime, end: datetime) -> dict[str, int]:
    original = Q(copy_of__isnull=True)
    mentions = Mention.objects.filter(brand=brand, at__gte=start, at__lt=end, post__is_drill=False)
    return mentions.aggregate(
        mentions=Count("id"),
        posts=Count("id", filter=original),
        negative=Count("id", filter=original & Q(polarity=Polarity.NEGATIVE)),
    )


def _before(brand: Brand, week: date) -> list[int]:
    """Negative posts of the weeks before, from the first on in which the brand was heard of."""
    first = Mention.objects.filter(brand=brand).aggregate(first=Min("at"))["first"]
    weeks = [week - number * WEEK for number in range(N_BEFORE, 0, -1)]
    return [
        _counts(brand, *_bounds(one))["negative"] for one in weeks if first and one >= monday(first)
    ]


def _levels(brand: Brand, start: datetime, end: datetime) -> list[str]:
    """The gravest level of each event in that week: reached in it, or held from before."""
    events = Event.objects.filter(brand=brand, is_drill=False, first_post_at__lt=end)
    events = events.filter(Q(ended_at=None) | Q(ended_at__gte=start))
    gravest: dict[int, str] = {}
    held: dict[int, str] = {}
    changes = LevelChange.objects.filter(event__in=events, at__lt=end).order_by("event", "number")
    for event, at, level in changes.values_list("event", "at", "to_level"):
        held[event] = level
        if at >= start:
            gravest[event] = max(gravest.get(event, ""), level, key=RANK.__getitem__)
        else:
            gravest[event] = level
    return [level for level in gravest.values() if level]


def _harm(brand: Brand, start: datetime, end: datetime) -> int:
    """H of the gravest nature that posts of the week allege; one voice alone is not enough."""
    told = Allegation.objects.filter(
        membership__mention__brand=brand,
        membership__mention__at__gte=start,
        membership__mention__at__lt=end,
        membership__event__is_drill=False,
    )
    rows = told.order_by().values("nature").annotate(n=Count("id"), harm=Max("nature__harm"))
    return max((row["harm"] for row in rows if row["n"] > 1), default=0)


def coverage(now: datetime) -> float | None:
    """The weighted share of the sources in use that are heard now."""
    used: Sequence[Source] = [
        source for source in Source.objects.filter(is_enabled=True) if source.last_run_at
    ]
    whole = sum(source.weight for source in used)
    blind = sum(source.weight for source in used if source.is_blind(now))
    return 1 - blind / whole if whole else None
