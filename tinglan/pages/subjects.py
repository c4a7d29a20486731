"""Rows named by model label and id (clocks, audit entries, requests): what they are, and where.

A model says its own address by `get_absolute_url`; events, which lie below the pages and know no
address of theirs, are read at a fixed one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

ADDRESSES = {
    "events.Event": "/events/{}",
    "alerts.Alert": "/alerts/{}",
    "sources.Source": "/sources/{}",
    "monitors.Monitor": "/monitors/{}",
    "accounts.Member": "/settings/members/{}",
    "accounts.Team": "/settings/teams/{}",
    "accounts.Duty": "/settings/duty",
    "accounts.Company": "/settings/company",
}

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
    rows: dict[int, Model] = model._default_manager.in_bulk(pks)
    return rows


def _subject(row: Model) -> Subject:
    url = getattr(row, "get_absolute_url", None)
    address = url() if url else ADDRESSES.get(row._meta.label, "").format(row.pk)
    return Subject(str(row), address)
