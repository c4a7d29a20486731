"""Kill or stop a process at every moment of its work with the database, and look what is left.

A moment is the point before a statement, before or after a commit, and the end. Each act runs in
a forked process with connections of its own, so the killed one is a real process and SIGKILL is
real. It runs as a program of its own, `python -m tests.moments MODULE SCENARIO`, and calls
`MODULE.scenario(SCENARIO)`: whoever forks must hold neither threads nor connections.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from itertools import count
from typing import Any

import django
from django.db import connection, connections

from tests.stores import run_python

Act = Callable[[], Any]  # what it returns must be JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    number: int
    name: str  # "before INSERT INTO lib_change", "after COMMIT", "the end"
    left: Any  # what `look` saw


def kill_at_every_moment(*, prepare: Act, act: Act, look: Act) -> Iterator[Moment]:
    """Prepare, kill the act at its n-th moment, look; for every n, the last of them the end.

    Reads are no moments here: who dies before one has left what who dies before the next write has.
    """
    for number in count(1):
        run(prepare)
        child = _Child(act, halt_at=number, signum=signal.SIGKILL, reads=False)
        killed = child.wait()
        yield Moment(number=number, name=child.last_moment(), left=run(look))
        if not killed:
            return


def overtake_at_every_moment(
    *, prepare: Act, act: Act, overtake: Act, look: Act
) -> Iterator[Moment]:
    """Stop the act at its n-th moment, let another overtake it, let it go on; then look.

    Where the stopped process holds SQLite's one write lock nobody can overtake: not tried there.
    """
    for number in count(1):
        run(prepare)
        child = _Child(act, halt_at=number, signum=signal.SIGSTOP)
        stopped = child.wait_until_stopped()
        if stopped:
            if not child.holds_the_store():
                _or_kill(child, overtake)
            os.kill(child.pid, signal.SIGCONT)
            child.wait()
        yield Moment(number=number, name=child.last_moment(), left=run(look))
        if not stopped:
            return


def _or_kill(stopped: "_Child", act: Act) -> None:
    """Leave no stopped process behind when the act fails."""
    try:
        run(act)
    except BaseException:
        os.kill(stopped.pid, signal.SIGKILL)
        raise


def run(act: Act) -> Any:
    """The act in a process of its own; what it returned."""
    child = _Child(act)
    assert not child.wait(), "killed, though nobody asked for it"
    return child.result()


def dies_of(act: Act) -> bool:
    """Whether the act kills the process that does it."""
    return _Child(act).wait()


def moments_of(url: str, module: str, scenario: str) -> list[dict[str, Any]]:
    """For tests: run the program on a database and read its report."""
    done = run_python(url, "-m", "tests.moments", module, scenario)
    return [json.loads(line) for line in done.stdout.splitlines()]


class _Child:
    """A forked process that writes its moments and its result into a pipe."""

    def __init__(
        self, act: Act, *, halt_at: int = 0, signum: int = signal.SIGKILL, reads: bool = True
    ) -> None:
        reading, writing = os.pipe()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _live(act, _Moments(halt_at, signum, writing, reads=reads))
        os.close(writing)
        self._pipe = os.fdopen(reading)
        self._lines: list[list[Any]] = []

    def wait(self) -> bool:
        """Until it is gone: whether it was killed. Its own failure is ours."""
        self._lines += [json.loads(line) for line in self._pipe]  # ends when the process does
        _, status = os.waitpid(self.pid, 0)
        killed = os.WIFSIGNALED(status)
        assert killed or os.WEXITSTATUS(status) == 0, "the forked process failed, see above"
        return killed

    def wait_until_stopped(self) -> bool:
        """Whether it stopped, rather than came to its end."""
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            while not self._lines or self._lines[-1][2] != "halt":
                self._lines.append(json.loads(self._pipe.readline()))
            return True
        self._lines += [json.loads(line) for line in self._pipe]
        assert os.WEXITSTATUS(status) == 0, "the forked process failed, see above"
        return False

    def last_moment(self) -> str:
        halts = [line for line in self._lines if line[2] == "halt"]
        return str(halts[0][0]) if halts else "the end"

    def holds_the_store(self) -> bool:
        return connection.vendor == "sqlite" and bool(self._lines[-1][1])

    def result(self) -> Any:
        return next(line[1] for line in self._lines if line[2] == "result")


def _live(act: Act, moments: "_Moments") -> None:
    code = 1
    try:
        with moments.watched():
            result = act()
        moments.say("", result, "result")
        connections.close_all()
        code = 0
    except BaseException:  # noqa: BLE001  whatever it was, the parent hears of it
        traceback.print_exc()
    finally:
        os._exit(code)


class _Moments:
    def __init__(self, halt_at: int, signum: int, writing: int, *, reads: bool) -> None:
        self.halt_at, self.signum, self.writing, self.reads = halt_at, signum, writing, reads
        self.seen = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        commit = connection._commit  # type: ignore[attr-defined]

        def watched_commit() -> None:
            self.meet("before COMMIT")
            commit()
            self.meet("after COMMIT")

        connection._commit = watched_commit  # type: ignore[attr-defined]
        with connection.execute_wrapper(self._execute):
            yield

    def _execute(self, execute: Any, sql: str, *rest: Any) -> Any:
        if self.reads or not sql.startswith("SELECT"):
            self.meet(f"before {_gist(sql)}")
        return execute(sql, *rest)

    def meet(self, name: str) -> None:
        self.seen += 1
        if self.seen == self.halt_at:
            is_inside = connection.in_atomic_block or name == "before COMMIT"
            self.say(name, is_inside, "halt")
            os.kill(os.getpid(), self.signum)

    def say(self, name: str, value: Any, kind: str) -> None:
        os.write(self.writing, (json.dumps([name, value, kind]) + "\n").encode())


def _gist(sql: str) -> str:
    """INSERT INTO lib_lease, SELECT, BEGIN …"""
    words = sql.replace('"', "").split()
    known = {"INSERT": 3, "UPDATE": 2, "DELETE": 3}
    return " ".join(words[: known.get(words[0], 1)])


if __name__ == "__main__":
    django.setup()
    for found in import_module(sys.argv[1]).scenario(sys.argv[2]):
        sys.stdout.write(json.dumps(asdict(found)) + "\n")
