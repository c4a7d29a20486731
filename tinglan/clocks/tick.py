"""Clocks speak: at half of their time, at four fifths, and once when they are breached.

A warning is a row, announced to those who must act. What passed unseen while nobody worked is not
made up for: after an outage only the gravest of the warnings is given.
"""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from tinglan.clocks import defaults
from tinglan.clocks.models import Clock, ClockWarning
from tinglan.lib import claims

BATCH = 200
Stage = ClockWarning.Stage


def poll(now: datetime) -> int:
    """Give the warnings that are due; how many clocks spoke."""
    with transaction.atomic():
        clocks = _due(now)
        claims.announce(*(_warn(clock, now) for clock in clocks))
    return len(clocks)


def extend_calendars(now: datetime) -> int:
    """The worker's daily step: the coming year's holidays, once they are announced."""
    return defaults.extend_holidays(now)


def _due(now: datetime) -> list[Clock]:
    waiting = Clock.objects.running().filter(
        Q(half_at__lte=now, half_warned_at__isnull=True)
        | Q(late_at__lte=now, late_warned_at__isnull=True)
        | Q(due_at__lte=now, breached_at__isnull=True)
    )
    skip = connection.features.has_select_for_update_skip_locked
    return list(waiting.select_for_update(skip_locked=skip)[:BATCH])


def _warn(clock: Clock, now: datetime) -> ClockWarning:
    """The gravest warning that is due; the milder ones count as given."""
    if clock.due_at <= now:
        stage = Stage.BREACHED
        clock.breached_at = now
    else:
        stage = Stage.LATE if clock.late_at <= now else Stage.HALF
    if stage != Stage.HALF:
        clock.late_warned_at = clock.late_warned_at or now
    clock.half_warned_at = clock.half_warned_at or now
    clock.save(update_fields=["half_warned_at", "late_warned_at", "breached_at"])
    return ClockWarning.objects.get_or_create(clock=clock, stage=stage, defaults={"at": now})[0]
