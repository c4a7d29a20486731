"""What was preserved, as it was, and the hash that shows it was not touched since."""

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tinglan.cases.models.case import Case
from tinglan.sources.models import Post


class Evidence(models.Model):
    """Something preserved with address, time and hash (证据): a post, a file or an address."""

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        FILE = "file", _("File")
        ADDRESS = "address", _("Address")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=1000, blank=True)
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="evidence")
    file = models.FileField(upload_to="evidence/%Y/%m", blank=True, max_length=300)
    content_type = models.CharField(max_length=100, blank=True)
    text = models.TextField(blank=True)  # what it said when it was captured
    sha256 = models.CharField(max_length=64)  # of the text, or of the file's bytes
    captured_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="evidence"
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sha256"], name="one_evidence_per_content")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cases:evidence", args=[self.pk])

    def is_intact(self) -> bool:
        """Whether what is kept still has the hash it was captured with."""
        if self.kind != self.Kind.FILE:
            return hashlib.sha256(self.text.encode()).hexdigest() == self.sha256
        try:
            with self.file.open("rb") as kept:
                return hashlib.file_digest(kept, "sha256").hexdigest() == self.sha256
        except OSError:  # it is gone, or cannot be read any more
            return False
