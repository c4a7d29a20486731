"""An event becomes two and nothing is lost; Tinglan remembers what a person put apart."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.make import NOW, make_event, make_member, make_mention, make_monitor, make_post
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.audit.models import AuditEntry
from tinglan.clocks.models import Clock
from tinglan.events.level import EventError
from tinglan.events.merge import merge
from tinglan.events.models import Event, Membership, Merge, Split
from tinglan.events.split import split, unmerge
from tinglan.events.tests.test_merge import event_of
from tinglan.lib import clock, worker
from tinglan.lib.claims import announce

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def anqi() -> Member:
    return make_member("安琪", Role.DUTY_OFFICER)


def mixed() -> tuple[Event, list[int]]:
    """One event of leaking kettles and late refunds; the mentions of the latter."""
    leaks = [make_mention(f"星河水壶漏电，手麻了，第{n}回", at=NOW - n * HOUR) for n in range(4)]
    refunds = [make_mention(f"退款拖了{n}个月不到账", at=NOW - n * HOUR) for n in range(2, 5)]
    return make_event("漏电", *leaks, *refunds), [mention.pk for mention in refunds]


def test_the_chosen_posts_become_an_event_with_a_title_of_their_own(anqi: Member) -> None:
    event, chosen = mixed()
    done = split(event, chosen, by=anqi, now=NOW)
    event.refresh_from_db()
    assert (event.n_posts, done.into.n_posts, done.n_moved) == (4, 3, 3)
    assert "退款" in Event.objects.get(pk=done.into_id).title
    assert done.into.parent == event
    assert Membership.objects.count() == 7
    assert set(done.into.memberships.values_list("reason", flat=True)) == {"person"}


def test_copies_go_with_what_they_are_copies_of(anqi: Member) -> None:
    event, chosen = mixed()
    copy = make_mention("退款拖了2个月不到账！", copy_of_id=chosen[0])
    Membership.objects.create(event=event, mention=copy, reason="copy", at=NOW)
    assert split(event, chosen[:1], by=anqi, now=NOW).n_moved == 2


def test_both_stories_and_the_audit_trail_tell_of_it(anqi: Member) -> None:
    event, chosen = mixed()
    done = split(event, chosen, by=anqi, now=NOW)
    told = event.timeline.get(kind="event_split")
    assert (told.by, told.data["into"], told.data["n"]) == (anqi, done.into_id, 3)
    assert done.into.timeline.get(kind="event_split_off").data["out_of"] == event.pk
    assert AuditEntry.objects.get(verb="events.split").subject_id == done.pk


def test_none_all_or_a_closed_event_cannot_be_split(anqi: Member) -> None:
    event, chosen = mixed()
    everything = list(event.memberships.values_list("mention", flat=True))
    for wrong in ([], everything):
        with pytest.raises(EventError):
            split(event, wrong, by=anqi, now=NOW)
    Event.objects.filter(pk=event.pk).update(ended_at=NOW)
    with pytest.raises(EventError):
        split(event, chosen, by=anqi, now=NOW)


def test_who_may_not_grade_splits_nothing() -> None:
    event, chosen = mixed()
    with pytest.raises(ForbiddenError):
        split(event, chosen, by=make_member("晨曦", Role.AGENT), now=NOW)
    assert Event.objects.count() == 1


def test_a_merge_taken_back_gives_each_event_what_it_had_and_its_clocks(anqi: Member) -> None:
    grave, small = event_of("漏电", 3, level="II"), event_of("退款拖着不到账", 2)
    done = merge(grave, small, by=anqi, now=NOW)
    since = make_mention("电人的水壶又一例", at=NOW)
    Membership.objects.create(event=small, mention=since, reason="similar", at=NOW)
    taken = unmerge(done, by=anqi, now=NOW + HOUR)
    grave.refresh_from_db()
    small.refresh_from_db()
    assert (taken.undoes, taken.n_moved) == (done, 3)
    assert (grave.is_open, grave.n_posts, small.n_posts) == (True, 3, 3)
    assert not grave.memberships.exclude(origin=None).exists()
    assert Clock.objects.of(grave).running().exists()
    assert Merge.objects.count() == 1


def test_a_merge_of_merged_events_is_taken_back_with_all_that_it_brought(anqi: Member) -> None:
    first, second, third = event_of("漏电", 1), event_of("电人", 2), event_of("触电", 1)
    merge(first, second, by=anqi, now=NOW)
    second.refresh_from_db()
    done = merge(second, third, by=anqi, now=NOW)
    unmerge(done, by=anqi, now=NOW)
    second.refresh_from_db()
    assert second.memberships.count() == 3
    assert second.memberships.filter(origin=first).count() == 1


def test_a_merge_is_taken_back_once(anqi: Member) -> None:
    done = merge(event_of("漏电", 1), event_of("电人", 1), by=anqi, now=NOW)
    unmerge(done, by=anqi, now=NOW)
    with pytest.raises(EventError):
        unmerge(done, by=anqi, now=NOW)


def test_a_split_taken_back_is_a_merge(anqi: Member) -> None:
    event, chosen = mixed()
    done = split(event, chosen, by=anqi, now=NOW)
    merge(Event.objects.get(pk=done.into_id), event, by=anqi, now=NOW)
    event.refresh_from_db()
    assert event.n_posts == 7
    assert Split.objects.count() == 1


def test_what_was_put_apart_stays_apart_and_later_posts_go_to_the_right_one(
    anqi: Member,
) -> None:
    clock.set_to(NOW, rate=1)
    make_monitor("星河")
    leaks = [f"星河水壶漏电，手被电麻了，要求退货，第{n}次" for n in range(4)]
    burns = [f"星河水壶漏电，底座烧焦冒烟，厨房着火，第{n}次" for n in range(4)]
    posts = [make_post(text, at=NOW - HOUR) for text in leaks + burns]
    announce(*posts)
    worker.drain()
    event = Event.objects.open().get()
    burning = event.memberships.filter(mention__post__text__contains="着火")
    done = split(event, burning.values_list("mention", flat=True), by=anqi, now=NOW)
    later = [make_post(f"{text}，转给家人", at=NOW) for text in (leaks[0], burns[0])]
    announce(*later)
    worker.drain()
    homes = [Membership.objects.get(mention__post=post).event_id for post in later]
    assert homes == [event.pk, done.into_id]
    assert Event.objects.open().count() == 2


@pytest.fixture
def client(anqi: Member) -> Client:
    client = Client()
    client.force_login(anqi)
    return client


def test_the_page_offers_the_posts_and_splits_off_the_chosen(client: Client) -> None:
    event, chosen = mixed()
    address = f"/events/{event.pk}/split"
    text = client.get(address, {"q": "退款"}).content.decode()
    assert "退款拖了" in text
    assert "漏电，手麻了" not in text
    client.post(address, {"mention": [str(pk) for pk in chosen[:1]]})
    assert Split.objects.get().n_moved == 1


def test_all_posts_that_hold_some_words_go_at_once(client: Client) -> None:
    event, _chosen = mixed()
    answer = client.post(f"/events/{event.pk}/split", {"q": "退款", "all": "1"})
    done = Split.objects.get()
    assert (done.n_moved, answer.headers["Location"]) == (3, f"/events/{done.into_id}")
    assert f"/events/{done.into_id}" in client.get(f"/events/{event.pk}").content.decode()


def test_a_merge_is_taken_back_by_a_click(client: Client, anqi: Member) -> None:
    one, other = event_of("漏电", 1), event_of("电人", 2)
    done = merge(one, other, by=anqi, now=NOW)
    assert f"/merges/{done.pk}/undoing" in client.get(f"/events/{one.pk}").content.decode()
    assert f"/merges/{done.pk}/undoing" in client.get(f"/events/{other.pk}").content.decode()
    client.post(f"/merges/{done.pk}/undoing")
    one.refresh_from_db()
    assert one.is_open
    assert "/undoing" not in client.get(f"/events/{other.pk}").content.decode()


def test_an_outsider_neither_sees_nor_does_it(anqi: Member) -> None:
    event, chosen = mixed()
    other = event_of("电人", 1)
    done = merge(other, event, by=anqi, now=NOW)
    agent = Client()
    agent.force_login(make_member("小满", Role.AGENT))
    address = f"/events/{event.pk}/split"
    answers = [
        agent.get(address),
        agent.post(address, {"mention": [str(chosen[0])]}),
        agent.post(f"/merges/{done.pk}/undoing"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not Split.objects.exists()
