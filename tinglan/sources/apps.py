from datetime import timedelta

from django.apps import AppConfig

from tinglan.lib.steps import Step


class SourcesConfig(AppConfig):
    name = "tinglan.sources"
    label = "sources"
    steps = (
        Step(
            name="sources.collect",
            lane="slow",
            poll="tinglan.sources.collect.poll",
            every=timedelta(seconds=5),
        ),
        Step(
            name="sources.read_uploads",
            lane="slow",
            hears="sources.Upload",
            poll="tinglan.sources.uploads.poll",
        ),
        Step(
            name="sources.rhythm",
            lane="slow",
            poll="tinglan.sources.rhythm.work",
            every=timedelta(minutes=10),
        ),
        Step(
            name="sources.retention",
            lane="slow",
            poll="tinglan.sources.retention.poll",
            every=timedelta(minutes=10),
        ),
    )
