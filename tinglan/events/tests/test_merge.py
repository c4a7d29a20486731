"""Two events become one and nothing is lost: posts, story, level, clocks."""

from datetime import timedelta

import pytest

from tests.make import NOW, make_brand, make_event, make_member, make_mention
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.analysis import held as remembered
from tinglan.analysis.held import Held
from tinglan.analysis.levels import Level as Rank
from tinglan.audit.models import AuditEntry
from tinglan.clocks.models import Clock, Kind
from tinglan.events import timeline
from tinglan.events.level import EventError, change_level
from tinglan.events.merge import merge
from tinglan.events.models import Event, LevelChange, Membership

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def anqi() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER)


def event_of(title: str, n: int, *, level: str = "") -> Event:
    mentions = [make_mention(f"{title}，第{i}条", at=NOW - i * HOUR) for i in range(n)]
    event = make_event(title, *mentions)
    if level:
        held = Held(Rank.from_roman(level), since=NOW, assessed_at=NOW, reason="score")
        event.held = dict(remembered.dump(held))
        change_level(event, level, reason=LevelChange.Reason.SCORE, now=NOW)
    return event


def test_members_move_and_remember_where_they_came_from(anqi: Member) -> None:
    one, other = event_of("漏电", 3), event_of("电人", 5)
    done = merge(one, other, by=anqi, now=NOW)
    assert done.n_moved == 3
    assert Membership.objects.filter(event=other).count() == 8
    assert Membership.objects.filter(event=other, origin=one).count() == 3
    other.refresh_from_db()
    assert other.n_posts == 8
    assert other.first_post_at == NOW - 4 * HOUR
    one.refresh_from_db()
    assert (one.merged_into, one.is_open, one.n_posts) == (other, False, 3)


def test_what_was_merged_twice_remembers_its_first_event(anqi: Member) -> None:
    first, second, third = event_of("漏电", 1), event_of("电人", 1), event_of("触电", 1)
    merge(first, second, by=anqi, now=NOW)
    merge(second, third, by=anqi, now=NOW)
    origins = Membership.objects.filter(event=third).values_list("origin__title", flat=True)
    assert sorted(origins, key=str) == sorted([None, "漏电", "电人"], key=str)


def test_both_stories_tell_of_it_and_keep_what_they_had(anqi: Member) -> None:
    one, other = event_of("漏电", 1), event_of("电人", 1)
    timeline.add(one, "event_opened", at=NOW)
    merge(one, other, by=anqi, now=NOW)
    assert [entry.kind for entry in one.timeline.all()] == ["event_opened", "event_merged"]
    told = other.timeline.get(kind="event_absorbed")
    assert (told.data["merged"], told.data["title"], told.by) == (one.pk, "漏电", anqi)
    assert AuditEntry.objects.filter(verb="events.merge").count() == 1


def test_the_clocks_of_the_merged_event_stop_and_its_level_goes_on(anqi: Member) -> None:
    """Nobody gains time or lowers a level by merging an orange event into a small one."""
    grave, small = event_of("漏电", 2, level="II"), event_of("电人", 1)
    merge(grave, small, by=anqi, now=NOW + HOUR)
    assert not Clock.objects.of(grave).running().exists()
    small.refresh_from_db()
    assert small.level == "II"
    change = small.level_changes.get()
    assert (change.reason, change.by) == ("merge", anqi)
    assert Clock.objects.of(small).running().get(kind=Kind.HOLDING).due_at == NOW + 2 * HOUR


def test_the_graver_of_two_levels_stands(anqi: Member) -> None:
    small, grave = event_of("漏电", 1, level="IV"), event_of("电人", 1, level="II")
    merge(small, grave, by=anqi, now=NOW)
    grave.refresh_from_db()
    assert grave.level == "II"
    assert grave.level_changes.count() == 1


def test_an_event_is_not_merged_into_itself_another_brands_or_a_closed_one(anqi: Member) -> None:
    event, closed = event_of("漏电", 1), event_of("旧事", 1)
    closed.ended_at = NOW
    closed.save()
    foreign = make_event("别家", brand=make_brand("启明"))
    for into in (event, closed, foreign):
        with pytest.raises(EventError):
            merge(event, into, by=anqi, now=NOW)
    event.refresh_from_db()
    assert event.is_open


def test_who_may_not_grade_merges_nothing() -> None:
    one, other = event_of("漏电", 1), event_of("电人", 1)
    with pytest.raises(ForbiddenError):
        merge(one, other, by=make_member("晨曦", Role.AGENT), now=NOW)
    assert Membership.objects.filter(event=one).count() == 1
