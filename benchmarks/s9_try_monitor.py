"""S9: a new monitor tried on a million stored posts, on SQLite, as the editor does it.

The posts are real ones, used in turn, spread over 30 days; the trial counts hits by day, chooses
samples with their reasons and knows which hits are mentions already. Filling is not measured.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.corpora import read

ID = "S9"
GOAL = "a new monitor tried on 1 M stored posts: <= 5 s (floor 20 s)"
N_POSTS = int(os.environ.get("TINGLAN_BENCH_STORED", "1000000"))


def run() -> Mapping[str, object]:
    texts = [str(row["text"]) for row in read("weibo_unlabelled/posts.jsonl.gz")]
    with tempfile.TemporaryDirectory(prefix="tinglan-bench-") as home:
        environment = _environment(Path(home))
        _run(["-m", "tinglan", "migrate", "--verbosity", "0"], environment)
        lines = "".join(json.dumps(text) + "\n" for text in texts)
        said = _run(["-m", "benchmarks.try_monitors", str(N_POSTS)], environment, given=lines)
    found: dict[str, object] = json.loads(said)
    tried = [one for one in found.values() if isinstance(one, dict)]
    slowest = max(float(one["seconds"]) for one in tried)
    return {"slowest_seconds": slowest, "load": round(os.getloadavg()[0], 1), **found}


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TINGLAN_")}
    given = {"DJANGO_SETTINGS_MODULE": "tinglan.settings", "TINGLAN_HOME": str(home)}
    return kept | given | {"TINGLAN_LOG_LEVEL": "WARNING"}


def _run(arguments: list[str], environment: Mapping[str, str], *, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return done.stdout.splitlines()[-1] if done.stdout else ""
