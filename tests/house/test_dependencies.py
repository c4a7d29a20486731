"""The product runs with what it says it needs: nothing that only its developers have."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"[A-Za-z0-9._-]+")


def imported(path: Path) -> Iterator[str]:
    """Top-level packages that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = (NAME.match(line) for line in project["dependencies"])
    return {_plain(name.group()) for name in names if name}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_product_imports_nothing_that_it_does_not_declare() -> None:
    providers, known = packages_distributions(), declared()
    undeclared = set()
    for path in (ROOT / "tinglan").rglob("*.py"):
        if "tests" not in path.parts:
            for name in set(imported(path)) - sys.stdlib_module_names - {"tinglan"}:
                if not {_plain(one) for one in providers.get(name, [])} & known:
                    undeclared.add(f"{path.relative_to(ROOT)}: {name}")
    assert not undeclared
