from datetime import timedelta

from django.apps import AppConfig

from tinglan.lib.steps import Step


class EventsConfig(AppConfig):
    name = "tinglan.events"
    label = "events"
    steps = (
        Step(
            name="events.group",
            lane="ingest",
            hears="monitors.Mention",
            handle="tinglan.events.group.handle",
            batch=300,
        ),
        Step(
            name="events.track",
            lane="ingest",
            poll="tinglan.events.track.work",
            every=timedelta(seconds=2),
        ),
    )
