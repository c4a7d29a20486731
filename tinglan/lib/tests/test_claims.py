"""Claims: leases, tokens, back-off. Times are arguments; killing is in test_kill.py."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.apps import apps
from django.db import connection, transaction

from tinglan.lib import claims, steps
from tinglan.lib.models import Heartbeat, Lease
from tinglan.lib.steps import Step

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ME = "tests.me"


@pytest.fixture(autouse=True)
def _two_hear_of_heartbeats(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    hearing = [
        Step(name=name, lane="ingest", hears="lib.Heartbeat", handle="unused")
        for name in (ME, "tests.other")
    ]
    monkeypatch.setattr(apps.get_app_config("lib"), "steps", hearing)
    _forget_steps()
    yield
    _forget_steps()


def _forget_steps() -> None:
    steps.all_steps.cache_clear()
    steps.subscribers.cache_clear()


def announce(*names: str, rank: int = 0, at: datetime) -> list[Heartbeat]:
    rows = [Heartbeat.objects.create(name=name, at=at) for name in names]
    with transaction.atomic():
        claims.announce(*rows, rank=rank)
    Lease.objects.filter(object_id__in=[row.pk for row in rows]).update(due_at=at, announced_at=at)
    return rows


def finish(leases: list[Lease]) -> None:
    with transaction.atomic():
        claims.finish(leases)


def names(leases: list[Lease]) -> list[str]:
    return [Heartbeat.objects.get(pk=lease.object_id).name for lease in leases]


def test_each_subscriber_hears_of_each_row(now: datetime) -> None:
    announce("a", "b", at=now)
    assert names(claims.claim(ME, now=now)) == ["a", "b"]
    assert names(claims.claim("tests.other", now=now)) == ["a", "b"]


def test_a_row_nobody_hears_of_leaves_no_lease(now: datetime) -> None:
    announce("a", at=now)
    with transaction.atomic():
        claims.announce(*Lease.objects.all())
    assert Lease.objects.count() == 2


def test_what_is_claimed_is_not_claimed_again_before_its_lease_runs_out(now: datetime) -> None:
    announce("a", at=now)
    assert claims.claim(ME, now=now, lease=MINUTE)
    assert not claims.claim(ME, now=now + MINUTE)
    assert claims.claim(ME, now=now + MINUTE + SECOND)[0].attempts == 2


def test_a_lower_rank_goes_first_however_many_wait(now: datetime) -> None:
    announce(*(f"blue {n}" for n in range(5)), rank=3, at=now)
    announce("red", rank=0, at=now + SECOND)
    assert names(claims.claim(ME, now=now + SECOND, limit=2)) == ["red"]  # and waits for no other
    assert names(claims.claim(ME, now=now + SECOND, limit=2)) == ["blue 0", "blue 1"]


def test_finishing_ends_the_lease_for_good(now: datetime) -> None:
    announce("a", at=now)
    finish(claims.claim(ME, now=now))
    assert not claims.claim(ME, now=now + 10 * MINUTE)


def test_who_was_overtaken_can_neither_finish_renew_nor_put_off(now: datetime) -> None:
    announce("a", at=now)
    late = claims.claim(ME, now=now, lease=MINUTE)
    later = now + 2 * MINUTE
    current = claims.claim(ME, now=later)
    with pytest.raises(claims.LeaseLostError):
        finish(late)
    with pytest.raises(claims.LeaseLostError):
        claims.renew(late, now=later)
    claims.put_off(late[0], error="too late", now=later)
    claims.give_back(late)
    assert not claims.claim(ME, now=later)
    assert not Lease.objects.filter(last_error="too late").exists()
    finish(current)


def test_who_was_late_but_not_overtaken_may_finish(now: datetime) -> None:
    announce("a", at=now)
    finish(claims.claim(ME, now=now, lease=MINUTE))
    assert not Lease.objects.filter(subscriber=ME).exists()


def test_one_lost_lease_undoes_the_effect_of_the_whole_batch(now: datetime) -> None:
    announce("a", "b", at=now)
    mine = claims.claim(ME, now=now, lease=MINUTE)
    claims.claim(ME, now=now + 2 * MINUTE, limit=1)

    def work() -> None:
        with transaction.atomic():
            Heartbeat.objects.create(name="effect", at=now)
            claims.finish(mine)

    with pytest.raises(claims.LeaseLostError) as raised:
        work()
    assert raised.value.lost == 1
    assert not Heartbeat.objects.filter(name="effect").exists()
    assert Lease.objects.filter(subscriber=ME).count() == 2


def test_renewing_holds_on_for_longer(now: datetime) -> None:
    announce("a", at=now)
    mine = claims.claim(ME, now=now, lease=MINUTE)
    claims.renew(mine, now=now + MINUTE, lease=MINUTE)
    assert not claims.claim(ME, now=now + 2 * MINUTE)


def test_what_is_given_back_is_free_at_once_and_was_never_tried(now: datetime) -> None:
    announce("a", at=now)
    claims.give_back(claims.claim(ME, now=now))
    assert claims.claim(ME, now=now)[0].attempts == 1


def test_what_failed_comes_back_after_its_back_off_with_its_error(now: datetime) -> None:
    announce("a", at=now)
    at = now
    for wait in (15, 30, 60, 120, 300, 300):
        lease = claims.claim(ME, now=at)[0]
        claims.put_off(lease, error="no", now=at)
        assert not claims.claim(ME, now=at + wait * SECOND - SECOND)
        at += wait * SECOND
    assert Lease.objects.get(subscriber=ME).last_error == "no"


@pytest.mark.django_db(transaction=True)
def test_announcing_outside_a_transaction_is_a_mistake(now: datetime) -> None:
    with pytest.raises(AssertionError, match="transaction of the cause"):
        claims.announce(Heartbeat(pk=1, name="a", at=now))


class Handler:
    """Notes what it handled; fails on the row it was told to."""

    def __init__(self, *, fails_on: str = "") -> None:
        self.fails_on = fails_on
        self.batches: list[list[str]] = []

    def __call__(self, leases: list[Lease]) -> claims.Effect:
        return partial(self.handle, leases)

    def handle(self, leases: list[Lease]) -> None:
        batch = names(leases)
        self.batches.append(batch)
        if self.fails_on in batch:
            raise ValueError(f"cannot do {self.fails_on}")


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def test_a_batch_is_handled_at_once(now: datetime) -> None:
    announce("a", "b", "c", at=now)
    handler = Handler()
    assert claims.work(ME, handler, wall=at(now)) == 3
    assert handler.batches == [["a", "b", "c"]]
    assert claims.work(ME, handler, wall=at(now)) == 0


def test_a_bad_row_holds_up_no_other_and_keeps_its_error(now: datetime) -> None:
    announce("a", "b", "c", at=now)
    handler = Handler(fails_on="b")
    claims.work(ME, handler, wall=at(now))
    assert handler.batches == [["a", "b", "c"], ["a"], ["b"], ["c"]]
    left = Lease.objects.get(subscriber=ME)
    assert left.last_error == "ValueError: cannot do b"
    assert left.due_at == now + 15 * SECOND


def test_what_failed_before_does_not_spoil_a_fresh_batch(now: datetime) -> None:
    announce("bad", at=now)
    handler = Handler(fails_on="bad")
    claims.work(ME, handler, wall=at(now))
    later = now + MINUTE
    announce("a", "b", at=later)
    handler.batches.clear()
    claims.work(ME, handler, wall=at(later))
    assert handler.batches == [["a", "b"], ["bad"]]


def test_what_is_thought_over_holds_no_transaction(now: datetime) -> None:
    announce("a", at=now)
    depth, inside = len(connection.savepoint_ids), []

    def prepare(leases: list[Lease]) -> claims.Effect:
        inside.append(len(connection.savepoint_ids) - depth)
        return lambda: inside.append(len(connection.savepoint_ids) - depth)

    claims.work(ME, prepare, wall=at(now))
    assert inside == [0, 1]


def test_unfinished_tells_what_waits_too_long(now: datetime) -> None:
    announce("a", at=now)
    assert not claims.unfinished(before=now)
    assert len(claims.unfinished(before=now + SECOND)) == 2
