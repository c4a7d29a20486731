"""Due times of anything (时限): calendars, the policy of targets, and the running clocks."""

from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tinglan.clocks import calendars, targets


class Calendar(models.Model):
    """Working hours of a week, holidays and 调休 workdays (工作日历)."""

    code = models.CharField(max_length=32, unique=True)  # "always", "extended", "business"
    name = models.CharField(max_length=64)
    zone = models.CharField(max_length=64, default="Asia/Shanghai")
    week = models.JSONField()  # 7 lists of ["HH:MM", "HH:MM"], half-open, 24:00 legal
    days = models.JSONField(default=dict)  # {"2026-10-01": [], "2026-10-10": [["09:00","18:00"]]}

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Its name in the reader's language, for those that ship; others as they are called."""
        return gettext(self.name)

    def hours(self) -> calendars.Calendar:
        """The calendar as a value, for arithmetic."""
        monday, tuesday, wednesday, thursday, friday, saturday, sunday = map(_day, self.week)
        week = (monday, tuesday, wednesday, thursday, friday, saturday, sunday)
        dates = {date.fromisoformat(on): _day(spans) for on, spans in self.days.items()}
        return calendars.Calendar(self.code, ZoneInfo(self.zone), week, dates)


def _day(spans: list[list[str]]) -> calendars.Day:
    return tuple(calendars.span("-".join(ends)) for ends in spans)


class Kind(models.TextChoices):
    """What must be done in time (时限种类); warning-levels §2."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    JUDGE = "judge", _("First judgement")
    ASSEMBLE = "assemble", _("Working group opened")
    PRESERVE = "preserve", _("Evidence preserved")
    HOLDING = "holding", _("Holding statement")
    INFORM = "inform", _("Verified information")
    FULL = "full", _("Full statement")
    UPDATE = "update", _("Next update")
    EXECUTIVE = "executive", _("Executive report")
    CONTACT = "contact", _("Contact the consumer")
    REVIEW = "review", _("Review")
    PROMISE = "promise", _("Promised update")
    TASK = "task", _("Task")


class Policy(models.Model):
    """A version of the targets (时限标准); a clock keeps the version that started it."""

    version = models.PositiveIntegerField(unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return gettext("Targets, version %(version)s") % {"version": self.version}

    def get_absolute_url(self) -> str:
        return reverse("clocks:clocks")


class Target(models.Model):
    """How long one kind of act may take at one level; an internal target, not a legal duty."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="targets")
    kind = models.CharField(max_length=16, choices=Kind)
    level = models.CharField(max_length=3)  # "I" … "IV"
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16)  # "minutes" or "business_days"
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="targets")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "kind", "level"], name="one_target")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.level}: {self.amount} {self.unit}"

    @property
    def minutes(self) -> timedelta | None:
        """Its length by the clock; none where business days count."""
        is_by_clock = self.unit == targets.Unit.MINUTES
        return timedelta(minutes=self.amount) if is_by_clock else None

    def value(self) -> targets.Target:
        """The target as a value, for arithmetic."""
        return targets.Target(
            self.amount, targets.Unit(self.unit), targets.Hours(self.calendar.code)
        )


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> "ClockQuerySet":
        return self.filter(met_at__isnull=True, stopped_at__isnull=True)

    def of(self, subject: models.Model) -> "ClockQuerySet":
        return self.filter(subject_kind=subject._meta.label, subject_id=subject.pk)

    def overdue(self, now: datetime) -> "ClockQuerySet":
        return self.running().filter(due_at__lte=now)


class Clock(models.Model):
    """One running due time (时限). The due time is stored once and never computed on reading."""

    kind = models.CharField(max_length=16, choices=Kind)
    subject_kind = models.CharField(max_length=64)  # "alerts.Alert", "events.Event", "cases.Task"
    subject_id = models.BigIntegerField()
    level = models.CharField(max_length=3, blank=True)
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="clocks")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    half_at = models.DateTimeField()  # warnings at 50 % and 80 % of the time
    late_at = models.DateTimeField()
    half_warned_at = models.DateTimeField(null=True)
    late_warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    met_by_kind = models.CharField(max_length=64, blank=True)  # the row that met it
    met_by_id = models.BigIntegerField(null=True)
    stopped_at = models.DateTimeField(null=True)  # no longer needed (event merged, level lifted)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"], name="clock_subject"),
            models.Index(fields=["met_at", "stopped_at", "due_at"], name="clock_running"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} due {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.stopped_at is None

    def is_overdue(self, now: datetime) -> bool:
        return self.is_running and self.due_at <= now

    def share_used(self, now: datetime) -> float:
        """0 at the start, 1 when due, more when overdue."""
        whole = (self.due_at - self.started_at).total_seconds()
        end = self.met_at or self.stopped_at or now
        return (end - self.started_at).total_seconds() / whole if whole else 1.0


class ClockWarning(models.Model):
    """A clock reached half, late or due (时限提醒): once each, and heard by those who must act."""

    class Stage(models.TextChoices):
        HALF = "half", _("Half the time is used")
        LATE = "late", _("Four fifths of the time are used")
        BREACHED = "breached", _("Overdue")

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="warnings")
    stage = models.CharField(max_length=16, choices=Stage)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock", "stage"], name="one_warning_per_stage")
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.stage}"
