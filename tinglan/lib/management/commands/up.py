"""`tinglan up`: the whole product in one command, web, worker and auditor under a supervisor."""

import os
import socket
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tinglan.lib import supervise

CHILDREN = ("web", "worker", "auditor")


class Command(BaseCommand):
    help = "Start Tinglan: web, worker and auditor, on an up-to-date database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="play the demo scenario in a database of its own"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_a_taken_port()
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0)
        if settings.DEMO:
            call_command("prepare_demo")
        os.environ["TINGLAN_SUPERVISED"] = "1"
        children = [supervise.Child(name, (name,)) for name in CHILDREN]
        supervise.run(children, on_ready=self._say_where)
        self.stdout.write("Stopped.")

    def _say_where(self) -> bool:
        if not _answers():
            return False
        self.stdout.write(self.style.SUCCESS(f"Tinglan (听澜) is at {settings.SITE_URL}"))
        self.stdout.write("Stop it with Ctrl-C.")
        return True


def _refuse_a_taken_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.LISTEN, settings.PORT))
        except OSError as error:
            raise CommandError(
                f"Port {settings.PORT} is taken: stop what uses it, or set TINGLAN_PORT to another."
            ) from error


def _answers() -> bool:
    address = f"http://127.0.0.1:{settings.PORT}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=1):
            return True
    except (urllib.error.URLError, OSError):
        return False
