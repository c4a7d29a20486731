"""Drives a drill in tests: wall time passes by hand, the site clock stands still in between."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tinglan.cases.models import Case
from tinglan.drills import play, react
from tinglan.drills.models import Drill
from tinglan.events import track
from tinglan.lib import clock, worker

FAST, SLOW = timedelta(seconds=1), timedelta(seconds=15)
STILL = 0.0  # how fast the site clock runs while a test works: no machine is too slow


@dataclass(slots=True)
class Director:
    """One worker's rounds, at the times that the test says."""

    now: datetime
    rate: float = 1.0
    wall_passed: timedelta = timedelta(0)

    def tick(self, wall: timedelta = SLOW) -> None:
        """So much wall time passes, and the worker goes once round."""
        self.wall_passed += wall
        self.now += wall * self.rate
        clock.set_to(self.now, rate=STILL)
        for step in (play.poll, _drain, track.work, react.poll):
            step(self.now)
            self._hear_rate()

    def until_case(self) -> Case:
        """From the start of the drill to its first case."""
        limit = timedelta(minutes=3)
        while not Case.objects.exists():
            assert self.wall_passed < limit, "no case in three minutes of wall time"
            self.tick(FAST)
        return Case.objects.get()

    def minutes(self, n: float) -> None:
        """So many minutes pass at a human pace."""
        end = self.now + timedelta(minutes=n)
        while self.now < end:
            self.tick(SLOW)

    def _hear_rate(self) -> None:
        if clock.rate() != STILL:
            self.rate = clock.rate()
            clock.set_to(self.now, rate=STILL)


def _drain(now: datetime) -> int:
    return worker.drain()


def drill() -> Drill:
    return Drill.objects.running().get()
