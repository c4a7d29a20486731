from datetime import timedelta

from django.apps import AppConfig

from tinglan.lib.steps import Step


class LibConfig(AppConfig):
    name = "tinglan.lib"
    label = "lib"
    steps = (
        Step(
            name="lib.prune",
            lane="slow",
            poll="tinglan.lib.changes.prune_now",
            every=timedelta(minutes=10),
        ),
    )
