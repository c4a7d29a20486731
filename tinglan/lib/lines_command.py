"""A command that answers JSON Lines: FILE or standard input in, one line out for each."""

import sys
from abc import abstractmethod
from argparse import ArgumentParser
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from tinglan.lib.jsonl import BATCH, AnswerBatch, Settling, answer_all, answer_when_settled, opened


class LinesCommand(BaseCommand):
    """Subclasses say how a batch of rows is answered; status 1 when a line had no answer."""

    requires_system_checks: list[str] = []
    what = "posts"
    batch = BATCH

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", default="-", help="- reads stdin")

    @abstractmethod
    def answering(self, **options: Any) -> AnswerBatch | Settling:
        """What answers a batch, at once or when it is settled, with these options."""

    def handle(self, *args: Any, **options: Any) -> None:
        answering = self.answering(**options)
        try:
            with opened(options["file"]) as source:
                all_well = self._answered(source, answering)
        except BrokenPipeError:
            sys.stderr.close()  # who reads the answers has seen enough: no complaint at the end
            return
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        if not all_well:
            sys.exit(1)

    def _answered(self, source: BinaryIO, answering: AnswerBatch | Settling) -> bool:
        out = sys.stdout.buffer
        if callable(answering):
            return answer_all(source, out, answering, what=self.what, batch=self.batch)
        return answer_when_settled(source, out, answering, what=self.what, batch=self.batch)
