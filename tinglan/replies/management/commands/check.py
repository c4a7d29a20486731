"""`tinglan check [--contacts FILE] [--findings FILE] [FILE]`: may these replies go out?

It stands in the place of Django's command of that name, whose checks run before every other
command all the same.
"""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from tinglan.analysis.tone import Known
from tinglan.lib.jsonl import AnswerBatch
from tinglan.lib.lines_command import LinesCommand
from tinglan.replies.check_lines import check_rows
from tinglan.replies.known import contacts_of, facts_of


class Command(LinesCommand):
    help = "Check replies and statements in JSON Lines; answers one line for each, in their order."
    what = "texts"
    batch = 100

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--contacts", metavar="FILE", help="the company's own numbers, a line each"
        )
        parser.add_argument("--findings", metavar="FILE", help="the checked facts, a line each")
        super().add_arguments(parser)

    def answering(self, **options: Any) -> AnswerBatch:
        known = Known(
            contacts=contacts_of(_content(options["contacts"])),
            facts=facts_of(_content(options["findings"])),
        )
        return partial(check_rows, known=known)


def _content(name: str | None) -> str:
    if name is None:
        return ""
    try:
        return Path(name).read_text("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not UTF-8 text: save it as UTF-8.") from error
