"""What the roster asks for: who is on duty when, and who stands in."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.duty import SHIFTS
from tinglan.accounts.models import Duty, Member
from tinglan.accounts.rights import Right, roles_with
from tinglan.accounts.stand_in import Part
from tinglan.lib.asked import usual_day
from tinglan.lib.fields import SELECT, TEXT, MomentField

MOST_DAYS = timedelta(days=62)


def who_may_be_called() -> QuerySet[Member]:
    return Member.objects.holding(*roles_with(Right.ACKNOWLEDGE))


class DutyForm(forms.Form):
    """One shift on each of some days."""

    member = forms.ModelChoiceField(
        label=_("Member"),
        queryset=Member.objects.none(),
        empty_label=_("Choose…"),
        widget=forms.Select(SELECT),
    )
    first = forms.DateField(
        label=_("From"),
        validators=[usual_day],
        widget=forms.DateInput({**TEXT, "type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("To"),
        validators=[usual_day],
        widget=forms.DateInput({**TEXT, "type": "date"}, format="%Y-%m-%d"),
    )
    shift = forms.ChoiceField(
        label=_("Shift"),
        choices=[(shift.code, shift.label) for shift in SHIFTS.values()],
        widget=forms.Select(SELECT),
    )
    order = forms.TypedChoiceField(
        label=_("Called"),
        coerce=int,
        choices=[(1, _("first")), (2, _("second")), (3, _("third"))],
        widget=forms.Select(SELECT),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"first": today, "last": today + timedelta(days=6)})
        member = self.fields["member"]
        assert isinstance(member, forms.ModelChoiceField)
        member.queryset = who_may_be_called()

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        first, last = values.get("first"), values.get("last")
        if first and last and not timedelta(0) <= last - first < MOST_DAYS:
            self.add_error("last", _("Choose a day up to two months after the first."))
        return values

    def days(self) -> list[date]:
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


class StandInForm(forms.Form):
    """Who takes the duty over, and which part of it."""

    member = forms.ModelChoiceField(
        label=_("Who stands in"),
        queryset=Member.objects.none(),
        empty_label=_("Choose…"),
        widget=forms.Select(SELECT),
    )
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("To"))

    def __init__(self, data: Any = None, *, duty: Duty) -> None:
        initial = {
            "starts_at": timezone.localtime(duty.starts_at),
            "ends_at": timezone.localtime(duty.ends_at),
        }
        super().__init__(data, initial=initial)
        member = self.fields["member"]
        assert isinstance(member, forms.ModelChoiceField)
        member.queryset = who_may_be_called().exclude(pk=duty.member_id)

    def part(self) -> Part:
        return Part(self.cleaned_data["starts_at"], self.cleaned_data["ends_at"])


class SwapForm(forms.Form):
    """With which duty of another it is exchanged."""

    other = forms.ModelChoiceField(
        label=_("For the duty of"),
        queryset=Duty.objects.none(),
        empty_label=_("Choose…"),
        widget=forms.Select(SELECT),
    )

    def __init__(self, data: Any = None, *, duty: Duty, now: datetime) -> None:
        super().__init__(data)
        other = self.fields["other"]
        assert isinstance(other, forms.ModelChoiceField)
        coming = Duty.objects.filter(starts_at__gt=now, member__is_active=True)
        other.queryset = coming.exclude(member=duty.member_id).select_related("member")
