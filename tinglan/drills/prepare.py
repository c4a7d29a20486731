"""Make the database of the demo: the company, and four weeks of talk told as if we had listened.

The site clock is moved from checkpoint to checkpoint and the worker's steps run at each, so that
the history is graded, ended and counted by the same rules as the present. Killed halfway, it goes
on where its pointer stands.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tinglan.audit.record import record
from tinglan.drills.history import answer_mild
from tinglan.drills.models import Stage
from tinglan.drills.organise import fill_duty, found
from tinglan.drills.scenario import Scenario, load
from tinglan.drills.tell import AT_ONCE, tell_everyday
from tinglan.lib import clock, steps, worker
from tinglan.lib.errors import TinglanError
from tinglan.lib.models import Heartbeat, SiteClock

log = logging.getLogger(__name__)

FOUNDED_BEFORE: Final = timedelta(days=1)  # the company is there before its first post
CLOSELY: Final = timedelta(days=2)  # the last days are told in short steps, as they are looked at
STEP, CLOSE_STEP = timedelta(days=1), timedelta(hours=3)
SETTLING: Final = timedelta(minutes=1)  # from the prepared stage to the first sign-in, about


def prepare(name: str, *, wall: datetime, days: int | None = None) -> Stage:
    """Set the stage, or take it up where it stood; told again it changes nothing.

    `days` of ordinary talk lie behind it, by default as many as the scenario says.
    """
    stage = Stage.objects.filter(scenario=name).first()
    if stage is not None and stage.is_ready:
        take_up_clock(wall=wall)
        return stage
    scenario = load(name)
    stage = stage or set_stage(scenario, opens_at=_opening(scenario, wall), days=days)
    tell_history(stage)
    clock.set_to(stage.opens_at, rate=1.0)
    return stage


@transaction.atomic
def set_stage(scenario: Scenario, *, opens_at: datetime, days: int | None = None) -> Stage:
    """The company as it stands before its first post is heard."""
    behind = scenario.settings["background"]["days"] if days is None else days
    begins = opens_at - timedelta(days=behind)
    clock.set_to(begins - FOUNDED_BEFORE, rate=0.0)
    found(scenario, now=begins - FOUNDED_BEFORE)
    stage = Stage.objects.create(scenario=scenario.name, opens_at=opens_at, told_until=begins)
    fill_duty(now=opens_at)
    told = {"name": scenario.settings["title"]}
    record("drills.set_stage", stage, by=None, now=begins, data=told)
    return stage


def tell_history(stage: Stage) -> None:
    """Ordinary talk up to the opening, heard and assessed at each checkpoint."""
    for at in _checkpoints(stage.told_until, stage.opens_at):
        clock.set_to(at, rate=0.0)
        for _ in range(STEP // AT_ONCE):
            tell_everyday(stage, until=at, now=at)
        worker.drain()
        _tend(at)
        if answer_mild(load(stage.scenario), now=at):
            worker.drain()
    stage.told_until = stage.opens_at
    stage.save(update_fields=["told_until"])


def take_up_clock(*, wall: datetime) -> None:
    """A demo's time stands still while it is not running: nothing falls silent over night."""
    kept = SiteClock.objects.order_by("id").first()
    beats = Heartbeat.objects.filter(name__startswith="worker.").values_list("at", flat=True)
    if kept is not None:
        stood = max([kept.wall_at, *beats])
        clock.set_to(kept.at(min(stood, wall)), rate=kept.rate)


def _opening(scenario: Scenario, wall: datetime) -> datetime:
    """So early that the first case opens about now."""
    return wall + SETTLING - scenario.fast_part


def _checkpoints(start: datetime, end: datetime) -> Iterator[datetime]:
    at = start
    while at < end:
        at = min(end, at + (STEP if at < end - CLOSELY else CLOSE_STEP))
        yield at


def _tend(now: datetime) -> None:
    """What the worker does by the time: assess again, end what is over, speak of due times."""
    for step in steps.all_steps():
        if step.poll and not step.name.startswith("drills."):
            try:
                step.poller()(now)
            except TinglanError as error:  # a report without fonts, say: the demo goes on without
                log.warning("step left out step=%s why=%s", step.name, error)
