"""What the situation board shows, each part by queries of its own.

Volumes come from the hourly rollups and never from the posts; lists are short and indexed. A part
is a function of a View (member, time, window, brand) to the context of its template.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from tinglan.alerts.models import Alert
from tinglan.clocks.models import Clock
from tinglan.events import burst
from tinglan.events.models import Event, EventQuerySet, Level, LevelChange
from tinglan.monitors.hush import hushed
from tinglan.monitors.models import Aspect, Brand, Intent, Mention, Polarity, Rollup
from tinglan.pages.charts import Series, over_time
from tinglan.pages.subjects import Subject, subjects_of
from tinglan.pages.windows import Window
from tinglan.sources.models import Post

N_EVENTS, N_ALERTS, N_CLOCKS, N_ASPECTS, N_BURSTS = 6, 5, 8, 8, 4
N_LAGS = 1000  # newest posts that the detection lag is read from
N_WARNED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is asked of the board."""

    now: datetime
    window: Window
    brand: Brand | None

    @property
    def query(self) -> str:
        """The query string that keeps window and brand."""
        return self.link("")

    def link(self, path: str, **more: str) -> str:
        brand = {"brand": str(self.brand.pk)} if self.brand else {}
        return f"{path}?{urlencode({'window': self.window.span.code, **brand, **more})}"

    def mentions(self, start: datetime, end: datetime, **more: str) -> str:
        """The address of the mentions behind a figure."""
        times = {"from": _stamp(start), "to": _stamp(end)}
        brand = {"brand": str(self.brand.pk)} if self.brand else {}
        return f"/mentions?{urlencode({**times, **brand, **more})}"


