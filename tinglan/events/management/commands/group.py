"""`tinglan group [FILE]`: which event each post belongs to, posts in the order of their times."""

from typing import Any

from tinglan.events.group_lines import Grouped
from tinglan.lib.lines_command import LinesCommand


class Command(LinesCommand):
    help = "Group posts in JSON Lines into events, as mentions are grouped, later merges applied."
    batch = 500

    def answering(self, **options: Any) -> Grouped:
        return Grouped()
