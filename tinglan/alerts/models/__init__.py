"""Who is warned of what, by which channel, and the proof that it arrived."""

from tinglan.alerts.models.alert import Acknowledgement, Alert, Escalation, HandBack
from tinglan.alerts.models.channel import AlertRule, Channel
from tinglan.alerts.models.delivery import Attempt, Delivery, Notification
from tinglan.alerts.models.inspection import Inspection
from tinglan.alerts.models.quiet import Days, QuietHours
from tinglan.alerts.models.rotation import Place, Rotation, Turn
from tinglan.alerts.models.silence import Silence, SilenceEnd

__all__ = [
    "Acknowledgement",
    "Alert",
    "AlertRule",
    "Attempt",
    "Channel",
    "Days",
    "Delivery",
    "Escalation",
    "HandBack",
    "Inspection",
    "Notification",
    "Place",
    "QuietHours",
    "Rotation",
    "Silence",
    "SilenceEnd",
    "Turn",
]
