from django.apps import AppConfig

from tinglan.lib.steps import Step


class CasesConfig(AppConfig):
    name = "tinglan.cases"
    label = "cases"
    steps = (
        Step(
            name="cases.open",
            lane="ingest",
            hears="plans.Activation",
            handle="tinglan.cases.open.handle",
            batch=20,
        ),
        Step(
            name="cases.reopen",
            lane="ingest",
            hears="events.LevelChange",
            handle="tinglan.cases.reopen.handle",
            batch=50,
        ),
        Step(
            name="cases.follow",
            lane="ingest",
            hears="events.Merge",
            handle="tinglan.cases.follow.hear_merges",
            batch=20,
        ),
        Step(
            name="cases.return",
            lane="ingest",
            hears="events.Split",
            handle="tinglan.cases.follow.hear_splits",
            batch=20,
        ),
        Step(
            name="cases.hear_decisions",
            lane="ingest",
            hears="approvals.Approval",
            handle="tinglan.cases.hear.decisions",
            batch=50,
        ),
        Step(
            name="cases.hear_sendings",
            lane="ingest",
            hears="replies.Sending",
            handle="tinglan.cases.hear.sendings",
            batch=50,
        ),
    )
