"""Two events turn out to be one: the later becomes part of the earlier, and nothing is lost.

Members move and remember where they came from; the merged event keeps its own timeline, level
changes and alerts, and points at the one that goes on. A merge that was wrong is taken back by
`split.unmerge`; what a person put apart is never merged again unasked.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.analysis import clusters as clustered
from tinglan.analysis.twins import Twins, absorb, twins
from tinglan.audit.record import record
from tinglan.clocks import run
from tinglan.events import timeline
from tinglan.events.assess import assess
from tinglan.events.level import EventError, change_level, held_of, hold
from tinglan.events.members import refresh
from tinglan.events.models import Event, LevelChange, Merge, Split, is_at_least
from tinglan.lib import changes, claims
from tinglan.monitors.models import Brand

HANGS_AT = 0.14  # nearness from which a new event is told to have grown out of a known one
TOLD_BY = 3  # posts that the known one has at least


@transaction.atomic
def merge(event: Event, into: Event, *, by: Member, now: datetime) -> Merge:
    """A person says that two events are one."""
    require(by, Right.GRADE)
    # In the order in which a batch locks them, so that neither waits for the other.
    both = Event.objects.select_for_update().order_by("pk")
    locked = both.in_bulk([event.pk, into.pk])
    if len(locked) < 2:
        raise EventError(_("An event cannot be merged into itself."))
    event, into = locked[event.pk], locked[into.pk]
    if event.brand_id != into.brand_id:
        raise EventError(_("Only events of one brand can be merged."))
    if not event.is_open or not into.is_open:
        raise EventError(_("One of the events is closed or merged already."))
    done = _merge(event, into, by=by, now=now)
    assess([into], now=now)
    if not is_at_least(into.level, event.level):
        _take_level(into, event, by=by, now=now)
    return done


def merge_twins(brand: Brand, events: Sequence[Event], *, now: datetime) -> list[Event]:
    """Merge events that nobody has heard of with what they repeat; the events that go on.

    One with a level has alerts and perhaps a case, and a person decides about it. What is near
    and not the same hangs on the older event, as grown out of it.
    """
    unheard = {event.pk for event in events if not event.level}
    if not unheard:
        return list(events)
    # Locked, because a merge counts the older one anew and saves it.
    locked = Event.objects.open().select_for_update().filter(brand=brand).order_by("pk")
    known = {event.pk: event for event in locked}
    known |= {event.pk: event for event in events}
    states = [_cluster(event) for event in known.values() if event.cluster]
    config = replace(clustered.DEFAULT, merge_at=HANGS_AT)
    pairs = twins(states, among=[str(pk) for pk in unheard], apart=_apart(unheard), config=config)
    for pair in pairs:
        older, newer = sorted((known[int(pair.larger)], known[int(pair.smaller)]), key=_age)
        if newer.pk not in unheard or not newer.is_open or not older.is_open:
            continue
        if pair.score >= clustered.DEFAULT.merge_at:
            _merge(newer, older, by=None, now=now, score=pair.score)
            events = [*events, older]
        elif newer.opened_at == now:
            _hang(newer, older, pair)
    return list({event.pk: event for event in events if event.is_open}.values())


def _apart(events: Collection[int]) -> set[frozenset[str]]:
    """The pairs that a person put apart."""
    pairs = Split.objects.filter(Q(event__in=events) | Q(into__in=events))
    return {frozenset(map(str, pair)) for pair in pairs.values_list("event", "into")}


def _hang(event: Event, parent: Event, pair: Twins) -> None:
    """A new event tells of something near what an earlier one tells of: it grew out of it."""
    if parent.n_posts >= TOLD_BY and parent.parent_id != event.pk:
        event.parent = parent.parent or parent
        event.save(update_fields=["parent"])


def _merge(
    event: Event, into: Event, *, by: Member | None, now: datetime, score: float | None = None
) -> Merge:
    joined = absorb(_cluster(into), _cluster(event)) if event.cluster and into.cluster else None
    event.memberships.filter(origin__isnull=True).update(origin=F("event"))
    n_moved = event.memberships.update(event=into)
    event.secondary.exclude(pk=into.pk).update(parent=into)
    into.cluster = dict(clustered.dump(joined)) if joined else into.cluster
    if into.parent_id == event.pk:
        into.parent = None
        into.save(update_fields=["parent"])
    refresh([into])
    event.merged_into, event.ended_at = into, now
    event.save(update_fields=["merged_into", "ended_at"])
    run.stop(event, now=now)
    done = Merge.objects.create(event=event, into=into, score=score, n_moved=n_moved, by=by, at=now)
    timeline.add(event, "event_merged", at=now, by=by, into=into.pk, title=into.title)
    timeline.add(into, "event_absorbed", at=now, by=by, merged=event.pk, title=event.title)
    record("events.merge", done, by=by, now=now, data={"event": event.pk, "into": into.pk})
    claims.announce(done)
    changes.note("board", "events")
    return done


def _take_level(into: Event, merged: Event, *, by: Member, now: datetime) -> None:
    """The graver level goes on, with clocks that run since it was reached: a merge lowers nothing
    and gives nobody more time."""
    taken = replace(held_of(into), formula_level=held_of(merged).level, override=None)
    hold(into, replace(taken, since=now, reason="merge", is_confirmed=merged.is_confirmed))
    run.start_for_level(into, merged.level, now=now, since=reached_at(merged) or now)
    change_level(into, merged.level, reason=LevelChange.Reason.MERGE, now=now, by=by)


def reached_at(event: Event) -> datetime | None:
    """When an event reached the level it has; None when no change says so."""
    reached = event.level_changes.filter(to_level=event.level).order_by("-number").first()
    return reached.at if reached else None


def _cluster(event: Event) -> clustered.Cluster:
    return replace(clustered.load(event.cluster), key=str(event.pk))


def _age(event: Event) -> tuple[datetime, int]:
    return event.opened_at, event.pk
