"""Play the scenario again: the old drill ends, eight days go by, and it happens anew.

Nothing is deleted. The open case is closed with its reason and its events end, so that the same
words a week later make a new event; the days between are filled with ordinary talk by `play`.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, Role, require
from tinglan.audit.record import record
from tinglan.cases.close import Ending as Outcome
from tinglan.cases.close import close
from tinglan.cases.models import Case
from tinglan.cases.models.case import Cause, Cluster
from tinglan.clocks import run
from tinglan.drills.models import Drill, Ending, Stage
from tinglan.drills.organise import fill_duty
from tinglan.drills.play import start
from tinglan.events import timeline
from tinglan.events.models import Event
from tinglan.lib import changes, clock
from tinglan.lib.errors import TinglanError
from tinglan.replies.models import Promise

# A text that returns within a week is a copy of what was said before, and news only after it.
REST: Final = timedelta(days=8)


class DrillError(TinglanError):
    """The scenario cannot be played."""


@transaction.atomic
def play_again(*, by: Member, now: datetime) -> Drill:
    """Whoever is in the demo may play it again."""
    require(by, Right.SEE)
    stage = Stage.objects.select_for_update().order_by("id").first()
    if stage is None or not settings.DEMO:
        raise DrillError(_("There is no demo here to play again: start it with “make run”."))
    drill = Drill.objects.running().last()
    if drill is not None:
        end(drill, by=by, now=now)
    later = now + REST
    clock.set_to(later, rate=1.0)
    fill_duty(now=later)
    return start(stage, by=by, now=later)


@transaction.atomic
def end(drill: Drill, *, by: Member, now: datetime) -> Ending:
    """Close what the drill has left open; its posts, events and case stay to be read."""
    events = Event.objects.open().filter(
        memberships__mention__post__native_id__startswith=drill.key
    )
    for case in Case.objects.open().filter(event__in=events):
        _close(case, now=now)
    for promise in Promise.objects.open().filter(at__gte=drill.started_at):
        run.stop(promise, now=now)
    for event in events.distinct():
        event.ended_at, event.stage = now, Event.Stage.SUBSIDED
        event.save(update_fields=["ended_at", "stage"])
        run.stop(event, now=now)
        timeline.add(event, "drill_ended", at=now, by=by)
    ending = Ending.objects.create(drill=drill, by=by, at=now)
    record("drills.end", drill, by=by, now=now, data={"scenario": drill.scenario})
    changes.note("board", "events", "cases", "alerts", "clock")
    return ending


def _close(case: Case, *, now: datetime) -> None:
    """By a scripted colleague: who plays again need not hold the right, and says why it ends."""
    lead = Member.objects.holding(Role.PR_LEAD).filter(is_scripted=True).first()
    if lead is not None:
        outcome = Outcome(
            cause=Cause.UNCLEAR,
            cluster=Cluster.ACCIDENTAL,
            summary=_("The scenario is played again."),
            reason=_("The scenario is played again."),
        )
        close(case, outcome, by=lead, now=now)
