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
        Step(
            name="alerts.remind",
            lane="slow",
            poll="tinglan.alerts.remind.poll",
            every=timedelta(seconds=5),
        ),
        Step(
            name="alerts.unsilence",
            lane="slow",
            poll="tinglan.alerts.unsilence.poll",
            every=timedelta(seconds=10),
        ),
        Step(
            name="alerts.rotate",
            lane="slow",
            poll="tinglan.alerts.rotate.poll",
            every=timedelta(minutes=10),
        ),
        Step(
            name="alerts.ask",
            lane="slow",
            hears="approvals.Request",
            handle="tinglan.alerts.ask.hear_requests",
            batch=20,
        ),
        Step(
            name="alerts.ask_next",
            lane="slow",
            hears="approvals.Approval",
            handle="tinglan.alerts.ask.hear_decisions",
            batch=20,
        ),
        Step(
            name="alerts.blind",
            lane="slow",
            poll="tinglan.alerts.blind.poll",
            every=timedelta(minutes=5),
        ),
        Step(
            name="alerts.burst",
            lane="slow",
            hears="events.Burst",
            handle="tinglan.alerts.burst.handle",
            batch=20,
        ),
        # It uses the network, so it claims for itself and holds no transaction meanwhile.
        Step(
            name="alerts.notify",
            lane="delivery",
            hears="alerts.Delivery",
            poll="tinglan.alerts.notify.work",
        ),
    )
