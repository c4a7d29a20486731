"""Tell posts of a scenario: into the sources of their platforms, by the same intake as any other.

Ordinary talk goes on all the time, day and night, up to where the stage's pointer stands; the
pointer moves in the transaction of what was told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from tinglan.drills import timetable
from tinglan.drills.models import Stage
from tinglan.drills.scenario import load
from tinglan.drills.timetable import Due
from tinglan.sources.intake import take_in
from tinglan.sources.item import Item
from tinglan.sources.models import Source

LAUNCH_KEY: Final = "launch-"  # what the ids of its posts begin with
AT_ONCE: Final = timedelta(hours=6)  # of ordinary talk: some 15 posts, a short transaction
DELIVERED: Final = timedelta(hours=1)  # so often a source brings what it found


@transaction.atomic
def tell_everyday(stage: Stage, *, until: datetime, now: datetime) -> int:
    """Take in the ordinary talk since the pointer, six hours at most; how many posts it was.

    Each delivery comes at its own time, so that the past has a detection lag like any other.
    """
    until = min(until, stage.told_until + AT_ONCE)
    if until <= stage.told_until:
        return 0
    due = list(_ordinary(stage, stage.told_until, until))
    if due or until - stage.told_until >= AT_ONCE:
        for at, items in _deliveries(due, stage.opens_at):
            take(items, now=min(at, now))
        stage.told_until = until
        stage.save(update_fields=["told_until"])
    return len(due)


def take(items: Iterable[Item], *, now: datetime) -> None:
    """Into the source of each item's platform, one run per source.

    Nothing is marked as a drill here: the whole database of a demo is one, and says so on each
    page. Marked rows would be left out of the very reports that the demo is to show.
    """
    by_platform: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_platform[item.platform].append(item)
    for source in Source.objects.filter(platform__in=by_platform).order_by("pk"):
        take_in(source, by_platform.pop(source.platform, []), now=now)


def _deliveries(due: Iterable[Due], opens_at: datetime) -> Iterator[tuple[datetime, list[Item]]]:
    """What falls between two deliveries comes with the second, in the order of time."""
    rounds: dict[int, list[Item]] = defaultdict(list)
    for each in due:
        rounds[-((opens_at - each.at) // DELIVERED)].append(each.item)
    for number in sorted(rounds):
        yield opens_at + number * DELIVERED, rounds[number]


def _ordinary(stage: Stage, start: datetime, end: datetime) -> Iterator[Due]:
    """What is said after `start` and until `end`, the launch before the opening included."""
    scenario = load(stage.scenario)
    begun_at = timetable.launch_at(stage.opens_at, timezone.get_default_timezone())
    launch = scenario.act_begun_by("launch").name
    told = [
        *_days(stage, start, end),
        *timetable.of_act(scenario, launch, LAUNCH_KEY, begun_at),
    ]
    return (each for each in told if start < each.at <= end)


def _days(stage: Stage, start: datetime, end: datetime) -> Iterator[Due]:
    zone = timezone.get_default_timezone()
    opening, day = stage.opens_at.astimezone(zone).date(), start.astimezone(zone).date()
    while day <= end.astimezone(zone).date():
        yield from timetable.everyday(load(stage.scenario), day, (day - opening).days, zone)
        day += timedelta(days=1)
