"""An event turns out to be two: posts of it become an event of their own, and nothing is lost.

Posts move with their copies; both events tell of it and learn anew what they are about, from the
posts they have now. Tinglan never joins the two again by itself. Taking back a merge is a split
along the line where the two were joined; taking back a split is a merge.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.analysis import clusters as clustered
from tinglan.analysis.remake import remade
from tinglan.audit.record import record
from tinglan.clocks import run
from tinglan.events import background, timeline
from tinglan.events.assess import assess
from tinglan.events.group import piece_of
from tinglan.events.level import EventError
from tinglan.events.members import refresh
from tinglan.events.merge import reached_at
from tinglan.events.models import Event, Membership, Merge, Split
from tinglan.lib import changes, claims

READ = 400  # newest posts of their own that say what an event is about


@transaction.atomic
def split(event: Event, mentions: Iterable[int], *, by: Member, now: datetime) -> Split:
    """A person says that these posts of an event tell of something else."""
    require(by, Right.GRADE)
    event = Event.objects.select_for_update().get(pk=event.pk)
    if not event.is_open:
        raise EventError(
            _("“%(event)s” is closed or merged: it cannot be split.") % {"event": event}
        )
    wanted = list(mentions)
    moving = event.memberships.filter(Q(mention__in=wanted) | Q(mention__copy_of__in=wanted))
    n_moving = moving.count()
    if not n_moving or n_moving == event.memberships.count():
        raise EventError(_("Choose some of the event’s posts, not none and not all."))
    into = _opened(event, moving, now=now)
    moving.update(event=into, origin=None, reason="person", at=now)
    return _part(event, into, n_moving, by=by, now=now)


@transaction.atomic
def unmerge(merge: Merge, *, by: Member, now: datetime) -> Split:
    """A person takes a merge back: the merged event goes on with the posts it had brought."""
    require(by, Right.GRADE)
    locked = Event.objects.select_for_update().order_by("pk")
    events = locked.in_bulk([merge.event_id, merge.into_id])
    event, into = events[merge.into_id], events[merge.event_id]
    if into.merged_into_id != event.pk or not event.is_open:
        raise EventError(_("This merge cannot be taken back: the events have changed since."))
    into.merged_into, into.ended_at = None, None
    into.save(update_fields=["merged_into", "ended_at"])
    moving = event.memberships.filter(origin__in=_brought_by(into))
    n_moving = moving.count()
    moving.update(event=into, at=now)
    into.memberships.filter(origin=into).update(origin=None)
    if into.level:
        run.start_for_level(into, into.level, now=now, since=reached_at(into) or now)
    return _part(event, into, n_moving, by=by, now=now, undoes=merge)


def _brought_by(event: Event) -> set[int]:
    """The event and those that had been merged into it before, in however many steps."""
    found, new = {event.pk}, {event.pk}
    while new:
        new = set(Event.objects.filter(merged_into__in=new).values_list("pk", flat=True)) - found
        found |= new
    return found


def _opened(event: Event, moving: QuerySet[Membership], *, now: datetime) -> Event:
    times = moving.order_by("mention__at").values_list("mention__at", flat=True)
    into = Event.objects.create(
        brand=event.brand,
        title=event.brand.name,  # until its posts are counted, in this same transaction
        first_post_at=times[0],
        last_post_at=times[0],
        opened_at=now,
        parent=event,
        is_drill=event.is_drill,
    )
    timeline.add(into, "event_opened", at=now)
    return into


def _part(
    event: Event,
    into: Event,
    n_moved: int,
    *,
    by: Member,
    now: datetime,
    undoes: Merge | None = None,
) -> Split:
    """What both kinds of split end with, once the posts have moved."""
    both = [one for one in (event, into) if one.memberships.exists()]
    for one in both:
        one.cluster = _remade(one)
        one.n_posts = 0  # counted anew, and named anew: the old title may tell of what has gone
    refresh(both)
    done = Split.objects.create(
        event=event, into=into, undoes=undoes, n_moved=n_moved, by=by, at=now
    )
    timeline.add(event, "event_split", at=now, by=by, into=into.pk, title=into.title, n=n_moved)
    timeline.add(into, "event_split_off", at=now, by=by, out_of=event.pk, title=event.title)
    assess(both, now=now)
    data = {"event": event.pk, "into": into.pk, "undoes": undoes.pk if undoes else None}
    record("events.split", done, by=by, now=now, data=data)
    claims.announce(done)
    changes.note("board", "events", f"event:{event.pk}", f"event:{into.pk}")
    return done


def _remade(event: Event) -> dict[str, object]:
    """What an event is about, learnt anew from its newest posts."""
    own = event.memberships.filter(mention__copy_of__isnull=True)
    newest = own.select_related("mention__post").order_by("-mention__at", "-id")[:READ]
    mentions = [one.mention for one in reversed(newest)]
    pieces = [piece_of(one, f"{one.post.title}\n{one.post.text}") for one in mentions]
    return dict(clustered.dump(remade(str(event.pk), pieces, background.known_of(event.brand))))
