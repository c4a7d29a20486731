"""What a new installation has: the product itself as a channel, and one rule for everybody on duty.

Written on first use once somebody is here, in the language of whoever founded the company: the
worker that may come first speaks for nobody. The mail channel waits, switched off, for its server.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from tinglan.accounts.models import Member
from tinglan.alerts.models import AlertRule, Channel


@transaction.atomic
def ensure_defaults(now: datetime) -> None:
    """Channels and a rule, where there is no channel at all."""
    if Channel.objects.exists():
        return
    founder = Member.objects.order_by("id").first()
    if founder is not None:
        with override(founder.language):
            _write(now)


def _write(now: datetime) -> None:
    inside = Channel.objects.create(
        kind="inapp", name=_("In the product"), position=1, created_at=now
    )
    mail = Channel.objects.create(
        kind="email",
        name=pgettext("channel", "E-mail"),
        position=2,
        is_enabled=False,
        created_at=now,
    )
    rule = AlertRule.objects.create(name=_("Line of duty"))
    rule.channels.set([inside, mail])
