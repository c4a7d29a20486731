"""`tinglan auditor`: look every five minutes whether alerts are on their way."""

import logging
import signal
import threading
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from tinglan.alerts import audit
from tinglan.lib import clock, supervise

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
FIRST_AFTER = timedelta(seconds=30)  # the workers start at the same time and must show up first


class Command(BaseCommand):
    help = "Audit the delivery of alerts, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once, now, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self._once()
            return
        supervise.ignore_interrupts()
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        wait = FIRST_AFTER
        while not stop.wait(wait.total_seconds()):
            wait = EVERY
            try:
                close_old_connections()
                self._once()
            except Error:
                log.exception("audit failed")

    def _once(self) -> None:
        inspection = audit.inspect(now=clock.now(), wall=clock.wall())
        audit.report(inspection)
        for found in inspection.findings:
            self.stdout.write(f"{found['code']}: {found['text']} ({found['count']})")
