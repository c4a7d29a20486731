"""Processes say that they live; pages and the auditor see who went silent (I-02)."""

from datetime import datetime, timedelta

from tinglan.lib import clock
from tinglan.lib.models import Heartbeat


def beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.wall()})


def silence(name: str, *, wall: datetime) -> timedelta | None:
    """How long `name` has said nothing; None when it never ran."""
    last = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return wall - last if last else None
