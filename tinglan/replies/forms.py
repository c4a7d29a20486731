"""What the pages of replies ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.accounts.official_account import OfficialAccountForm
from tinglan.accounts.rights import Right, roles_with
from tinglan.lib.fields import AREA, SELECT, TEXT, MomentField
from tinglan.replies.draft import Vow
from tinglan.replies.models import Handoff, Reply


class ReplyForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Reply.Kind.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea({**AREA, "rows": 5}))
    promise = forms.CharField(
        label=_("What is promised"), max_length=200, required=False, widget=forms.TextInput(TEXT)
    )
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"),
        queryset=Member.objects.none(),
        empty_label=_("Nobody"),
        required=False,
        widget=forms.Select(SELECT),
    )
    due_at = MomentField(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = Member.objects.holding(*roles_with(Right.REPLY))

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        promise, due_at = values.get("promise"), values.get("due_at")
        if (promise or due_at) and not (promise and due_at and values.get("owner")):
            raise forms.ValidationError(_("A promise says what, who sees to it and until when."))
        return values

    def vow(self) -> Vow | None:
        values = self.cleaned_data
        if not values["promise"]:
            return None
        return Vow(text=values["promise"], owner=values["owner"], due_at=values["due_at"])

    def is_promised(self) -> bool:
        """Whether what is promised has an owner and a date, also in a form still being filled."""
        values = getattr(self, "cleaned_data", {})
        return all(values.get(name) for name in ("promise", "owner", "due_at"))


class KeptForm(forms.Form):
    """Why a wording is kept of which the check warns; `sent_with` is the form it stands beside."""

    use_required_attribute = False  # who mends the wording needs none
    reason = forms.CharField(
        label=_("Keep the wording, because"),
        help_text=_("Recorded in the story of the event and in the audit trail."),
        max_length=500,
        widget=forms.TextInput(TEXT),
    )

    def __init__(self, *args: Any, sent_with: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sent_with:
            self.fields["reason"].widget.attrs["form"] = sent_with

    def given(self) -> str:
        return str(self.cleaned_data.get("reason", "")) if self.is_valid() else ""


class SendingForm(OfficialAccountForm):
    """Where a reply was posted."""


class HandoffForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("Channel"), choices=Handoff.Channel.choices, widget=forms.Select(SELECT)
    )
    reference = forms.CharField(
        label=_("Number of the ticket"),
        max_length=100,
        help_text=_("No names, telephone numbers or addresses: they stay in the other system."),
        widget=forms.TextInput(TEXT),
    )


class ResolutionForm(forms.Form):
    remedy = forms.CharField(
        label=_("What was done for the consumer"), widget=forms.Textarea({**AREA, "rows": 3})
    )
