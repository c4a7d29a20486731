"""The worker's rounds: hearing, polling on time, and outliving what fails."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import transaction

from tinglan.lib import claims, clock, steps, worker
from tinglan.lib.models import Change, Heartbeat, Lease
from tinglan.lib.steps import Step

pytestmark = pytest.mark.django_db

HERE = "tinglan.lib.tests.test_worker"
polled: list[datetime] = []
warmed: list[str] = []


def note_effects(rows: Sequence[Heartbeat], *, now: datetime) -> None:
    Change.objects.bulk_create([Change(topic=f"effect of {row}", at=now) for row in rows])


def announce_effects(rows: Sequence[Heartbeat], *, now: datetime) -> None:
    """A row's consequence is a row that others hear of."""
    note_effects(rows, now=now)
    claims.announce(*Change.objects.filter(topic__startswith="effect of"))


def note_changes(rows: Sequence[Change], *, now: datetime) -> None:
    Change.objects.bulk_create([Change(topic=f"after {row}", at=now) for row in rows])


def think(rows: Sequence[Heartbeat], *, now: datetime) -> list[str]:
    return [f"thought of {row}" for row in rows]


def note_thoughts(topics: Sequence[str], *, now: datetime) -> None:
    Change.objects.bulk_create([Change(topic=topic, at=now) for topic in topics])


def poll(now: datetime) -> int:
    polled.append(now)
    return 3


def fail(now: datetime) -> int:
    raise ValueError("broken")


def warm() -> None:
    warmed.append("once")


def break_while_warming() -> None:
    raise ValueError("cold")


HEARING = Step(name="t.hear", lane="ingest", hears="lib.Heartbeat", handle=f"{HERE}.note_effects")
FIRST = Step(
    name="t.first", lane="ingest", hears="lib.Heartbeat", handle=f"{HERE}.announce_effects"
)
SECOND = Step(name="t.second", lane="slow", hears="lib.Change", handle=f"{HERE}.note_changes")
POLLING = Step(name="t.poll", lane="slow", poll=f"{HERE}.poll", every=timedelta(minutes=1))
THINKING = Step(
    name="t.think",
    lane="ingest",
    hears="lib.Heartbeat",
    prepare=f"{HERE}.think",
    handle=f"{HERE}.note_thoughts",
)
FAILING = Step(name="t.fail", lane="slow", poll=f"{HERE}.fail")

Use = Callable[..., None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Let the program consist of these steps only."""

    def use_steps(*wanted: Step) -> None:
        for config in apps.get_app_configs():
            monkeypatch.setattr(config, "steps", (), raising=False)
        monkeypatch.setattr(apps.get_app_config("lib"), "steps", wanted)
        _forget()

    # The tests' transaction looks like a broken connection to it.
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    polled.clear()
    yield use_steps
    _forget()


def _forget() -> None:
    steps.all_steps.cache_clear()
    steps.subscribers.cache_clear()


def announce(name: str) -> Heartbeat:
    with transaction.atomic():
        row = Heartbeat.objects.create(name=name, at=clock.wall())
        claims.announce(row)
    return row


def topics() -> list[str]:
    return list(Change.objects.order_by("id").values_list("topic", flat=True))


def test_a_round_hands_announced_rows_to_their_handler(use: Use) -> None:
    use(HEARING)
    announce("a")
    assert worker.Rounds([HEARING]).once(clock.wall()) == 1
    assert topics() == ["effect of a"]
    assert not Lease.objects.exists()


def test_what_a_step_prepared_is_handed_to_its_handler(use: Use) -> None:
    use(THINKING)
    announce("a")
    assert worker.hear(THINKING) == 1
    assert topics() == ["thought of a"]
    assert not Lease.objects.exists()


def test_a_row_that_is_gone_is_finished_without_work(use: Use) -> None:
    use(HEARING)
    announce("a").delete()
    assert worker.hear(HEARING) == 1
    assert not topics()
    assert not Lease.objects.exists()


def test_a_step_polls_once_in_its_interval(use: Use, now: datetime) -> None:
    use(POLLING)
    rounds = worker.Rounds([POLLING])
    done = [rounds.once(now + timedelta(seconds=s)) for s in (0, 59, 60, 61)]
    assert done == [3, 0, 3, 0]


def test_polling_steps_get_site_time(use: Use, now: datetime) -> None:
    use(POLLING)
    clock.set_to(now, rate=0)
    worker.Rounds([POLLING]).once(clock.wall())
    assert polled == [now]


def test_steps_are_warmed_and_one_that_cannot_be_stops_no_other() -> None:
    cold = Step(name="t.cold", lane="ingest", warm=f"{HERE}.break_while_warming")
    worker.Rounds([cold, Step(name="t.warm", lane="ingest", warm=f"{HERE}.warm")]).warm()
    assert warmed == ["once"]


def test_a_failing_step_does_not_stop_the_others(
    use: Use, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    use(FAILING, POLLING)
    assert worker.Rounds([FAILING, POLLING]).once(now) == 3
    assert "step failed step=t.fail" in caplog.text


def test_drain_follows_a_chain_to_its_end(use: Use) -> None:
    use(FIRST, SECOND)
    announce("a")
    assert worker.drain() == 2
    assert topics() == ["effect of a", "after effect of a"]
    assert not Lease.objects.exists()
