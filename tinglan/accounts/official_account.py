"""The form part that says where the company itself spoke: a statement, or a reply to a consumer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.company import company
from tinglan.lib.fields import TEXT


class OfficialAccountForm(forms.Form):
    """On which official account it was posted, by default the first of the company, and where."""

    account = forms.CharField(
        label=_("Account"),
        max_length=100,
        help_text=_("The official account on which it was posted."),
        widget=forms.TextInput(TEXT),
    )
    url = forms.URLField(
        assume_scheme="https",
        label=_("Address"),
        required=False,
        max_length=1000,
        widget=forms.URLInput(TEXT),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        profile = company()
        if profile is not None:
            self.fields["account"].initial = profile.official_accounts.partition("\n")[0].strip()
