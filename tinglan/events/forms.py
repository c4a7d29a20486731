"""What people fill in to decide about an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.events.models import RANK
from tinglan.events.why import level_names


class LevelForm(forms.Form):
    """A level with the reason for it."""

    level = forms.ChoiceField(
        label=_("Level"), widget=forms.Select(attrs={"class": "form-select"}), choices=level_names
    )
    reason = forms.CharField(
        label=_("Why the formula is wrong here"),
        max_length=500,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )


class LoweringForm(forms.Form):
    """A lower level; "" is below all levels."""

    level = forms.ChoiceField(choices=[(level, level) for level in RANK if level != "I"])
