"""What the end of a case asks for, and what comes after it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.cases.close import Ending
from tinglan.cases.forms.work import MemberForm
from tinglan.cases.models.case import Cause, Cluster
from tinglan.cases.review import Lessons
from tinglan.lib.fields import AREA, SELECT, TEXT, MomentField


class EndingForm(forms.Form):
    cause = forms.ChoiceField(
        label=_("Why it happened"), choices=Cause.choices, widget=forms.Select(SELECT)
    )
    cluster = forms.ChoiceField(
        label=_("Crisis type"), choices=Cluster.choices, widget=forms.Select(SELECT)
    )
    summary = forms.CharField(
        label=_("What happened and what came of it"), widget=forms.Textarea(AREA)
    )
    reason = forms.CharField(
        label=_("Why it closes with required tasks open"),
        required=False,
        widget=forms.Textarea({**AREA, "rows": 2}),
    )

    def ending(self) -> Ending:
        values = self.cleaned_data
        return Ending(
            cause=Cause(values["cause"]),
            cluster=Cluster(values["cluster"]),
            summary=values["summary"],
            reason=values["reason"],
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(AREA))


class LessonsForm(forms.Form):
    went_well = forms.CharField(label=_("What went well"), widget=forms.Textarea(AREA))
    lessons = forms.CharField(label=_("What is learnt"), widget=forms.Textarea(AREA))
    plan_changes = forms.CharField(
        label=_("What changes in the plan"), required=False, widget=forms.Textarea(AREA)
    )

    def given(self) -> Lessons:
        return Lessons(**self.cleaned_data)


class ActionForm(MemberForm):
    """A corrective action; `to` is its owner."""

    title = forms.CharField(label=_("Action"), max_length=200, widget=forms.TextInput(TEXT))
    due_at = MomentField(label=_("Due"))

    field_order = ("title", "to", "due_at")
