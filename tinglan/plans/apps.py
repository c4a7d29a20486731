from django.apps import AppConfig

from tinglan.lib.steps import Step


class PlansConfig(AppConfig):
    name = "tinglan.plans"
    label = "plans"
    steps = (
        Step(
            name="plans.activate",
            lane="ingest",
            hears="events.LevelChange",
            handle="tinglan.plans.activate.handle",
            batch=50,
        ),
    )
