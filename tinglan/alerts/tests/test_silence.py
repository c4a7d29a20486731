"""A silence calls nobody for a while, hides nothing, and never covers red or a red line."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.make import make_brand, make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.alerts import issue, notify, unsilence
from tinglan.alerts.errors import AlertError
from tinglan.alerts.models import Alert, Delivery, Silence
from tinglan.alerts.silence import LONGEST, Scope, end_silence, silence
from tinglan.alerts.tests.cast import make_channel, make_line, make_rule, raise_level
from tinglan.audit.models import AuditEntry
from tinglan.events.models import Event, LevelChange, TimelineEntry

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def line() -> list[Member]:
    line = make_line()
    make_rule(make_channel("inapp"))
    return line


def issue_alert(level: str, *, now: datetime, event: Event | None = None) -> Alert:
    event = event or make_event()
    issue.handle([raise_level(event, level, now=now)], now=now)
    return event.alerts.latest("id")


def make_silence(by: Member, now: datetime, scope: Scope | None = None) -> Silence:
    scope = scope or Scope(gravest="II")
    return silence(scope, ends_at=now + HOUR, reason="新品发布会，已知热议", by=by, now=now)


def test_an_alert_under_a_silence_is_issued_and_counted_and_calls_nobody(
    now: datetime, line: list[Member]
) -> None:
    made = make_silence(line[1], now)
    alert = issue_alert("II", now=now)
    assert alert.silence == made
    assert not alert.is_waiting
    assert not alert.escalations.exists()
    assert alert.deliveries.count() == 1
    notify.work(now)
    one = alert.deliveries.get()
    assert (one.state, one.why_dropped) == (
        Delivery.State.DROPPED,
        f"silenced by silence {made.pk}",
    )
    assert TimelineEntry.objects.filter(event=alert.event, kind="alert_silenced").exists()
    assert not alert.reached_nobody
    assert AuditEntry.objects.filter(verb="alerts.silence", actor=line[1]).exists()


def test_red_is_never_silenced(now: datetime, line: list[Member]) -> None:
    make_silence(line[1], now)
    assert issue_alert("I", now=now).silence is None
    with pytest.raises(AlertError, match="I"):
        make_silence(line[1], now, Scope(gravest="I"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Silence.objects.create(
            gravest="I", starts_at=now, ends_at=now + HOUR, reason="x", by=line[1]
        )


def test_a_red_line_is_never_silenced(now: datetime, line: list[Member]) -> None:
    make_silence(line[1], now)
    event = make_event()
    change = raise_level(event, "III")
    LevelChange.objects.filter(pk=change.pk).update(reason=LevelChange.Reason.FLOOR)
    change.refresh_from_db()
    issue.handle([change], now=now)
    assert event.alerts.get().silence is None
    assert event.alerts.get().is_waiting


def test_it_covers_its_brand_its_event_and_its_levels_alone(
    now: datetime, line: list[Member]
) -> None:
    galaxy, lake = make_brand("星河"), make_brand("月湖")
    event = make_event(brand=lake)
    make_silence(line[1], now, Scope(gravest="III", brand=galaxy))
    make_silence(line[1], now, Scope(gravest="II", event=event))
    silenced = [
        issue_alert("III", now=now, event=make_event(brand=galaxy)).silence_id,
        issue_alert("II", now=now, event=make_event(brand=galaxy)).silence_id,
        issue_alert("III", now=now, event=make_event(brand=lake)).silence_id,
        issue_alert("II", now=now, event=event).silence_id,
    ]
    assert [one is not None for one in silenced] == [True, False, False, True]


def test_what_is_still_at_its_level_calls_when_the_silence_is_over(
    now: datetime, line: list[Member]
) -> None:
    make_silence(line[1], now)
    quieted = issue_alert("II", now=now)
    assert unsilence.poll(now + HOUR / 2) == 0
    assert unsilence.poll(now + HOUR) == 1
    assert unsilence.poll(now + HOUR) == 0
    alert = quieted.event.alerts.latest("id")
    assert (alert.reason, alert.level) == (Alert.Reason.UNSILENCED, "II")
    assert alert.is_waiting
    assert alert.deliveries.exists()


def test_a_silence_ended_early_lets_through_what_it_kept(now: datetime, line: list[Member]) -> None:
    made = make_silence(line[1], now)
    issue_alert("II", now=now)
    ended = end_silence(made, by=line[1], now=now + HOUR / 4)
    assert end_silence(made, by=line[1], now=now + HOUR / 3) == ended
    assert unsilence.poll(now + HOUR / 4) == 1
    assert issue_alert("II", now=now + HOUR / 2).silence is None


@pytest.mark.parametrize("then", ["ended", "fell", "rose"])
def test_it_does_not_call_for_what_is_over_or_was_called_for(
    now: datetime, line: list[Member], then: str
) -> None:
    make_silence(line[1], now)
    event = issue_alert("III", now=now).event
    if then == "ended":
        Event.objects.filter(pk=event.pk).update(ended_at=now)
    elif then == "fell":
        Event.objects.filter(pk=event.pk).update(level="IV")
    else:
        issue_alert("I", now=now, event=event)
    assert unsilence.poll(now + HOUR) == 0


@pytest.mark.parametrize(
    ("lasts", "reason"),
    [(LONGEST + HOUR, "发布会"), (timedelta(0), "发布会"), (HOUR, "  ")],
)
def test_it_has_an_end_within_seven_days_and_a_reason(
    now: datetime, line: list[Member], lasts: timedelta, reason: str
) -> None:
    with pytest.raises(AlertError):
        silence(Scope(gravest="II"), ends_at=now + lasts, reason=reason, by=line[1], now=now)
    assert not Silence.objects.exists()


def test_only_who_grades_may_silence(now: datetime) -> None:
    agent = make_member("晨曦", Role.AGENT)
    with pytest.raises(ForbiddenError):
        make_silence(agent, now)
