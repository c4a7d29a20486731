"""What races for an event can race on PostgreSQL only: SQLite has one writer."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    is_race = collection_path.name == "test_two_workers.py"
    return True if is_race and config.getoption("--store") != "postgresql" else None
