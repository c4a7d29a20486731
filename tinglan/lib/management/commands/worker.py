"""`tinglan worker`: all lanes of work, or some."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tinglan.lib import supervise, worker
from tinglan.lib.steps import LANES


class Command(BaseCommand):
    help = "Match, group, assess, warn, send and collect, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lanes", nargs="+", choices=LANES, default=list(LANES))

    def handle(self, *args: Any, **options: Any) -> None:
        supervise.ignore_interrupts()
        worker.run(options["lanes"])
