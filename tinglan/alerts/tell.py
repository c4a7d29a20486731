"""Tell a member something inside the product: for alerts, and for any higher app."""

from datetime import datetime

from django.db import transaction

from tinglan.accounts.models import Member
from tinglan.alerts.models import Notification
from tinglan.lib import changes


@transaction.atomic
def tell(
    member: Member,
    *,
    stable_id: str,
    title: str,
    now: datetime,
    text: str = "",
    url: str = "",
    level: str = "",
) -> tuple[Notification, bool]:
    """One notification per stable id, however often it is told; whether it is new."""
    told, is_new = Notification.objects.get_or_create(
        member=member,
        stable_id=stable_id,
        defaults={"title": title[:200], "text": text, "url": url, "level": level, "at": now},
    )
    changes.note(f"member:{member.pk}")
    return told, is_new


def mark_seen(member: Member, *, now: datetime) -> int:
    """The member has looked at the bell."""
    n = member.notifications.filter(seen_at__isnull=True).update(seen_at=now)
    changes.note(f"member:{member.pk}")
    return n
