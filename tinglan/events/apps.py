from datetime import timedelta

from django.apps import AppConfig

from tinglan.lib.steps import Step


class EventsConfig(AppConfig):
    name = "tinglan.events"
    label = "events"
    urgent = "tinglan.events.natures.are_urgent"
    steps = (
        Step(
            name="events.group",
            lane="ingest",
            hears="monitors.Mention",
            prepare="tinglan.events.group.prepare",
            handle="tinglan.events.group.handle",
            batch=500,  # under load: taking up the clusters of a brand is paid once a batch
        ),
        Step(
            name="events.track",
            lane="ingest",
            poll="tinglan.events.track.work",
            every=timedelta(seconds=2),
        ),
        Step(
            name="events.burst",
            lane="slow",
            poll="tinglan.events.burst.work",
            every=timedelta(minutes=1),
        ),
        Step(
            name="events.register",
            lane="slow",
            poll="tinglan.events.register.work",
            every=timedelta(minutes=10),
        ),
        Step(
            name="events.forecast",
            lane="slow",
            poll="tinglan.events.forecast.work",
            every=timedelta(seconds=15),
            warm="tinglan.analysis.forecast.warm",
        ),
    )
