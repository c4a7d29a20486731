"""Lines in, lines out: memory holds one batch and what a command may remember, not the file."""

import json
import tracemalloc
from collections.abc import Callable
from functools import partial
from os import devnull
from pathlib import Path

import pytest

from tinglan.lib.jsonl import AnswerBatch, answer_all
from tinglan.monitors.fold_lines import Folding
from tinglan.monitors.label_lines import Roots
from tinglan.monitors.match_lines import match_rows

BATCH = 64
FEW, MANY = 384, 1536  # lines; both more than what is remembered
REMEMBERED = 128
SPARED = 0.5  # of what the lines grew by; rows that were kept would take several times as much


def labelling() -> AnswerBatch:
    return Roots(kept=REMEMBERED).answer


def matching() -> AnswerBatch:
    return partial(match_rows, query="星河 (漏水 OR 漏电) -招聘")


def matching_cases() -> AnswerBatch:
    return match_rows


def folding() -> AnswerBatch:
    return Folding(originals=REMEMBERED, copies=REMEMBERED)


@pytest.mark.parametrize("command", [labelling, matching, matching_cases, folding])
def test_memory_does_not_grow_with_the_number_of_lines(
    command: Callable[[], AnswerBatch], tmp_path: Path
) -> None:
    few, many = written(tmp_path, FEW), written(tmp_path, MANY)
    answered(command(), few)  # loads tables and weights
    grown = peak_of(command(), many) - peak_of(command(), few)
    assert grown < SPARED * (many.stat().st_size - few.stat().st_size)


def answered(answer: AnswerBatch, path: Path) -> None:
    with path.open("rb") as source, Path(devnull).open("wb") as out:
        assert answer_all(source, out, answer, batch=BATCH)


def peak_of(answer: AnswerBatch, path: Path) -> int:
    tracemalloc.start()
    try:
        answered(answer, path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def written(folder: Path, count: int) -> Path:
    """Different posts, half of them copies of the one before, some under another."""
    path = folder / f"{count}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            told = "".join(
                chr(0x4E00 + (number // 2 * 7919 + at * 31) % 20_000) for at in range(80)
            )
            row = {
                "id": f"post-{number}",
                "parent_id": f"post-{number - 1}" if number % 5 == 0 else None,
                "text": f"星河水壶漏水，{told}",
                "query": f"漏水 {told[:2]}",
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path
