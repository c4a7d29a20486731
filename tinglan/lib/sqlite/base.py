"""Django's SQLite with a queue for its one writer.

SQLite has none: who finds it busy sleeps, and looks again every 0.1 s at the end, while whoever
writes again at once finds it free. Under load a push waited 20 s and was refused. Here a writer
first takes its turn, a lock on a file beside the database; the kernel wakes who waits for it, and
lets go of it when a process dies. Reading takes no turn, as it never waits in WAL mode.
"""

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base

WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE")


class Turn:
    """One connection's place in the queue."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def give(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)


class Cursor(base.SQLiteCursorWrapper):
    """A statement that writes waits for its turn; BEGIN keeps it until the transaction ends."""

    turn: Turn

    def execute(self, query: str, params: Any = None) -> Any:
        if self.connection.in_transaction or not query.startswith(WRITES):
            return super().execute(query, params)
        self.turn.take()
        try:
            return super().execute(query, params)
        finally:
            if not self.connection.in_transaction:
                self.turn.give()


class DatabaseWrapper(base.DatabaseWrapper):
    turn: Turn | None = None  # none of a database in memory, which has one process

    def create_cursor(self, name: str | None = None) -> Any:
        if self.is_in_memory_db():
            return super().create_cursor(name)
        if self.turn is None:
            self.turn = Turn(f"{self.settings_dict['NAME']}-turn")
        cursor = self.connection.cursor(factory=Cursor)
        cursor.turn = self.turn
        return cursor

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self.turn is not None:
                self.turn.close()
                self.turn = None

    def _give_turn(self) -> None:
        if self.turn is not None and not self.connection.in_transaction:
            self.turn.give()
