"""What an address or a form asks for by itself, where no form object reads it."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST: Final = 18  # digits: every such number fits a column of each store
YEARS: Final = range(1970, 3000)  # beside the ends of the calendar, where other zones fall out


def number(text: str | None) -> int | None:
    """A whole number, a row's as a rule; None for anything else, so that nothing is found.

    >>> number("7"), number("seven"), number("²"), number("9" * 25), number(None)
    (7, None, None, None, None)
    """
    if text and len(text) <= LONGEST and text.isascii() and text.isdecimal():
        return int(text)
    return None


def words(text: str | None, *, limit: int = 100) -> str:
    """Words to look for, as any store takes them.

    >>> words("  \\x00水壶 ")
    '水壶'
    """
    return (text or "").replace("\0", "").strip()[:limit]


def usual_day(day: date) -> None:
    """For form fields of days and times: within the years that every zone and store can tell."""
    if day.year not in YEARS:
        raise ValidationError(_("Choose a day between 1970 and 2999."))