def _stamp(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


# Figures


def figures(view: View) -> dict[str, Any]:
    window, (before, until) = view.window, view.window.before()
    n_now = _volume(view, window.start, view.now)
    n_before = _volume(view, before, until)
    n_negative = _volume(view, window.start, view.now, polarity=Polarity.NEGATIVE)
    return {
        "levels": _levels(view),
        "n_mentions": n_now,
        "change": n_now - n_before,
        "n_before": n_before,
        "n_negative": n_negative,
        "negative_share": n_negative / n_now if n_now else None,
        "mentions_url": view.mentions(window.start, view.now),
        "negative_url": view.mentions(window.start, view.now, polarity=Polarity.NEGATIVE),
        "found_after": found_after(),
        "warned_after": warned_after(),
    }


def _levels(view: View) -> list[tuple[str, str, int, str]]:
    """Level, its name, how many open events it has, where they are listed."""
    counts = dict(
        _open_events(view)
        .order_by()
        .values_list("level")
        .annotate(n=Count("id"))
        .values_list("level", "n")
    )
    brand = {"brand": str(view.brand.pk)} if view.brand else {}
    return [
        (level.value, str(level.label), counts.get(level.value, 0), _events_url(level, brand))
        for level in Level
    ]


def _events_url(level: str, brand: dict[str, str]) -> str:
    return f"/events?{urlencode({'level': level, **brand})}"


def _open_events(view: View) -> EventQuerySet:
    events = Event.objects.open()
    return events.filter(brand=view.brand) if view.brand else events


def _volume(view: View, start: datetime, end: datetime, **labels: str) -> int:
    rollups = _rollups(view, start, end).filter(**labels)
    return rollups.aggregate(n=Sum("n_mentions"))["n"] or 0


def _rollups(view: View, start: datetime, end: datetime) -> QuerySet[Rollup]:
    rollups = Rollup.objects.filter(hour__gte=start, hour__lt=end)
    return rollups.filter(brand=view.brand) if view.brand else rollups


def found_after() -> timedelta | None:
    """How long after publication the newest posts were found, in the middle of them."""
    newest = Post.objects.filter(
        is_backfill=False, is_stub=False, precision__in=("second", "minute")
    ).order_by("-id")
    lags = (
        Post.objects.filter(pk__in=newest.values("pk")[:N_LAGS])
        .annotate(lag=F("first_seen_at") - F("published_at"))
        .order_by("lag")
        .values_list("lag", flat=True)
    )
    return _middle(lags)


def warned_after() -> timedelta | None:
    """How long after their first post the newest events got their first level."""
    newest = LevelChange.objects.filter(number=1).order_by("-id").values("pk")[:N_WARNED]
    lags = (
        LevelChange.objects.filter(pk__in=newest)
        .annotate(lag=F("at") - F("event__first_post_at"))
        .order_by("lag")
        .values_list("lag", flat=True)
    )
    return _middle(lags)


def _middle(lags: Any) -> timedelta | None:
    n = lags.count()
    found: timedelta | None = lags[n // 2] if n else None
    return found


# Parts


def events(view: View) -> dict[str, Any]:
    """What calls for a look; the list of events has all of them."""
    known = _open_events(view)
    gravest = known.graded_or_told_by_several().select_related("brand").gravest_first()
    return {"events": gravest[:N_EVENTS], "n_events": known.count()}


def alerts(view: View) -> dict[str, Any]:
    """What nobody has taken on yet, gravest first."""
    waiting = Alert.objects.waiting().select_related("event")
    # "I" sorts before "II" before "III" before "IV": the numerals are in order of gravity.
    shown = waiting.order_by("level", "issued_at", "id")
    return {"alerts": shown[:N_ALERTS], "n_alerts": waiting.count()}


def clocks(view: View) -> dict[str, Any]:
    """What must be done next, soonest first."""
    running = Clock.objects.running().order_by("due_at", "id")
    shown = list(running[:N_CLOCKS])
    subjects = subjects_of((clock.subject_kind, clock.subject_id) for clock in shown)
    rows = [
        (clock, subjects.get((clock.subject_kind, clock.subject_id), Subject("")))
        for clock in shown
    ]
    return {"clocks": rows, "n_clocks": running.count()}


POLARITIES = (Polarity.NEGATIVE, Polarity.NEUTRAL, Polarity.POSITIVE, Polarity.UNKNOWN)


def volume(view: View) -> dict[str, Any]:
    """Mentions per hour or day, stacked by polarity; a bar leads to its mentions."""
    window = view.window
    sums = _sums(view)
    steps = list(window.steps())
    series = [
        Series(
            name=str(polarity.label),
            values=[sums[polarity].get(_key(step, window), 0) for step in steps],
            tone=polarity.value,
            kind="bar" if len(steps) <= 31 else "area",
            stack="volume",
            links=[
                view.mentions(step, step + window.span.step, polarity=polarity) for step in steps
            ],
        )
        for polarity in POLARITIES
    ]
    total = sum(sum(one.values()) for one in sums.values())
    return {"chart": over_time(window.labels(), series), "n_mentions": total}


def _sums(view: View) -> dict[str, dict[str, int]]:
    rows = (
        _rollups(view, view.window.start, view.now)
        .values_list("polarity", "hour")
        .annotate(n=Sum("n_mentions"))
        .order_by()
    )
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for polarity, hour, n in rows:
        sums[polarity][_key(timezone.localtime(hour), view.window)] += n
    return sums


def _key(at: datetime, window: Window) -> str:
    return at.strftime("%Y-%m-%d" if window.is_daily else "%Y-%m-%d %H")


def bursts(view: View) -> dict[str, Any]:
    """Brands whose volume stands far above what its hours bring, or did in the last day."""
    found = burst.recent(view.brand, since=view.now - timedelta(days=1))
    return {"bursts": found[:N_BURSTS]}


def blind(view: View) -> dict[str, Any]:
    """Brands of which nothing is heard any more; blind sources stand in the frame."""
    found = [one for one in hushed(now=view.now) if view.brand in {None, one.brand}]
    return {"hushed": found}


def complaints(view: View) -> dict[str, Any]:
    """What people complain of today, by aspect, against yesterday up to the same hour."""
    midnight = timezone.make_aware(
        datetime.combine(timezone.localdate(view.now), time()), timezone.get_current_timezone()
    )
    day = timedelta(days=1)
    today = _aspects(view, midnight, view.now)
    yesterday = _aspects(view, midnight - day, view.now - day)
    most = max(today.values(), default=0)
    rows = [
        {
            "label": aspect.label,
            "n": today[aspect],
            "n_yesterday": yesterday[aspect],
            "share": today[aspect] / most if most else 0.0,
            "url": view.mentions(midnight, view.now, intent=Intent.COMPLAINT, aspect=aspect),
        }
        for aspect in sorted(Aspect, key=lambda aspect: -today[aspect])
        if today[aspect]
    ]
    return {"aspects": rows[:N_ASPECTS]}


def _aspects(view: View, start: datetime, end: datetime) -> dict[Aspect, int]:
    mentions = Mention.objects.filter(at__gte=start, at__lt=end, intent=Intent.COMPLAINT)
    if view.brand:
        mentions = mentions.filter(brand=view.brand)
    # SQLite cannot ask whether a JSON list contains a value, and both stores write it alike.
    found: dict[str, int] = mentions.annotate(aspects_text=Cast("aspects", TextField())).aggregate(
        **{
            aspect.value: Count("id", filter=Q(aspects_text__contains=f'"{aspect.value}"'))
            for aspect in Aspect
        }
    )
    return {Aspect(code): n for code, n in found.items()}
