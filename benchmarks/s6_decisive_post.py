"""S6: from the push of a decisive post to its alert and to the request at a real webhook server.

A background of posts is pushed all the while, every one of them naming a brand; the decisive ones
(danger, told first-hand, each of a brand of its own) are pushed alone, one after the other. Clocks
start before the push is sent. The webhook is signed as the Standard Webhooks specification says
and its signature is checked on arrival.
"""

import json
import os
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from standardwebhooks import Webhook

from benchmarks.installation import (
    Browser,
    Database,
    Installation,
    cpu_seconds,
    installed,
    milliseconds,
)
from benchmarks.s4_ingest import push, wait_until_done
from benchmarks.traffic import BRANDS, bodies, decisive, posts

ID = "S6"
GOAL = "p95 ≤ 1 s to the alert, ≤ 3 s to the webhook, at 200 posts/s (floor 5 / 10 s)"

N_DECISIVE = 24
PER_SECOND = 200
EVERY = 0.5  # seconds between pushes of the background
PAUSE = 1.7  # seconds between decisive posts: no multiple of the background's
WARM_UP = 5.0  # seconds of background alone
WITHIN = 60.0  # seconds: what has not arrived by then is lost
LOOK_EVERY = 0.02
SECRET = "whsec_dGlubGlhbmcgbG9hZCB0ZXN0IHNlY3JldA=="
WITNESSED = tuple(f"{name}家居" for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地")


def run() -> Mapping[str, object]:
    with Receiver() as receiver, _product(receiver) as product, Background(product) as background:
        time.sleep(WARM_UP)
        before = {name: cpu_seconds(pid) for name, pid in product.processes().items()}
        started = time.monotonic()
        with Browser(product) as browser:
            seen = [witness(product, receiver, number) for number in range(N_DECISIVE)]
        took = time.monotonic() - started
        spent = {n: cpu_seconds(pid) - before[n] for n, pid in product.processes().items()}
        background.stop()
        wait_until_done(product.database())
    return {
        "to_the_alert_ms": milliseconds([alert for alert, _ in seen]),
        "to_the_webhook_ms": milliseconds([webhook for _, webhook in seen]),
        "posts_per_second_meanwhile": round(background.rate),
        "cpu_share": {name: round(seconds / took, 2) for name, seconds in spent.items()},
        "board_ms": milliseconds(browser.seconds),
        "bad_signatures": receiver.n_bad,
        "load": round(os.getloadavg()[0], 1),
    }


def _product(receiver: "Receiver") -> AbstractContextManager[Installation]:
    return installed([*BRANDS, *WITNESSED], webhook=receiver.address, secret=SECRET)


def witness(product: Installation, receiver: "Receiver", number: int) -> tuple[float, float]:
    """Push one decisive post; seconds to its alert and to its webhook."""
    brand = WITNESSED[number]
    line = decisive(number, brand=brand, now=datetime.now(UTC))
    started = time.monotonic()
    push(product, next(bodies([line], size=1)))
    alerted = _alerted(product.database(), brand, until=started + WITHIN)
    arrived = receiver.wait_for(brand, until=started + WITHIN)
    time.sleep(PAUSE)
    return alerted - started, arrived - started


def _alerted(database: Database, brand: str, *, until: float) -> float:
    query = (
        "SELECT count(*) FROM alerts_alert a JOIN events_event e ON e.id = a.event_id"
        f" JOIN monitors_brand b ON b.id = e.brand_id WHERE b.name = '{brand}'"
    )
    while time.monotonic() < until:
        if database.one(query):
            return time.monotonic()
        time.sleep(LOOK_EVERY)
    raise TimeoutError(f"no alert about {brand}")


@dataclass(slots=True)
class Background:
    """Somebody pushes so many posts a second until told to stop."""

    product: Installation
    n_sent: int = 0
    n_seconds: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def rate(self) -> float:
        return self.n_sent / self.n_seconds

    def __enter__(self) -> "Background":
        self._thread = threading.Thread(target=self._push)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _push(self) -> None:
        lines = posts(PER_SECOND * 200, matching=1.0, now=datetime.now(UTC))
        waiting = list(bodies(lines, size=int(PER_SECOND * EVERY)))
        started = time.monotonic()
        for number, body in enumerate(waiting):
            if self._over.wait(max(0.0, started + number * EVERY - time.monotonic())):
                break
            push(self.product, body)
            self.n_sent += int(PER_SECOND * EVERY)
        self.n_seconds = time.monotonic() - started


class Receiver:
    """A webhook server of somebody else's, and when it first heard of each brand."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}
        self.n_bad = 0
        self._news = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes, headers: Mapping[str, str]) -> None:
        at = time.monotonic()
        try:
            Webhook(SECRET).verify(body.decode(), dict(headers))
        except ValueError:
            self.n_bad += 1
        with self._news:
            self.arrived.setdefault(json.loads(body)["data"]["brand"], at)
            self._news.notify_all()

    def wait_for(self, brand: str, *, until: float) -> float:
        with self._news:
            if not self._news.wait_for(
                lambda: brand in self.arrived, timeout=until - time.monotonic()
            ):
                raise TimeoutError(f"no webhook about {brand}")
            return self.arrived[brand]


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    return Handler
