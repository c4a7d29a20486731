"""A level change moves the clocks of its event and, from level III on, starts the response plan.

1. Clocks that run are moved to the new level; those that the level has and the event never had
   are started, counted from the change.
2. From level III on the strictest plan that fits the event's nature and level is started, once
   per event and plan; a later, graver level may add a stricter one.
"""

from collections.abc import Sequence
from datetime import datetime

from tinglan.audit.record import record
from tinglan.clocks import run
from tinglan.events import timeline
from tinglan.events.models import RANK, Event, Level, LevelChange, is_at_least
from tinglan.lib import claims
from tinglan.plans.defaults import ensure_defaults
from tinglan.plans.models import Activation, Plan

FROM_LEVEL = Level.YELLOW


def handle(changes: Sequence[LevelChange], *, now: datetime) -> None:
    """The worker's step. Posts older than two days never alert, so their events start nothing."""
    for change in changes:
        if not change.event.is_backfill:
            _run_clocks(change, now)
            if is_at_least(change.to_level, FROM_LEVEL):
                activate(change, now=now)


def activate(change: LevelChange, *, now: datetime) -> Activation | None:
    """Start the plan for an event's level; None where none fits or it was started before."""
    plan = plan_for(change.event, change.to_level, now=now)
    if plan is None:
        return None
    activation, is_new = Activation.objects.get_or_create(
        event=change.event,
        plan=plan,
        defaults={"level": change.to_level, "change": change, "at": now},
    )
    if not is_new:
        return None
    timeline.add(
        change.event,
        "plan_activated",
        at=now,
        plan=plan.name,
        plan_en=plan.name_en,
        level=change.to_level,
    )
    claims.announce(activation)
    record("plans.activate", activation, by=None, now=now, data={"plan": plan.code})
    return activation


def plan_for(event: Event, level: str, *, now: datetime) -> Plan | None:
    """The strictest current plan for the event's nature; a general one where none names it."""
    ensure_defaults(now)
    nature = event.nature.code if event.nature else ""
    fitting = [
        plan
        for plan in Plan.objects.current()
        if is_at_least(level, plan.level) and (not plan.natures or nature in plan.natures)
    ]
    return max(fitting, key=lambda plan: (bool(plan.natures), plan.gravity), default=None)


def _run_clocks(change: LevelChange, now: datetime) -> None:
    """Changes may be heard late or, after a failure, out of order: clocks count from the change."""
    event = change.event
    is_latest = not event.level_changes.filter(number__gt=change.number).exists()
    if RANK[change.to_level]:
        if is_latest:
            run.retarget(event, change.to_level, now=change.at)
        run.start_for_level(event, change.to_level, now=now, since=change.at)
    elif is_latest and not event.activations.exists():
        run.stop(event, now=now)  # lifted before anybody had to respond
