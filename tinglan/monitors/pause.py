"""A monitor rests, or listens again; what it heard stays."""

from datetime import datetime

from django.db import transaction

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.lib import changes
from tinglan.monitors.models import Monitor


def pause(monitor: Monitor, *, by: Member | None, now: datetime) -> Monitor:
    return _set(monitor, is_active=False, by=by, now=now)


def resume(monitor: Monitor, *, by: Member | None, now: datetime) -> Monitor:
    return _set(monitor, is_active=True, by=by, now=now)


@transaction.atomic
def _set(monitor: Monitor, *, is_active: bool, by: Member | None, now: datetime) -> Monitor:
    require(by, Right.EDIT_MONITORS)
    monitor.is_active = is_active
    monitor.save(update_fields=["is_active"])
    verb = "monitors.resume" if is_active else "monitors.pause"
    record(verb, monitor, by=by, now=now, data={"name": monitor.name})
    changes.note("monitors")
    return monitor
