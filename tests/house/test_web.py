"""The web process keeps no connection to the database after a request."""

import importlib

import pytest
from django.db import connections


def test_a_connection_ends_with_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 60)
    importlib.reload(importlib.import_module("tinglan.asgi"))
    assert connections.settings["default"]["CONN_MAX_AGE"] == 0
