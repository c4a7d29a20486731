"""`tinglan label [FILE]`: what each post says, by the model that ships."""

from typing import Any

from tinglan.lib.jsonl import AnswerBatch
from tinglan.lib.lines_command import LinesCommand
from tinglan.monitors.label_lines import Roots


class Command(LinesCommand):
    help = "Label posts in JSON Lines: polarity, intent, aspects, sarcasm, spam."

    def answering(self, **options: Any) -> AnswerBatch:
        return Roots().answer
