"""How Tinglan reaches people, and the rules that say whom it reaches of what."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Role
from tinglan.events.models import Event, Level, is_at_least
from tinglan.lib import vault
from tinglan.monitors.models import Brand


class Channel(models.Model):
    """A way out (通知渠道): the product itself, a mail server, a webhook.

    Its settings are sealed, because the address of a webhook is its password.
    """

    kind = models.CharField(max_length=32)  # a folder of alerts/channels
    name = models.CharField(_("name"), max_length=100, unique=True)
    position = models.PositiveSmallIntegerField(default=1)  # which is tried next when one fails
    sealed = models.BinaryField(null=True)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    is_broken = models.BooleanField(default=False)  # refused for good; a success heals it
    last_error = models.TextField(blank=True)
    last_error_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    lately = models.JSONField(default=list)  # wall times of the sends of the last minute
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("alerts:channel", args=[self.pk])

    @property
    def config(self) -> dict[str, Any]:
        return cast("dict[str, Any]", vault.unseal(self.sealed)) if self.sealed else {}

    @config.setter
    def config(self, values: Mapping[str, Any]) -> None:
        self.sealed = vault.seal(dict(values))


class AlertRule(models.Model):
    """Who hears of which level of which brand, and how (预警规则)."""

    class Audience(models.TextChoices):
        FIRST_IN_LINE = "first_in_line", _("the first in the line of duty")
        ON_DUTY = "on_duty", _("everyone on duty")
        ROLE = "role", _("everyone with a role")
        MEMBERS = "members", _("these members")

    name = models.CharField(_("name"), max_length=100, unique=True)
    brand = models.ForeignKey(
        Brand, null=True, blank=True, on_delete=models.CASCADE, related_name="alert_rules"
    )  # null: every brand
    lowest_level = models.CharField(
        _("from level"), max_length=3, choices=Level, default=Level.BLUE
    )
    audience = models.CharField(
        _("who"), max_length=16, choices=Audience, default=Audience.FIRST_IN_LINE
    )
    role = models.CharField(_("role"), max_length=16, choices=Role, blank=True)
    members = models.ManyToManyField(Member, blank=True, related_name="alert_rules")
    channels = models.ManyToManyField(Channel, related_name="rules")
    is_enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("alerts:rule", args=[self.pk])

    def covers(self, event: Event, level: str) -> bool:
        is_its_brand = self.brand_id is None or self.brand_id == event.brand_id
        return self.is_enabled and is_its_brand and is_at_least(level, self.lowest_level)
