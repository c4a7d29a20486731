"""`tinglan lint --query Q`: what the query editor would remark, a line of JSON for each remark."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from tinglan.analysis.query import Finding, lint
from tinglan.monitors.query_command import QueryCommand


class Command(QueryCommand):
    help = "Look over a query as the editor does; ends with status 1 when it cannot be used."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--query", metavar="Q", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        found = lint(options["query"])
        for finding in found:
            line = json.dumps(_told(finding), ensure_ascii=False) + "\n"
            sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
        if any(finding.level == "error" for finding in found):
            sys.exit(1)


def _told(finding: Finding) -> dict[str, str | int]:
    return {
        "level": finding.level,
        "position": finding.position,
        "length": finding.length,
        "code": finding.code,
        "text": finding.text,
    }
