"""What a Feishu bot needs to know."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.alerts.channels import web
from tinglan.alerts.channels.bot import KeywordForm


class FeishuForm(KeywordForm):
    url = web.AddressField(
        label=_("Webhook address"),
        help_text=_(
            "In the Feishu group: settings → “Bots” → add a “Custom bot” and copy its webhook"
            " address. Never shown again; empty keeps the one set."
        ),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        required=False,
        max_length=200,
        help_text=_("Under “Security settings” choose “Signature verification” and copy the key."),
        widget=forms.PasswordInput(web.HIDDEN),
    )
