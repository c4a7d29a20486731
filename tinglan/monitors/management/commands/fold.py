"""`tinglan fold [FILE]`: which posts are copies, of which, and how they were made."""

from typing import Any

from tinglan.lib.jsonl import AnswerBatch
from tinglan.lib.lines_command import LinesCommand
from tinglan.monitors.fold_lines import Folding


class Command(LinesCommand):
    help = "Find the copies among posts in JSON Lines; answers one line for each, in their order."

    def answering(self, **options: Any) -> AnswerBatch:
        return Folding()
