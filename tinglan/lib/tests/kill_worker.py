"""A worker that is killed, or stopped and overtaken, at every moment (run by tests/moments.py).

The cause is a Heartbeat row, the effect a Change row named after it. Nothing in the schema forbids
a second effect, so one that was doubled would be counted.
"""

import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from django.apps import apps
from django.db import transaction

from tests import moments
from tinglan.lib import claims, clock, steps, worker
from tinglan.lib.models import Change, Heartbeat, Lease

CAUSES = ("a", "b", "c")
_rounds = count(1)
STEP = steps.Step(
    name="tests.effect",
    lane="ingest",
    hears="lib.Heartbeat",
    prepare="tinglan.lib.tests.kill_worker.think",
    handle="tinglan.lib.tests.kill_worker.handle",
)


def think(rows: Sequence[Heartbeat], *, now: datetime) -> list[str]:
    return [f"effect of {row}" for row in rows]


def handle(topics: Sequence[str], *, now: datetime) -> None:
    for topic in topics:
        Change.objects.create(topic=topic, at=now)


def clear() -> None:
    for model in (Lease, Change, Heartbeat):
        model._default_manager.all().delete()


@transaction.atomic
def announce() -> None:
    now = clock.wall()
    claims.announce(*(Heartbeat.objects.create(name=name, at=now) for name in CAUSES))


def prepare() -> None:
    clear()
    announce()


def work() -> None:
    worker.hear(STEP)


def work_when_leases_ran_out() -> None:
    """Another worker, two minutes on: what the first one claimed is free again."""
    later = clock.wall() + timedelta(minutes=2)

    def prepare_leases(leases: list[Lease]) -> claims.Effect:
        return partial(handle, think(_causes(leases), now=later), now=later)

    while claims.work(STEP.name, prepare_leases, wall=lambda: later):
        pass


def work_on_poison() -> None:
    """Each call is minutes later; the row "a", first in line, kills whoever handles it."""
    later = clock.wall() + timedelta(minutes=10 * next(_rounds))

    def prepare_leases(leases: list[Lease]) -> claims.Effect:
        rows = _causes(leases)
        if any(row.name == "a" for row in rows):
            os.kill(os.getpid(), signal.SIGKILL)
        return partial(handle, think(rows, now=later), now=later)

    claims.work(STEP.name, prepare_leases, wall=lambda: later)


def _causes(leases: list[Lease]) -> list[Heartbeat]:
    return [Heartbeat.objects.get(pk=lease.object_id) for lease in leases]


def poison() -> Iterator[moments.Moment]:
    moments.run(prepare)
    for number in range(1, 5):
        next(_rounds)
        name = "killed" if moments.dies_of(work_on_poison) else "alive"
        yield moments.Moment(number=number, name=name, left=moments.run(_counts))


def look() -> dict[str, Any]:
    """What the killed worker left, and what is there when another one has finished."""
    left = _counts()
    work_when_leases_ran_out()
    return {"left": left, "in_the_end": _counts()}


def look_at_causes() -> dict[str, int]:
    return {"causes": Heartbeat.objects.count(), "leases": Lease.objects.count()}


def _counts() -> dict[str, Any]:
    effects = Counter(Change.objects.values_list("topic", flat=True))
    return {"effects": effects, "leases": Lease.objects.count()}


def scenario(name: str) -> Iterator[moments.Moment]:
    apps.get_app_config("lib").steps = (STEP,)  # type: ignore[attr-defined]
    if name == "work":
        return moments.kill_at_every_moment(prepare=prepare, act=work, look=look)
    if name == "poison":
        return poison()
    if name == "announce":
        return moments.kill_at_every_moment(prepare=clear, act=announce, look=look_at_causes)
    return moments.overtake_at_every_moment(
        prepare=prepare, act=work, overtake=work_when_leases_ran_out, look=look
    )
