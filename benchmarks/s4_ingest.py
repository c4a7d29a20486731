"""S4: posts per second through the whole product, from the first push until nothing is left to do.

The product runs in its own processes on SQLite while somebody looks at the board. Beside it stands
the machine's own limit in the same run: the same posts into one bare table, with as many waits for
the disk.
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.installation import (
    Browser,
    Database,
    Installation,
    cpu_seconds,
    installed,
    milliseconds,
    most_memory,
)
from benchmarks.traffic import BRANDS, bodies, posts

ID = "S4"
GOAL = "≥ 2,500 posts/s sustained (floor 800)"

N_POSTS = int(os.environ.get("TINGLAN_BENCH_POSTS", "10000"))
PER_PUSH = 500
PUSHERS = 2
WITHIN = 300.0  # seconds: after that the run has failed
LOOK_EVERY = 0.1


def run() -> Mapping[str, object]:
    figures: dict[str, object] = {"load_before": round(os.getloadavg()[0], 1)}
    for name, matching in (("all_match", 1.0), ("a_tenth_matches", 0.1)):
        lines = posts(N_POSTS, matching=matching, now=datetime.now(UTC))
        with installed(BRANDS) as product:
            figures[name] = measure(product, lines)
    figures["bare_sqlite_posts_per_second"] = bare_inserts(lines)
    return figures


def measure(product: Installation, lines: Sequence[dict[str, object]]) -> dict[str, object]:
    """Push everything and wait for the end of the work."""
    sent = list(bodies(lines, size=PER_PUSH))
    pids, database = product.processes(), product.database()
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    with Browser(product) as browser:
        started = time.monotonic()
        with ThreadPoolExecutor(PUSHERS) as pool:
            answers = list(pool.map(lambda body: push(product, body), sent))
        pushed = time.monotonic() - started
        wait_until_done(database)
        took = time.monotonic() - started
    check(database, lines)
    spent = {name: cpu_seconds(pid) - before[name] for name, pid in pids.items()}
    return {
        "posts": len(lines),
        "posts_per_second": round(len(lines) / took),
        "posts_per_cpu_second": round(len(lines) / sum(spent.values())),
        "taken_in_per_second": round(len(lines) / pushed),
        "cpu_seconds": {name: round(seconds, 1) for name, seconds in spent.items()},
        "load_after": round(os.getloadavg()[0], 1),
        "most_memory_mib": {name: most_memory(pid) for name, pid in pids.items()},
        "push_ms": milliseconds(answers),
        "board_ms": milliseconds(browser.seconds),
        "board_errors": browser.n_errors,
        "changes_heard": browser.n_changes,
        "rows": {
            table: database.one(f"SELECT count(*) FROM {table}")
            for table in ("monitors_mention", "events_event", "events_snapshot", "alerts_alert")
        },
    }


def push(product: Installation, body: bytes) -> float:
    """One request; how long it took."""
    headers = {
        "Authorization": f"Bearer {product.token}",
        "Content-Type": "application/x-ndjson",
    }
    started = time.monotonic()
    with product.client() as client:
        client.post("/api/v1/posts", content=body, headers=headers).raise_for_status()
    return time.monotonic() - started


def wait_until_done(database: Database) -> None:
    """Until no lease is left: everything announced has been worked off."""
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        if not database.one("SELECT count(*) FROM lib_lease"):
            return
        time.sleep(LOOK_EVERY)
    failing = database.one("SELECT count(*) FROM lib_lease WHERE last_error <> ''")
    raise TimeoutError(f"work was left after {WITHIN:.0f} s, {failing} leases with an error")


def check(database: Database, lines: Sequence[dict[str, object]]) -> None:
    """Nothing was lost: every post is there, every mention searchable, counted, and looked at."""
    stored = database.one("SELECT count(*) FROM sources_post WHERE NOT is_stub")
    assert stored == len(lines), f"{stored} posts stored of {len(lines)}"
    mentions = database.one("SELECT count(*) FROM monitors_mention")
    counted = database.one("SELECT sum(n_mentions) FROM monitors_rollup")
    assert mentions == counted, f"{mentions} mentions, {counted} rolled up"
    mentioned = database.one("SELECT count(DISTINCT post_id) FROM monitors_mention")
    indexed = database.one("SELECT count(*) FROM monitors_searchentry")
    assert mentioned == indexed, f"{mentioned} posts mentioned, {indexed} searchable"


def bare_inserts(lines: Sequence[dict[str, object]]) -> int:
    """The machine's own limit: the posts into one table, a wait for the disk for each batch."""
    rows = [(line["id"], line["platform"], line["text"], line["published_at"]) for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.sqlite3", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, native, platform, text, at)")
        started = time.monotonic()
        for start in range(0, len(rows), PER_PUSH):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO post (native, platform, text, at) VALUES (?, ?, ?, ?)",
                rows[start : start + PER_PUSH],
            )
            connection.execute("COMMIT")
        return round(len(rows) / (time.monotonic() - started))
