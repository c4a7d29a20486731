"""A monitor is made or changed; a new wording becomes a new version, the old ones stay."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.lib import changes
from tinglan.monitors.errors import NameTakenError, QueryRefusedError
from tinglan.monitors.explain import remarks
from tinglan.monitors.models import KeywordList, Monitor, MonitorVersion


def save_monitor(
    monitor: Monitor,
    *,
    query: str,
    lists: Collection[KeywordList] = (),
    by_sound: bool = False,
    by: Member | None,
    now: datetime,
) -> Monitor:
    """Store a monitor with its wording. The worker listens by it from its next batch on.

    1. Refuse a query that cannot be listened for, with its place.
    2. Write a version only where the query, its lists or whether sound counts changed.
    """
    require(by, Right.EDIT_MONITORS)
    wording = MonitorVersion(query=query.strip(), by_sound=by_sound, by=by, at=now)
    _check(monitor, wording.query, lists)
    verb = "monitors.change_monitor" if monitor.pk else "monitors.create_monitor"
    try:
        with transaction.atomic():
            monitor.created_at = monitor.created_at or now
            monitor.save()
            version = _version(monitor, wording, lists)
            data = {"name": monitor.name, "number": version.number, "query": version.query}
            record(verb, monitor, by=by, now=now, data={**data, "by_sound": version.by_sound})
            changes.note("monitors")
    except IntegrityError as error:
        raise NameTakenError(monitor.name) from error
    return monitor


def _check(monitor: Monitor, query: str, lists: Collection[KeywordList]) -> None:
    for remark in remarks(query, brand=monitor.brand, lists=lists):
        if remark.level == "error":
            raise QueryRefusedError(
                remark.text, position=remark.position or 0, length=remark.length
            )


def _version(
    monitor: Monitor, wording: MonitorVersion, lists: Collection[KeywordList]
) -> MonitorVersion:
    """The version that says this; the newest one when it does already."""
    Monitor.objects.select_for_update().get(pk=monitor.pk)  # one number after the other
    current = monitor.current
    said = (wording.query, wording.by_sound)
    if current is not None and (current.query, current.by_sound) == said:
        held = current.problem_lists.values_list("pk", flat=True)
        if set(held) == {one.pk for one in lists}:
            return current
    wording.monitor = monitor
    wording.number = current.number + 1 if current else 1
    wording.save()
    wording.problem_lists.set(lists)
    return wording
