from datetime import timedelta

from django.apps import AppConfig

from tinglan.lib.steps import Step


class AlertsConfig(AppConfig):
    name = "tinglan.alerts"
    label = "alerts"
    steps = (
        Step(
            name="alerts.issue",
            lane="ingest",
            hears="events.LevelChange",
            handle="tinglan.alerts.issue.handle",
            batch=20,
        ),
        Step(
            name="alerts.warn",
            lane="ingest",
            hears="clocks.ClockWarning",
            handle="tinglan.alerts.warn.handle",
            batch=20,
        ),
        Step(
            name="alerts.central_media",
            lane="slow",
            poll="tinglan.alerts.warn.poll_central_media",
            every=timedelta(minutes=1),
        ),
        Step(
            name="alerts.escalate",
            lane="slow",
            poll="tinglan.alerts.escalate.poll",
            every=timedelta(seconds=1),
        ),
        # It uses the network, so it claims for itself and holds no transaction meanwhile.
        Step(
            name="alerts.notify",
            lane="delivery",
            hears="alerts.Delivery",
            poll="tinglan.alerts.notify.work",
        ),
    )
