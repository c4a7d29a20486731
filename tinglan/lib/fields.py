"""Form fields that several apps ask with, and how their widgets look."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone

from tinglan.lib.asked import usual_day

TEXT: Final = {"class": "form-control"}
AREA: Final = {"class": "form-control", "rows": 4}
SELECT: Final = {"class": "form-select"}


class MomentField(forms.DateTimeField):
    """A point in site time, to the minute, as browsers ask for it."""

    default_validators = [usual_day]

    def __init__(self, **kwargs: Any) -> None:
        attributes = {**TEXT, "type": "datetime-local"}
        kwargs["widget"] = forms.DateTimeInput(attributes, format="%Y-%m-%dT%H:%M")
        super().__init__(**kwargs)


def moment_or(now: datetime, at: datetime | None) -> datetime:
    """A time given to the minute that is this very minute is now."""
    if at is None or timezone.localtime(now).replace(second=0, microsecond=0) == at:
        return now
    return at
