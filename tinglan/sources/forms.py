"""What the source pages ask for; which fields depends on how the source is read."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.lib.fields import SELECT, TEXT
from tinglan.sources.connectors import registry
from tinglan.sources.connectors.file.profiles import PROFILES
from tinglan.sources.edit import EDITABLE
from tinglan.sources.models import Source
from tinglan.sources.platforms import NAMES, platform_code

KIND_LABELS = {"feed": _("Feed"), "push": _("Push"), "file": _("Files")}
ABOUT = {
    "feed": _("A feed that Tinglan polls: RSS, Atom or JSON Feed."),
    "push": _("A push that Tinglan receives: from a crawler, a vendor, your own systems."),
    "file": _("Files that you hand in: exports of a crawler, spreadsheets saved as CSV."),
}
ONLY_POLLED = ("url", "interval_minutes")
ONLY_FILES = ("profile",)


class SourceForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(TEXT),
        help_text=_("As your colleagues call it."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=1000,
        widget=forms.URLInput({**TEXT, "placeholder": "https://"}),
        help_text=_("Of the feed itself, not of the page that mentions it."),
    )
    platform = forms.CharField(
        label=_("Platform"),
        max_length=64,
        widget=forms.TextInput({**TEXT, "list": "platforms", "placeholder": "weibo"}),
        help_text=_("Of posts that do not say theirs. Posts are told apart within a platform."),
    )
    profile = forms.ChoiceField(
        label=_("File format"),
        required=False,
        widget=forms.Select(SELECT),
        choices=[("", _("Find out from the columns")), *((p.name, p.name) for p in PROFILES)],
    )
    interval_minutes = forms.IntegerField(
        label=_("Poll every (minutes)"),
        min_value=1,
        max_value=7 * 24 * 60,
        initial=15,
        widget=forms.NumberInput(TEXT),
    )
    silent_after_minutes = forms.IntegerField(
        label=_("Silent after (minutes without a new post)"),
        min_value=1,
        required=False,
        widget=forms.NumberInput(TEXT),
        help_text=_("Then it counts as a blind spot. Empty: never."),
    )
    keep = forms.ChoiceField(
        label=_("What is kept"), choices=Source.Keep.choices, widget=forms.Select(SELECT)
    )
    zone = forms.CharField(
        label=_("Time zone of its times"),
        initial="Asia/Shanghai",
        widget=forms.TextInput(TEXT),
        help_text=_("For times that name none."),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.platforms = NAMES.items()
        unused = (*(() if registry.is_polled(kind) else ONLY_POLLED),)
        unused += () if kind == "file" else ONLY_FILES
        for name in unused:
            del self.fields[name]

    def clean_platform(self) -> str:
        return platform_code(self.cleaned_data["platform"])

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone; write Asia/Shanghai, say."))
        return zone

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITABLE if name in self.cleaned_data}

    def draft(self) -> Source:
        """An unsaved source as the form describes it."""
        return Source(kind=self.kind, **self.values())


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput({"class": "form-control"}),
        help_text=_("JSON Lines, a JSON array or CSV, up to 200 MB."),
    )


def initial(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in EDITABLE}


def kinds() -> list[tuple[str, str]]:
    return [(kind, str(KIND_LABELS.get(kind, kind))) for kind in registry.KINDS]
