"""What the work on a case asks for: tasks, findings, evidence, assessments, who was told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tinglan.accounts.models import Member
from tinglan.cases.assess import Opinion
from tinglan.cases.inform import Telling
from tinglan.cases.models import Assessment, Case, Check, Evidence, Stakeholder, Statement
from tinglan.cases.models.case import Cause, Cluster
from tinglan.lib.fields import AREA, SELECT, TEXT, MomentField
from tinglan.sources.models import Post


class MemberForm(forms.Form):
    """Whom a task or a case is given to."""

    to = forms.ModelChoiceField(
        label=pgettext_lazy("person", "To"),
        queryset=Member.objects.none(),
        empty_label=_("Choose…"),
        widget=forms.Select(SELECT),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = Member.objects.filter(is_active=True)


class TaskForm(MemberForm):
    title = forms.CharField(label=_("Task"), max_length=100, widget=forms.TextInput(TEXT))
    due_at = MomentField(label=_("Due"))

    field_order = ("title", "to", "due_at")


class CompletionForm(forms.Form):
    note = forms.CharField(
        label=_("What was done"), required=False, widget=forms.Textarea({**AREA, "autofocus": True})
    )


class FindingForm(forms.Form):
    claim = forms.CharField(
        label=_("Claim"),
        help_text=_("One claim at a time, so that it can be confirmed or refuted."),
        widget=forms.Textarea(AREA),
    )
    evidence = forms.ModelMultipleChoiceField(
        label=_("Evidence it rests on"),
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        evidence = self.fields["evidence"]
        assert isinstance(evidence, forms.ModelMultipleChoiceField)
        evidence.queryset = case.evidence.all()


class CheckForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=Check.Verdict.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("On what ground"),
        help_text=_("Who looked at what, and what it showed."),
        widget=forms.Textarea(AREA),
    )

    def verdict_given(self) -> Check.Verdict:
        return Check.Verdict(self.cleaned_data["verdict"])


class EvidenceForm(forms.Form):
    """A post of the event, a file, or an address with what it said: one of the three."""

    post = forms.ModelChoiceField(
        label=_("Post"),
        queryset=Post.objects.none(),
        empty_label=_("No post"),
        required=False,
        widget=forms.Select(SELECT),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("A screenshot, a recording, a report; up to 50 MB."),
        required=False,
        widget=forms.FileInput(TEXT),
    )
    url = forms.URLField(
        assume_scheme="https",
        label=_("Address"),
        required=False,
        max_length=1000,
        widget=forms.URLInput(TEXT),
    )
    text = forms.CharField(
        label=_("What it says there"), required=False, widget=forms.Textarea(AREA)
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post = self.fields["post"]
        assert isinstance(post, forms.ModelChoiceField)
        of_event = Post.objects.filter(mentions__membership__event=case.event)
        post.queryset = of_event.exclude(evidence__case=case).order_by("-effective_at")

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        given = [name for name in ("post", "file", "url") if values.get(name)]
        if len(given) != 1:
            raise forms.ValidationError(_("Give one thing: a post, a file or an address."))
        return values


class OpinionForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Assessment.Kind.choices, widget=forms.Select(SELECT)
    )
    text = forms.CharField(label=_("Assessment"), widget=forms.Textarea(AREA))
    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=[("", _("not said")), *Cause.choices],
        required=False,
        widget=forms.Select(SELECT),
    )
    cluster = forms.ChoiceField(
        label=_("Crisis type"),
        choices=[("", _("not said")), *Cluster.choices],
        required=False,
        widget=forms.Select(SELECT),
    )

    def opinion(self) -> Opinion:
        values = self.cleaned_data
        return Opinion(
            kind=Assessment.Kind(values["kind"]),
            text=values["text"],
            cause=values["cause"],
            cluster=values["cluster"],
        )


class TellingForm(forms.Form):
    group = forms.ChoiceField(
        label=_("Who"), choices=Stakeholder.Group.choices, widget=forms.Select(SELECT)
    )
    name = forms.CharField(
        label=_("Body or office"), max_length=100, required=False, widget=forms.TextInput(TEXT)
    )
    channel = forms.CharField(
        label=_("How"),
        max_length=100,
        help_text=_("Meeting, letter, telephone …"),
        widget=forms.TextInput(TEXT),
    )
    told = forms.CharField(label=_("What they were told"), widget=forms.Textarea(AREA))
    statement = forms.ModelChoiceField(
        label=_("Statement handed over"),
        queryset=Statement.objects.none(),
        empty_label=_("No statement"),
        required=False,
        widget=forms.Select(SELECT),
    )
    at = MomentField(label=_("When"), required=False, help_text=_("Empty: just now."))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        statement = self.fields["statement"]
        assert isinstance(statement, forms.ModelChoiceField)
        statement.queryset = case.statements.filter(publications__isnull=False).distinct()

    def telling(self) -> Telling:
        values = self.cleaned_data
        return Telling(
            group=Stakeholder.Group(values["group"]),
            name=values["name"],
            channel=values["channel"],
            told=values["told"],
            statement=values["statement"],
        )
