"""Numbers and spans of time as people read them, in the language of the page."""

from datetime import timedelta

from babel.dates import format_timedelta
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from django.utils.translation import gettext

from tinglan.lib.spans import UNKNOWN, locale, spaced, span

PLAIN_BELOW = 10_000
JUST_NOW = timedelta(seconds=45)


def count(value: float | None) -> str:
    """1,234 · 1.2万 or 12K from ten thousand on; unknown is a dash, not 0."""
    if value is None:
        return UNKNOWN
    if abs(value) < PLAIN_BELOW:
        return format_decimal(round(value), locale=locale())
    return format_compact_decimal(value, locale=locale(), fraction_digits=1)


def percent(share: float | None) -> str:
    """A share of 1 in percent; unknown is a dash."""
    if share is None:
        return UNKNOWN
    return format_percent(share, locale=locale())


def ago(value: timedelta) -> str:
    """How long ago, or in how long: 3 min. ago, in 2 hr."""
    if abs(value) < JUST_NOW:
        return gettext("just now")
    told = format_timedelta(
        -value, threshold=1.5, add_direction=True, format="short", locale=locale()
    )
    return spaced(told)


def countdown(value: timedelta) -> str:
    """H:MM:SS below a day, days above; a leading minus when the time is over."""
    sign = "−" if value < timedelta(0) else ""
    value = abs(value)
    if value >= timedelta(days=1):
        return sign + span(value)
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02}:{seconds:02}"
