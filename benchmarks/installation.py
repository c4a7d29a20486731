"""The real product for a load test: `tinglan up` in an empty home of its own, and who looks on.

Nothing here imports the product: it runs in its own processes, as a customer's does, and its
database is read through a second connection.
"""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from types import TracebackType
from urllib.parse import quote

import httpx
import psycopg

TICKS = os.sysconf("SC_CLK_TCK")
EMAIL, PASSWORD = "anqi@xinghe.example", "load-test-only"
START_WITHIN, LOOK_EVERY = 300.0, 0.1  # seconds; a busy machine compiles the kernels slowly


@dataclass(frozen=True, slots=True)
class Installation:
    """A running product."""

    address: str
    token: str
    store: str  # path of the SQLite file, or the URL of a PostgreSQL database
    supervisor: int  # its process id
    extra: tuple[int, ...] = ()  # workers started beside the supervisor's own

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=60, trust_env=False)

    def database(self) -> "Database":
        return Database(self.store)

    def processes(self) -> dict[str, int]:
        """Name → process id: web, worker, auditor, worker-2 …"""
        found = {}
        for pid in _children(self.supervisor):
            found[_arguments(pid)[-1]] = pid
        return found | {f"worker-{n}": pid for n, pid in enumerate(self.extra, start=2)}


@dataclass(slots=True)
class Database:
    """Reads what the product has written, whatever the store."""

    store: str
    _connection: sqlite3.Connection | psycopg.Connection[tuple[object, ...]] | None = None

    def one(self, query: str) -> int:
        row = self._open().execute(query).fetchone()
        return int(str(row[0])) if row and row[0] is not None else 0

    def _open(self) -> sqlite3.Connection | psycopg.Connection[tuple[object, ...]]:
        if self._connection is None:
            if self.store.startswith("postgresql://"):
                self._connection = psycopg.connect(self.store, autocommit=True)
            else:
                self._connection = sqlite3.connect(
                    f"file:{quote(self.store)}?mode=ro", uri=True, timeout=20, isolation_level=None
                )
        return self._connection


@contextmanager
def installed(
    brands: Sequence[str],
    *,
    webhook: str = "",
    secret: str = "",
    database: str = "",
    n_workers: int = 1,
) -> Iterator[Installation]:
    """Start the product in an empty home; everything is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tinglan-bench-") as home:
        port = _free_port()
        environment = _environment(Path(home), port=port, database=database)
        _run(["-m", "tinglan", "migrate", "--verbosity", "0"], environment)
        wanted = [webhook or "-", secret or "-", ",".join(brands)]
        said = _run(["-m", "benchmarks.prepare_product", *wanted], environment)
        with (Path(home) / "log.txt").open("wb") as log:
            started = [_start(["up"], environment, log.fileno())]
            started += [_start(["worker"], environment, log.fileno()) for _ in range(n_workers - 1)]
            try:
                one = Installation(
                    address=f"http://127.0.0.1:{port}",
                    token=said.split()[-1],
                    store=database or str(Path(home) / "tinglan.sqlite3"),
                    supervisor=started[0].pid,
                    extra=tuple(process.pid for process in started[1:]),
                )
                _wait_until_ready(one)
                yield one
            finally:
                _stop(started)
                _show_troubles(Path(home) / "log.txt")


def _environment(home: Path, *, port: int, database: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TINGLAN_")}
    given = {
        "DJANGO_SETTINGS_MODULE": "tinglan.settings",
        "TINGLAN_HOME": str(home),
        "TINGLAN_PORT": str(port),
        "TINGLAN_FETCH_ALLOW": "127.0.0.1",
        "TINGLAN_LOG_LEVEL": "WARNING",
    }
    return kept | given | ({"TINGLAN_DATABASE": database} if database else {})


def _run(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def _start(
    arguments: Sequence[str], environment: Mapping[str, str], log: int
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tinglan", *arguments]
    return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _show_troubles(log: Path) -> None:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    for line in [line for line in lines if "Error" in line or "ERROR" in line][:5]:
        print(f"  the product said: {line[:300]}")


def _wait_until_ready(one: Installation) -> None:
    """Until the pages answer and the worker has beaten for the first time."""
    end, database = time.monotonic() + START_WITHIN, one.database()
    while time.monotonic() < end:
        with suppress(httpx.HTTPError, sqlite3.Error, psycopg.Error), one.client() as client:
            client.get("/healthz").raise_for_status()
            if database.one("SELECT count(*) FROM lib_heartbeat WHERE name LIKE 'worker.%'") >= 3:
                return
        time.sleep(LOOK_EVERY)
    sys.exit("The product did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def _arguments(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")


# Who looks on


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def most_memory(pid: int) -> int:
    """The most resident memory so far, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM"))


@dataclass(slots=True)
class Browser:
    """Somebody looks at the board meanwhile: the page each second, and its stream of changes."""

    at: Installation
    seconds: list[float] = field(default_factory=list)  # each answer of the board
    n_changes: int = 0
    n_errors: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def __enter__(self) -> "Browser":
        with self.at.client() as client:
            client.get("/sign-in").raise_for_status()
            form = {
                "email": EMAIL,
                "password": PASSWORD,
                "csrfmiddlewaretoken": client.cookies["tinglan_csrf"],
            }
            client.post("/sign-in", data=form)
            self._cookies = client.cookies
        for act in (self._look, self._listen):
            self._threads.append(threading.Thread(target=act, daemon=True))
            self._threads[-1].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._threads[0].join()

    def _look(self) -> None:
        with self.at.client() as client:
            client.cookies = self._cookies
            while not self._stop.wait(max(0.0, 1 - (self.seconds or [1.0])[-1])):
                started = time.monotonic()
                answer = client.get("/")
                self.seconds.append(time.monotonic() - started)
                self.n_errors += answer.status_code != httpx.codes.OK

    def _listen(self) -> None:
        with self.at.client() as client, suppress(httpx.HTTPError):
            client.cookies = self._cookies
            with client.stream("GET", "/live?topics=board,alerts", timeout=None) as stream:
                for line in stream.iter_lines():
                    self.n_changes += line.startswith("event:")
                    if self._stop.is_set():
                        return


def milliseconds(seconds: Sequence[float]) -> dict[str, int]:
    """Median, 95th percentile and maximum."""
    if len(seconds) < 2:
        return {"n": len(seconds), "max": round(1000 * max(seconds, default=0))}
    cuts = quantiles(seconds, n=20, method="inclusive")
    return {
        "n": len(seconds),
        "p50": round(1000 * cuts[9]),
        "p95": round(1000 * cuts[18]),
        "max": round(1000 * max(seconds)),
    }
