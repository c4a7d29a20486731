"""E2 on events: what a band is worth where several posts start the same event.

A product's event is no single cascade. From the later two fifths of CED, events are put together of
one to four cascades, each beginning some time after the one before (an hour on average) and led by
the first; the model learnt from the earlier cascades alone. Told after an hour, once as the model
says it and once corrected by the site's own ended events, which are the first half of them.
"""

from collections.abc import Mapping

import numpy as np

from benchmarks.cascades import DAY, Corpus, ced
from benchmarks.e2_interval import interval
from benchmarks.first_hour import BIG, figures
from benchmarks.forecast_fit import fit
from tinglan.analysis.forecast import MIN_SEEN, Cascades, Forecasts, Model, forecast
from tinglan.analysis.forecast_features import Floats, Integers, seen_by
from tinglan.analysis.forecast_refit import NO_CORRECTION, Correction, Outcome, refit

ID = "E2-events"
GOAL = "coverage .77–.83 after the site's own ended events corrected it"
SEED = 7
LEARNT = 0.6
N_EVENTS = 1_200
GAP = 60.0  # minutes between the beginnings of two cascades, on average
MOST = 4
WINDOW = 60.0
OWN = 200  # ended events a site has, as many as the product looks at


def run() -> Mapping[str, object]:
    weibo = ced()
    by_time = np.argsort(weibo.began, kind="stable")
    n_learnt = int(LEARNT * len(weibo))
    model = fit(weibo, by_time[:n_learnt], big=BIG)
    events = _events(weibo, by_time[n_learnt:])
    return {
        "one cascade each": _told(model, _events(weibo, by_time[n_learnt:], most=1)),
        "one to four": _told(model, events),
    }


def _events(weibo: Corpus, pool: Integers, *, most: int = MOST) -> Cascades:
    chance = np.random.default_rng(SEED)
    delays, leaders = [], []
    for _ in range(N_EVENTS):
        parts = chance.choice(pool, size=int(chance.integers(1, most + 1)), replace=False)
        starts = np.concatenate([[0.0], np.cumsum(chance.exponential(GAP, len(parts) - 1))])
        pairs = zip(parts, starts, strict=True)
        delays.append(np.concatenate([_of(weibo, one) + start for one, start in pairs]))
        leaders.append(parts[0])
    chosen = np.array(leaders)
    return Cascades.of(
        delays,
        followers=_or_none(weibo.cascades.followers[chosen]),
        hours=_or_none(weibo.cascades.hours[chosen]),
    )


def _of(weibo: Corpus, one: int) -> Floats:
    starts = weibo.cascades.starts
    return np.concatenate([[0.0], weibo.cascades.delays[starts[one] : starts[one + 1]]])


def _or_none(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _told(model: Model, events: Cascades) -> dict[str, dict[str, float]]:
    every = np.arange(len(events), dtype=np.int64)
    seen = seen_by(events, every, np.full(len(every), WINDOW))
    told = every[seen >= MIN_SEEN]
    came = seen_by(events, told, np.full(len(told), DAY)).astype(float)
    own = slice(0, OWN)
    first = _forecast(model, events, told)
    outcomes = [
        Outcome(*row)
        for row in zip(
            first.plain[own], first.downs[own], first.ups[own], np.log1p(came[own]), strict=True
        )
    ]
    later, came = told[OWN:], came[OWN:]
    return {
        "as learnt": _figures(_forecast(model, events, later), came),
        f"corrected by {OWN}": _figures(
            _forecast(model, events, later, correction=refit(outcomes)), came
        ),
    }


def _forecast(
    model: Model, events: Cascades, which: Integers, *, correction: Correction = NO_CORRECTION
) -> Forecasts:
    ages = np.full(len(which), WINDOW)
    return forecast(events, ages, which=which, model=model, correction=correction)


def _figures(told: Forecasts, came: Floats) -> dict[str, float]:
    found = figures(told.sizes, came) | interval(told, came)
    return {name: round(value, 3) for name, value in found.items()}
