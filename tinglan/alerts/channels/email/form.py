"""What the mail channel needs to know."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from tinglan.alerts.channels.contract import ConfigForm
from tinglan.lib.fields import TEXT


class EmailForm(ConfigForm):
    secrets = frozenset({"password"})

    host = forms.CharField(label=_("Mail server"), max_length=253, widget=forms.TextInput(TEXT))
    security = forms.ChoiceField(
        label=_("Encryption"),
        choices=[
            ("tls", _("TLS from the start (port 465)")),
            ("starttls", _("STARTTLS (port 587)")),
            ("none", _("none: only inside your own network (port 25)")),
        ],
        initial="tls",
        widget=forms.Select({"class": "form-select"}),
    )
    port = forms.IntegerField(
        label=_("Port"),
        required=False,
        help_text=_("Empty: the usual one."),
        validators=[MinValueValidator(1), MaxValueValidator(65535)],
        widget=forms.NumberInput(TEXT),
    )
    sender = forms.EmailField(label=_("Sender"), widget=forms.EmailInput(TEXT))
    user = forms.CharField(label=_("User"), required=False, widget=forms.TextInput(TEXT))
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        help_text=_("Never shown again. Leave it empty to keep the one that is set."),
        widget=forms.PasswordInput({**TEXT, "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if values.get("user") and values.get("security") == "none":
            self.add_error(
                "security", _("A password must not travel unencrypted: choose TLS or STARTTLS.")
            )
        return values
