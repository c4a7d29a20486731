from django.apps import AppConfig

from tinglan.lib.steps import Step


class MonitorsConfig(AppConfig):
    name = "tinglan.monitors"
    label = "monitors"
    steps = (
        Step(
            name="monitors.match",
            lane="ingest",
            hears="sources.Post",
            handle="tinglan.monitors.match.handle",
            warm="tinglan.monitors.match.warm",
            batch=500,  # under load: what a batch costs whatever its size is paid less often
        ),
    )
