"""Claims under any order of events: a state machine of hypothesis against a simple model."""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tinglan.lib import claims
from tinglan.lib.models import Lease

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
ME = "tests.machine"
workers = st.sampled_from(["安琪", "博文", "晨曦"])


class Claims(RuleBasedStateMachine):
    """Three workers, of whom each may be slow or die at any time; the clock only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        Lease.objects.filter(subscriber=ME).delete()
        self.now = START
        self.numbers = count(1)
        self.done: list[int] = []  # in the order of their effects
        self.announced: set[int] = set()
        self.hands: dict[str, list[Lease]] = {"安琪": [], "博文": [], "晨曦": []}

    @initialize()
    def start_with_work(self) -> None:
        for _ in range(3):
            self.announce()

    @rule()
    def announce(self) -> None:
        number = next(self.numbers)
        Lease.objects.create(
            subscriber=ME, object_id=number, announced_at=self.now, due_at=self.now
        )
        self.announced.add(number)

    @rule(seconds=st.sampled_from([1, 30, 61, 400]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(worker=workers, limit=st.integers(1, 3))
    def claim(self, worker: str, limit: int) -> None:
        """What the worker held before is forgotten, as if it had been killed."""
        before = {lease.pk: lease for lease in Lease.objects.filter(subscriber=ME)}
        claimed = claims.claim(ME, now=self.now, limit=limit, lease=LEASE)
        for lease in claimed:
            held_until = before[lease.pk].leased_until
            assert held_until is None or held_until < self.now
            assert before[lease.pk].due_at <= self.now
        assert len(claimed) <= limit
        self.hands[worker] = claimed

    @rule(worker=workers, wait=st.sampled_from([LEASE, 10 * LEASE]))
    def claim_when_leases_ran_out(self, worker: str, wait: timedelta) -> None:
        self.now += wait + timedelta(seconds=1)
        self.claim(worker, limit=3)

    @rule(worker=workers)
    def finish(self, worker: str) -> None:
        mine, self.hands[worker] = self.hands[worker], []
        n_lost = len(mine) - len(self._still_ours(mine))
        if n_lost:
            with pytest.raises(claims.LeaseLostError, match=f"^{n_lost} leases"):
                self._finish(mine)
        else:
            self._finish(mine)
            self.done += [lease.object_id for lease in mine]

    @rule(worker=workers)
    def renew(self, worker: str) -> None:
        mine = self.hands[worker]
        if len(self._still_ours(mine)) < len(mine):
            with pytest.raises(claims.LeaseLostError):
                claims.renew(mine, now=self.now, lease=LEASE)
        else:
            claims.renew(mine, now=self.now, lease=LEASE)

    @rule(worker=workers)
    def give_back(self, worker: str) -> None:
        mine, self.hands[worker] = self.hands[worker], []
        claims.give_back(mine)

    @rule(worker=workers)
    def put_off(self, worker: str) -> None:
        mine, self.hands[worker] = self.hands[worker], []
        for lease in mine:
            claims.put_off(lease, error="failed", now=self.now)

    @invariant()
    def nothing_is_lost_and_nothing_done_twice(self) -> None:
        waiting = set(Lease.objects.filter(subscriber=ME).values_list("object_id", flat=True))
        assert len(self.done) == len(set(self.done))
        assert waiting | set(self.done) == self.announced
        assert not waiting & set(self.done)

    def teardown(self) -> None:
        """Whatever happened, one patient worker finishes the rest."""
        self.now += timedelta(hours=1)
        while claimed := claims.claim(ME, now=self.now):
            self._finish(claimed)
            self.done += [lease.object_id for lease in claimed]
        assert sorted(self.done) == sorted(self.announced)

    @staticmethod
    def _finish(leases: list[Lease]) -> None:
        with transaction.atomic():
            claims.finish(leases)

    @staticmethod
    def _still_ours(leases: list[Lease]) -> set[tuple[int, uuid.UUID | None]]:
        held = set(Lease.objects.filter(subscriber=ME).values_list("pk", "token"))
        return {(lease.pk, lease.token) for lease in leases} & held


def test_any_order_of_claims_finishes_everything_once() -> None:
    run_state_machine_as_test(
        Claims,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
