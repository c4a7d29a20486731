"""What the Alertmanager channel needs to know."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.alerts.channels import web
from tinglan.alerts.channels.contract import ConfigForm
from tinglan.lib.fields import SELECT


class AlertmanagerForm(ConfigForm):
    secrets = frozenset({"url", "token"})
    needed = frozenset({"url"})

    speaks = forms.ChoiceField(
        label=_("The other side is"),
        choices=[
            ("api", _("an Alertmanager (its API v2)")),
            ("webhook", _("a receiver of Alertmanager's webhooks (version 4)")),
        ],
        initial="api",
        widget=forms.Select(SELECT),
    )
    url = web.AddressField(
        help_text=_(
            "Of an Alertmanager its root, https://alertmanager.example:9093; of a receiver the"
            " address in its webhook_configs. Never shown again; empty keeps the one set."
        ),
    )
    token = forms.CharField(
        label=_("Bearer token"),
        required=False,
        max_length=1000,
        help_text=_("Where the other side asks for one."),
        widget=forms.PasswordInput(web.HIDDEN),
    )
