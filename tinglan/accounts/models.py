"""The people: members, teams, the roles they hold and who is on duty when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.rights import Right, Role, rights_of


class Company(models.Model):
    """The organisation this installation works for (企业); one row, made at the first run."""

    name = models.CharField(_("company name"), max_length=100)
    hotline = models.CharField(_("consumer hotline"), max_length=64, blank=True)
    website = models.URLField(_("website"), blank=True)
    official_accounts = models.TextField(_("official accounts, one per line"), blank=True)
    set_up_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_company"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:company")


class MemberManager(BaseUserManager["Member"]):
    def create_member(
        self, email: str, name: str, *, password: str | None = None, **fields: Any
    ) -> "Member":
        member = self.model(email=self.normalize_email(email), name=name, **fields)
        member.set_password(password)
        member.save()
        return member

    def holding(self, *roles: Role) -> models.QuerySet["Member"]:
        """Active members who hold one of the roles."""
        return self.filter(is_active=True, appointments__role__in=roles).distinct()


class Member(AbstractBaseUser):
    """A person who works with Tinglan (成员)."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=64)
    title = models.CharField(_("position"), max_length=64, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    language = models.CharField(max_length=16, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_scripted = models.BooleanField(default=False)  # a demo colleague who acts by script
    joined_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:member", args=[self.pk])

    @property
    def roles(self) -> list[Role]:
        """Roles held, in the order of the list of roles; read once per object."""
        if not hasattr(self, "_roles"):
            held = set(self.appointments.values_list("role", flat=True))
            self._roles = [role for role in Role if role in held]
        return self._roles

    def can(self, right: Right) -> bool:
        return self.is_active and right in rights_of(self.roles)

    @property
    def rights(self) -> dict[str, bool]:
        """For templates: {% if member.rights.write_statement %}."""
        held = rights_of(self.roles)
        return {right.value: self.is_active and right in held for right in Right}


class Team(models.Model):
    """Part of the response organisation (领导小组、办公室、工作组)."""

    class Kind(models.TextChoices):
        LEADING_GROUP = "leading_group", _("Leading group")
        OFFICE = "office", _("Office")
        MONITORING = "monitoring", _("Monitoring group")
        INFORMATION = "information", _("Information release group")
        EMERGENCY = "emergency", _("Emergency handling group")
        CARE = "care", _("Customer care")

    name = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=Kind)
    members = models.ManyToManyField(Member, related_name="teams", blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:team", args=[self.pk])


class Appointment(models.Model):
    """A member holds a role (任职)."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="appointments")
    role = models.CharField(max_length=16, choices=Role)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "role"], name="one_appointment_per_role")
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.role}"


class SignInTry(models.Model):
    """A password was tried (登录尝试); kept for minutes, so that guessing comes to an end."""

    account = models.CharField(max_length=64)  # a hash of the address that was typed
    place = models.CharField(max_length=64)
    browser = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_index=True)  # wall time

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "at"], name="try_of_account"),
            models.Index(fields=["place", "at"], name="try_from_place"),
        ]

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.place}"


class DutyQuerySet(models.QuerySet["Duty"]):
    def at(self, now: datetime) -> "DutyQuerySet":
        """Duties that run at a moment, first in line first."""
        return self.filter(starts_at__lte=now, ends_at__gt=now, member__is_active=True).order_by(
            "order", "id"
        )


class Duty(models.Model):
    """A member is on duty from … to …, first, second or third in line (值班)."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="duties")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    order = models.PositiveSmallIntegerField(default=1)  # 1 is called first, then 2 …
    stands_in_for = models.ForeignKey(
        Member, null=True, on_delete=models.SET_NULL, related_name="duties_given_away"
    )  # whose duty it was before they swapped

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["starts_at", "order"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="duty_has_length"
            )
        ]

    def __str__(self) -> str:
        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{self.member} {start:%m-%d %H:%M}–{end:%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:duty")


def line_of_duty(now: datetime) -> Iterable[Member]:
    """Who is called, in order: those on duty, PR leads, the leading group; nobody twice."""
    on_duty = [duty.member for duty in Duty.objects.at(now).select_related("member")]
    officers = [] if on_duty else list(Member.objects.holding(Role.DUTY_OFFICER))
    leads = list(Member.objects.holding(Role.PR_LEAD))
    leaders = list(Member.objects.holding(Role.LEADER))
    return list(dict.fromkeys([*on_duty, *officers, *leads, *leaders]))
