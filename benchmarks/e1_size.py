"""E1: how large a cascade will be after a day, told after an hour (and after 15 and 30 minutes)."""

from collections.abc import Mapping

from benchmarks.first_hour import all_told, figures, in_two, peers, seen_enough, tell

ID = "E1"
GOAL = "MSLE ≤ .225 / .185, Spearman ≥ .76 / .79, median error ≤ .23 (random / temporal)"
WINDOWS = (15.0, 30.0, 60.0)


def run() -> Mapping[str, object]:
    hour = WINDOWS[-1]
    found: dict[str, object] = {
        f"{minutes:.0f} minutes": in_two(_ours(minutes)) for minutes in reversed(WINDOWS)
    }
    found["60 minutes, time of day unknown"] = in_two(_ours(hour, hours=False))
    for name, rows in _peers(hour).items():
        found[f"60 minutes, {name}"] = in_two(rows)
    found["cascades"] = len(seen_enough(hour))
    return found


def _ours(minutes: float, *, hours: bool = True) -> dict[str, dict[str, float]]:
    rows = {}
    for one in all_told():
        told, came = tell(one, minutes, hours=hours)
        rows[one.name] = figures(told.sizes, came)
    return rows


def _peers(minutes: float) -> dict[str, dict[str, dict[str, float]]]:
    rows: dict[str, dict[str, dict[str, float]]] = {}
    for one in all_told():
        came = tell(one, minutes)[1]
        for name, sizes in peers(one, minutes):
            rows.setdefault(name, {})[one.name] = figures(sizes, came)
    return rows
