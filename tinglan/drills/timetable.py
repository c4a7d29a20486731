"""When a scenario tells what: the ordinary talk of any day, the launch, and the posts of an act.

Pure and repeatable: the same scenario, key and times give the same items, so that a worker that was
killed goes on where its pointer stood, and taking the same post in twice changes nothing.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from random import Random
from typing import Final

from tinglan.drills.scenario import Act, Crowd, Line, Pool, Scenario
from tinglan.drills.voices import Place, filled, said_by, said_by_anybody
from tinglan.sources.item import Item

# Share of a day's talk by hour: people sleep, have lunch, and talk most in the evening.
RHYTHM: Final = (
    *(1.2, 0.7, 0.4, 0.3, 0.3, 0.5, 1.2, 2.4, 3.6, 4.4, 4.8, 5.0),
    *(5.6, 4.8, 4.2, 4.2, 4.4, 4.6, 4.8, 5.6, 6.6, 7.0, 6.0, 3.4),
)
SATURDAY: Final = 5
BUSIEST: Final = 1.2  # a day's number of posts varies by a fifth
COOL: Final = 4.0  # likes of an ordinary post on an ordinary day
TAGS: Final = {
    "weibo": " #{}#",
    "xhs": " #{}#",
    "forum": "【{}】",
    "review": "（{}）",
    "complaint": "（{}）",
}
TAILED: Final = 0.85  # share of texts with something put before or after


@dataclass(frozen=True, slots=True)
class Due:
    """An item and when it is told; `unless` names the acts that make it needless."""

    at: datetime
    item: Item
    unless: tuple[str, ...] = ()


@lru_cache(maxsize=4)
def everyday(scenario: Scenario, day: date, number: int, zone: tzinfo) -> tuple[Due, ...]:
    """What is said on an ordinary day, in the order of time.

    `number` counts days from the opening of the stage, so that the story is the same whenever it
    is played; the date itself only says whether people are at work.
    """
    plan = scenario.settings["background"]
    dice = _dice(scenario.name, "day", str(number))
    weekend = plan["weekend"] if day.weekday() >= SATURDAY else 1.0
    n_posts = round(plan["per_day"] * weekend * dice.uniform(2 - BUSIEST, BUSIEST))
    pools = dice.choices(list(plan["pools"]), weights=list(plan["pools"].values()), k=n_posts)
    midnight = datetime.combine(day, time(), tzinfo=zone)
    hours = dice.choices(range(24), weights=RHYTHM, k=n_posts)
    times = [midnight + timedelta(hours=hour, seconds=dice.uniform(0, 3600)) for hour in hours]
    deck = _Deck(scenario, day=number)
    told = []
    for count, (name, at) in enumerate(zip(pools, times, strict=True)):
        pool = scenario.pools[name]
        place = _place(pool, f"{day:%y%m%d}{count:03d}", at, dice)
        text = _varied(scenario, deck.next(pool), tone=plan["tones"].get(name, ""), dice=dice)
        item = said_by_anybody(scenario, pool, text, place=place, warmth=COOL, dice=dice)
        told.append(Due(at, item))
    return tuple(sorted(told, key=_time))


def launch_at(before: datetime, zone: tzinfo) -> datetime:
    """When the happy launch begins: the latest ten o'clock that lies 16 hours back or more."""
    hour = time(10)
    latest = (before - timedelta(hours=16)).astimezone(zone)
    start = datetime.combine(latest.date(), hour, tzinfo=zone)
    return start if start <= latest else start - timedelta(days=1)


@lru_cache(maxsize=16)
def of_act(scenario: Scenario, name: str, key: str, begun_at: datetime) -> tuple[Due, ...]:
    """The posts of an act, told from when it began; `key` begins their ids."""
    act, dice = scenario.acts[name], _dice(scenario.name, name, key)
    told = [due for line in act.lines for due in _line(line, key, begun_at)]
    for number, crowd in enumerate(act.crowds):
        told.extend(_crowd(scenario, crowd, f"{key}{act.name}{number}", key, begun_at, dice))
    return tuple(sorted(told, key=_time))


def end_of(act: Act) -> timedelta:
    """How long an act lasts from its beginning to its last post."""
    ends = [line.at for line in act.lines] + [crowd.end for crowd in act.crowds]
    return timedelta(minutes=max(ends))


