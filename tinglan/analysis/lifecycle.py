"""Where an event stands in its life (生命周期), read off its hourly volume.

The thresholds are our own and plain, so that a reader can check them against the curve.
"""

from collections.abc import Sequence
from enum import StrEnum

FEW = 10  # posts in all: below it nothing has broken out yet
RETURN = 5  # posts in one hour that bring a subsided event back
HIGH = 0.8  # of the peak hour
LOW = 0.3


class Stage(StrEnum):
    BREWING = "brewing"
    OUTBREAK = "outbreak"
    SPREADING = "spreading"
    SUBSIDING = "subsiding"
    SUBSIDED = "subsided"
    RELAPSED = "relapsed"


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
    >>> stage_of([0] * 24, before=Stage.SUBSIDING)  # 平息
    <Stage.SUBSIDED: 'subsided'>
    >>> stage_of([0] * 23 + [8], before=Stage.SUBSIDED)  # 反复
    <Stage.RELAPSED: 'relapsed'>
    """
    latest, peak, whole = _recent(hourly), max(hourly, default=0), sum(hourly)
    if not whole:
        return Stage.BREWING if before is Stage.BREWING else Stage.SUBSIDED
    if before in {Stage.SUBSIDED, Stage.RELAPSED}:
        return Stage.RELAPSED if latest >= RETURN or before is Stage.RELAPSED else Stage.SUBSIDED
    if before is Stage.BREWING and whole < FEW:
        return Stage.BREWING
    if latest >= HIGH * peak:
        return Stage.OUTBREAK
    return Stage.SPREADING if latest >= LOW * peak else Stage.SUBSIDING


def _recent(hourly: Sequence[int]) -> int:
    """The better of the running hour, which is not over, and the one before."""
    return max(hourly[-2:], default=0)
