"""The supervisor of the embedded installation: keeps a few processes of this program alive.

A child that dies is started again after a growing pause; SIGTERM or SIGINT stops all of them, and
what does not stop in time is killed (which loses nothing: see claims).
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

PAUSES = (1, 2, 5, 15, 30)  # seconds before the n-th start again
STEADY = 60.0  # a child that lived this long starts again at once
GRACE = 15.0  # seconds to stop in


@dataclass(slots=True)
class Child:
    """One process of the program: `tinglan <arguments>`."""

    name: str
    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    n_deaths: int = 0
    due: float = field(default=0.0)

    def tend(self, now: float) -> None:
        """Start it when it is due; notice when it died."""
        if self.process is not None:
            if self.process.poll() is None:
                return
            self._mourn(now)
        if now >= self.due:
            self.process = subprocess.Popen([sys.executable, "-m", "tinglan", *self.arguments])
            self.started = now

    def _mourn(self, now: float) -> None:
        assert self.process is not None
        code, lived = self.process.returncode, now - self.started
        self.n_deaths = 1 if lived > STEADY else self.n_deaths + 1
        pause = 0 if lived > STEADY else PAUSES[min(self.n_deaths, len(PAUSES)) - 1]
        log.error("child died name=%s code=%s again_in=%ss", self.name, code, pause)
        self.process, self.due = None, now + pause


def run(children: Sequence[Child], *, on_ready: Callable[[], bool]) -> None:
    """Tend the children until told to stop; `on_ready` is asked until it says yes, once."""
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    ready = False
    while not stop.is_set():
        for child in children:
            child.tend(time.monotonic())
        ready = ready or on_ready()
        stop.wait(0.3)
    _stop_all(children)


def _stop_all(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process]
    for process in running:
        process.terminate()
    end = time.monotonic() + GRACE
    for process in running:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def ignore_interrupts() -> None:
    """For children: Ctrl-C reaches the whole group, the supervisor alone decides."""
    if os.environ.get("TINGLAN_SUPERVISED"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
