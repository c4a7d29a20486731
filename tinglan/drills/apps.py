from datetime import timedelta

from django.apps import AppConfig

from tinglan.lib.steps import Step


class DrillsConfig(AppConfig):
    name = "tinglan.drills"
    label = "drills"
    steps = (
        Step(
            name="drills.hear_cases",
            lane="ingest",
            hears="cases.Case",
            handle="tinglan.drills.play.hear_cases",
            batch=20,
        ),
        Step(
            name="drills.hear_publications",
            lane="ingest",
            hears="cases.Publication",
            handle="tinglan.drills.play.hear_publications",
            batch=20,
        ),
        Step(
            name="drills.play",
            lane="ingest",
            poll="tinglan.drills.play.poll",
            every=timedelta(milliseconds=500),
        ),
        Step(
            name="drills.react",
            lane="slow",
            poll="tinglan.drills.react.poll",
            every=timedelta(seconds=1),
        ),
    )
