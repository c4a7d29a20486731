"""What a DingTalk bot needs to know."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.alerts.channels import web
from tinglan.alerts.channels.bot import KeywordForm


class DingTalkForm(KeywordForm):
    url = web.AddressField(
        label=_("Webhook address"),
        help_text=_(
            "In the DingTalk group: settings → “Bots” → add a “Custom” one and copy its webhook"
            " address with the access_token. Never shown again; empty keeps the one set."
        ),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        required=False,
        max_length=200,
        help_text=_(
            "Under “Security settings” choose “Sign” and copy the secret that begins with SEC."
        ),
        widget=forms.PasswordInput(web.HIDDEN),
    )
