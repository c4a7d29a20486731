"""Lengths of time as people read them, in the language that is active."""

import re
from datetime import timedelta
from typing import Final

from babel import Locale
from babel.units import format_unit
from django.utils import translation

UNKNOWN = "–"
SECONDS_BELOW = 10  # minutes
NUMBER_BEFORE_UNIT: Final = re.compile(r"(?<=\d)(?=[\u4e00-\u9fff])")


def locale() -> Locale:
    language = translation.get_language() or "en"
    return Locale.parse(language.replace("-", "_").replace("hans", "Hans"))


def span(value: timedelta | None) -> str:
    """1 hr 35 min: the two largest units that are not nought; seconds below ten minutes."""
    if value is None:
        return UNKNOWN
    minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
    if minutes >= SECONDS_BELOW:
        minutes, seconds = minutes + round(seconds / 60), 0
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    amounts = {"day": days, "hour": hours, "minute": minutes, "second": seconds}
    parts = [_unit(amount, name) for name, amount in amounts.items() if amount]
    return " ".join(parts[:2]) or _unit(0, "second")


def _unit(amount: int, name: str) -> str:
    return spaced(format_unit(amount, f"duration-{name}", length="short", locale=locale()))


def spaced(text: str) -> str:
    """A space between a number and its Chinese unit, as everywhere else on the pages.

    >>> spaced("35分钟前")
    '35 分钟前'
    """
    return NUMBER_BEFORE_UNIT.sub(" ", text)
