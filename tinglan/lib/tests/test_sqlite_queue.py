"""Writers of one SQLite database take turns; readers do not."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_django
from django.conf import settings
from django.db import IntegrityError, connections

from tinglan.lib.sqlite.base import DatabaseWrapper, Turn


@pytest.fixture
def database(
    tmp_path: Path, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[DatabaseWrapper]:
    chosen = {"NAME": str(tmp_path / "db"), "OPTIONS": {**settings.SQLITE_OPTIONS}}
    wrapper = DatabaseWrapper({**connections.settings["default"], **chosen})
    with django_db_blocker.unblock():
        say(wrapper, "CREATE TABLE post (id INTEGER PRIMARY KEY)")
        yield wrapper
        wrapper.close()


def is_free(database: DatabaseWrapper) -> bool:
    """Whether another process could write now."""
    with Path(f"{database.settings_dict['NAME']}-turn").open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def say(database: DatabaseWrapper, statement: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(statement)


def test_a_transaction_holds_its_turn_to_its_end(database: DatabaseWrapper) -> None:
    for end in (database.commit, database.rollback):
        database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        say(database, "INSERT INTO post DEFAULT VALUES")
        assert not is_free(database)
        end()
        assert is_free(database)
        database.autocommit = True


def test_a_lone_statement_gives_its_turn_back_even_when_it_fails(database: DatabaseWrapper) -> None:
    say(database, "INSERT INTO post VALUES (1)")
    assert is_free(database)
    with pytest.raises(IntegrityError):
        say(database, "INSERT INTO post VALUES (1)")
    assert is_free(database)


def test_reading_waits_for_nobody(database: DatabaseWrapper) -> None:
    writer = Turn(f"{database.settings_dict['NAME']}-turn")
    writer.take()
    say(database, "SELECT count(*) FROM post")  # would never return
    writer.close()
    assert is_free(database)
