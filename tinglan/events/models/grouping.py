"""Which mentions belong to an event, and what grouping remembers."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from tinglan.events.models.event import Event, Merge, Nature
from tinglan.monitors.models import Brand, Mention


class Membership(models.Model):
    """A mention belongs to an event, and why (归并)."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="memberships")
    mention = models.OneToOneField(Mention, on_delete=models.CASCADE, related_name="membership")
    origin = models.ForeignKey(
        Event, null=True, on_delete=models.SET_NULL, related_name="+"
    )  # the event it first joined, when that was merged since
    score = models.FloatField(default=0.0)
    reason = models.CharField(max_length=32)  # "similar", "thread", "copy", "first", "person"
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["event", "id"], name="membership_event")]

    def __str__(self) -> str:
        return f"{self.mention_id} in {self.event_id}"


class Split(models.Model):
    """Posts of an event became an event of their own (拆分): Tinglan never joins the two again."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="splits")
    into = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="split_off")
    undoes = models.OneToOneField(
        Merge, null=True, on_delete=models.PROTECT, related_name="undoing"
    )  # the merge that it takes back
    n_moved = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="splits"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.event} ⇥ {self.into}"

    def get_absolute_url(self) -> str:
        return self.into.get_absolute_url()


class Ordinary(models.Model):
    """What is ordinary in the posts about a brand (常态): how many of them hold each term."""

    brand = models.OneToOneField(Brand, on_delete=models.CASCADE, related_name="ordinary")
    known = models.BinaryField()  # analysis.background
    mark = models.UUIDField()  # another at every writing: whether one's own copy is the latest

    def __str__(self) -> str:
        return f"{self.brand_id}"


class Waiting(models.Model):
    """Posts that tell of the same thing and are no event yet (待聚类): ordinary chatter, mostly."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="waiting")
    cluster = models.JSONField()  # analysis.clusters
    last_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["brand", "last_at"], name="waiting_brand_last")]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.last_at:%Y-%m-%d %H:%M}"


class Allegation(models.Model):
    """A post of an event tells of this nature of harm (指称)."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="allegations")
    nature = models.ForeignKey(Nature, on_delete=models.CASCADE, related_name="allegations")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership", "nature"], name="one_allegation")
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} alleges {self.nature_id}"
