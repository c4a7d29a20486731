"""`tinglan forecast --after MINUTES [FILE]`: how large each cascade will be after a day."""

from argparse import ArgumentParser, ArgumentTypeError
from functools import partial
from math import isfinite
from typing import Any

from tinglan.events.forecast_lines import forecast_rows
from tinglan.lib.jsonl import AnswerBatch
from tinglan.lib.lines_command import LinesCommand


class Command(LinesCommand):
    help = (
        "Forecast cascades in JSON Lines from their first minutes: size after a day, with a band."
    )
    what = "cascades"
    batch = 500

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--after",
            metavar="MINUTES",
            type=_minutes,
            required=True,
            help="only what came within so many minutes is looked at",
        )
        super().add_arguments(parser)

    def answering(self, **options: Any) -> AnswerBatch:
        return partial(forecast_rows, after=options["after"])


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no number of minutes") from error
    if not isfinite(minutes) or minutes <= 0:
        raise ArgumentTypeError(f"{text} minutes is not after the beginning: give more than 0")
    return minutes
