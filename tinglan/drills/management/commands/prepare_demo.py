"""`tinglan prepare_demo`: the database of the demo, before `tinglan up --demo` serves it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tinglan.drills.prepare import prepare
from tinglan.drills.scenario import DEMO
from tinglan.lib import clock


class Command(BaseCommand):
    help = "Fill the demo's database with its company and four weeks of talk."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "This fills a database with made-up posts: run it by `tinglan up --demo`, "
                "or set TINGLAN_DEMO=1 and TINGLAN_HOME to a directory of its own."
            )
        self.stdout.write("Preparing the demo: a company and four weeks of talk …")
        stage = prepare(DEMO, wall=clock.wall())
        self.stdout.write(f"The stage is set: {stage.scenario}.")
