"""What the page of an event says of the next hours: the forecast in words, figures and a band."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray

from tinglan.analysis.forecast import MIN_SEEN
from tinglan.analysis.forecast_features import Floats
from tinglan.analysis.forecast_path import Way, counts_by
from tinglan.events.forecast import MILESTONES, beginnings
from tinglan.events.models import FORECAST_FOR, Event, Forecast

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Ahead = dict[str, list[float | None]]  # the ends of the band and the middle, by step
LARGER_THAN_LEARNT = 1_000  # posts; nearly all that was learnt from ended below


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast that holds now, why there is none, and those told before."""

    current: Forecast | None
    silence: str  # why there is none
    earlier: Sequence[Forecast]  # the latest wave's, the first first
    now: datetime

    @property
    def is_lower_bound(self) -> bool:
        return self.current is not None and self.current.n_seen > LARGER_THAN_LEARNT

    @property
    def is_peak_ahead(self) -> bool:
        """Whether the busiest hour is likelier to come than over, and not just now."""
        one = self.current
        return one is not None and not one.is_peak_over and one.peak_at > self.now + HOUR / 2

    @property
    def came(self) -> int | None:
        return self.earlier[0].came if self.earlier else None

    @property
    def rests_on(self) -> str:
        """What the current forecast was made from, in a sentence."""
        if self.current is None:
            return ""
        one = self.current
        seen = ngettext(
            "Told from how fast its first %(n)s post came, who began it and the hour of the day; "
            "learnt from 2,709 cascades on Weibo",
            "Told from how fast its first %(n)s posts came, who began it and the hour of the day; "
            "learnt from 2,709 cascades on Weibo",
            one.n_seen,
        ) % {"n": one.n_seen}
        if not one.n_refit:
            return _("%(seen)s.") % {"seen": seen}
        ended = ngettext(
            "corrected by %(n)s ended event of this site",
            "corrected by %(n)s ended events of this site",
            one.n_refit,
        ) % {"n": one.n_refit}
        return _("%(seen)s, %(ended)s.") % {"seen": seen, "ended": ended}


def outlook_of(event: Event, *, now: datetime) -> Outlook:
    """The latest wave's forecasts, or why there are none."""
    told = list(event.forecasts.order_by("began_at", "milestone"))
    wave = [one for one in told if one.began_at == told[-1].began_at] if told else []
    latest = wave[-1] if wave else None
    if latest and event.is_open and now < latest.ends_at:
        return Outlook(latest, "", wave[:-1], now)
    return Outlook(None, "" if wave else _silence(event, now), wave, now)


def _silence(event: Event, now: datetime) -> str:
    if not event.is_open:
        return _("The event is over, and no forecast was made while it ran.")
    if event.is_backfill:
        return _("No forecast: its posts were old when they came.")
    if event.pk not in beginnings([event], now=now):
        return _("No forecast: it has run for more than a day, and one speaks of the first.")
    return _(
        "Cannot tell yet: a forecast needs %(posts)s posts and %(minutes)s minutes; "
        "with fewer, anything may follow."
    ) % {"posts": MIN_SEEN, "minutes": MILESTONES[0]}


def horizon(told: Forecast, now: datetime) -> datetime:
    """How far the course is drawn ahead: until most of it has come."""
    return min(told.ends_at, max(told.ninety_at, now + HOUR))


def ahead(told: Forecast, starts: Sequence[datetime], *, step: timedelta) -> Ahead:
    """Posts of each step still to come, as told: the middle and the ends of the band."""
    edges = np.array([(at - told.began_at) / MINUTE for at in [*starts, starts[-1] + step]])
    way = Way(
        age=(told.at - told.began_at) / MINUTE,
        seen=told.n_seen,
        ninety=(told.ninety_at - told.began_at) / MINUTE,
        middle=told.size,
    )
    is_ahead = edges[1:] > way.age
    sizes = {"low": told.low, "middle": told.size, "high": told.high}
    ways = {name: np.diff(counts_by(way, edges, size=size)) for name, size in sizes.items()}
    return {name: _shown(values, is_ahead) for name, values in ways.items()}


def _shown(values: Floats, is_ahead: NDArray[np.bool_]) -> list[float | None]:
    pairs = zip(values, is_ahead, strict=True)
    return [round(float(value), 1) if shown else None for value, shown in pairs]


def running(event: Event, *, now: datetime) -> Forecast | None:
    """The forecast whose band is drawn on the course, while its day runs."""
    if not event.is_open:
        return None
    latest = event.forecasts.order_by("-began_at", "-milestone").first()
    return latest if latest and now < latest.began_at + FORECAST_FOR else None
