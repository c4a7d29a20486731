"""What one may ask of the audit trail: by whom, which acts, about what, when."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.audit.models import AuditEntry
from tinglan.lib.asked import number, usual_day

DAY = forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d")


class TrailForm(forms.Form):
    """The filter of the page; everything is optional."""

    actor = forms.ModelChoiceField(
        label=_("By"),
        queryset=Member.objects.all(),
        required=False,
        empty_label=_("Everybody"),
        widget=forms.Select({"class": "form-select"}),
    )
    verb = forms.CharField(
        label=_("Act"),
        required=False,
        widget=forms.TextInput({"class": "form-control", "placeholder": "accounts.sign_in"}),
    )
    subject = forms.CharField(
        label=_("About"),
        required=False,
        widget=forms.TextInput({"class": "form-control", "placeholder": "events.Event/7"}),
    )
    first = forms.DateField(label=_("From"), required=False, widget=DAY, validators=[usual_day])
    last = forms.DateField(label=_("To"), required=False, widget=DAY, validators=[usual_day])

    def entries(self) -> QuerySet[AuditEntry]:
        """Newest first. A filter that makes no sense filters nothing and says so on its field."""
        values: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        found = AuditEntry.objects.select_related("actor").order_by("-id")
        if values.get("actor"):
            found = found.filter(actor=values["actor"])
        if values.get("verb"):
            found = found.filter(verb__startswith=values["verb"])
        if values.get("subject"):
            found = _about(found, values["subject"])
        if values.get("first"):
            found = found.filter(at__gte=_midnight(values["first"]))
        if values.get("last"):
            found = found.filter(at__lt=_midnight(values["last"]) + timedelta(days=1))
        return found


def _about(entries: QuerySet[AuditEntry], subject: str) -> QuerySet[AuditEntry]:
    kind, _slash, pk = subject.partition("/")
    entries = entries.filter(subject_kind__iexact=kind)
    row = number(pk)
    return entries if row is None else entries.filter(subject_id=row)


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
