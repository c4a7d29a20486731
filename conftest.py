"""Two stores, one suite: every test that touches the database runs on SQLite and on PostgreSQL.

`--store=sqlite` (default) runs everything; `--store=postgresql` runs what needs a database, on the
cluster that TINGLAN_DATABASE names (tests/postgresql.py starts a throw-away one); `--store=none`
runs what needs no database.
"""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

# Settings make their key files at import; tests must not write into a developer's var/.
os.environ.setdefault("TINGLAN_HOME", tempfile.mkdtemp(prefix="tinglan-test-"))

pytest_plugins = ["tests.stores"]  # store_url: a database for real processes
DATA = Path(os.environ.get("TINGLAN_DATA", Path(__file__).parent.parent / "shared/data"))
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_serialized_rollback", "store_url"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--store", choices=["none", "sqlite", "postgresql"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    wanted = config.getoption("--store")
    url = os.environ.get("TINGLAN_DATABASE", "")
    if wanted == "postgresql" and not url.startswith("postgres"):
        raise pytest.UsageError("--store=postgresql: run it through tests/postgresql.py")
    if wanted == "sqlite" and url.startswith("postgres"):
        raise pytest.UsageError("TINGLAN_DATABASE names PostgreSQL: use --store=postgresql")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    store = config.getoption("--store")
    if store == "sqlite":
        return
    wanted = store == "postgresql"
    config.hook.pytest_deselected(
        items=[item for item in items if _runs_on_every_store(item) != wanted]
    )
    items[:] = [item for item in items if _runs_on_every_store(item) == wanted]


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("needs_data") and not DATA.is_dir():
        pytest.skip(f"the data sets are not here: {DATA} (set TINGLAN_DATA)")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI everything is there, so a skipped test is one that nobody has seen pass."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _runs_on_every_store(item: pytest.Item) -> bool:
    """Whatever needs a database does, but for what is marked to look at pages and no rows."""
    if item.get_closest_marker("one_store"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES)


@pytest.fixture
def now() -> datetime:
    """A Monday morning in Beijing: 2026-11-23 09:00."""
    return datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def data() -> Path:
    return DATA


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """The language that a page was asked in ends with a test."""
    translation.deactivate()
