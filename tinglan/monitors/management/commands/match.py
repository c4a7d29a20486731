"""`tinglan match (--query Q | --cases) [FILE]`: which posts a query matches, and where."""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from tinglan.lib.jsonl import AnswerBatch
from tinglan.lib.lines_command import LinesCommand
from tinglan.monitors.match_lines import match_rows
from tinglan.monitors.query_command import QueryCommand


class Command(QueryCommand, LinesCommand):
    help = "Match a query on posts in JSON Lines; answers one line for each, in their order."

    def add_arguments(self, parser: ArgumentParser) -> None:
        asked = parser.add_mutually_exclusive_group(required=True)
        asked.add_argument("--query", metavar="Q", help="the query, the same for all posts")
        asked.add_argument("--cases", action="store_true", help='each line has its own "query"')
        super().add_arguments(parser)

    def answering(self, **options: Any) -> AnswerBatch:
        return partial(match_rows, query=None if options["cases"] else options["query"])