def _line(line: Line, key: str, begun_at: datetime) -> Iterator[Due]:
    """A line, and later again with the counts it has reached."""
    at = begun_at + timedelta(minutes=line.at)
    native_id = f"{key}{line.id or f'{line.platform}-{line.at:g}'}"
    place = Place(platform=line.platform, native_id=native_id, at=at)
    yield Due(at, said_by(line, place=place, counts=line.counts or {}), line.unless)
    for minute, *counts in line.readings:
        read = dict(zip(("like", "comment", "repost"), counts, strict=True))
        item = said_by(line, place=place, counts=read)
        yield Due(begun_at + timedelta(minutes=minute), item, line.unless)


def _crowd(
    scenario: Scenario, crowd: Crowd, name: str, key: str, begun_at: datetime, dice: Random
) -> Iterator[Due]:
    pool, deck = scenario.pools[crowd.pool], _Deck(scenario, seed=name)
    root = _root(scenario, crowd.under or crowd.reposts, key, begun_at)
    for number in range(crowd.n):
        share = _moment(crowd.shape, number, crowd.n, dice)
        at = begun_at + timedelta(minutes=crowd.start + share * (crowd.end - crowd.start))
        place = replace(_place(pool, f"{name}-{number:03d}", at, dice), root=root)
        text = _varied(scenario, deck.next(pool), tone=crowd.tone, dice=dice)
        text = _tagged(text, crowd.tag, place.platform)
        item = said_by_anybody(scenario, pool, text, place=place, warmth=crowd.warmth, dice=dice)
        yield Due(at, item, crowd.unless)


def _root(scenario: Scenario, name: str, key: str, begun_at: datetime) -> Item | None:
    """The line that a crowd comments or reposts, as its posts need it."""
    lines = (line for act in scenario.acts.values() for line in act.lines)
    line = next((line for line in lines if name and line.id == name), None)
    return next(_line(line, key, begun_at)).item if line else None


def _moment(shape: str, number: int, n: int, dice: Random) -> float:
    """Where in its span (0–1) one of n posts falls: evenly, ever faster, or fast then fading."""
    even = (number + dice.random()) / n
    match shape:
        case "rising":
            return math.sqrt(even)
        case "burst":
            return even**2
    return even


def _place(pool: Pool, native_id: str, at: datetime, dice: Random) -> Place:
    names, weights = list(pool.platforms), list(pool.platforms.values())
    platform = dice.choices(names, weights=weights)[0]
    return Place(platform=platform, native_id=native_id, at=at)


def _varied(scenario: Scenario, text: str, *, tone: str, dice: Random) -> str:
    """The text with its slots filled and, now and then, a head or a tail of its tone."""
    words = scenario.tails.get(tone)
    if words is not None and dice.random() < TAILED:
        text = f"{text}{dice.choice(words.tails)}"
        text = f"{dice.choice(words.heads)}{text}" if dice.random() < TAILED / 2 else text
    return filled(text, scenario.slots, dice)


def _tagged(text: str, tag: str, platform: str) -> str:
    """People put the topic of the day behind what they say, in the way of the platform."""
    form = TAGS.get(platform)
    return text + form.format(tag) if tag and form else text


class _Deck:
    """Texts of pools like a shuffled deck: one returns only when all the others were said.

    The decks of following days go on where the day before is expected to have stopped.
    """

    def __init__(self, scenario: Scenario, *, seed: str = "", day: int = 0) -> None:
        self._scenario, self._seed, self._day = scenario, seed, day
        self._dealt: dict[str, int] = {}

    def next(self, pool: Pool) -> str:
        dealt = self._dealt.get(pool.name, 0)
        self._dealt[pool.name] = dealt + 1
        turn, at = divmod(self._day * self._a_day_takes(pool) + dealt, len(pool.texts))
        order = list(range(len(pool.texts)))
        _dice(self._scenario.name, self._seed, pool.name, str(turn)).shuffle(order)
        return pool.texts[order[at]]

    def _a_day_takes(self, pool: Pool) -> int:
        plan = self._scenario.settings["background"]
        share: float = plan["pools"].get(pool.name, 0) / sum(plan["pools"].values())
        return math.ceil(float(plan["per_day"]) * BUSIEST * share)


def _dice(*seed: str) -> Random:
    return Random("/".join(seed))  # noqa: S311  a story, not a secret


def _time(due: Due) -> datetime:
    return due.at
