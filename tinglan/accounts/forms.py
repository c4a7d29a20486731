"""What the people pages ask for."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.db.models import Field, URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.browser import origin_of
from tinglan.accounts.errors import TooManyTriesError
from tinglan.accounts.first_run import Founder
from tinglan.accounts.guess import begin_try, end_try
from tinglan.accounts.members import Person
from tinglan.accounts.models import Company, Member, Team
from tinglan.accounts.rights import Role
from tinglan.lib import clock
from tinglan.lib.fields import SELECT, TEXT


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput({**TEXT, "autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({**TEXT, "autocomplete": "current-password"}),
    )

    def __init__(self, data: Any = None, *, request: HttpRequest) -> None:
        super().__init__(data)
        self.request = request
        self.member: Member | None = None
        self.is_refused = False  # nobody looked at the password

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if "email" in values and "password" in values:
            self.member = self._known(values["email"], values["password"])
        return values

    def _known(self, email: str, password: str) -> Member:
        try:
            made = begin_try(email, origin=origin_of(self.request, email), at=clock.wall())
        except TooManyTriesError as error:
            self.is_refused = True
            raise forms.ValidationError(str(error)) from error
        found = authenticate(self.request, username=email, password=password)
        if not isinstance(found, Member):
            # One sentence for both: who is a member is nobody's business.
            raise forms.ValidationError(_("E-mail and password do not match. Try again."))
        end_try(made)
        return found


class PasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 10 characters, and not a common one."),
        widget=forms.PasswordInput({**TEXT, "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same again"),
        strip=False,
        widget=forms.PasswordInput({**TEXT, "autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, member: Member | None = None) -> None:
        super().__init__(data)
        self.member = member

    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        password, again = values.get("password"), values.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        elif password:
            self._check(password)
        return values

    def _check(self, password: str) -> None:
        named = Member(
            email=self.cleaned_data.get("email", ""), name=self.cleaned_data.get("name", "")
        )
        try:
            validate_password(password, self.member or named)
        except forms.ValidationError as error:
            self.add_error("password", error)


class _AsksForPassword(forms.Form):
    """Who found somebody's browser open cannot take the account over."""

    current = forms.CharField(
        label=_("Password until now"),
        strip=False,
        widget=forms.PasswordInput({**TEXT, "autocomplete": "current-password"}),
    )

    def ask(self, member: Member, request: HttpRequest) -> None:
        self.owner, self.request = member, request
        if not member.has_usable_password():  # of a demo, where nobody has one
            del self.fields["current"]

    def clean_current(self) -> str:
        current = str(self.cleaned_data["current"])
        if current:
            self._compare(current)
        return current

    def _compare(self, current: str) -> None:
        origin = origin_of(self.request, self.owner.email)
        try:
            made = begin_try(self.owner.email, origin=origin, at=clock.wall())
        except TooManyTriesError as error:
            raise forms.ValidationError(str(error)) from error
        if not self.owner.check_password(current):
            raise forms.ValidationError(_("This is not your password."))
        end_try(made)


class OwnPasswordForm(_AsksForPassword, PasswordForm):
    field_order = ("current", "password", "again")

    def __init__(self, data: Any = None, *, member: Member, request: HttpRequest) -> None:
        super().__init__(data, member=member)
        self.ask(member, request)


class FirstRunForm(PasswordForm):
    company = forms.CharField(
        label=_("Company name"), max_length=100, widget=forms.TextInput({**TEXT})
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=64,
        widget=forms.TextInput({**TEXT, "autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput({**TEXT, "autocomplete": "username"}),
    )

    field_order = ("company", "name", "email", "password", "again")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["password"].label = _("Password")

    def founder(self, language: str) -> Founder:
        values = self.cleaned_data
        return Founder(
            company=values["company"],
            name=values["name"],
            email=values["email"],
            password=values["password"],
            language=language,
        )


class PersonForm(forms.ModelForm[Member]):
    class Meta:
        model = Member
        fields = ("name", "email", "title", "phone")
        widgets = {
            "name": forms.TextInput(TEXT),
            "email": forms.EmailInput(TEXT),
            "title": forms.TextInput(TEXT),
            "phone": forms.TextInput(TEXT),
        }

    def person(self) -> Person:
        return Person(**{field: self.cleaned_data[field] for field in self.Meta.fields})


class OwnPersonForm(_AsksForPassword, PersonForm):
    """One's own name and e-mail; whoever changes the e-mail changes who may sign in."""

    field_order = ("name", "email", "title", "phone", "current")

    def __init__(self, data: Any = None, *, member: Member, request: HttpRequest) -> None:
        super().__init__(data, instance=member, auto_id="own_%s")  # beside another such form
        self.ask(Member.objects.get(pk=member.pk), request)  # as it was before this form
        if "current" in self.fields:
            self.fields["current"].required = False
            self.fields["current"].help_text = _("Only to change the e-mail.")

    def clean(self) -> dict[str, Any]:
        values = dict(super().clean() or self.cleaned_data)
        is_new = values.get("email", self.owner.email) != self.owner.email
        if is_new and "current" in self.fields and values.get("current") == "":
            self.add_error(
                "current", _("You sign in with your e-mail: to change it, say your password.")
            )
        return values


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def chosen(self) -> list[Role]:
        return [Role(value) for value in self.cleaned_data["roles"]]


class TeamForm(forms.ModelForm[Team]):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose…")), *Team.Kind.choices],
        widget=forms.Select(SELECT),
    )

    class Meta:
        model = Team
        fields = ("name", "kind", "members")
        labels = {"name": _("Name"), "members": _("Members")}
        widgets = {"name": forms.TextInput(TEXT), "members": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = self.fields["members"]
        assert isinstance(members, forms.ModelMultipleChoiceField)
        members.queryset = Member.objects.filter(is_active=True)


def _with_https(column: Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """An address typed without its scheme is meant as https."""
    if isinstance(column, URLField):
        kwargs["assume_scheme"] = "https"
    return column.formfield(**kwargs)


class CompanyForm(forms.ModelForm[Company]):
    class Meta:
        model = Company
        fields = ("name", "hotline", "website", "official_accounts")
        formfield_callback = _with_https
        help_texts = {
            "hotline": _("Offered to consumers in replies."),
            "official_accounts": _("Where statements are published."),
        }
        widgets = {
            "name": forms.TextInput(TEXT),
            "hotline": forms.TextInput(TEXT),
            "website": forms.URLInput(TEXT),
            "official_accounts": forms.Textarea({**TEXT, "rows": 4}),
        }
