"""Where an event stands in its life (生命周期), read off its hourly volume.

The thresholds are our own and plain, so that a reader can check them against the curve. `stage_of`
says it live, from the last 48 hours; `phases` marks a whole curve afterwards, and drops what was
too short to be a phase.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FEW = 10  # posts in all: below it nothing has broken out yet
RETURN = 5  # posts in one hour that bring a subsided event back
AGAIN = 0.5  # of the peak hour: so much after an ebb is a relapse and no ripple
HIGH = 0.8  # of the peak hour
LOW = 0.3
QUIET_HOURS = 24
QUIET = 0.05  # of the busiest day: less than that in a whole day is quiet
RECENT_HOURS = 48  # that `stage_of` looks at
EBB_HOURS = 6  # of low volume before a return is a relapse
SHORTEST = 2  # hours that a marked phase lasts at least; an outbreak or a return may be shorter


class Stage(StrEnum):
    BREWING = "brewing"
    OUTBREAK = "outbreak"
    SPREADING = "spreading"
    SUBSIDING = "subsiding"
    SUBSIDED = "subsided"
    RELAPSED = "relapsed"


EBBED = {Stage.SUBSIDING, Stage.SUBSIDED}


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the curve under one stage, from one hour up to another."""

    stage: Stage
    start: int
    end: int


def stage_of(hourly: Sequence[int], *, before: Stage = Stage.BREWING) -> Stage:
    """The stage after the last of the hourly counts (oldest first, the running hour last).

    >>> stage_of([0, 1, 2])  # 潜伏
    <Stage.BREWING: 'brewing'>
    >>> stage_of([2, 9, 30])  # 爆发
    <Stage.OUTBREAK: 'outbreak'>
    >>> stage_of([2, 60, 25, 24])  # 蔓延
    <Stage.SPREADING: 'spreading'>
    >>> stage_of([2, 60, 40, 20, 5, 4], before=Stage.SPREADING)  # 消退
    <Stage.SUBSIDING: 'subsiding'>
    >>> stage_of([90, 40] + [0] * 23 + [2], before=Stage.SUBSIDING)  # 平息
    <Stage.SUBSIDED: 'subsided'>
    >>> stage_of([0] * 23 + [8], before=Stage.SUBSIDED)  # 反复
    <Stage.RELAPSED: 'relapsed'>
    """
    if before is Stage.BREWING and sum(hourly) < FEW:
        return Stage.BREWING
    if before in EBBED:
        return _after_an_ebb(hourly, before)
    return _while_it_lasts(hourly, before)


def _after_an_ebb(hourly: Sequence[int], before: Stage) -> Stage:
    """It sinks on, or it comes back: a return within the hours of a lull was no ebb."""
    latest = _recent(hourly)
    if before is Stage.SUBSIDED:
        return Stage.RELAPSED if latest >= RETURN else Stage.SUBSIDED
    if latest < max(RETURN, AGAIN * max(hourly, default=0)):
        return Stage.SUBSIDED if _is_quiet(hourly) else Stage.SUBSIDING
    return Stage.RELAPSED if _has_ebbed(hourly) else _while_it_lasts(hourly, before)


def _while_it_lasts(hourly: Sequence[int], before: Stage) -> Stage:
    latest, peak = _recent(hourly), max(hourly, default=0)
    if _is_quiet(hourly):
        return Stage.SUBSIDED
    if latest < LOW * peak:
        return Stage.SUBSIDING
    if before is Stage.RELAPSED:
        return Stage.RELAPSED
    return Stage.OUTBREAK if latest >= HIGH * peak else Stage.SPREADING


def _recent(hourly: Sequence[int]) -> int:
    """The better of the running hour, which is not over, and the one before."""
    return max(hourly[-2:], default=0)


def _is_quiet(hourly: Sequence[int]) -> bool:
    """A whole day with next to nothing, after a day that had more."""
    if len(hourly) < QUIET_HOURS:
        return False
    busiest = max(
        sum(hourly[start : start + QUIET_HOURS])
        for start in range(max(1, len(hourly) - QUIET_HOURS + 1))
    )
    last_day = sum(hourly[-QUIET_HOURS:])
    return last_day < RETURN and last_day <= max(QUIET * busiest, 1)


def _has_ebbed(hourly: Sequence[int]) -> bool:
    """Hours of low volume lie between the peak and now."""
    peak = max(hourly)
    at = max(range(len(hourly)), key=lambda hour: (hourly[hour], -hour))
    return sum(n < LOW * peak for n in hourly[at + 1 : -1]) >= EBB_HOURS


def phases(hourly: Sequence[int]) -> list[Phase]:
    """The phases of a curve from its first hour on, each told by the hours up to it.

    >>> [phase.stage.value for phase in phases([1, 2, 40, 60, 30, 20, 9, 5, 4] + [0] * 30)]
    ['brewing', 'outbreak', 'spreading', 'subsiding', 'subsided']
    >>> [phase.stage.value for phase in phases([60, 20, 8, 5, 4, 3, 3, 4, 45, 50, 6, 5, 4])][-2:]
    ['relapsed', 'subsiding']
    """
    stages: list[Stage] = []
    for hour in range(len(hourly)):
        before = stages[-1] if stages else Stage.BREWING
        recent = hourly[max(0, hour + 1 - RECENT_HOURS) : hour + 1]
        stages.append(stage_of(recent, before=before))
    return _joined(_runs(stages))


def _runs(stages: Sequence[Stage]) -> list[Phase]:
    runs: list[Phase] = []
    for hour, stage in enumerate(stages):
        if runs and runs[-1].stage is stage:
            runs[-1] = Phase(stage, runs[-1].start, hour + 1)
        else:
            runs.append(Phase(stage, hour, hour + 1))
    return runs


def _joined(runs: Sequence[Phase]) -> list[Phase]:
    """Without what was too short; the phase before goes on through it."""
    found: list[Phase] = []
    for run in runs:
        is_short = run.end - run.start < SHORTEST and run.stage not in {
            Stage.OUTBREAK,
            Stage.RELAPSED,
        }
        if found and (is_short or found[-1].stage is run.stage):
            found[-1] = Phase(found[-1].stage, found[-1].start, run.end)
        else:
            found.append(run)
    return found
