"""What people choose when they ask for a report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.lib.asked import usual_day
from tinglan.monitors.models import Brand
from tinglan.reports.models import Report


class DayForm(forms.Form):
    """A day, and the brand it is about."""

    day = forms.DateField(
        label=_("Day"),
        validators=[usual_day],
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    brand = forms.ModelChoiceField(
        label=_("Brand"),
        queryset=Brand.objects.filter(is_active=True),
        required=False,
        empty_label=_("All brands"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class ScheduleForm(forms.ModelForm[Report]):
    """When a report is built by itself."""

    class Meta:
        model = Report
        fields = ("hour", "is_enabled")
        widgets = {
            "hour": forms.NumberInput(attrs={"class": "form-control", "min": 0, "max": 23}),
            "is_enabled": forms.CheckboxInput(attrs={"class": "form-check-input"}),
        }
