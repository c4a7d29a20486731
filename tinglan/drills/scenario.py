"""Scenarios as they ship (情景): package data read into values, checked once when loaded.

A scenario is a folder of scenarios/: scenario.toml says who the company is, acts.toml what is told
and when, pools_*.toml, tails.toml and voices.toml hold the texts and the people who say them,
script.toml what the scripted colleagues write.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, Literal

from tinglan.lib.errors import TinglanError
from tinglan.sources.item import Kind, Verified

Shape = Literal["even", "rising", "burst"]
Begins = Literal["launch", "start", "case", "holding", "full"]

DEMO: Final = "kettle"
REQUIRED: Final = ("title", "pace", "slots", "background", "company")


class ScenarioError(TinglanError):
    """The files of a scenario do not fit together; the message says which and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Texts of one tone that anybody may say, and on which platforms they are said how often."""

    name: str
    texts: tuple[str, ...]
    platforms: Mapping[str, int]
    kind: Kind = "post"
    voices: Literal["people", "press"] = "people"
    brand: str = ""  # whom the texts are about, where it is not the company's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One post of an act with its author and its counts, told at a minute of the act."""

    at: float
    platform: str
    who: str
    text: str
    id: str = ""
    kind: Kind = "post"
    title: str = ""
    channel: str = ""
    followers: int | None = None
    verified: Verified | None = None
    counts: Mapping[str, int] | None = None
    readings: Sequence[Sequence[int]] = ()  # [minute, likes, comments, reposts]
    unless: tuple[str, ...] = ()  # left out once one of these acts has begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Many posts of a pool between two minutes of an act."""

    pool: str
    n: int
    start: float
    end: float
    shape: Shape = "even"
    tone: str = ""  # of the heads and tails put around its texts
    tag: str = ""  # the topic that most of its posts carry
    warmth: float = 45.0  # likes that a post of it draws, on average
    under: str = ""  # comments under this line
    reposts: str = ""  # reposts of this line
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A part of the scenario, and what makes it begin."""

    name: str
    begins: Begins
    lines: tuple[Line, ...]
    crowds: tuple[Crowd, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tails:
    """What people put before and after a text of one tone."""

    heads: tuple[str, ...]
    tails: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)  # by identity: one is loaded per name
class Scenario:
    """Everything a scenario says."""

    name: str
    settings: Mapping[str, Any]  # scenario.toml: company, members, brands, sources, pace …
    acts: Mapping[str, Act]
    pools: Mapping[str, Pool]
    tails: Mapping[str, Tails]
    voices: Mapping[str, Sequence[str]]
    script: Mapping[str, Any]

    @property
    def rate(self) -> float:
        """How fast the site clock runs until the first case opens."""
        return float(self.settings["pace"]["rate"])

    @property
    def fast_part(self) -> timedelta:
        """Site time from the first post of the drill to the first case, about."""
        return timedelta(hours=self.settings["pace"]["hours"])

    @property
    def slots(self) -> Mapping[str, Sequence[str]]:
        slots: Mapping[str, Sequence[str]] = self.settings["slots"]
        return slots

    def act_begun_by(self, cause: Begins) -> Act:
        return next(act for act in self.acts.values() if act.begins == cause)


@cache
def load(name: str) -> Scenario:
    folder = files("tinglan.drills") / "scenarios" / name
    settings = _read(folder / "scenario.toml")
    pools = [
        Pool(**{**table, "texts": tuple(table["texts"])})
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.startswith("pools_")
        for table in _read(file)["pool"]
    ]
    scenario = Scenario(
        name=name,
        settings=settings,
        acts={table["name"]: _act(table) for table in _read(folder / "acts.toml")["act"]},
        pools={pool.name: pool for pool in pools},
        tails={
            tone: Tails(heads=tuple(table["heads"]), tails=tuple(table["tails"]))
            for tone, table in _read(folder / "tails.toml").items()
        },
        voices=_read(folder / "voices.toml"),
        script=_read(folder / "script.toml"),
    )
    _check(scenario)
    return scenario


def _read(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _act(table: Mapping[str, Any]) -> Act:
    return Act(
        name=table["name"],
        begins=table["begins"],
        lines=tuple(Line(**_plain(line)) for line in table.get("post", ())),
        crowds=tuple(Crowd(**_plain(crowd)) for crowd in table.get("crowd", ())),
    )


def _plain(table: Mapping[str, Any]) -> dict[str, Any]:
    """The names of the files as the names of the fields: `from` is a word of Python's own."""
    named = {_FIELDS.get(name, name): value for name, value in table.items()}
    return {**named, "unless": tuple(table.get("unless", ()))}


_FIELDS = {"from": "start", "to": "end"}


def _check(scenario: Scenario) -> None:
    """What one file names must stand in another."""
    missing = [part for part in REQUIRED if part not in scenario.settings]
    lines = {line.id for act in scenario.acts.values() for line in act.lines if line.id}
    for act in scenario.acts.values():
        for crowd in act.crowds:
            missing += [crowd.pool] if crowd.pool not in scenario.pools else []
            missing += [name for name in (crowd.under, crowd.reposts) if name and name not in lines]
            missing += [crowd.tone] if crowd.tone and crowd.tone not in scenario.tails else []
    sources = {source["platform"] for source in scenario.settings.get("source", ())}
    told = {line.platform for act in scenario.acts.values() for line in act.lines}
    told |= {platform for pool in scenario.pools.values() for platform in pool.platforms}
    missing += sorted(told - sources)
    if missing:
        raise ScenarioError(f"scenario {scenario.name}: nothing there is called {missing}")
