"""A database of its own for tests that start real processes: migrated once, copied for each test.

On SQLite it is a file; on PostgreSQL a database of the cluster that TINGLAN_DATABASE names.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
import pytest

REPOSITORY = Path(__file__).parent.parent
LONGEST = 600.0  # seconds until a hung child fails its test
_numbers = count(1)


def run_python(url: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a Python program of this repository on the database `url` until it ends."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "TINGLAN_DATABASE": url, "DJANGO_SETTINGS_MODULE": "tinglan.settings"},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="session")
def store_template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of an empty, migrated database, to be copied."""
    if request.config.getoption("--store") == "postgresql":
        with _postgresql_database(f"template_{os.getpid()}") as url:
            run_python(url, "-m", "tinglan", "migrate", "--verbosity=0", "--skip-checks")
            yield url
    else:
        url = f"sqlite://{tmp_path_factory.mktemp('template')}/tinglan.sqlite3"
        run_python(url, "-m", "tinglan", "migrate", "--verbosity=0", "--skip-checks")
        yield url


@pytest.fixture
def store_url(store_template: str, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database that real processes of this test may use."""
    if store_template.startswith("sqlite"):
        path = tmp_path / "tinglan.sqlite3"
        shutil.copy(urlsplit(store_template).path, path)
        yield f"sqlite://{path}"
    else:
        name = f"copy_{os.getpid()}_{next(_numbers)}"
        with _postgresql_database(name, template=_name(store_template)) as url:
            yield url


class _postgresql_database:  # noqa: N801  used as a function
    """A database of the cluster, dropped in the end."""

    def __init__(self, name: str, *, template: str = "template0") -> None:
        self.name, self.template = name, template
        self.cluster = os.environ["TINGLAN_DATABASE"]

    def __enter__(self) -> str:
        self._say(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        return urlunsplit(urlsplit(self.cluster)._replace(path=f"/{self.name}"))

    def __exit__(self, *_: object) -> None:
        self._say(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _say(self, command: str) -> None:
        parts = urlsplit(self.cluster)
        with psycopg.connect(
            host=unquote(parts.hostname or ""),
            port=parts.port,
            user=parts.username,
            password=parts.password,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(command.encode())


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")
