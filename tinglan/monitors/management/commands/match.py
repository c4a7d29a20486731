"""`tinglan match (--query Q | --cases) [FILE]`: which posts a query matches, and where."""

import sys
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import CommandError

from tinglan.lib.jsonl import answer_all, opened
from tinglan.monitors.match_lines import match_rows
from tinglan.monitors.query_command import QueryCommand


class Command(QueryCommand):
    help = "Match a query on posts in JSON Lines; answers one line for each, in their order."

    def add_arguments(self, parser: ArgumentParser) -> None:
        asked = parser.add_mutually_exclusive_group(required=True)
        asked.add_argument("--query", metavar="Q", help="the query, the same for all posts")
        asked.add_argument("--cases", action="store_true", help='each line has its own "query"')
        parser.add_argument("file", metavar="FILE", nargs="?", default="-", help="- reads stdin")

    def handle(self, *args: Any, **options: Any) -> None:
        answer = partial(match_rows, query=None if options["cases"] else options["query"])
        try:
            with opened(options["file"]) as source:
                all_well = answer_all(source, sys.stdout.buffer, answer, what="posts")
        except BrokenPipeError:
            sys.stderr.close()  # who reads the answers has seen enough: no complaint at the end
            return
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        if not all_well:
            sys.exit(1)
