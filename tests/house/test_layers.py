"""The import contracts hold, and each of them was seen to fail when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")

# What somebody might write in a hurry: where, what, and the contract that must say no.
BREACHES = {
    "a lower app imports a higher one": (
        "tinglan/sources/collect.py",
        "from tinglan.events import models as _events",
        "Domain apps depend downwards only",
    ),
    "a lower app imports a higher one inside a function": (
        "tinglan/sources/collect.py",
        "def _late() -> None:\n    from tinglan.cases import models",
        "Domain apps depend downwards only",
    ),
    "a new folder stands in no layer": (
        "tinglan/helpers.py",
        "",
        "Domain apps depend downwards only",
    ),
    "the analysis imports Django": (
        "tinglan/analysis/heat.py",
        "import django.db as _db",
        "The analysis core is pure",
    ),
    "a verb imports a view": (
        "tinglan/reports/build.py",
        "from tinglan.cases import views as _views",
        "Only urls import views",
    ),
    "two siblings import each other": (
        "tinglan/lib/errors.py",
        "from tinglan.lib import claims as _claims",
        "No cycles among siblings",
    ),
}


def lint(folder: Path) -> str:
    done = subprocess.run(
        [str(LINT), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its contracts, somewhere they may be broken."""
    ignored = shutil.ignore_patterns("__pycache__", "vendor", "*.npz", "locale", "samples")
    shutil.copytree(ROOT / "tinglan", tmp_path / "tinglan", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_caught(copy: Path, breach: str) -> None:
    name, line, contract = BREACHES[breach]
    _append(copy / name, line)
    assert f"{contract} BROKEN" in lint(copy)


def _append(path: Path, line: str) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")
