"""The chart of an event: labels as short as can be, one mark for each step."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_event
from tinglan.events.course import chart_of
from tinglan.events.models import Event, LevelChange

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(now: datetime) -> Event:
    event = make_event()
    event.first_post_at = now - timedelta(hours=1)
    event.save()
    return event


def test_of_several_changes_in_one_step_the_last_is_marked(event: Event, now: datetime) -> None:
    for number, level in enumerate(("IV", "III", "II"), 1):
        rise(event, level, number=number, at=now - timedelta(seconds=30 - number))
    marks = chart_of(event, now=now)["marks"]
    assert [mark["name"] for mark in marks] == ["II"]


def test_changes_in_several_steps_are_marked_where_they_came(event: Event, now: datetime) -> None:
    rise(event, "IV", number=1, at=now - timedelta(minutes=40))
    rise(event, "III", number=2, at=now - timedelta(minutes=10))
    chart = chart_of(event, now=now)
    assert [mark["name"] for mark in chart["marks"]] == ["IV", "III"]
    assert all(mark["at"] in chart["labels"] for mark in chart["marks"])


def test_the_day_is_told_only_where_the_chart_spans_several(event: Event, now: datetime) -> None:
    assert all(len(label) == len("09:00") for label in chart_of(event, now=now)["labels"])
    event.first_post_at = now - timedelta(days=2)
    labels = chart_of(event, now=now)["labels"]
    assert len(set(labels)) == len(labels)
    assert all(len(label) == len("11-23 09:00") for label in labels)


def rise(event: Event, level: str, *, number: int, at: datetime) -> None:
    LevelChange.objects.create(
        event=event,
        number=number,
        to_level=level,
        reason=LevelChange.Reason.SCORE,
        score=60,
        at=at,
    )
