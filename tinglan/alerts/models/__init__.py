"""Who is warned of what, by which channel, and the proof that it arrived."""

from tinglan.alerts.models.alert import Acknowledgement, Alert, Escalation
from tinglan.alerts.models.channel import AlertRule, Channel
from tinglan.alerts.models.delivery import Attempt, Delivery, Notification
from tinglan.alerts.models.inspection import Inspection

__all__ = [
    "Acknowledgement",
    "Alert",
    "AlertRule",
    "Attempt",
    "Channel",
    "Delivery",
    "Escalation",
    "Inspection",
    "Notification",
]
