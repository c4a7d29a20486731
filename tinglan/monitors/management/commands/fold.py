"""`tinglan fold [FILE]`: which posts are copies, of which, and how they were made."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tinglan.lib.jsonl import answer_all, opened
from tinglan.monitors.fold_lines import Folding


class Command(BaseCommand):
    help = "Find the copies among posts in JSON Lines; answers one line for each, in their order."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", default="-", help="- reads stdin")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with opened(options["file"]) as source:
                all_well = answer_all(source, sys.stdout.buffer, Folding(), what="posts")
        except BrokenPipeError:
            sys.stderr.close()  # who reads the answers has seen enough: no complaint at the end
            return
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        if not all_well:
            sys.exit(1)
