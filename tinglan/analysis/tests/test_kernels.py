"""Compiled loops are kept on disk, and compiled anew when what they read has changed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOPS = """
from numbers_of_another_file import FACTOR, TABLE
from loops_of_another_file import plus
from tinglan.analysis.kernels import kernel

SHIFT = 2 * FACTOR

@kernel("int64(int64)")
def scaled(value):
    return plus(value * SHIFT) + TABLE[1]

print(scaled(10), sum(scaled.stats.cache_hits.values()))
"""
NUMBERS = """
import numpy as np

FACTOR, TABLE = 1, np.array([0, 0])
"""
OTHER_LOOPS = """
from tinglan.analysis.kernels import kernel

@kernel("int64(int64)")
def plus(value):
    return value + 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "loops.py").write_text(LOOPS)
    (tmp_path / "numbers_of_another_file.py").write_text(NUMBERS)
    (tmp_path / "loops_of_another_file.py").write_text(OTHER_LOOPS)
    return tmp_path


def answered(folder: Path) -> list[int]:
    """What the loop answers in a process of its own, and whether it was kept from before."""
    done = subprocess.run(
        [sys.executable, "-B", "loops.py"],
        cwd=folder,
        env={**os.environ, "NUMBA_CACHE_DIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [int(word) for word in done.stdout.split()]


def changed(folder: Path, file: str, was: str, becomes: str) -> list[int]:
    text = (folder / file).read_text()
    assert was in text
    (folder / file).write_text(text.replace(was, becomes))
    return answered(folder)


def test_a_loop_is_kept_until_what_it_reads_of_another_file_changes(folder: Path) -> None:
    assert answered(folder) == [21, 0]
    assert answered(folder) == [21, 1]
    assert changed(folder, "numbers_of_another_file.py", "= 1,", "= 3,") == [61, 0]
    assert changed(folder, "numbers_of_another_file.py", "[0, 0]", "[0, 7]") == [68, 0]
    assert changed(folder, "loops_of_another_file.py", "value + 1", "value - 1") == [66, 0]
