"""The worker: one thread per lane goes round its steps, until it is told to stop.

Lanes are apart so that a slow mail server never holds up intake. Within a lane the steps run in
the order of the layers, so one round carries a post from arrival to alert.
"""

import gc
import logging
import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import close_old_connections, connections
from django.db.models import Model

from tinglan.lib import claims, clock, heartbeat, wake
from tinglan.lib.models import Lease
from tinglan.lib.steps import LANES, Lane, Step, in_lane

log = logging.getLogger(__name__)

IDLE = timedelta(milliseconds=200)  # the longest wait: some work is due by the clock alone
BEAT_EVERY = timedelta(seconds=5)


def run(lanes: Sequence[Lane]) -> None:
    """Work until SIGTERM or SIGINT; the batch in hand is finished first."""
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    threads = [threading.Thread(target=run_lane, args=(lane, stop), name=lane) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run_lane(lane: Lane, stop: threading.Event) -> None:
    log.info("lane started lane=%s", lane)
    rounds, sleeper = Rounds(in_lane(lane)), wake.Sleeper()
    rounds.warm()
    gc.freeze()  # what is loaded stays: walking over it again and again took a fifth of ingest
    beaten: datetime | None = None
    try:
        while not stop.is_set():
            _guarded(f"{lane}.look", partial(_look, sleeper))
            done = rounds.once(clock.wall())
            if beaten is None or clock.wall() - beaten >= BEAT_EVERY:
                _guarded(f"{lane}.heartbeat", partial(_beat, lane))
                beaten = clock.wall()
            if not done:
                _guarded(f"{lane}.sleep", partial(_sleep, sleeper, stop))
    finally:
        connections.close_all()


class Rounds:
    """The steps of a lane with the wall time at which each polled last."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps = tuple(steps)
        self._polled: dict[str, datetime] = {}

    def warm(self) -> None:
        """Let each step load what its first batch would otherwise load in its transaction."""
        for step in self.steps:
            if step.warm:
                _guarded(f"{step.name}.warm", partial(_warm, step))

    def once(self, wall: datetime) -> int:
        """Each step once; how much was done in all."""
        close_old_connections()
        return sum(_guarded(step.name, partial(self._run, step, wall)) for step in self.steps)

    def _run(self, step: Step, wall: datetime) -> int:
        if step.handle:
            return hear(step)
        last = self._polled.get(step.name)
        if last is not None and wall - last < step.every:
            return 0
        self._polled[step.name] = wall
        return step.poller()(clock.now())


def hear(step: Step) -> int:
    """One batch of announced rows through the step's handler; how many leases were claimed."""
    return claims.work(step.name, partial(_prepared, step), wall=clock.wall, limit=step.batch)


def drain(*, rounds: int = 50) -> int:
    """Run every step of every lane until nothing is left to do: for commands and tests."""
    hearing = [step for lane in LANES for step in in_lane(lane) if step.handle]
    total = 0
    for _ in range(rounds):
        done = sum(hear(step) for step in hearing)
        if not done:
            break
        total += done
    return total


def _prepared(step: Step, leases: list[Lease]) -> claims.Effect:
    """What the leases ask for, thought over as far as it may be outside the transaction."""
    now = clock.now()
    if not step.prepare:
        return lambda: step.handler()(_rows(step, leases), now=now)
    return partial(step.handler(), step.preparer()(_rows(step, leases), now=now), now=now)


def _rows(step: Step, leases: list[Lease]) -> list[Model]:
    """The rows that were announced, each once, in the order of their leases; some may be gone."""
    ordered = dict.fromkeys(lease.object_id for lease in leases)
    rows = step.model()._default_manager.in_bulk(list(ordered))
    return [rows[pk] for pk in ordered if pk in rows]


def _guarded(name: str, act: Callable[[], int]) -> int:
    """A step that fails is logged and tried again in the next round; the lane goes on."""
    try:
        return act()
    except Exception:
        log.exception("step failed step=%s", name)
        close_old_connections()
        return 0


def _look(sleeper: wake.Sleeper) -> int:
    sleeper.look()
    return 0


def _sleep(sleeper: wake.Sleeper, stop: threading.Event) -> int:
    sleeper.sleep(IDLE.total_seconds(), stop=stop)
    return 0


def _warm(step: Step) -> int:
    step.warmer()()
    return 0


def _beat(lane: Lane) -> int:
    heartbeat.beat(f"worker.{lane}")
    return 0
