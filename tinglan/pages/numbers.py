"""Numbers and spans of time as people read them, in the language of the page."""

from datetime import timedelta

from babel import Locale
from babel.dates import format_timedelta
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from babel.units import format_unit
from django.utils import translation
from django.utils.translation import gettext

PLAIN_BELOW = 10_000
JUST_NOW = timedelta(seconds=45)
SECONDS_BELOW = 10  # minutes


def locale() -> Locale:
    language = translation.get_language() or "en"
    return Locale.parse(language.replace("-", "_").replace("hans", "Hans"))


def count(value: float | None) -> str:
    """1,234 · 1.2万 or 12K from ten thousand on; unknown is a dash, not 0."""
    if value is None:
        return "–"
    if abs(value) < PLAIN_BELOW:
        return format_decimal(round(value), locale=locale())
    return format_compact_decimal(value, locale=locale(), fraction_digits=1)


def percent(share: float | None) -> str:
    """A share of 1 in percent; unknown is a dash."""
    if share is None:
        return "–"
    return format_percent(share, locale=locale())


def span(value: timedelta | None) -> str:
    """1 hr 35 min: the two largest units that are not nought; seconds below ten minutes."""
    if value is None:
        return "–"
    minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
    if minutes >= SECONDS_BELOW:
        minutes, seconds = minutes + round(seconds / 60), 0
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    amounts = {"day": days, "hour": hours, "minute": minutes, "second": seconds}
    parts = [
        format_unit(amount, f"duration-{unit}", length="short", locale=locale())
        for unit, amount in amounts.items()
        if amount
    ]
    zero = format_unit(0, "duration-second", length="short", locale=locale())
    return " ".join(parts[:2]) or zero


def ago(value: timedelta) -> str:
    """How long ago, or in how long: 3 min. ago, in 2 hr."""
    if abs(value) < JUST_NOW:
        return gettext("just now")
    return format_timedelta(
        -value, threshold=1.5, add_direction=True, format="short", locale=locale()
    )


def countdown(value: timedelta) -> str:
    """H:MM:SS below a day, days above; a leading minus when the time is over."""
    sign = "−" if value < timedelta(0) else ""
    value = abs(value)
    if value >= timedelta(days=1):
        return sign + span(value)
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02}:{seconds:02}"
