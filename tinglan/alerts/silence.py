"""Silence alerts of what is known for a while; tell them when the silence is over.

A silence drops no alert: each is issued, counted and shown. What is still at its level when the
silence ends, calls then, unless somebody was called for it meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.alerts.errors import AlertError
from tinglan.alerts.models import Silence, SilenceEnd
from tinglan.audit.record import record
from tinglan.events.models import Event, LevelChange
from tinglan.lib import changes
from tinglan.monitors.models import Brand

LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a silence covers; everything of such a level where neither is named."""

    gravest: str
    brand: Brand | None = None
    event: Event | None = None


@transaction.atomic
def silence(scope: Scope, *, ends_at: datetime, reason: str, by: Member, now: datetime) -> Silence:
    require(by, Right.GRADE)
    _check(scope, ends_at, reason, now)
    made = Silence.objects.create(
        brand=scope.brand,
        event=scope.event,
        gravest=scope.gravest,
        starts_at=now,
        ends_at=ends_at,
        reason=reason.strip(),
        by=by,
    )
    until = f"{timezone.localtime(ends_at):%Y-%m-%d %H:%M}"
    data = {"reason": made.reason, "level": made.gravest, "ends_at": until}
    record("alerts.silence", made, by=by, now=now, data=data)
    changes.note("alerts")
    return made


@transaction.atomic
def end_silence(silence: Silence, *, by: Member, now: datetime) -> SilenceEnd:
    """Before its time; a second click changes nothing."""
    require(by, Right.GRADE)
    silence = Silence.objects.select_for_update(of=("self",)).get(pk=silence.pk)
    if silence.stopped is not None:
        return silence.stopped
    if silence.ends_at <= now:
        raise AlertError(_("This silence is over already."))
    ended = SilenceEnd.objects.create(silence=silence, by=by, at=now)
    record("alerts.end_silence", silence, by=by, now=now, data={"reason": silence.reason})
    changes.note("alerts")
    return ended


def silence_over(event: Event, level: str, *, now: datetime) -> Silence | None:
    """The silence that covers such an alert now. A red line is out of the reach of all."""
    if _crossed_red_line(event):
        return None
    running = Silence.objects.running(now)
    return next((one for one in running if one.covers(event, level)), None)


def _crossed_red_line(event: Event) -> bool:
    last = event.level_changes.order_by("-number").first()
    return last is not None and last.reason == LevelChange.Reason.FLOOR


def _check(scope: Scope, ends_at: datetime, reason: str, now: datetime) -> None:
    if scope.gravest not in Silence.Gravest.values:
        raise AlertError(_("Level I is never silenced: choose another level."))
    if not now < ends_at <= now + LONGEST:
        raise AlertError(_("A silence ends after now and within seven days: correct its end."))
    if not reason.strip():
        raise AlertError(_("Say why: whoever looks for an alert later must understand it."))
