"""Rows named by model label and id (clocks, audit entries, requests): what they are, and where.

A model says what it is called by `__str__`, and where it is read by `get_absolute_url`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a row is called and where it is read; the address may be empty."""

    title: str
    url: str = ""


def subjects_of(keys: Iterable[Key]) -> dict[Key, Subject]:
    """Titles and addresses of many rows, one query per model; what is gone is left out."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for kind, pk in keys:
        wanted[kind].add(pk)
    return {
        (kind, pk): _subject(row)
        for kind, pks in wanted.items()
        for pk, row in _rows(kind, pks).items()
    }


def _rows(kind: str, pks: set[int]) -> dict[int, Model]:
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return {}  # an old entry of a model that is no more
    # A title may name the row that this one belongs to: "Closing of case 2026-001".
    owners = [field.name for field in model._meta.fields if field.is_relation and not field.null]
    rows: dict[int, Model] = model._default_manager.select_related(*owners).in_bulk(pks)
    return rows


def _subject(row: Model) -> Subject:
    url = getattr(row, "get_absolute_url", None)
    return Subject(str(row), url() if url else "")
