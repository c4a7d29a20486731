"""People confirm, set, lift and lower levels: who may, what is asked of them, what it leaves."""

from datetime import timedelta

import pytest

from tests.make import NOW, make_event, make_member
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.analysis import held as remembered
from tinglan.analysis.held import Held
from tinglan.analysis.levels import Level as Rank
from tinglan.audit.models import AuditEntry
from tinglan.clocks.models import Clock, Kind
from tinglan.events.assess import assess
from tinglan.events.level import (
    EventError,
    change_level,
    confirm,
    held_of,
    lift_level,
    lower_level,
    set_level,
)
from tinglan.events.models import RANK, Event, Level, LevelChange
from tinglan.lib import steps
from tinglan.lib.models import Lease

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def anqi() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER)


def levelled(level: str, *, low_since: timedelta | None = None) -> Event:
    """An event whose formula holds a level, with the clocks of that level running."""
    event = make_event()
    rank = Rank(RANK[level])
    below = {rank: NOW - low_since} if low_since else {}
    held = Held(rank, since=NOW, assessed_at=NOW - HOUR, below=below, reason="score")
    event.held = remembered.dump(held)
    change_level(event, level, reason=LevelChange.Reason.SCORE, now=NOW)
    return event


def kinds(event: Event) -> list[str]:
    return [entry.kind for entry in event.timeline.all()]


def verbs() -> list[str]:
    return list(AuditEntry.objects.values_list("verb", flat=True))


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AGENT, Role.LEGAL, Role.ADMINISTRATOR])
def test_who_may_not_grade_can_do_none_of_it(role: Role) -> None:
    event, outsider = levelled("II"), make_member("晨曦", role)
    with pytest.raises(ForbiddenError):
        confirm(event, by=outsider, now=NOW)
    with pytest.raises(ForbiddenError):
        set_level(event, "I", reason="谣言", by=outsider, now=NOW)
    with pytest.raises(ForbiddenError):
        lift_level(event, by=outsider, now=NOW)
    with pytest.raises(ForbiddenError):
        lower_level(event, "III", by=outsider, now=NOW)
    event.refresh_from_db()
    assert (event.level, event.is_confirmed) == ("II", False)


def test_a_change_of_level_starts_its_clocks_and_tells_all_subscribers() -> None:
    event = levelled("II")
    running = Clock.objects.of(event).running()
    assert running.get(kind=Kind.HOLDING).due_at == NOW + 2 * HOUR
    change = event.level_changes.get()
    heard = set(Lease.objects.filter(object_id=change.pk).values_list("subscriber", flat=True))
    assert heard == set(steps.subscribers("events.LevelChange"))
    assert kinds(event) == ["level_raised"]


def test_a_rise_brings_a_running_clock_nearer_and_a_fall_never_gives_more_time() -> None:
    event = levelled("III")
    change_level(event, "I", reason=LevelChange.Reason.SCORE, now=NOW)
    nearer = Clock.objects.of(event).get(kind=Kind.HOLDING)
    assert nearer.due_at == NOW + HOUR
    change_level(event, "III", reason=LevelChange.Reason.PERSON, now=NOW)
    nearer.refresh_from_db()
    assert nearer.due_at == NOW + HOUR
    assert [change.number for change in event.level_changes.all()] == [1, 2, 3]


def test_confirming_meets_the_clock_of_the_first_judgement(anqi: Member) -> None:
    event = levelled("I")
    assert held_of(event).awaits_confirmation
    event = confirm(event, by=anqi, now=NOW + timedelta(minutes=4))
    judged = Clock.objects.of(event).get(kind=Kind.JUDGE)
    assert judged.met_at == NOW + timedelta(minutes=4)
    assert event.is_confirmed
    assert not held_of(event).awaits_confirmation
    assert kinds(event)[-1] == "level_confirmed"
    assert verbs()[-1] == "events.confirm_level"


