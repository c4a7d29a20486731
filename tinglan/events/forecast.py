"""Forecast open events from their first minutes, and keep beside each forecast what came.

At each milestone of its first day an event is looked at as one cascade: the times of its posts
after the first one. Fewer than ten tell nothing yet. When the day is over the posts are counted,
and what a site's own ended events came to corrects the next forecasts of the same milestone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import numpy as np
from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone

from tinglan.analysis.forecast import (
    MIN_SEEN,
    Cascades,
    forecast,
    outlook,
    shipped,
)
from tinglan.analysis.forecast_refit import Correction, Outcome, refit
from tinglan.events.members import members_of
from tinglan.events.models import FORECAST_FOR, Event, Forecast, Membership
from tinglan.lib import changes

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MILESTONES = (15, 30, 60, 120, 180, 240, 360, 480, 720, 1080)  # minutes
SILENCE = timedelta(hours=6)  # after it a new wave begins, with a day of its own
BATCH = 20
MOST_TIMES = 20_000  # of posts that are read for one forecast; the model knows none so large
LATE = 2 * HOUR  # given to posts that are collected late, before what came is counted
LOG_EVENTS = 200  # ended events that correct a milestone
BIG_EVENTS = 400  # ended events whose largest twentieth is "big"
FEWEST_FOR_BIG = 40
BIG_SHARE = 95


Seen = tuple[datetime, int | None]  # when a post was published, the followers of its author


@dataclass(frozen=True, slots=True)
class Due:
    """An event that has reached a milestone nobody has forecast it at."""

    event: Event
    began_at: datetime
    milestone: int


def work(now: datetime) -> int:
    """Forecast a batch of events that are due, and settle forecasts whose day is over."""
    due = due_events(now)[:BATCH]
    with transaction.atomic():
        made = [one for one in map(partial(_forecast, now=now), due) if one]
        Forecast.objects.bulk_create(made, ignore_conflicts=True)
        settled = settle(now)
    for one in [*made, *settled]:
        changes.note(f"event:{one.event_id}")
    return len(made) + len(settled)


def due_events(now: datetime) -> list[Due]:
    """Open events in their first day, with enough posts, past a milestone without a forecast."""
    growing = Event.objects.open().filter(
        is_backfill=False,
        n_posts__gte=MIN_SEEN,
        last_post_at__gte=now - FORECAST_FOR,
    )
    events = list(growing.order_by("pk"))
    began = beginnings(events, now=now)
    latest: dict[int, Forecast] = {}
    for one in Forecast.objects.filter(event__in=events).order_by("at", "id"):
        latest[one.event_id] = one
    return [
        Due(event, began[event.pk], milestone)
        for event in events
        if event.pk in began and (milestone := _reached(now - began[event.pk]))
        if not _is_told(latest.get(event.pk), began[event.pk], milestone)
    ]


def beginnings(events: Sequence[Event], *, now: datetime) -> dict[int, datetime]:
    """When the wave that runs began: with the first post, or after hours without any.

    An event that has run for longer than a day without a pause has none: its first day is over.
    """
    young = {e.pk: e.first_post_at for e in events if now - e.first_post_at < FORECAST_FOR}
    old = [event for event in events if event.pk not in young]
    return young | _second_waves(old, now=now)


def _second_waves(events: Sequence[Event], *, now: datetime) -> dict[int, datetime]:
    """The first hour of the last day before which nothing came for six."""
    start = now - FORECAST_FOR - SILENCE
    members = Membership.objects.filter(
        event__in=events, mention__at__gte=start, mention__at__lte=now
    )
    rows = members.values("event", hour=TruncHour("mention__at")).annotate(n=Count("id"))
    hours: dict[int, list[datetime]] = defaultdict(lambda: [start - HOUR])
    for row in rows.order_by("event", "hour"):
        hours[row["event"]].append(row["hour"])
    found: dict[int, datetime] = {}
    for event, one in hours.items():
        waves = [after for before, after in pairwise(one) if after - before > SILENCE]
        if waves and now - waves[-1] < FORECAST_FOR:
            found[event] = waves[-1]
    return found


def _reached(age: timedelta) -> int:
    """The last milestone that this age has reached; 0 before the first."""
    return max((one for one in MILESTONES if age >= one * MINUTE), default=0)


def _is_told(latest: Forecast | None, began_at: datetime, milestone: int) -> bool:
    return latest is not None and latest.at >= began_at + milestone * MINUTE


def _forecast(due: Due, *, now: datetime) -> Forecast | None:
    """One forecast; None where the wave has too few posts yet."""
    seen = _seen(due, now=now)
    if len(seen) < MIN_SEEN:
        return None
    began_at = seen[0][0]
    cascade = _cascade(seen)
    ages = np.array([max((now - began_at) / MINUTE, 1.0)])
    big = big_line()
    correction = correction_at(due.milestone)
    told = forecast(cascade, ages, big=big, correction=correction)
    when = outlook(cascade, ages)
    return Forecast(
        event=due.event,
        at=now,
        began_at=began_at,
        milestone=due.milestone,
        n_seen=int(told.seen[0]),
        size=round(told.sizes[0]),
        low=int(told.lows[0]),
        high=int(np.ceil(told.highs[0])),
        big=round(big),
        p_big=float(told.p_big[0]),
        p_over=float(when.p_over[0]),
        peak_at=began_at + float(when.peaks[0]) * MINUTE,
        ninety_at=began_at + float(when.ninety[0]) * MINUTE,
        plain=float(told.plain[0]),
        down=float(told.downs[0]),
        up=float(told.ups[0]),
        n_refit=correction.n_events,
        version=shipped().version,
    )


def _seen(due: Due, *, now: datetime) -> list[Seen]:
    """The posts of the running wave, the earliest first."""
    members = Membership.objects.filter(
        event=due.event, mention__at__gte=due.began_at, mention__at__lte=now
    )
    rows = members.order_by("mention__at", "id")
    return list(rows.values_list("mention__at", "mention__post__author__followers")[:MOST_TIMES])


def _cascade(seen: Sequence[Seen]) -> Cascades:
    """The event as one cascade, led by whoever wrote its first post."""
    began_at, followers = seen[0]
    local = timezone.localtime(began_at)
    return Cascades.of(
        [[(at - began_at) / MINUTE for at, _followers in seen]],
        followers=[followers],
        hours=[local.hour + local.minute / 60],
    )


def correction_at(milestone: int) -> Correction:
    """How this site's ended events bend the forecasts of a milestone."""
    return refit([_outcome(one) for one in ended().filter(milestone=milestone)[:LOG_EVENTS]])


