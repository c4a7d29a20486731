"""Every text that a person sees is there in Simplified Chinese."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PO = Path("locale/zh_Hans/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|\{\w*\}")


def catalog(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the source says now, collected anew."""
    if shutil.which("xgettext") is None:
        pytest.skip("gettext is not installed: apt-get install gettext")
    folder = tmp_path_factory.mktemp("messages")
    ignored = shutil.ignore_patterns("__pycache__", "vendor", "tests", "*.npz")
    shutil.copytree(ROOT / "tinglan", folder / "tinglan", ignore=ignored)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-location"],
        cwd=folder / "tinglan",
        check=True,
        capture_output=True,
    )
    return catalog(folder / "tinglan" / PO)


@pytest.fixture(scope="module")
def translated() -> Catalog:
    return catalog(ROOT / "tinglan" / PO)


def test_every_text_is_collected_and_translated(collected: Catalog, translated: Catalog) -> None:
    missing = [
        message.id
        for message in collected
        if message.id and not _is_translated(translated, message.id, message.context)
    ]
    assert missing == []


def test_no_translation_is_a_guess(translated: Catalog) -> None:
    assert [message.id for message in translated if message.id and message.fuzzy] == []


def test_translations_keep_their_placeholders(translated: Catalog) -> None:
    wrong = []
    for message in translated:
        if not message.id:
            continue
        wanted = set(PLACEHOLDER.findall(_last(message.id)))
        if set(PLACEHOLDER.findall(_last(message.string))) != wanted:
            wrong.append(message.id)
    assert wrong == []


def _is_translated(known: Catalog, key: object, context: str | None) -> bool:
    found = known.get(key, context)  # type: ignore[arg-type]  # str, or a tuple with the plural
    return found is not None and bool(_last(found.string))


def _last(text: object) -> str:
    """The text, or the plural form of it, which is the only one that Chinese has."""
    return str(text[-1]) if isinstance(text, (tuple, list)) and text else str(text or "")
