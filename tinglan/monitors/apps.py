from datetime import timedelta

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
            prepare="tinglan.monitors.match.prepare",
            handle="tinglan.monitors.match.handle",
            warm="tinglan.monitors.match.warm",
            batch=500,  # under load: what a batch costs whatever its size is paid less often
        ),
        Step(
            name="monitors.retrain",
            lane="slow",
            hears="monitors.Retraining",
            poll="tinglan.monitors.retrain.poll",
        ),
        Step(
            name="monitors.retrain_when_due",
            lane="slow",
            poll="tinglan.monitors.retrain.ask_when_due",
            every=timedelta(minutes=10),
        ),
    )
