"""Rows written at once are the rows that Django would have written."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tinglan.lib.models import Heartbeat, Lease, SiteClock
from tinglan.lib.rows import insert, overwrite

pytestmark = pytest.mark.django_db


def lease(number: int, at: datetime) -> Lease:
    return Lease(
        subscriber='星河\'s \\ "lease"\n\t',
        object_id=2**60 + number,
        announced_at=at,
        due_at=at.replace(microsecond=0),
        token=uuid.UUID(int=number) if number % 2 else None,
        last_error_at=None,
    )


def test_inserted_rows_read_as_those_that_django_wrote(now: datetime) -> None:
    ours, theirs = ([lease(number, now) for number in range(3)] for _ in range(2))
    with transaction.atomic():
        insert(ours)
        Lease.objects.bulk_create(theirs)
    names = [field.attname for field in Lease._meta.concrete_fields if field.name != "id"]
    read = [Lease.objects.filter(pk__in=[one.pk for one in rows]) for rows in (ours, theirs)]
    mine, djangos = (list(rows.order_by("object_id").values_list(*names)) for rows in read)
    assert mine == djangos
    assert Lease.objects.filter(due_at=now.replace(microsecond=0)).count() == 6


def test_ids_are_new_and_rows_know_that_they_are_stored(now: datetime) -> None:
    with transaction.atomic():
        first = Heartbeat.objects.create(name="a", at=now)
        rows = [Heartbeat(name=name, at=now) for name in "bc"]
        insert(rows)
        last = Heartbeat.objects.create(name="d", at=now)
    assert len({first.pk, last.pk, *(row.pk for row in rows)}) == 4
    rows[0].name = "changed"
    rows[0].save()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"a", "changed", "c", "d"}


def test_a_row_that_is_there_already_is_an_error(now: datetime) -> None:
    Heartbeat.objects.create(name="a", at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([Heartbeat(name="a", at=now)])


def test_overwriting_changes_these_fields_of_these_rows_only(now: datetime) -> None:
    later = now + timedelta(seconds=1.5)
    rows = [lease(number, now) for number in range(3)]
    with transaction.atomic():
        insert(rows)
    for row in rows:
        row.due_at, row.attempts, row.last_error = later, 7, "not written"
    with transaction.atomic():
        overwrite([rows[2], rows[0]], ["due_at", "attempts", "last_error_at"])
    told = Lease.objects.order_by("object_id").values_list("due_at", "attempts", "last_error")
    untouched = now.replace(microsecond=0)
    assert list(told) == [(later, 7, ""), (untouched, 0, ""), (later, 7, "")]


def test_numbers_keep_their_digits(now: datetime) -> None:
    rows = [SiteClock(wall_at=now, site_at=now, rate=rate) for rate in (1, 0.1)]
    with transaction.atomic():
        insert(rows)
        rows[0].rate = 1 / 3
        overwrite(rows, ["rate"])
    assert list(SiteClock.objects.order_by("id").values_list("rate", flat=True)) == [1 / 3, 0.1]
