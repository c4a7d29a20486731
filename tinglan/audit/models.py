"""The audit trail (审计日志): append-only, hash-chained; every verb writes one entry."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Who did what to which row, and when (审计记录). Never changed, never deleted."""

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="audit_entries"
    )  # null: Tinglan itself
    verb = models.CharField(max_length=64)  # "alerts.acknowledge"
    subject_kind = models.CharField(max_length=64)  # "alerts.Alert"
    subject_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind}/{self.subject_id}"


class Head(models.Model):
    """The end of the chain: locked by each writer, so that the chain never forks."""

    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.hash
