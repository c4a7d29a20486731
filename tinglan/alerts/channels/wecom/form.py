"""What a WeCom bot needs to know."""

from django.utils.translation import gettext_lazy as _

from tinglan.alerts.channels import web
from tinglan.alerts.channels.bot import BotForm


class WeComForm(BotForm):
    url = web.AddressField(
        label=_("Webhook address"),
        help_text=_(
            "In the WeCom group: “…” → “Message push” (formerly “Group robots”) → add one and copy"
            " its webhook address with the key. Never shown again; empty keeps the one set."
        ),
    )
