from datetime import timedelta

from django.apps import AppConfig

from tinglan.lib.steps import Step


class ClocksConfig(AppConfig):
    name = "tinglan.clocks"
    label = "clocks"
    steps = (
        Step(
            name="clocks.tick",
            lane="slow",
            poll="tinglan.clocks.tick.poll",
            every=timedelta(seconds=1),
        ),
        Step(
            name="clocks.extend_calendars",
            lane="slow",
            poll="tinglan.clocks.tick.extend_calendars",
            every=timedelta(days=1),
        ),
    )
