"""What the worker does, declared by each app: `steps` on its AppConfig, read here.

A step either hears of rows (`hears` + `handle`: a batch of announced rows, handled in one
transaction together with the end of their leases) or polls (`poll`: called with the time, does
what is due, says how much it did). One that has much to think over does so in `prepare`, before
the transaction; `handle` then gets what it prepared, writes it, and makes sure of what may have
changed meanwhile. A polling step may also hear, and then claims for itself, as those must that
talk to the network and may hold no transaction meanwhile.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from django.apps import apps
from django.db.models import Model
from django.utils.module_loading import import_string

Lane = Literal["ingest", "delivery", "slow"]
LANES: tuple[Lane, ...] = ("ingest", "delivery", "slow")

Prepare = Callable[..., object]  # (rows, *, now)
Handle = Callable[..., None]  # (rows, *, now), or (what was prepared, *, now)
Poll = Callable[[datetime], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    name: str  # "monitors.match"
    lane: Lane
    hears: str = ""  # model label, "sources.Post"
    prepare: str = ""  # dotted path of prepare(rows, *, now) -> what handle is given
    handle: str = ""  # dotted path of handle(rows, *, now)
    poll: str = ""  # dotted path of poll(now) -> int
    every: timedelta = timedelta(0)  # wall time between polls
    batch: int = 200
    warm: str = ""  # dotted path of warm(), called before the first round, outside any transaction

    def handler(self) -> Handle:
        handle: Handle = import_string(self.handle)
        return handle

    def preparer(self) -> Prepare:
        prepare: Prepare = import_string(self.prepare)
        return prepare

    def poller(self) -> Poll:
        poll: Poll = import_string(self.poll)
        return poll

    def warmer(self) -> Callable[[], None]:
        warmer: Callable[[], None] = import_string(self.warm)
        return warmer

    def model(self) -> type[Model]:
        return apps.get_model(self.hears)


@cache
def all_steps() -> tuple[Step, ...]:
    """Every step of every app, in the order of INSTALLED_APPS (lower apps first)."""
    found: list[Step] = []
    for config in apps.get_app_configs():
        declared: Sequence[Any] = getattr(config, "steps", ())
        found.extend(declared)
    return tuple(found)


@cache
def subscribers(label: str) -> tuple[str, ...]:
    """Names of the steps that hear of rows of this model."""
    return tuple(step.name for step in all_steps() if step.hears.lower() == label.lower())


def in_lane(lane: Lane) -> tuple[Step, ...]:
    return tuple(step for step in all_steps() if step.lane == lane)
