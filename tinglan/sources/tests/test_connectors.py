"""A connector is one folder and one line in the registry, and keeps the shared contract."""

import sys
from pathlib import Path

import pytest

from tinglan.sources import connectors
from tinglan.sources.connectors import registry
from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.tests.check_connector import check_connector

FOLDER = Path(connectors.__file__).parent


@pytest.mark.parametrize("kind", registry.KINDS)
def test_every_connector_keeps_the_contract(kind: str) -> None:
    samples = sorted((FOLDER / kind / "tests" / "samples").iterdir())
    check_connector(registry.connector(kind), samples=samples)


@pytest.mark.parametrize("kind", registry.KINDS)
def test_every_connector_says_its_own_kind(kind: str) -> None:
    assert registry.connector(kind).kind == kind


def test_every_folder_is_in_the_registry_and_every_line_has_its_folder() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/connector.py")}
    assert folders == set(registry.KINDS)


def test_no_connector_knows_another() -> None:
    for kind in registry.KINDS:
        others = [f"connectors.{other}" for other in registry.KINDS if other != kind]
        for path in (FOLDER / kind).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            assert not [other for other in others if other in source], path


ECHO = """
from tinglan.sources.item import Item

kind = "echo"


def read(body, *, source):
    text = body.read().decode("utf-8", "replace").replace("\\0", "").strip()
    if text:
        yield Item(platform=source.platform, native_id="1", text=text, position=1)
"""


def test_a_new_connector_costs_one_folder_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "echo").mkdir()
    (tmp_path / "echo" / "__init__.py").touch()
    (tmp_path / "echo" / "connector.py").write_text(ECHO, encoding="utf-8")
    (tmp_path / "hello.txt").write_text("水壶漏水", encoding="utf-8")
    monkeypatch.setattr(connectors, "__path__", [*connectors.__path__, str(tmp_path)])
    monkeypatch.setattr(registry, "KINDS", (*registry.KINDS, "echo"))
    monkeypatch.delitem(sys.modules, "tinglan.sources.connectors.echo", raising=False)
    check_connector(registry.connector("echo"), samples=[tmp_path / "hello.txt"])
    assert not registry.is_polled("echo")


def test_an_unknown_kind_says_which_there_are() -> None:
    with pytest.raises(ConnectorError, match="there are feed, file, push") as caught:
        registry.connector("telepathy")
    assert caught.value.permanent


def test_only_a_feed_is_polled() -> None:
    assert [registry.is_polled(kind) for kind in registry.KINDS] == [True, False, False]
    with pytest.raises(ConnectorError, match="is not polled"):
        registry.poller("file")
