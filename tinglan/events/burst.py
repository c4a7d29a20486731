"""Note bursts of a brand's volume: one row an episode, with what most of it is.

A burst is about the brand; a post that spreads has its event and its level. So a burst that is one
event or one thread says so, and whoever is told of bursts is not told twice.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from tinglan.analysis.bursts import (
    ALARM,
    LEARNT_HOURS,
    OVER,
    at_minute,
    surprise,
    usual,
)
from tinglan.audit.record import record
from tinglan.events import timeline
from tinglan.events.models import Burst, Event
from tinglan.lib import changes, claims
from tinglan.monitors.models import Brand, Mention, Polarity, Rollup

HOUR = timedelta(hours=1)
LEARNT = timedelta(weeks=8)  # that the usual is learnt from
FEWEST = 10  # mentions in an hour: below it there is no burst
OVER_AFTER = timedelta(hours=6)  # below the usual; a rise before that is the same episode


@dataclass(frozen=True, slots=True)
class Heard:
    """The last sixty minutes of a brand against what they usually bring."""

    volume: int
    expected: float
    surprise: float


def work(now: datetime) -> int:
    """The worker's step: look at every brand that is loud enough, or was."""
    volumes = _last_hour(now)
    open_bursts = {burst.brand_id: burst for burst in Burst.objects.filter(ended_at=None)}
    loud = {brand for brand, n in volumes.items() if n >= FEWEST} | open_bursts.keys()
    for brand in Brand.objects.filter(Q(is_active=True) | Q(pk__in=open_bursts), pk__in=loud):
        look(brand, volume=volumes[brand.pk], now=now)
    return len(loud)


def look(brand: Brand, *, volume: int, now: datetime) -> Burst | None:
    """Open, carry on or end the burst of a brand; the one that is there now."""
    heard = heard_of(brand, volume=volume, now=now)
    with transaction.atomic():
        Brand.objects.select_for_update().get(pk=brand.pk)  # two workers see one episode
        burst = brand.bursts.filter(ended_at=None).first()
        if burst is not None:
            return _carry_on(burst, heard, now=now)
        if heard is None or heard.volume < FEWEST or heard.surprise < ALARM:
            return None
        return _note(brand, heard, now=now)


def heard_of(brand: Brand, *, volume: int, now: datetime) -> Heard | None:
    """None while too little is known to say what is usual."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    hourly = hourly_of(brand, until=this_hour)
    if len(hourly) < LEARNT_HOURS:
        return None
    first = this_hour - len(hourly) * HOUR
    hours = [_hour_of_week(first + number * HOUR) for number in range(len(hourly) + 1)]
    known = usual(hourly, hours)
    expected, spread = at_minute(known, now.minute)
    return Heard(volume, expected, surprise(volume, expected=expected, spread=spread))


def hourly_of(brand: Brand, *, until: datetime) -> list[float]:
    """Mentions of each whole hour of the last weeks, hours without any included."""
    rollups = Rollup.objects.filter(brand=brand, hour__gte=until - LEARNT, hour__lt=until)
    rows = dict(rollups.order_by().values_list("hour").annotate(n=Sum("n_mentions")))
    first = Rollup.objects.filter(brand=brand).aggregate(first=Min("hour"))["first"]
    if first is None:
        return []
    start = max(first, until - LEARNT)
    n_hours = max(0, int((until - start) / HOUR))
    return [float(rows.get(start + number * HOUR, 0)) for number in range(n_hours)]


def _hour_of_week(at: datetime) -> int:
    local = timezone.localtime(at)
    return local.weekday() * 24 + local.hour


def _last_hour(now: datetime) -> Counter[int]:
    """What came in the last sixty minutes, by brand."""
    rows = _recent(now).order_by().values_list("brand").annotate(n=Count("id"))
    return Counter(dict(rows))


def _recent(now: datetime) -> QuerySet[Mention]:
    """Real ones of the last sixty minutes; old posts taken in now came long ago."""
    return Mention.objects.filter(at__gt=now - HOUR, at__lte=now, post__is_drill=False)


def _note(brand: Brand, heard: Heard, *, now: datetime) -> Burst:
    burst = Burst(brand=brand, started_at=now, last_at=now, peak_at=now)
    _measure(burst, heard, now=now)
    burst.save()
    if burst.event is not None and burst.is_one_event:
        timeline.add(
            burst.event,
            "burst_noted",
            at=now,
            volume=burst.volume,
            expected=round(burst.expected),
        )
    record("events.note_burst", burst, by=None, now=now, data={"volume": burst.volume})
    claims.announce(burst)
    changes.note("board")
    return burst


def _carry_on(burst: Burst, heard: Heard | None, *, now: datetime) -> Burst | None:
    if heard is not None and heard.surprise >= OVER:
        burst.last_at = now
        if heard.volume > burst.volume:
            burst.peak_at = now
            _measure(burst, heard, now=now)
    is_over = now - burst.last_at > OVER_AFTER
    if is_over:
        burst.ended_at = now
        changes.note("board")
    burst.save()
    return None if is_over else burst


def _measure(burst: Burst, heard: Heard, *, now: datetime) -> None:
    """Size and make-up of the last sixty minutes."""
    mentions = _recent(now).filter(brand=burst.brand)
    burst.volume, burst.expected = heard.volume, heard.expected
    burst.surprise = heard.surprise
    burst.n_negative = mentions.filter(polarity=Polarity.NEGATIVE).count()
    event, n_event = _most(mentions.exclude(membership=None), "membership__event")
    _thread, n_thread = _most(mentions, "thread")
    burst.event = Event.objects.get(pk=event) if event else None
    burst.event_share = n_event / max(heard.volume, 1)
    burst.thread_share = n_thread / max(heard.volume, 1)


def _most(mentions: QuerySet[Mention], key: str) -> tuple[int | None, int]:
    """The commonest value of a key, and how many have it."""
    # A post of its own begins a thread; answers, reposts and copies belong to another's.
    thread = Coalesce(
        F("post__root_id"), F("post__repost_of_id"), F("copy_of__post_id"), F("post_id")
    )
    rows = mentions.annotate(thread=thread).order_by().values_list(key).annotate(n=Count("id"))
    counts: Counter[int] = Counter(dict(rows))
    return max(counts.items(), key=lambda one: (one[1], -one[0]), default=(None, 0))


def recent(brand: Brand | None, *, since: datetime) -> QuerySet[Burst]:
    """Bursts that were there since then, newest first."""
    found = Burst.objects.filter(Q(ended_at=None) | Q(last_at__gte=since))
    found = found.filter(brand=brand) if brand else found
    return found.select_related("brand", "event")
