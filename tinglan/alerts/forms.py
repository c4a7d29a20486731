"""What the pages of alerts ask for."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.alerts.models import AlertRule, Channel, Silence
from tinglan.alerts.silence import Scope
from tinglan.events.models import Event, Level
from tinglan.lib.fields import SELECT, TEXT, MomentField
from tinglan.monitors.models import Brand


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("What you do about it"),
        max_length=1000,
        required=False,
        widget=forms.TextInput({**TEXT, "autocomplete": "off"}),
    )


class HandBackForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you hand it back"),
        max_length=200,
        widget=forms.TextInput({**TEXT, "autocomplete": "off"}),
    )


class SilenceForm(forms.Form):
    """What calls nobody, for how long, and why."""

    brand = forms.ModelChoiceField(
        label=_("Brand"),
        queryset=Brand.objects.all(),
        required=False,
        empty_label=_("every brand"),
        widget=forms.Select(SELECT),
    )
    event = forms.ModelChoiceField(
        label=_("Event"),
        queryset=Event.objects.open().exclude(level=""),
        required=False,
        empty_label=_("every event"),
        widget=forms.Select(SELECT),
    )
    gravest = forms.ChoiceField(
        label=_("Levels"),
        choices=Silence.Gravest.choices,
        initial=Silence.Gravest.YELLOW,
        widget=forms.Select(SELECT),
    )
    ends_at = MomentField(label=_("Until"))
    reason = forms.CharField(
        label=_("Why"), max_length=200, widget=forms.TextInput({**TEXT, "autocomplete": "off"})
    )

    def scope(self) -> Scope:
        values = self.cleaned_data
        return Scope(gravest=values["gravest"], brand=values["brand"], event=values["event"])


class ChannelForm(forms.Form):
    """What every channel has, whatever its kind."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(TEXT))
    is_enabled = forms.BooleanField(label=_("Switched on"), required=False, initial=True)

    def __init__(self, data: Any = None, *, channel: Channel) -> None:
        super().__init__(
            data,
            initial={"name": channel.name, "is_enabled": channel.is_enabled},
            prefix="channel",
        )
        self.channel = channel

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if Channel.objects.filter(name=name).exclude(pk=self.channel.pk).exists():
            raise forms.ValidationError(_("Another channel has this name: choose another."))
        return name

    def fill(self) -> Channel:
        self.channel.name = self.cleaned_data["name"]
        self.channel.is_enabled = self.cleaned_data["is_enabled"]
        return self.channel


class RuleForm(forms.Form):
    """Who hears of which level of which brand, by which channels."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(TEXT))
    brand = forms.ModelChoiceField(
        label=_("Brand"),
        queryset=Brand.objects.all(),
        required=False,
        empty_label=_("every brand"),
        widget=forms.Select(SELECT),
    )
    lowest_level = forms.ChoiceField(
        label=_("From level"), choices=Level.choices, widget=forms.Select(SELECT)
    )
    audience = forms.ChoiceField(
        label=_("Who"), choices=AlertRule.Audience.choices, widget=forms.Select(SELECT)
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("Choose…")), *Role.choices],
        required=False,
        help_text=_("For “everyone with a role”."),
        widget=forms.Select(SELECT),
    )
    members = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=Member.objects.filter(is_active=True),
        required=False,
        help_text=_("For “these members”."),
        widget=forms.CheckboxSelectMultiple,
    )
    channels = forms.ModelMultipleChoiceField(
        label=pgettext_lazy("channels", "By"),
        queryset=Channel.objects.all(),
        widget=forms.CheckboxSelectMultiple,
    )
    is_enabled = forms.BooleanField(label=_("Switched on"), required=False)

    FIELDS = ("name", "brand", "lowest_level", "audience", "role", "is_enabled")

    def __init__(self, data: Any = None, *, rule: AlertRule) -> None:
        self.rule = rule
        initial = {name: getattr(rule, name) for name in self.FIELDS}
        if rule.pk:
            initial |= {"members": rule.members.all(), "channels": rule.channels.all()}
        super().__init__(data, initial=initial)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if AlertRule.objects.filter(name=name).exclude(pk=self.rule.pk).exists():
            raise forms.ValidationError(_("Another rule has this name: choose another."))
        return name

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if values.get("audience") == AlertRule.Audience.ROLE and not values.get("role"):
            self.add_error("role", _("Choose the role."))
        if values.get("audience") == AlertRule.Audience.MEMBERS and not values.get("members"):
            self.add_error("members", _("Choose at least one member."))
        return values

    def fill(self) -> AlertRule:
        for name in self.FIELDS:
            setattr(self.rule, name, self.cleaned_data[name])
        return self.rule

    @property
    def lists(self) -> dict[str, Any]:
        return cast(
            "dict[str, Any]", {name: self.cleaned_data[name] for name in ("channels", "members")}
        )
