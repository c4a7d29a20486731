"""Start, move, meet and stop clocks. Whoever causes the act calls this in its transaction.

A clock belongs to any row: an alert, an event, a task, a promise. Its due time is computed here,
once, and stored; reading a clock computes nothing.
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Model

from tinglan.analysis.levels import Level
from tinglan.clocks import calendars, due
from tinglan.clocks.defaults import ensure_defaults
from tinglan.clocks.models import Clock, Kind, Policy, Target
from tinglan.clocks.targets import ClockKind

# What starts with an event's level. The acknowledgement starts with the alert, the review with
# the closure, a task and a promise by themselves.
EVENT_KINDS = (
    Kind.JUDGE,
    Kind.ASSEMBLE,
    Kind.PRESERVE,
    Kind.HOLDING,
    Kind.INFORM,
    Kind.FULL,
    Kind.UPDATE,
    Kind.EXECUTIVE,
    Kind.CONTACT,
)


def start(
    kind: Kind, subject: Model, level: str, *, now: datetime, since: datetime | None = None
) -> Clock | None:
    """Start a clock by the policy in force, or give the one that runs.

    None where the level has no such target. `since` is when the time began to run, where a worker
    hears of it later.
    """
    running = Clock.objects.of(subject).running().filter(kind=kind).first()
    if running is not None:
        return running
    target = _target(ensure_defaults(now), kind, level)
    if target is None:
        return None
    clock = _by_target(kind, subject, target, since or now)
    clock.save()
    return clock


def start_until(kind: Kind, subject: Model, due_at: datetime, *, now: datetime) -> Clock:
    """Start a clock whose due time somebody has set: a task's, a promise's."""
    clock = _new(kind, subject, started_at=min(now, due_at))
    clock.due_at = due_at
    clock.half_at = clock.started_at + (due_at - clock.started_at) * 0.5
    clock.late_at = clock.started_at + (due_at - clock.started_at) * 0.8
    clock.save()
    return clock


def start_for_level(
    subject: Model, level: str, *, now: datetime, since: datetime | None = None
) -> list[Clock]:
    """Start the clocks of an event at a level: those that neither run nor were met before."""
    had = set(
        Clock.objects.of(subject).filter(stopped_at__isnull=True).values_list("kind", flat=True)
    )
    targets = ensure_defaults(now).targets.select_related("calendar", "policy").filter(level=level)
    by_kind = {target.kind: target for target in targets}
    return Clock.objects.bulk_create(
        _by_target(kind, subject, by_kind[kind], since or now)
        for kind in EVENT_KINDS
        if kind in by_kind and kind not in had
    )


def retarget(subject: Model, level: str, *, now: datetime) -> list[Clock]:
    """Move the running clocks of an event to a new level.

    A rise brings them nearer but leaves a quarter of the new target from now; a fall never gives
    a first response more time. A clock that the new level does not have keeps its due time.
    """
    policy, moved = ensure_defaults(now), []
    grade = Level.from_roman(level)
    running = Clock.objects.of(subject).running().filter(kind__in=EVENT_KINDS)
    for clock in running.select_for_update():
        if clock.level != level:
            _move(clock, policy, grade, now=now)
            moved.append(clock)
    return moved


def meet(subject: Model, kinds: Collection[Kind], *, by_row: Model, now: datetime) -> list[Clock]:
    """End the running clocks of these kinds: `by_row` is the act that met them."""
    clocks = list(Clock.objects.of(subject).running().filter(kind__in=kinds).select_for_update())
    for clock in clocks:
        clock.met_at = max(now, clock.started_at)
        clock.met_by_kind, clock.met_by_id = by_row._meta.label, by_row.pk
        if clock.met_at > clock.due_at:  # too late, whether or not the worker has said so yet
            clock.breached_at = clock.breached_at or clock.due_at
        clock.save(update_fields=["met_at", "met_by_kind", "met_by_id", "breached_at"])
    return clocks


def stop(subject: Model, *, now: datetime, kinds: Collection[Kind] | None = None) -> int:
    """End running clocks that are no longer needed: the level was lifted, the event merged."""
    running = Clock.objects.of(subject).running()
    if kinds is not None:
        running = running.filter(kind__in=kinds)
    return running.update(stopped_at=now)


def _target(policy: Policy, kind: str, level: str) -> Target | None:
    targets = policy.targets.select_related("calendar", "policy")
    return targets.filter(kind=kind, level=level).first()


def _by_target(kind: Kind, subject: Model, target: Target, begun: datetime) -> Clock:
    hours, clock = target.calendar.hours(), _new(kind, subject, started_at=begun)
    clock.level, clock.policy = target.level, target.policy
    _set_due(clock, target.value().due_from(begun, hours), hours)
    return clock


def _new(kind: Kind, subject: Model, *, started_at: datetime) -> Clock:
    return Clock(
        kind=kind,
        subject_kind=subject._meta.label,
        subject_id=subject.pk,
        started_at=started_at,
    )


def _move(clock: Clock, policy: Policy, grade: Level, *, now: datetime) -> None:
    target = _target(policy, clock.kind, grade.roman)
    is_rise = grade > Level.from_roman(clock.level)
    clock.level = grade.roman
    if target is not None:
        hours, value = target.calendar.hours(), target.value()
        running = due.Running(ClockKind(clock.kind), clock.started_at, clock.due_at)
        due_at = (
            due.due_after_rise(running, value, now=now, calendar=hours)
            if is_rise
            else due.due_after_fall(running, value, calendar=hours)
        )
        if due_at != clock.due_at:
            clock.policy = policy
            _set_due(clock, due_at, hours)
    clock.save()


def _set_due(clock: Clock, due_at: datetime, hours: calendars.Calendar) -> None:
    """Store the due time and when the clock will speak before it."""
    running = due.Running(ClockKind(clock.kind), clock.started_at, due_at)
    clock.due_at = due_at
    clock.half_at = due.notice_at(running, due.Notice.HALF, calendar=hours)
    clock.late_at = due.notice_at(running, due.Notice.LATE, calendar=hours)


def restart(kind: Kind, subject: Model, *, by_row: Model, now: datetime) -> Clock | None:
    """Meet a clock that comes round again (the next update) and start it anew at its level."""
    met = meet(subject, [kind], by_row=by_row, now=now)
    return start(kind, subject, met[0].level, now=now) if met else None
