"""What the pages of rotations and quiet hours ask for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.duty import SHIFTS
from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, roles_with
from tinglan.alerts.models import Days, QuietHours, Rotation
from tinglan.alerts.models.quiet import DEFAULT_ENDS, DEFAULT_STARTS
from tinglan.lib.asked import usual_day
from tinglan.lib.fields import SELECT, TEXT

PLACES_SHOWN, PLACES_FREE = 4, 2
TIME = {**TEXT, "type": "time"}


class QuietHoursForm(forms.Form):
    starts = forms.TimeField(
        label=_("From"), initial=DEFAULT_STARTS, widget=forms.TimeInput(TIME, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("To"), initial=DEFAULT_ENDS, widget=forms.TimeInput(TIME, format="%H:%M")
    )
    days = forms.ChoiceField(label=_("Days"), choices=Days.choices, widget=forms.Select(SELECT))

    def hours(self, member: Member | None) -> QuietHours:
        return QuietHours(member=member, **self.cleaned_data)


class RotationForm(forms.Form):
    """A rotation, and its members in the order of their turns."""

    FIELDS = ("name", "shift", "order", "days", "handover", "starts_on", "is_enabled")

    name = forms.CharField(label=_("Name"), max_length=64, widget=forms.TextInput(TEXT))
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
    days = forms.ChoiceField(
        label=_("Days"),
        choices=Days.choices,
        help_text=_("Public holidays are days off, and the weekends worked for them are not."),
        widget=forms.Select(SELECT),
    )
    handover = forms.ChoiceField(
        label=_("Handover"), choices=Rotation.Handover.choices, widget=forms.Select(SELECT)
    )
    starts_on = forms.DateField(
        label=_("From"),
        validators=[usual_day],
        widget=forms.DateInput({**TEXT, "type": "date"}, format="%Y-%m-%d"),
    )
    is_enabled = forms.BooleanField(label=_("Switched on"), required=False)

    def __init__(self, data: Any = None, *, rotation: Rotation, today: date) -> None:
        self.rotation = rotation
        members = rotation.members if rotation.pk else []
        initial = {name: getattr(rotation, name) for name in self.FIELDS}
        super().__init__(data, initial=initial | {"starts_on": rotation.starts_on or today})
        self.places = self._add_places(members)

    def _add_places(self, members: Sequence[Member]) -> list[str]:
        names = []
        for number in range(1, max(PLACES_SHOWN, len(members) + PLACES_FREE) + 1):
            name = f"member_{number}"
            self.fields[name] = forms.ModelChoiceField(
                label=_("Turn %(number)s") % {"number": number},
                queryset=Member.objects.holding(*roles_with(Right.ACKNOWLEDGE)),
                required=False,
                empty_label=_("nobody"),
                initial=members[number - 1] if number <= len(members) else None,
                widget=forms.Select(SELECT),
            )
            names.append(name)
        return names

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if Rotation.objects.filter(name=name).exclude(pk=self.rotation.pk).exists():
            raise forms.ValidationError(_("Another rotation has this name: choose another."))
        return name

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if not self.members:
            self.add_error(self.places[0], _("Choose at least one member."))
        if len(set(self.members)) < len(self.members):
            self.add_error(self.places[0], _("Nobody has two turns: name each member once."))
        return values

    @property
    def members(self) -> list[Member]:
        chosen = (self.cleaned_data.get(name) for name in self.places)
        return [member for member in chosen if member is not None]

    def fill(self) -> Rotation:
        for name in self.FIELDS:
            setattr(self.rotation, name, self.cleaned_data[name])
        return self.rotation
