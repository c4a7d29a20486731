"""What the banner of a demo says: it is all made up, how fast the clock runs, what one can do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tinglan.drills.models import Drill, Stage
from tinglan.drills.scenario import load
from tinglan.lib import clock

Phase = Literal["waiting", "fast", "playing"]


@dataclass(frozen=True, slots=True)
class Banner:
    """The state of the demo as the frame of every page shows it."""

    phase: Phase  # waiting for the first sign-in, running fast, or on at 1×
    rate: float
    title: str
    title_en: str

    @property
    def can_play_again(self) -> bool:
        return self.phase == "playing"


def banner(now: datetime) -> Banner | None:
    """None where no scenario is played: a real installation shows nothing."""
    stage = Stage.objects.order_by("id").first()
    if stage is None:
        return None
    scenario, rate = load(stage.scenario), clock.rate()
    is_running = Drill.objects.running().filter(started_at__lte=now).exists()
    phase: Phase = "waiting" if not is_running else "fast" if rate != 1.0 else "playing"
    return Banner(phase, rate, scenario.settings["title"], scenario.settings["title_en"])
