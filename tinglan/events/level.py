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
from tinglan.events.models import RANK, Event, LevelChange, Snapshot
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
    if not event.level:
        raise EventError(_("This event has no level to confirm: set one with a reason."))
    _judge(event, settle.confirm(held_of(event)), now=now)
    timeline.add(event, "level_confirmed", at=now, by=by, level=event.level)
    record("events.confirm_level", event, by=by, now=now, data={"level": event.level})
    return event


@transaction.atomic
def set_level(event: Event, level: str, *, reason: str, by: Member, now: datetime) -> Event:
    """A person sets the level with a reason; it stands until it is lifted."""
    require(by, Right.GRADE)
    event, reason = _locked(event), reason.strip()
    by_hand = Override(level=Rank(RANK[level]), reason=reason, by=by.name, at=now)
    try:
        held = settle.override(held_of(event), by_hand)
    except ValueError as error:
        raise EventError(_("Setting a level needs a reason: say why.")) from error
    _judge(event, held, now=now)
    timeline.add(event, "level_overridden", at=now, by=by, to_level=level, note=reason)
    _follow(event, note=reason, by=by, now=now)
    record("events.set_level", event, by=by, now=now, data={"level": level, "reason": reason})
    return event


@transaction.atomic
def lift_level(event: Event, *, by: Member, now: datetime) -> Event:
    """The formula's level counts again."""
    require(by, Right.GRADE)
    event = _locked(event)
    held = held_of(event)
    if held.override is None:
        raise EventError(_("Nobody set this level by hand: there is nothing to lift."))
    _judge(event, settle.lift(held), now=now)
    timeline.add(event, "level_lifted", at=now, by=by, to_level=held.formula_level.roman)
    _follow(event, note="", by=by, now=now)
    record("events.lift_level", event, by=by, now=now, data={"level": event.level})
    return event


@transaction.atomic
def lower_level(event: Event, to: str, *, by: Member, now: datetime) -> Event:
    """Orange and red go down by a person only, when their score has been low for long enough."""
    require(by, Right.GRADE)
    event = _locked(event)
    held = held_of(event)
    if held.override is not None:
        raise EventError(_("A level set by hand stands: lift it first, or set another."))
    try:
        held = settle.lower(held, Rank(RANK[to]), now=now)
    except settle.NotLowerableError as error:
        raise EventError(
            _(
                "The level cannot be lowered yet: the score was not low for long enough. "
                "You can set the level with a reason instead."
            )
        ) from error
    _judge(event, settle.confirm(held), now=now)
    _follow(event, note="", by=by, now=now)
    record("events.lower_level", event, by=by, now=now, data={"level": to})
    return event


def held_of(event: Event) -> Held:
    return remembered.load(event.held) if event.held else Held()


def hold(event: Event, held: Held) -> None:
    """Put the state on the event; a level that a person set is confirmed by that."""
    event.held = dict(remembered.dump(held))
    event.is_confirmed = held.is_confirmed or held.override is not None


def _judge(event: Event, held: Held, *, now: datetime) -> None:
    """Keep what a person decided: whatever it is, it is the first judgement."""
    hold(event, held)
    event.save(update_fields=["held", "is_confirmed"])
    run.meet(event, [Kind.JUDGE], by_row=event, now=now)


def _follow(event: Event, *, note: str, by: Member, now: datetime) -> None:
    """The event takes the level that counts now."""
    level = held_of(event).level.roman
    if level != event.level:
        reason = LevelChange.Reason.PERSON
        change_level(event, level, reason=reason, now=now, by=by, note=note)


def _locked(event: Event) -> Event:
    event = Event.objects.select_for_update().get(pk=event.pk)
    if not event.is_open:
        raise EventError(_("This event is closed or merged into another: its level stands."))
    return event