@pytest.mark.parametrize("reason", ["", "   "])
def test_setting_a_level_needs_a_reason(anqi: Member, reason: str) -> None:
    event = levelled("III")
    with pytest.raises(EventError):
        set_level(event, "I", reason=reason, by=anqi, now=NOW)
    assert event.level_changes.count() == 1


def test_a_level_set_by_hand_stands_while_the_formula_goes_on_beneath(anqi: Member) -> None:
    event = set_level(levelled("III"), "I", reason="记者已到门店", by=anqi, now=NOW)
    assess([event], now=NOW + HOUR)
    event.refresh_from_db()
    assert event.level == "I"
    assert event.is_confirmed
    by_hand = held_of(event).override
    assert by_hand is not None
    assert (by_hand.reason, by_hand.by) == ("记者已到门店", "安琪")
    change = event.level_changes.last()
    assert change is not None
    assert (change.reason, change.by, change.note) == ("person", anqi, "记者已到门店")


def test_setting_the_level_that_it_has_is_told_and_recorded_too(anqi: Member) -> None:
    event = set_level(levelled("III"), "III", reason="先稳住", by=anqi, now=NOW)
    assert event.level_changes.count() == 1
    entry = event.timeline.last()
    assert entry is not None
    assert (entry.kind, entry.data["to_level"], entry.by) == ("level_overridden", "III", anqi)
    assert verbs()[-1] == "events.set_level"


def test_lifting_gives_the_level_back_to_the_formula(anqi: Member) -> None:
    event = set_level(levelled("III"), "IV", reason="误报", by=anqi, now=NOW)
    event = lift_level(event, by=anqi, now=NOW + HOUR)
    assert (event.level, held_of(event).override) == ("III", None)
    assert "level_lifted" in kinds(event)
    assert verbs()[-1] == "events.lift_level"


def test_lifting_what_nobody_set_is_refused(anqi: Member) -> None:
    with pytest.raises(EventError):
        lift_level(levelled("III"), by=anqi, now=NOW)


def test_red_shown_again_by_lifting_waits_for_its_confirmation(anqi: Member) -> None:
    event = set_level(levelled("I"), "III", reason="误报", by=anqi, now=NOW)
    event = lift_level(event, by=anqi, now=NOW)
    assert (event.level, event.is_confirmed) == ("I", False)


def test_orange_is_not_lowered_before_its_score_was_low_for_long_enough(anqi: Member) -> None:
    for event in (levelled("II"), levelled("II", low_since=3 * HOUR)):
        with pytest.raises(EventError):
            lower_level(event, "III", by=anqi, now=NOW)
        event.refresh_from_db()
        assert event.level == "II"


def test_orange_is_lowered_by_a_person_after_four_low_hours(anqi: Member) -> None:
    event = lower_level(levelled("II", low_since=4 * HOUR), "III", by=anqi, now=NOW)
    assert (event.level, event.is_confirmed) == ("III", True)
    assert verbs()[-1] == "events.lower_level"


def test_red_goes_down_one_step_at_a_time(anqi: Member) -> None:
    event = levelled("I", low_since=6 * HOUR)
    with pytest.raises(EventError):
        lower_level(event, "III", by=anqi, now=NOW)
    assert lower_level(event, "II", by=anqi, now=NOW).level == "II"


def test_under_a_level_set_by_hand_nothing_is_lowered(anqi: Member) -> None:
    event = levelled("II", low_since=4 * HOUR)
    event = set_level(event, "I", reason="记者已到门店", by=anqi, now=NOW)
    with pytest.raises(EventError):
        lower_level(event, "III", by=anqi, now=NOW)
    event.refresh_from_db()
    assert event.level == "I"


def test_the_level_of_an_ended_event_stands(anqi: Member) -> None:
    event = levelled("III")
    event.ended_at = NOW
    event.save()
    with pytest.raises(EventError):
        confirm(event, by=anqi, now=NOW)
    with pytest.raises(EventError):
        set_level(event, Level.RED, reason="记者已到门店", by=anqi, now=NOW)
