"""Two workers on one brand: what they tell of is one event, whoever comes first."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from tests.make import NOW, make_author, make_brand, make_event, make_mention
from tinglan.events import group, track
from tinglan.events.models import Event, Membership
from tinglan.monitors.models import Mention

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST = 30  # seconds until a thread that hangs fails its test

TEXTS = ("星河水壶漏电，手被电麻了", "星河水壶漏电把孩子电到了", "星河水壶漏电，客服不理")


def complaint(number: int) -> Mention:
    text = f"{TEXTS[number % 3]}{'啊' * number}"
    author = make_author(f"消费者{number}")
    return make_mention(text, at=NOW - timedelta(minutes=number), post_fields={"author": author})


def together(*acts: Callable[[], object]) -> None:
    """Run all at once, each on a connection of its own; the first failure is raised."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(acts))

    def live(act: Callable[[], object]) -> None:
        try:
            start.wait(LONGEST)
            act()
        except BaseException as error:  # noqa: BLE001  raised below, in the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=live, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    assert not any(thread.is_alive() for thread in threads)
    if failures:
        raise failures[0]


def grouping(mentions: list[Mention]) -> Callable[[], None]:
    def act() -> None:
        said = group.prepare(mentions, now=NOW)
        with transaction.atomic():
            group.handle(said, now=NOW)

    return act


def test_two_workers_on_one_brand_open_one_event() -> None:
    make_brand()
    mentions = [complaint(i) for i in range(24)]
    together(grouping(mentions[::2]), grouping(mentions[1::2]))
    event = Event.objects.open().get()
    assert event.n_posts == Membership.objects.filter(event=event).count() == 24
    numbers = [change.number for change in event.level_changes.all()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_an_event_in_other_hands_is_passed_over_and_not_waited_for() -> None:
    held, free = make_event("在手里", make_mention()), make_event("没人管", make_mention())
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Event.objects.select_for_update().get(pk=held.pk)
            locked.set()
            assert done.wait(LONGEST)

    def follow() -> None:
        assert locked.wait(LONGEST)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                assert track.work(NOW) == 1
        finally:
            done.set()

    together(hold, follow)
    assert set(Event.objects.filter(assessed_at=NOW)) == {free}
