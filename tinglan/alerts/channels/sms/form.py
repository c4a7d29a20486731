"""What the gateway for text messages needs to know."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.alerts.channels import web
from tinglan.alerts.channels.contract import ConfigForm
from tinglan.alerts.channels.sms import template
from tinglan.alerts.errors import DeliveryError
from tinglan.lib.fields import AREA, SELECT, TEXT

EXAMPLE = '{"phone": "{phone}", "content": "{text} {url}", "id": "{id}"}'


class SmsForm(ConfigForm):
    secrets = frozenset({"url", "headers", "secret"})
    needed = frozenset({"url"})

    url = web.AddressField(
        help_text=_(
            "Where the gateway takes requests (POST): see the manual of your provider. Never shown"
            " again; empty keeps the one set."
        ),
    )
    shape = forms.ChoiceField(
        label=_("The request is"),
        choices=[
            (template.Shape.JSON.value, _("JSON")),
            (template.Shape.FORM.value, _("a form, one name=value per line")),
        ],
        initial=template.Shape.JSON.value,
        widget=forms.Select(SELECT),
    )
    body = forms.CharField(
        label=_("Template of the request"),
        max_length=5000,
        initial=EXAMPLE,
        help_text=_(
            "Put in for you: {phone} {text} {title} {url} {level} {id} {timestamp} {secret}"
            " {signature}. The signature is the HMAC-SHA256 of timestamp, phone and text, each on a"
            " line, in hexadecimal digits."
        ),
        widget=forms.Textarea(AREA),
    )
    headers = forms.CharField(
        label=_("Headers"),
        required=False,
        max_length=2000,
        help_text=_("One “Name: value” per line. Never shown again; empty keeps those set."),
        widget=forms.Textarea({**AREA, "rows": 2}),
    )
    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        max_length=500,
        help_text=_("The key that your provider gave you. Never shown again."),
        widget=forms.PasswordInput(web.HIDDEN),
    )
    success = forms.CharField(
        label=_("It was taken when the answer has"),
        required=False,
        max_length=200,
        initial="code=0",
        help_text=_(
            "As code=0 or data.status=OK. Empty: every answer of 200 is a yes, which most gateways"
            " do not mean."
        ),
        widget=forms.TextInput(TEXT),
    )
    busy = forms.CharField(
        label=_("Worth another try when it has"),
        required=False,
        max_length=200,
        help_text=_("As code=429,503. Anything else is a refusal, and the next channel is used."),
        widget=forms.TextInput(TEXT),
    )
    longest = forms.IntegerField(
        label=_("Longest text"),
        min_value=40,
        max_value=1000,
        initial=200,
        help_text=_("In characters."),
        widget=forms.NumberInput(TEXT),
    )

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if values.get("body") and values.get("shape"):
            self._try(values["body"], template.Shape(values["shape"]))
        for name in ("success", "busy"):
            if values.get(name) and "=" not in values[name]:
                self.add_error(name, _("Write it as code=0."))
        return values

    def _try(self, body: str, shape: template.Shape) -> None:
        """Refused when it is typed, not when somebody must be called."""
        try:
            template.filled(body, dict.fromkeys(template.NAMES, "1"), shape=shape)
        except DeliveryError as error:
            self.add_error("body", str(error))
        if "{phone}" not in body:
            self.add_error("body", _("Without {phone} nobody can be reached."))
