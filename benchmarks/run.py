"""Run the benchmarks, all or by name: `make bench`, `python -m benchmarks.run q1 q2`.

A benchmark is a module `<id>_<what>.py` with ID, GOAL and `run() -> dict`. Its figures are printed
and written to results/<id>.json with machine, date and commit. One whose data is absent says so and
is skipped; it is no failure.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import process_time

from benchmarks.corpora import DATA
from benchmarks.machine import circumstances

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results"
NAME_OF_A_BENCHMARK = "[a-z][0-9]*_*.py"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark module as the runner sees it."""

    id: str
    goal: str
    run: Callable[[], Mapping[str, object]]


def main(names: Iterable[str]) -> int:
    """Run the benchmarks named (all when none is); return the exit status."""
    wanted = {name.lower() for name in names}
    found = {path.stem: path for path in sorted(FOLDER.glob(NAME_OF_A_BENCHMARK))}
    chosen = [stem for stem in found if not wanted or wanted & {stem, stem.split("_")[0]}]
    known = {name for stem in found for name in (stem, stem.split("_")[0])}
    if unknown := wanted - known:
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(found)}.")
        return 2
    for stem in chosen:
        measure(load(stem))
    return 0


def load(stem: str) -> Benchmark:
    module = import_module(f"benchmarks.{stem}")
    return Benchmark(id=module.ID, goal=module.GOAL, run=module.run)


def measure(benchmark: Benchmark) -> None:
    print(f"{benchmark.id}  goal: {benchmark.goal}", flush=True)
    started = process_time()
    try:
        figures = benchmark.run()
    except FileNotFoundError as error:
        if not error.filename or not Path(error.filename).is_relative_to(DATA):
            raise
        print(f"  skipped: {error.filename} is absent. Set TINGLAN_DATA to the data sets.")
        return
    result = {
        "id": benchmark.id,
        "goal": benchmark.goal,
        "figures": figures,
        "cpu_seconds": round(process_time() - started, 1),
        **circumstances(),
    }
    for name, value in figures.items():
        print(f"  {name}: {value}")
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=2)
    (RESULTS / f"{benchmark.id.lower()}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
