"""The course of an event as a chart: posts by polarity, the score, and where the level changed.

While its first day runs the forecast is drawn ahead of it: what is expected, within a band.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber, TruncHour, TruncMinute
from django.utils import timezone
from django.utils.translation import gettext as _

from tinglan.events.members import members_of
from tinglan.events.models import Event, Forecast, Snapshot
from tinglan.events.outlook import ahead, horizon, running
from tinglan.monitors.models import Polarity

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# How long a course may be for bars of this length: some seventy to two hundred of them.
STEPS = ((6 * HOUR, 5 * MINUTE), (DAY, 15 * MINUTE), (7 * DAY, HOUR))
LONGEST = 180 * DAY
POLARITIES = (Polarity.NEGATIVE, Polarity.NEUTRAL, Polarity.POSITIVE, Polarity.UNKNOWN)

SPARK_HOURS = 24
SPARK_POINTS = 40
SPARK_WIDTH, SPARK_HEIGHT = 96, 24


def chart_of(event: Event, *, now: datetime) -> dict[str, Any]:
    """Bars of posts, the score on the right-hand axis, a mark for each change of level."""
    told = running(event, now=now)
    start, end = _span(event, told, now)
    step = _step(end - start)
    starts = _starts(start, end, step)
    n_past = sum(at <= now for at in starts)
    unknown = [None] * (len(starts) - n_past)
    labels = _labels(starts, step)
    counts = _counts(event, starts[0], step)
    series = [
        {
            "name": str(polarity.label),
            "values": [*(counts[at, polarity.value] for at in starts[:n_past]), *unknown],
            "tone": polarity.value,
            "kind": "bar",
            "stack": "posts",
        }
        for polarity in POLARITIES
    ]
    score = {
        "name": _("Score"),
        "values": [*_scores(event, starts[:n_past], step), *unknown],
        "tone": "accent",
        "kind": "line",
        "axis": 1,
    }
    return {
        "labels": labels,
        "series": [*series, score, *_band(told, starts, step)],
        "marks": _marks(event, starts, labels, step),
    }


def step_of(event: Event, *, now: datetime) -> timedelta:
    """How long a bar of its chart is."""
    start, end = _span(event, running(event, now=now), now)
    return _step(end - start)


def _span(event: Event, told: Forecast | None, now: datetime) -> tuple[datetime, datetime]:
    """From its first post to now, or as far as the forecast is drawn, or to its last post."""
    end = now if event.is_open else event.last_post_at
    return max(event.first_post_at, end - LONGEST), horizon(told, now) if told else end


def _step(length: timedelta) -> timedelta:
    return next((step for longest, step in STEPS if length <= longest), DAY)


def _band(
    told: Forecast | None, starts: Sequence[datetime], step: timedelta
) -> list[dict[str, Any]]:
    """What is expected of each step still to come, within its band."""
    if told is None:
        return []
    values = ahead(told, starts, step=step)
    return [
        {"name": _("At least"), "values": values["low"], "kind": "floor", "stack": "band"},
        {
            "name": _("At most"),
            "values": values["high"],
            "above": values["low"],
            "tone": "quiet",
            "kind": "band",
            "stack": "band",
        },
        {"name": _("Expected"), "values": values["middle"], "tone": "quiet", "kind": "dashes"},
    ]


def sparks(events: Sequence[Event], *, now: datetime) -> dict[int, str]:
    """The score of each event in its last day as the points of a line, SPARK_WIDTH wide."""
    recent = Snapshot.objects.filter(event__in=events, at__gt=now - SPARK_HOURS * HOUR)
    newest = Window(RowNumber(), partition_by=F("event"), order_by=F("id").desc())
    rows = (
        recent.annotate(nth=newest)
        .filter(nth__lte=SPARK_POINTS)
        .order_by("id")
        .values_list("event", "at", "score")
    )
    found: dict[int, list[tuple[datetime, float]]] = {}
    for pk, at, score in rows:
        found.setdefault(pk, []).append((at, score))
    return {pk: _line(points, now) for pk, points in found.items() if len(points) > 1}


def _line(points: Sequence[tuple[datetime, float]], now: datetime) -> str:
    """To scale in both directions: time up to now, score from 0 to 100."""
    start = points[0][0]
    whole = max((now - start).total_seconds(), 1.0)
    drawn = [*points, (now, points[-1][1])]
    return " ".join(
        f"{(at - start).total_seconds() / whole * SPARK_WIDTH:.1f},"
        f"{SPARK_HEIGHT - score / 100 * SPARK_HEIGHT:.1f}"
        for at, score in drawn
    )


def _starts(start: datetime, end: datetime, step: timedelta) -> list[datetime]:
    first = _floor(start, step)
    if step < DAY:
        n_steps = max(1, int((end - first) / step) + 1)
        return [first + n * step for n in range(n_steps)]
    days = (timezone.localtime(end).date() - timezone.localtime(first).date()).days
    midnight = timezone.localtime(first).replace(tzinfo=None)  # days of the wall calendar
    return [timezone.make_aware(midnight + n * DAY).astimezone(UTC) for n in range(days + 1)]


def _floor(at: datetime, step: timedelta) -> datetime:
    local = timezone.localtime(at).replace(second=0, microsecond=0)
    if step >= DAY:
        return local.replace(hour=0, minute=0).astimezone(UTC)
    if step >= HOUR:
        return local.replace(minute=0).astimezone(UTC)
    length = int(step / MINUTE)
    return local.replace(minute=local.minute // length * length).astimezone(UTC)


def _labels(starts: Sequence[datetime], step: timedelta) -> list[str]:
    """As short as they can be told apart: the hour alone within a day."""
    local = [timezone.localtime(at) for at in starts]
    if step >= DAY:
        form = "%m-%d"
    else:
        form = "%H:%M" if local[0].date() == local[-1].date() else "%m-%d %H:%M"
    return [at.strftime(form) for at in local]


def _counts(event: Event, start: datetime, step: timedelta) -> Counter[tuple[datetime, str]]:
    """Posts by step and polarity; the database counts by minute or hour, which are few."""
    trunc = TruncHour if step >= HOUR else TruncMinute
    rows = (
        members_of(event)
        .filter(mention__at__gte=start)
        .values_list(trunc("mention__at"), "mention__polarity")
        .annotate(n=Count("id"))
        .order_by()
    )
    counts: Counter[tuple[datetime, str]] = Counter()
    for at, polarity, n in rows:
        counts[_floor(at, step), polarity] += n
    return counts


def _scores(event: Event, starts: Sequence[datetime], step: timedelta) -> list[int | None]:
    """The last score of each step, carried on; none before the first assessment."""
    latest: dict[datetime, float] = {}
    for at, score in event.snapshots.values_list("at", "score").order_by("id"):
        latest[max(_floor(at, step), starts[0])] = score
    values: list[int | None] = []
    for at in starts:
        before = values[-1] if values else None
        values.append(round(latest[at]) if at in latest else before)
    return values


def _marks(
    event: Event, starts: Sequence[datetime], labels: Sequence[str], step: timedelta
) -> list[dict[str, str]]:
    """Of several changes within one step the last is marked: their names would cover each other."""
    label_at = dict(zip(starts, labels, strict=True))
    marks = {}
    for change in event.level_changes.all():
        at = max(_floor(change.at, step), starts[0])
        marks[at] = {
            "at": label_at.get(at, labels[-1]),
            "name": change.to_level or "–",
            "tone": f"level-{change.to_level}" if change.to_level else "quiet",
        }
    return list(marks.values())
