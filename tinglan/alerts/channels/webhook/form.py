"""What the webhook channel needs to know."""

import binascii
from base64 import b64decode, b64encode
from secrets import token_bytes

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.alerts.channels import web
from tinglan.alerts.channels.contract import ConfigForm
from tinglan.lib.fields import TEXT

LEAST_BYTES, NEW_BYTES, MOST_BYTES = 24, 32, 64  # Standard Webhooks
PREFIX = "whsec_"


class WebhookForm(ConfigForm):
    secrets = frozenset({"url", "secret"})
    needed = frozenset({"url"})

    url = web.AddressField(
        help_text=_("Never shown again, since it is a password too. Empty keeps the one set."),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        required=False,
        help_text=_("“whsec_…”. Empty keeps the one that is set, or makes one and shows it once."),
        widget=forms.PasswordInput({**TEXT, "autocomplete": "off"}),
    )

    def generate(self) -> dict[str, str]:
        return {"secret": PREFIX + b64encode(token_bytes(NEW_BYTES)).decode()}

    def clean_secret(self) -> str:
        secret = str(self.cleaned_data["secret"])
        if secret and not LEAST_BYTES <= _length(secret) <= MOST_BYTES:
            raise forms.ValidationError(_("This is no signing secret: “whsec_” and Base64."))
        return secret


def _length(secret: str) -> int:
    try:
        return len(b64decode(secret.removeprefix(PREFIX), validate=True))
    except binascii.Error:
        return 0
