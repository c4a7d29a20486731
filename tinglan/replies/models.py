"""Answers to single consumers: replies, promises, handoffs, and when the problem is solved."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from tinglan.monitors.models import Mention


class Reply(models.Model):
    """An answer to one consumer (回复). A person posts it on the platform; we keep the record."""

    class Kind(models.TextChoices):
        HOLDING = "holding", _("Holding reply: the answer is not known yet")
        ANSWER = "answer", _("Answer")

    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=16, choices=Kind)
    text = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replies"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return Truncator(self.text).chars(40)

    def get_absolute_url(self) -> str:
        return self.mention.get_absolute_url()

    @property
    def is_sent(self) -> bool:
        return hasattr(self, "sending")


class Sending(models.Model):
    """A person posted a reply on the platform (发送记录): from which account, where, when."""

    reply = models.OneToOneField(Reply, on_delete=models.PROTECT, related_name="sending")
    account = models.CharField(max_length=100)
    url = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sendings"
    )

    def __str__(self) -> str:
        return f"{self.reply} · {self.account}"

    def get_absolute_url(self) -> str:
        return self.reply.get_absolute_url()


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open(self) -> "PromiseQuerySet":
        return self.filter(fulfilment__isnull=True)


class Promise(models.Model):
    """We said that we would come back by a time (承诺): somebody owns it."""

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="promises")
    text = models.CharField(max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="promises"
    )
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.reply.get_absolute_url()

    @property
    def is_kept(self) -> bool:
        return hasattr(self, "fulfilment")

    def is_overdue(self, now: datetime) -> bool:
        return not self.is_kept and self.due_at <= now


class Fulfilment(models.Model):
    """A promise was kept by a later reply (兑现)."""

    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="fulfilment")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="fulfilments")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.promise)


class Handoff(models.Model):
    """The talk moved to a direct channel (转私域): the hotline or a private message."""

    class Channel(models.TextChoices):
        HOTLINE = "hotline", _("Hotline")
        PRIVATE_MESSAGE = "private_message", _("Private message")
        VISIT = "visit", _("Visit or store")

    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="handoffs")
    channel = models.CharField(max_length=16, choices=Channel)
    reference = models.CharField(max_length=100)  # the ticket there; no personal data here
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handoffs"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.reference}"

    def get_absolute_url(self) -> str:
        return self.mention.get_absolute_url()


class Resolution(models.Model):
    """The consumer's problem is solved (问题解决): the only thing that ends a talk."""

    mention = models.OneToOneField(Mention, on_delete=models.PROTECT, related_name="resolution")
    remedy = models.TextField()  # what was done for the consumer
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="resolutions"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return Truncator(self.remedy).chars(40)

    def get_absolute_url(self) -> str:
        return self.mention.get_absolute_url()
