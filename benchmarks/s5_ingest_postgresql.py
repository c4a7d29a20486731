"""S5: the ingest of S4 on PostgreSQL with two workers, in a throw-away cluster of this machine.

That cluster gives up durability (no wait for the disk), so the figure is informative only.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from benchmarks.installation import installed
from benchmarks.s4_ingest import N_POSTS, measure
from benchmarks.traffic import BRANDS, posts
from tests.postgresql import cluster

ID = "S5"
GOAL = "≥ 4,000 posts/s with 2 workers (floor 1,000)"


def run() -> Mapping[str, object]:
    figures = {}
    for name, matching in (("all_match", 1.0), ("a_tenth_matches", 0.1)):
        lines = posts(N_POSTS, matching=matching, now=datetime.now(UTC))
        with cluster() as database, installed(BRANDS, database=database, n_workers=2) as product:
            figures[name] = measure(product, lines)
    return figures
