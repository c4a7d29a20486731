"""Forecasts of rows of JSON, as `tinglan forecast` reads them: a cascade each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import isfinite

import numpy as np
from django.utils import timezone

from tinglan.analysis.forecast import Cascades, forecast
from tinglan.lib.jsonl import Answer, BadLineError, Row, text_of


@dataclass(frozen=True, slots=True)
class Told:
    """A row as the forecast sees it."""

    name: object
    delays: list[float]
    followers: float | None
    hour: float | None


def forecast_rows(rows: Sequence[Row], *, after: float) -> list[Answer | Exception]:
    """Answer each row from the delays below so many minutes.

    >>> minutes = [0.5, 1, 2, 3, 5, 8, 9, 12, 15, 21, 22, 28, 33, 41, 44, 52, 58]
    >>> answer, = forecast_rows([{"id": 7, "followers": None, "delays_minutes": minutes}], after=60)
    >>> sorted(answer), answer["low"] < answer["size_24h"] < answer["high"]
    (['high', 'id', 'low', 'p_big', 'size_24h'], True)
    >>> str(forecast_rows([{"id": 7, "delays_minutes": "soon"}], after=60)[0])
    '"delays_minutes" is no list of numbers'
    """
    read = [_read(row, after=after) for row in rows]
    answers = iter(_answers([one for one in read if isinstance(one, Told)], after=after))
    return [next(answers) if isinstance(one, Told) else one for one in read]


def _answers(told: Sequence[Told], *, after: float) -> list[Answer]:
    cascades = Cascades.of(
        [one.delays for one in told],
        followers=[one.followers for one in told],
        hours=[one.hour for one in told],
    )
    found = forecast(cascades, np.full(len(told), after))
    numbers = zip(found.sizes, found.lows, found.highs, found.p_big, strict=True)
    return [
        {
            "id": one.name,
            "size_24h": round(float(size)),
            "low": int(low),
            "high": int(np.ceil(high)),
            "p_big": round(float(chance), 4),
        }
        for one, (size, low, high, chance) in zip(told, numbers, strict=True)
    ]


def _read(row: Row, *, after: float) -> Told | BadLineError:
    try:
        return Told(
            name=row["id"],
            delays=_delays(row, after=after),
            followers=_followers(row),
            hour=_hour(row),
        )
    except BadLineError as error:
        return error


def _delays(row: Row, *, after: float) -> list[float]:
    values = row.get("delays_minutes")
    if not isinstance(values, list):
        raise BadLineError('"delays_minutes" is no list of numbers')
    strange = list(islice((value for value in values if not _is_number(value)), 1))
    if strange:
        raise BadLineError(f'"delays_minutes" holds {strange[0]!r:.40}, which is no number')
    return [float(value) for value in values if value < after]


def _followers(row: Row) -> float | None:
    value = row.get("followers")
    if value is None:
        return None
    if not _is_number(value) or not isinstance(value, int | float) or value < 0:
        raise BadLineError(f'"followers" is {value!r:.40}, not a count or null')
    return float(value)


def _hour(row: Row) -> float | None:
    """The hour of the site's day at which it began, where the row says when."""
    written = text_of(row, "published_at", default="")
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
        local = timezone.localtime(at) if at.tzinfo else at
    except (ValueError, OverflowError) as error:
        raise BadLineError(f'"published_at" is no time in ISO 8601: {written[:40]}') from error
    return local.hour + local.minute / 60


def _is_number(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) < 1e15 and isfinite(value)  # type: ignore[arg-type]
