"""What a statement and its publication ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.official_account import OfficialAccountForm
from tinglan.cases.draft import Wording
from tinglan.cases.models import Case, Finding
from tinglan.cases.strategies import Strategy
from tinglan.lib.fields import TEXT, MomentField

LONG = {"class": "form-control", "rows": 12}


class FindingsField(forms.ModelMultipleChoiceField[Finding]):
    """Findings to cite, each with how it stands."""

    def label_from_instance(self, finding: Finding) -> str:
        return f"{finding.status.label}{gettext(': ')}{finding.claim}"


class WordingForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(TEXT))
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(LONG))
    findings = FindingsField(
        label=_("Findings it rests on"),
        queryset=Finding.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    strategies = forms.MultipleChoiceField(
        label=_("How it answers"),
        choices=Strategy.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        findings = self.fields["findings"]
        assert isinstance(findings, forms.ModelMultipleChoiceField)
        findings.queryset = case.findings.prefetch_related("checks")

    def wording(self) -> Wording:
        values = self.cleaned_data
        return Wording(
            title=values["title"],
            text=values["text"],
            findings=tuple(values["findings"].order_by("pk")),
            strategies=tuple(values["strategies"]),
        )


class PublicationForm(OfficialAccountForm):
    at = MomentField(label=_("When"), required=False, help_text=_("Empty: just now."))
