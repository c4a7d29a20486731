"""Numbers, times and addresses as a report says them, in the language that is active."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from tinglan.lib import spans
from tinglan.reports.document import Cell

DASH = spans.UNKNOWN


def number(n: int | None) -> str:
    return DASH if n is None else f"{n:,}"


def share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else DASH


def change(now: int, before: int) -> str:
    """Against the time before: “before: 120 (+25 %)”."""
    if not before:
        return _("before: %(n)s") % {"n": number(before)}
    return _("before: %(n)s (%(change)s)") % {
        "n": number(before),
        "change": f"{(now - before) / before:+.0%}".replace("-", "−"),
    }


def span(seconds: float | None) -> str:
    return spans.span(None if seconds is None else timedelta(seconds=seconds))


def moment(at: str | None) -> str:
    """Site time of an ISO time."""
    if not at:
        return DASH
    return timezone.localtime(datetime.fromisoformat(at)).strftime("%Y-%m-%d %H:%M")


def between(start: str | None, end: str | None) -> str:
    if not start or not end:
        return DASH
    return span((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


def stamp(at: datetime) -> str:
    """A time in an address: site time to the minute."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def mentions(start: datetime, end: datetime, **more: str | int | None) -> str:
    """The address of the mentions behind a figure, copies included, as figures count them."""
    kept = {key: value for key, value in more.items() if value not in (None, "")}
    return f"/mentions?{urlencode({'from': stamp(start), 'to': stamp(end), 'copies': '1', **kept})}"


def numeric(n: int | None, *, url: str = "", is_bad: bool = False) -> Cell:
    return Cell(text=number(n), url=url, is_number=True, is_bad=is_bad)
