"""The case, how it ended and how it was taken up again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tinglan.events.models import Event


class Cause(models.TextChoices):
    """Why it happened (成因)."""

    OWN_FAULT = "own_fault", _("Our own fault")
    EXPECTATION_GAP = "expectation_gap", _("Expectations not met")
    FALSE_CLAIM = "false_claim", _("False claim or rumour")
    COMPETITOR = "competitor", _("A competitor")
    ACCIDENT = "accident", _("Accident")
    UNCLEAR = "unclear", _("Not clear")


class Cluster(models.TextChoices):
    """How much of it people lay at our door (危机类型)."""

    VICTIM = "victim", _("Victim: it was done to us")
    ACCIDENTAL = "accidental", _("Accidental: nobody meant it")
    PREVENTABLE = "preventable", _("Preventable: it could have been avoided")


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        return self.exclude(closures__in=Closure.objects.standing())

    def closed(self) -> "CaseQuerySet":
        return self.filter(closures__in=Closure.objects.standing())


class Case(models.Model):
    """The organised response to an event (处置单)."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="case")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()  # within the year
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="led_cases"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: by its level
    opened_at = models.DateTimeField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "-serial"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "serial"], name="one_case_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.event.title}"

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.pk])

    @property
    def number(self) -> str:
        return f"{self.year}-{self.serial:03d}"

    @property
    def topic(self) -> str:
        """What open pages of this case listen to."""
        return f"case:{self.pk}"

    @property
    def closure(self) -> "Closure | None":
        """The closure that stands; None while the case is open."""
        return self.closures.standing().first()

    @property
    def is_open(self) -> bool:
        return self.closure is None

    @property
    def cluster(self) -> str:
        """How much people lay at our door, by the latest assessment that says so."""
        latest = self.assessments.exclude(cluster="").order_by("-id").first()
        return latest.cluster if latest else ""

    @property
    def cause(self) -> str:
        """Why it happened, by the latest assessment that says so."""
        latest = self.assessments.exclude(cause="").order_by("-id").first()
        return latest.cause if latest else ""


class ClosureQuerySet(models.QuerySet["Closure"]):
    def standing(self) -> "ClosureQuerySet":
        return self.filter(reopening__isnull=True)


class Closure(models.Model):
    """The case was closed (办结): why it had happened and what came of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="closures")
    cause = models.CharField(max_length=16, choices=Cause)
    cluster = models.CharField(max_length=16, choices=Cluster)
    summary = models.TextField()
    reason = models.TextField(blank=True)  # why closed with required tasks open
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="closures"
    )
    at = models.DateTimeField()

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return gettext("Closing of case %(number)s") % {"number": self.case.number}

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()


class Reopening(models.Model):
    """A closed case was taken up again (重启)."""

    closure = models.OneToOneField(Closure, on_delete=models.PROTECT, related_name="reopening")
    reason = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="reopenings"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return gettext("Reopening of case %(number)s") % {"number": self.closure.case.number}

    def get_absolute_url(self) -> str:
        return self.closure.get_absolute_url()