def _outcome(told: Forecast) -> Outcome:
    return Outcome(told.plain, told.down, told.up, float(np.log1p(told.came or 0)))


def ended() -> QuerySet[Forecast]:
    """Forecasts of which is known what came, the latest first; drills teach nothing."""
    known = Forecast.objects.filter(came__isnull=False, event__is_drill=False)
    return known.order_by("-began_at", "-id")


def big_line() -> float:
    """What five in a hundred of this site's waves grew beyond; at first the shipped line."""
    waves = ended().values("event", "began_at", "came").distinct()
    sizes = [row["came"] or 0 for row in waves[:BIG_EVENTS]]
    if len(sizes) < FEWEST_FOR_BIG:
        return shipped().big
    return float(np.percentile(sizes, BIG_SHARE))


def settle(now: datetime) -> list[Forecast]:
    """Count what came of the forecasts whose day is over."""
    over = Forecast.objects.filter(came__isnull=True, began_at__lte=now - FORECAST_FOR - LATE)
    waves: dict[tuple[int, datetime], list[Forecast]] = defaultdict(list)
    for one in over.select_related("event").order_by("id")[: BATCH * len(MILESTONES)]:
        waves[one.event_id, one.began_at].append(one)
    for (_event, began_at), told in waves.items():
        came = _came(told[0].event, began_at)
        for one in told:
            one.came = came
    settled = _flat(waves.values())
    Forecast.objects.bulk_update(settled, ["came"])
    return settled


def _came(event: Event, began_at: datetime) -> int:
    first_day = members_of(event).filter(
        mention__at__gte=began_at, mention__at__lt=began_at + FORECAST_FOR
    )
    return first_day.count()


def _flat(parts: Iterable[Sequence[Forecast]]) -> list[Forecast]:
    return [one for part in parts for one in part]
