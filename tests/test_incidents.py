"""The nineteen incidents in which other tools lost alerts or data (warning-levels §4), all by name.

Those of sending stand in tinglan/alerts/tests/test_incidents.py, beside the dispatcher; here are
those that several apps share, and the count: each of the nineteen has at least one test.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import URLPattern, URLResolver, get_resolver

from tests.make import make_event, make_mention, make_source
from tests.make_response import make_case, make_crew
from tinglan.alerts import issue
from tinglan.alerts.models import Alert, Delivery
from tinglan.alerts.tests.cast import make_channel, make_line, make_rule, raise_level
from tinglan.audit.models import AuditEntry
from tinglan.audit.record import breaks
from tinglan.cases.models import Task
from tinglan.clocks import run, tick
from tinglan.clocks.calendars import Calendar as Hours
from tinglan.clocks.calendars import add_working, always, is_open, span
from tinglan.clocks.models import Calendar, Clock, ClockWarning, Kind
from tinglan.events.merge import merge
from tinglan.events.models import Event, LevelChange, TimelineEntry
from tinglan.lib import claims, worker
from tinglan.lib.models import Lease
from tinglan.sources.intake import take_in
from tinglan.sources.models import Post, Sighting
from tinglan.sources.tests.cast import make_item

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[1]
NAMED = re.compile(r"^def test_i(\d\d)_", re.MULTILINE)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LONDON = ZoneInfo("Europe/London")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_each_of_the_nineteen_has_its_test() -> None:
    files = [*ROOT.glob("tinglan/*/tests/test_*.py"), Path(__file__)]
    named = {int(one) for path in files for one in NAMED.findall(path.read_text())}
    assert named == set(range(1, 20))


def test_i13_the_next_update_overrules_no_first_response(now: datetime) -> None:
    """Clocks are independent: what meets one neither meets, moves nor breaches another."""
    event = make_event(level="I")
    run.start_for_level(event, "I", now=now)
    holding = Clock.objects.of(event).get(kind=Kind.HOLDING)
    update = Clock.objects.of(event).get(kind=Kind.UPDATE)
    run.meet(event, [Kind.HOLDING], by_row=event, now=now + 30 * MINUTE)
    tick.poll(update.due_at + MINUTE)
    breached = ClockWarning.objects.filter(stage=ClockWarning.Stage.BREACHED)
    kinds = set(breached.values_list("clock__kind", flat=True))
    assert Kind.UPDATE in kinds
    assert Kind.HOLDING not in kinds
    before = holding.due_at
    holding.refresh_from_db()
    assert (holding.due_at, holding.met_at) == (before, now + 30 * MINUTE)
    run.meet(event, [Kind.UPDATE], by_row=event, now=update.due_at + 2 * MINUTE)
    assert Clock.objects.of(event).running().filter(kind=Kind.INFORM).exists()


def test_i14_no_minute_of_midnight_is_closed_and_no_holiday_is_worked(now: datetime) -> None:
    midnight = datetime(2026, 11, 24, tzinfo=SHANGHAI)
    for seconds in (-1, 0, 1, 59, 60):
        assert is_open(always(SHANGHAI), midnight + timedelta(seconds=seconds))
    assert add_working(midnight - 30 * MINUTE, HOUR, always(SHANGHAI)) == midnight + 30 * MINUTE
    run.start(Kind.CONTACT, make_event(), "IV", now=now)  # the calendars are written
    business = Calendar.objects.get(code="business").hours()
    before_holiday = datetime(2026, 9, 30, 17, 30, tzinfo=SHANGHAI)
    assert add_working(before_holiday, HOUR, business) == datetime(
        2026, 10, 8, 9, 30, tzinfo=SHANGHAI
    )
    worked_saturday = datetime(2026, 10, 10, 10, tzinfo=SHANGHAI)
    assert is_open(business, worked_saturday)


def test_i14_a_night_in_which_the_clocks_change_is_counted_as_it_lasts() -> None:
    """The one zone with summer time that runs beside China's."""
    evening = datetime(2026, 3, 28, 23, 0, tzinfo=LONDON)
    due = add_working(evening, 3 * HOUR, always(LONDON))
    assert due.hour == 3  # one o'clock became two
    assert (due - evening.astimezone(due.tzinfo)) is not None
    assert due.timestamp() - evening.timestamp() == 3 * HOUR.total_seconds()


