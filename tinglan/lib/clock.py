"""The site clock: what time it is for the product, which a demo or a drill may run fast.

Read it once at the edge (view, command, worker step) and pass `now` on. Leases, sessions and
signatures use wall time, because they bind processes and networks, which no demo makes faster.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tinglan.lib.models import SiteClock


def wall() -> datetime:
    return timezone.now()


def now() -> datetime:
    """Site time; wall time where no site clock was ever set."""
    clock = SiteClock.objects.order_by("id").first()
    return clock.at(wall()) if clock else wall()


def rate() -> float:
    clock = SiteClock.objects.order_by("id").first()
    return clock.rate if clock else 1.0


@transaction.atomic
def set_to(site: datetime, *, rate: float = 1.0) -> SiteClock:
    """Put the site clock to a moment, running at `rate` site seconds per second."""
    clock = SiteClock.objects.select_for_update().order_by("id").first() or SiteClock()
    clock.wall_at, clock.site_at, clock.rate = wall(), site, rate
    clock.save()
    return clock


@transaction.atomic
def run_at(rate: float) -> SiteClock:
    """Change the speed without a jump."""
    return set_to(now(), rate=rate)
