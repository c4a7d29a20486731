"""How a case follows its event when that is merged into another."""

from django.db import models
from django.urls import reverse

from tinglan.cases.models.case import Case
from tinglan.events.models import Event


class Transfer(models.Model):
    """A case went on with another event, because its own became a part of it (处置单转接)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transfers")
    out_of = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="transfers_out")
    into = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="transfers_in")
    continued_in = models.ForeignKey(
        Case, null=True, on_delete=models.PROTECT, related_name="taken_over"
    )  # the case of the other event, where it had one: it goes on for both
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case.number} → {self.into}"

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[(self.continued_in or self.case).pk])
