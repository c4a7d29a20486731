"""Change the level of an event: by an assessment, or by a person who confirms, sets or lowers it.

A change is a row that alerts and plans hear of; it is written with everything that follows from it
in one transaction.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.analysis import held as remembered
from tinglan.analysis import settle
from tinglan.analysis.held import Held, Override
from tinglan.analysis.levels import Level as Rank
from tinglan.audit.record import record
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.events import timeline
from tinglan.events.models import RANK, Event, Level, LevelChange, Snapshot
from tinglan.lib import changes, claims
from tinglan.lib.errors import TinglanError


class EventError(TinglanError):
    """Something cannot be done to this event."""


def change_level(
    event: Event,
    to: str,
    *,
    reason: LevelChange.Reason,
    now: datetime,
    by: Member | None = None,
    note: str = "",
    snapshot: Snapshot | None = None,
) -> LevelChange:
    """Write the change and start or shorten the clocks it brings; the caller holds the event."""
    change = LevelChange.objects.create(
        event=event,
        number=event.level_changes.count() + 1,
        from_level=event.level,
        to_level=to,
        reason=reason,
        note=note,
        snapshot=snapshot,
        score=event.score,
        by=by,
        at=now,
    )
    event.level = to
    event.save(update_fields=["level", "held", "is_confirmed"])
    if to:
        run.start_for_level(event, to, now=now)
        run.retarget(event, to, now=now)
    timeline.add(
        event,
        "level_raised" if change.is_rise else "level_lowered",
        at=now,
        by=by,
        from_level=change.from_level,
        to_level=to,
        score=round(event.score),
        reason=reason,
        note=note,
    )
    record(
        "events.change_level", change, by=by, now=now, data={"from": change.from_level, "to": to}
    )
    claims.announce(change)
    changes.note("board", "events")
    return change


@transaction.atomic
def confirm(event: Event, *, by: Member, now: datetime) -> Event:
    """A person says that the level is right."""
    require(by, Right.GRADE)
    event = _locked(event)
    event.held = remembered.dump(settle.confirm(held_of(event)))
    event.is_confirmed = True
    event.save(update_fields=["held", "is_confirmed"])
    run.meet(event, [Kind.JUDGE], by_row=event, now=now)
    timeline.add(event, "level_confirmed", at=now, by=by, level=event.level)
    record("events.confirm_level", event, by=by, now=now, data={"level": event.level})
    return event


@transaction.atomic
def set_level(event: Event, level: str, *, reason: str, by: Member, now: datetime) -> Event:
    """A person sets the level with a reason; it stands until it is lifted."""
    require(by, Right.GRADE)
    event = _locked(event)
    by_hand = Override(level=Rank(RANK[level]), reason=reason.strip(), by=by.name, at=now)
    try:
        held = settle.override(held_of(event), by_hand)
    except ValueError as error:
        raise EventError(_("Setting a level needs a reason: say why.")) from error
    return _by_person(event, held, level, note=reason, by=by, now=now)


@transaction.atomic
def lift_level(event: Event, *, by: Member, now: datetime) -> Event:
    """The formula's level counts again."""
    require(by, Right.GRADE)
    event = _locked(event)
    held = settle.lift(held_of(event))
    return _by_person(event, held, held.level.roman, note="", by=by, now=now)


@transaction.atomic
def lower_level(event: Event, to: str, *, by: Member, now: datetime) -> Event:
    """Orange and red go down by a person only, when their score has been low for long enough."""
    require(by, Right.GRADE)
    event = _locked(event)
    try:
        held = settle.lower(held_of(event), Rank(RANK[to]), now=now)
    except settle.NotLowerableError as error:
        raise EventError(
            _(
                "The level cannot be lowered yet: the score was not low for long enough. "
                "You can set the level with a reason instead."
            )
        ) from error
    return _by_person(event, held, to, note="", by=by, now=now)


def held_of(event: Event) -> Held:
    return remembered.load(event.held) if event.held else Held()


def _by_person(
    event: Event, held: Held, level: str, *, note: str, by: Member, now: datetime
) -> Event:
    event.held = remembered.dump(held)
    event.is_confirmed = True
    event.save(update_fields=["held", "is_confirmed"])
    run.meet(event, [Kind.JUDGE], by_row=event, now=now)
    if level != event.level:
        reason = LevelChange.Reason.PERSON
        change_level(event, level, reason=reason, now=now, by=by, note=note)
    return event


def _locked(event: Event) -> Event:
    event = Event.objects.select_for_update().get(pk=event.pk)
    if not event.is_open:
        raise EventError(_("This event is closed or merged into another: its level stands."))
    return event


LEVELS = (Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED)
