"""Write many changed rows in one statement."""

from collections.abc import Collection, Sequence
from typing import TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


def overwrite(rows: Sequence[M], fields: Collection[str]) -> None:
    """Store these fields of rows that are there, which the caller has locked.

    An upsert by id: Django's own bulk_update writes a CASE per row, several times slower.
    """
    if rows:
        type(rows[0])._default_manager.bulk_create(
            sorted(rows, key=lambda row: row.pk),
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=fields,
        )
