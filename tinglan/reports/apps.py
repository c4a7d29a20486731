from datetime import timedelta

from django.apps import AppConfig

from tinglan.lib.steps import Step


class ReportsConfig(AppConfig):
    name = "tinglan.reports"
    label = "reports"
    steps = (
        Step(
            name="reports.schedule",
            lane="slow",
            poll="tinglan.reports.schedule.work",
            every=timedelta(seconds=30),
        ),
    )