def test_i15_business_hours_count_with_a_weekend_and_a_lunch_between() -> None:
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=SHANGHAI)
    plain = Hours("desk", SHANGHAI, (((span("09:00-17:00"),),) * 5 + ((), ())))
    assert add_working(friday, HOUR, plain) == datetime(2026, 3, 9, 9, 30, tzinfo=SHANGHAI)
    shifts = (span("09:00-12:00"), span("13:30-17:00"))
    split = Hours("shifts", SHANGHAI, ((shifts,) * 5 + ((), ())))
    assert add_working(friday, 4 * HOUR, split) == datetime(2026, 3, 9, 14, 0, tzinfo=SHANGHAI)


def test_i15_the_clock_of_a_blue_alert_runs_on_the_hours_of_the_site(now: datetime) -> None:
    event = make_event()
    run.start(Kind.JUDGE, event, "IV", now=now)
    calendar = Calendar.objects.get(code="business")
    calendar.week = [[["09:00", "12:00"], ["13:30", "17:00"]]] * 5 + [[], []]
    calendar.save()
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=SHANGHAI)
    clock = run.start(Kind.ACKNOWLEDGE, make_event(), "IV", now=friday)
    assert clock is not None
    assert clock.due_at == datetime(2026, 3, 9, 14, 0, tzinfo=SHANGHAI)


def test_i16_what_is_delivered_twice_is_there_once(now: datetime) -> None:
    """By two sources, in one batch and in the next; and its announcement is one."""
    item = make_item("星河水壶漏电")
    for source in (make_source(), make_source()):
        take_in(source, [item, item], now=now)
    post = Post.objects.get()
    assert Sighting.objects.filter(post=post).count() == 2
    heard = Lease.objects.filter(subscriber="monitors.match", object_id=post.pk)
    assert heard.count() == 1


def test_i16_a_level_heard_twice_is_one_alert_with_all_that_belongs_to_it(now: datetime) -> None:
    make_line()
    make_rule(make_channel("inapp"))
    change = raise_level(make_event(), "I")
    with transaction.atomic():
        claims.announce(change)
    worker.drain()
    alert = Alert.objects.get()
    assert alert.deliveries.count() == 1
    assert alert.escalations.count() == 3
    assert Clock.objects.of(alert).count() == 1


def test_i17_a_merge_links_and_deletes_nothing(now: datetime) -> None:
    crew = make_crew()
    make_rule(make_channel("inapp"))
    event = make_event("星河水壶漏电", make_mention(), level="")
    into = make_event("星河水壶开裂", make_mention("星河水壶开裂了"))
    issue.handle([raise_level(event, "II")], now=now)
    before = {
        model: set(model.objects.values_list("pk", flat=True))
        for model in (AuditEntry, Alert, Delivery, LevelChange, TimelineEntry)
    }
    merge(event, into, by=crew.lead, now=now)
    for model, rows in before.items():
        assert rows <= set(model.objects.values_list("pk", flat=True)), model
    event.refresh_from_db()
    assert event.merged_into == into
    alert = event.alerts.get()
    assert alert.event == event
    assert not alert.is_waiting


def test_i17_an_entry_of_the_audit_trail_that_was_changed_or_deleted_shows(now: datetime) -> None:
    crew = make_crew()
    make_case(crew)
    make_case(crew, level="II")
    assert list(breaks()) == []
    entry = AuditEntry.objects.earliest("id")
    AuditEntry.objects.filter(pk=entry.pk).update(verb="x")
    assert [one.pk for one in breaks()] == [entry.pk]
    AuditEntry.objects.filter(pk=entry.pk).delete()
    assert list(breaks())


def test_i18_what_would_leave_orphans_cannot_be_deleted(now: datetime) -> None:
    """There is no way to on any page; what a program tried is refused, or takes all with it."""
    case = make_case(make_crew(), level="II")
    Task.objects.create(case=case, title="打电话", due_at=now, added_at=now)
    make_rule(make_channel("inapp"), audience="role", role="pr_lead")
    issue.handle([raise_level(case.event, "I")], now=now)
    alert = case.event.alerts.get()
    for row in (case.event, alert):
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()
    case.delete()
    assert not Task.objects.exists()
    assert Event.objects.get(pk=case.event_id).alerts.get() == alert


def test_i18_no_address_deletes_a_case_an_event_or_an_alert() -> None:
    kept = ("cases", "events", "alerts", "evidence", "statements", "findings")
    gone = re.compile(r"delet|remov|destroy")
    assert [
        one for one in _addresses(get_resolver()) if one.startswith(kept) and gone.search(one)
    ] == []


def _addresses(resolver: URLResolver, prefix: str = "") -> list[str]:
    found: list[str] = []
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            found += _addresses(one, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            found.append(prefix + str(one.pattern))
    return found
