"""Wake a worker as soon as something was announced, not at its next look.

PostgreSQL notifies those who listen. On SQLite a number tells each connection that another one has
written; asking for it takes no lock and some microseconds.
"""

import threading
import time

from django.db import connection

CHANNEL = "tinglan_work"
LOOK_EVERY = 0.01  # seconds between two looks at SQLite's number


def call() -> None:
    """Wake who waits, when the transaction that announces ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


class Sleeper:
    """A lane that has nothing to do."""

    def __init__(self) -> None:
        self._seen: int | None = None  # SQLite's number before the last round
        self._listens: object = None  # the connection that listens

    def look(self) -> None:
        """Before a round: what is written from now on may have been missed by it."""
        if connection.vendor == "sqlite":
            self._seen = _version()
        elif self._listens is not connection.connection or connection.connection is None:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self._listens = connection.connection

    def sleep(self, longest: float, *, stop: threading.Event) -> None:
        """Until something was written since the look, until told to stop, or for so long."""
        if connection.vendor == "postgresql":
            list(connection.connection.notifies(timeout=longest, stop_after=1))
            return
        end = time.monotonic() + longest
        while time.monotonic() < end and not stop.wait(LOOK_EVERY):
            if _version() != self._seen:
                return


def _version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        version: int = cursor.fetchone()[0]
        return version
