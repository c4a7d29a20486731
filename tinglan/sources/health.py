"""How the sources are doing: what is blind first, why, what to do, and what each brought today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from tinglan.sources.causes import cause_of
from tinglan.sources.edit import is_polled
from tinglan.sources.models import Post, Run, Source

WORST_FIRST: Final = tuple(
    Source.Health(state) for state in ("failing", "silent", "low", "new", "ok", "paused")
)
MEASURED: Final = 3000  # newest posts that the lag is measured on
EXACT: Final = (Post.Precision.SECOND, Post.Precision.MINUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One source at one moment, ready to be shown."""

    source: Source
    state: Source.Health
    reason: str  # "" when all is well
    detail: str  # what the connector itself said, where that is more
    advice: str
    n_created: int  # today
    n_rejected: int
    lag: timedelta | None  # from publication to us, median of the last day

    @property
    def is_blind(self) -> bool:
        return self.state in {Source.Health.FAILING, Source.Health.SILENT, Source.Health.LOW}


def reports(sources: Iterable[Source], *, now: datetime) -> list[Report]:
    """The worst first; three queries, however many sources."""
    today, lags = _today(now), _lags(now)
    found = [
        Report(
            source=source,
            state=source.health(now),
            reason=reason(source, now),
            detail=detail(source, now),
            advice=advice(source, now),
            n_created=today.get(source.pk, (0, 0))[0],
            n_rejected=today.get(source.pk, (0, 0))[1],
            lag=lags.get(source.pk),
        )
        for source in sources
    ]
    return sorted(found, key=lambda one: (WORST_FIRST.index(one.state), one.source.name))


def reason(source: Source, now: datetime) -> str:
    """Why it is as it is."""
    match source.health(now):
        case Source.Health.FAILING:
            return cause_of(source.last_error_code, source.last_error)
        case Source.Health.SILENT:
            return _silence(source, now)
        case Source.Health.LOW:
            return _drift(source)
        case Source.Health.PAUSED:
            return cause_of(source.last_error_code, source.disabled_reason)
    return ""


def detail(source: Source, now: datetime) -> str:
    """What the connector itself said; "" where that is the reason already."""
    said = {
        Source.Health.FAILING: source.last_error,
        Source.Health.PAUSED: source.disabled_reason,
    }.get(source.health(now), "")
    return "" if said == reason(source, now) else said


def _silence(source: Source, now: datetime) -> str:
    since = source.last_success_at or source.created_at
    if source.next_poll_at and now - since > 3 * timedelta(minutes=source.interval_minutes):
        return _("It has not been read for three of its intervals.")
    if source.silent_after_minutes is None and source.rhythm.get("missed"):
        return _("Nothing for {hours} hours, in which it usually brings {n} posts.").format(
            hours=source.rhythm["silent_hours"], n=round(source.rhythm["missed"])
        )
    return _("It has brought nothing new for longer than it should.")


def _drift(source: Source) -> str:
    """It answers and brings too little: what it brings a day, or what cannot be read of it."""
    rhythm = source.rhythm
    if rhythm.get("is_garbled"):
        return _("Most of what it brings cannot be read: {share} % was rejected.").format(
            share=round(100 * rhythm["rejected"])
        )
    return _("It brought {n} posts in a day, usually {usual}.").format(
        n=round(rhythm["last_day"]), usual=round(rhythm["usual_day"])
    )


def advice(source: Source, now: datetime) -> str:
    """What a person should do about it; "" when nothing."""
    delivered = not is_polled(source)
    advised = {
        Source.Health.FAILING: _("Try its address, correct it, or pause it until it is back."),
        Source.Health.SILENT: _("Ask who delivers it whether their side still runs.")
        if delivered
        else _("See whether the worker runs and whether the site still publishes."),
        Source.Health.LOW: _("See its runs: has the site or the format changed?"),
        Source.Health.NEW: _first(source),
        Source.Health.PAUSED: _("Give its new address and resume it.")
        if source.disabled_reason
        else "",
    }
    return advised.get(source.health(now), "")


def _first(source: Source) -> str:
    if is_polled(source):
        return _("It is polled within seconds.")
    if source.kind == "file":
        return _("Hand in its first file.")
    return _("Send it the first posts.")


def _today(now: datetime) -> dict[int, tuple[int, int]]:
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    runs = Run.objects.filter(started_at__gte=start).order_by().values("source")
    sums = runs.annotate(created=Sum("n_created"), rejected=Sum("n_rejected"))
    return {row["source"]: (row["created"], row["rejected"]) for row in sums}


def _lags(now: datetime) -> dict[int, timedelta]:
    """Median time from publication to us, of posts whose source tells it to the minute."""
    posts = Post.objects.filter(
        first_seen_at__gte=now - timedelta(days=1), is_backfill=False, precision__in=EXACT
    ).exclude(published_at=None)
    told = posts.order_by("-first_seen_at", "-id").values_list(
        "sightings__source", "published_at", "first_seen_at"
    )
    seconds: dict[int, list[float]] = {}
    for source_id, published_at, first_seen_at in told[:MEASURED]:
        if source_id is not None and published_at is not None:
            lag = max((first_seen_at - published_at).total_seconds(), 0.0)
            seconds.setdefault(source_id, []).append(lag)
    return {pk: timedelta(seconds=median(values)) for pk, values in seconds.items()}
