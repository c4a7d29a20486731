"""Append to the audit trail and verify it.

The hash of an entry covers its content and the hash before it, so that a changed, dropped or
inserted entry breaks every hash after it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from tinglan.audit.models import AuditEntry, Head

GENESIS = "0" * 64


def record(
    verb: str,
    subject: Model,
    *,
    by: Model | None,
    now: datetime,
    data: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry in the verb's transaction. Call it last: it holds the end of the chain."""
    assert connection.in_atomic_block, "an audit entry belongs in the transaction of its verb"
    Head.objects.get_or_create(id=1, defaults={"hash": GENESIS})
    head = Head.objects.select_for_update().get(id=1)
    entry = AuditEntry(
        at=now,
        actor_id=by.pk if by else None,
        verb=verb,
        subject_kind=subject._meta.label,
        subject_id=subject.pk,
        data=dict(data or {}),
        previous_hash=head.hash,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    head.hash = entry.hash
    head.save(update_fields=["hash"])
    return entry


def digest(entry: AuditEntry) -> str:
    content = [
        entry.previous_hash,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_id,
        entry.verb,
        entry.subject_kind,
        entry.subject_id,
        entry.data,
    ]
    line = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()


def breaks() -> Iterator[AuditEntry]:
    """Entries at which the chain does not hold."""
    previous = GENESIS
    for entry in AuditEntry.objects.order_by("id").iterator():
        if entry.previous_hash != previous or entry.hash != digest(entry):
            yield entry
        previous = entry.hash
