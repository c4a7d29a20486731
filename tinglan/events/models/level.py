"""The warning levels (预警等级)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Warning level (预警等级), an internal grading of the company."""

    RED = "I", _("Level I, red")
    ORANGE = "II", _("Level II, orange")
    YELLOW = "III", _("Level III, yellow")
    BLUE = "IV", _("Level IV, blue")


RANK = {"": 0, "IV": 1, "III": 2, "II": 3, "I": 4}


def is_at_least(level: str, other: str) -> bool:
    """Whether a level is as grave as another: is_at_least("II", "III") is true."""
    return RANK[level] >= RANK[other]
