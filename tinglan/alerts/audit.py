"""The independent auditor: a process of its own that looks whether alerts are on their way.

It trusts nobody's word that all is well: it counts what should have happened and did not. Its own
silence is noticed from outside, by /healthz/audit going stale and the heartbeat staying away.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypedDict

from django.conf import settings
from django.db.models import F, Model, Q, QuerySet

from tinglan.alerts import notify
from tinglan.alerts.deliver import RANK
from tinglan.alerts.models import Alert, Delivery, Inspection
from tinglan.analysis.levels import Level as Rank
from tinglan.clocks.targets import DELIVERY_TARGETS
from tinglan.events.models import Level, LevelChange
from tinglan.lib import clock, heartbeat, http, steps
from tinglan.lib.models import Lease

log = logging.getLogger(__name__)

HEARD_WITHIN = timedelta(seconds=30)
CALLED_WITHIN = timedelta(minutes=2)  # after the stored time of the next call
BEATS_WITHIN = timedelta(minutes=2)
KEPT = timedelta(days=30)
SHOWN = 20  # rows named per finding
UNSENT = (Delivery.State.PENDING, Delivery.State.SENDING)
PROCESSES = ("worker.ingest", "worker.delivery", "worker.slow")


class Finding(TypedDict):
    """One kind of thing that is wrong: how many, and the first of them."""

    code: str
    count: int
    ids: list[int]
    text: str


def inspect(*, now: datetime, wall: datetime) -> Inspection:
    """Look at everything once and keep the result."""
    findings = [*_findings(now, wall), *_silent_processes(wall)]
    inspection = Inspection.objects.create(at=wall, findings=findings)
    Inspection.objects.filter(at__lt=wall - KEPT).delete()
    heartbeat.beat("auditor")
    if findings:
        log.error("audit found codes=%s", ",".join(found["code"] for found in findings))
    return inspection


def report(inspection: Inspection) -> None:
    """Tell the outside that all is well; its silence is the alarm (I-04)."""
    if not settings.HEARTBEAT_URL or not inspection.is_ok:
        return
    try:
        reply = http.fetch(settings.HEARTBEAT_URL, allow=settings.FETCH_ALLOW, timeout=10)
    except http.HttpError as err:
        log.warning("heartbeat not sent: %s", err)
        return
    if not reply.is_success:
        log.warning("heartbeat refused status=%s", reply.status)


def _findings(now: datetime, wall: datetime) -> Iterator[Finding]:
    looks: Iterable[tuple[str, str, Callable[[datetime, datetime], QuerySet[Model]]]] = (
        ("unheard_change", "level changes that nobody has handled", _unheard_changes),
        ("change_without_alert", "levels without an alert", _events_without_alert),
        ("late_delivery", "deliveries later than promised", _late_deliveries),
        ("lost_delivery", "unsent deliveries that no worker will pick up", _lost_deliveries),
        ("no_next_action", "open red or orange alerts with nobody to be called", _abandoned),
        ("reached_nobody", "alerts that reached nobody", _unreached),
    )
    for code, text, look in looks:
        ids = list(look(now, wall).values_list("pk", flat=True).order_by("pk"))
        if ids:
            yield Finding(code=code, count=len(ids), ids=ids[:SHOWN], text=text)


def _unheard_changes(now: datetime, wall: datetime) -> QuerySet[LevelChange]:
    late = Lease.objects.filter(
        subscriber__in=steps.subscribers("events.LevelChange"), announced_at__lt=wall - HEARD_WITHIN
    )
    return LevelChange.objects.filter(pk__in=late.values("object_id"))


def _events_without_alert(now: datetime, wall: datetime) -> QuerySet[LevelChange]:
    """The level of an open event was heard of, and the event has no alert at all."""
    heard = Lease.objects.filter(subscriber="alerts.issue").values("object_id")
    rises = LevelChange.objects.exclude(pk__in=heard).filter(
        event__ended_at__isnull=True,
        event__merged_into__isnull=True,
        event__is_backfill=False,
        event__level=F("to_level"),
        event__level__in=(Level.RED, Level.ORANGE, Level.YELLOW),
    )
    return rises.filter(event__alerts__isnull=True)


def _late_deliveries(now: datetime, wall: datetime) -> QuerySet[Delivery]:
    """By wall time: a site clock that runs fast makes no message late."""
    late = Q()
    for level, rank in RANK.items():
        promised = timedelta(minutes=DELIVERY_TARGETS[Rank.from_roman(level)].amount)
        late |= Q(rank=rank, announced_at__lt=wall - promised)
    leases = Lease.objects.filter(late, subscriber=notify.SUBSCRIBER)
    held = Q(held_until__gt=now - CALLED_WITHIN * max(clock.rate(), 1.0))  # it waits on purpose
    return _unsent().filter(pk__in=leases.values("object_id")).exclude(held)


def _lost_deliveries(now: datetime, wall: datetime) -> QuerySet[Delivery]:
    """No lease will bring them back; or the message that was to tell them is over."""
    leases = Lease.objects.filter(subscriber=notify.SUBSCRIBER)
    untold = Q(state=Delivery.State.JOINED) & ~Q(told_in__state__in=UNSENT)
    unheld = Q(state__in=UNSENT) & ~Q(pk__in=leases.values("object_id"))
    return Delivery.objects.filter(untold | unheld)


def _unsent() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state__in=UNSENT)


def _abandoned(now: datetime, wall: datetime) -> QuerySet[Alert]:
    overdue = now - CALLED_WITHIN * max(clock.rate(), 1.0)
    return (
        Alert.objects.waiting()
        .filter(level__in=(Level.RED, Level.ORANGE))
        .filter(Q(next_action_at__isnull=True) | Q(next_action_at__lt=overdue))
    )


def _unreached(now: datetime, wall: datetime) -> QuerySet[Alert]:
    return Alert.objects.waiting().unreached()


def _silent_processes(wall: datetime) -> Iterator[Finding]:
    for name in PROCESSES:
        silence = heartbeat.silence(name, wall=wall)
        if silence is None or silence > BEATS_WITHIN:
            said = "never" if silence is None else f"{int(silence.total_seconds())} s ago"
            text = f"{name} last showed that it lives: {said}"
            yield Finding(code="silent_process", count=1, ids=[], text=text)
