"""Play a scenario: the drill starts with the first sign-in, its posts come when they are due.

Until the first case opens the site clock runs fast, so that three hours of spread take a minute
or two; then it goes on at 1×, and what is told next waits for what the team does: the wave begins
with the case, the public's answer with a published statement. The pointer of an act moves in the
transaction of its posts: a worker that is killed tells nothing twice and leaves nothing out.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tinglan.accounts.models import Member
from tinglan.audit.models import AuditEntry
from tinglan.audit.record import record
from tinglan.cases.models import Case, Publication, Statement
from tinglan.drills import timetable
from tinglan.drills.models import Cue, Drill, Stage
from tinglan.drills.scenario import Begins, load
from tinglan.drills.tell import take, tell_everyday
from tinglan.lib import changes, clock

SIGNED_IN: Final = "accounts.sign_in"
PATIENCE: Final = timedelta(minutes=30)  # of site time after the first act, for a case to open


def poll(now: datetime) -> int:
    """The worker's step: tell what is due; how many posts it was. Nothing without a stage."""
    stage = Stage.objects.order_by("id").first()
    if stage is None or not stage.is_ready:
        return 0
    told = tell_everyday(stage, until=now, now=now)
    drill = Drill.objects.running().last()
    if drill is None:
        return told + _start_with_first_sign_in(stage, now)
    _stop_running(drill, now)
    return told + sum(_tell(cue, now=now) for cue in drill.cues.all())


@transaction.atomic
def start(stage: Stage, *, by: Member | None, now: datetime) -> Drill:
    """Begin to play; from here on the clock runs fast."""
    Stage.objects.select_for_update().get(pk=stage.pk)  # two workers start one drill
    running = Drill.objects.running().last()
    if running is not None:
        return running
    drill = Drill.objects.create(
        scenario=stage.scenario, started_at=now, started_wall_at=clock.wall(), started_by=by
    )
    begin(drill, "start", now=now)
    clock.run_at(load(stage.scenario).rate)
    record("drills.start", drill, by=by, now=now, data={"scenario": drill.scenario})
    changes.note("board", "clock")
    return drill


def begin(drill: Drill, cause: Begins, *, now: datetime) -> Cue:
    """The act that waits for this cause begins, once."""
    act = load(drill.scenario).act_begun_by(cause)
    return Cue.objects.get_or_create(drill=drill, act=act.name, defaults={"at": now})[0]


def hear_cases(cases: Sequence[Case], *, now: datetime) -> None:
    """The first case of a drill: from now on the clock goes as clocks go, and the wave begins."""
    drill = Drill.objects.running().last()
    if drill is not None and any(case.opened_at >= drill.started_at for case in cases):
        begin(drill, "case", now=now)
        _slow_down()


def hear_publications(publications: Sequence[Publication], *, now: datetime) -> None:
    """The public answers what the company says."""
    drill = Drill.objects.running().last()
    for publication in publications:
        cause = ANSWERED_BY.get(publication.statement.kind)
        if drill is not None and cause and publication.recorded_at >= drill.started_at:
            begin(drill, cause, now=now)


ANSWERED_BY: Final[dict[str, Begins]] = {
    Statement.Kind.HOLDING: "holding",
    Statement.Kind.FULL: "full",
}


@transaction.atomic
def _tell(cue: Cue, *, now: datetime) -> int:
    """The posts of an act that are due, without those that another act has made needless."""
    cue = Cue.objects.select_for_update().select_related("drill").get(pk=cue.pk)
    drill = cue.drill
    table = timetable.of_act(load(drill.scenario), cue.act, drill.key, cue.at)
    due = [each for each in table[cue.n_told :] if each.at <= now]
    if due:
        begun = set(drill.cues.values_list("act", flat=True))
        take((each.item for each in due if begun.isdisjoint(each.unless)), now=now)
        cue.n_told += len(due)
        cue.save(update_fields=["n_told"])
    return len(due)


def _start_with_first_sign_in(stage: Stage, now: datetime) -> int:
    if Drill.objects.exists() or not AuditEntry.objects.filter(verb=SIGNED_IN).exists():
        return 0
    start(stage, by=None, now=now)
    return 1


def _stop_running(drill: Drill, now: datetime) -> None:
    """No case came, because monitors were switched off, say: the clock must not race for ever."""
    first = load(drill.scenario).act_begun_by("start")
    if now > drill.started_at + timetable.end_of(first) + PATIENCE:
        _slow_down()


def _slow_down() -> None:
    if clock.rate() != 1.0:
        clock.run_at(1.0)
        changes.note("board", "clock")
