"""A stage for drills: the company without its four weeks, on the morning of a Monday."""

from datetime import datetime

import pytest
from pytest_django.fixtures import Settings

from tinglan.drills import play
from tinglan.drills.models import Stage
from tinglan.drills.prepare import prepare
from tinglan.drills.scenario import DEMO
from tinglan.drills.tests.director import STILL, Director
from tinglan.lib import clock


@pytest.fixture
def stage(db: None, settings: Settings, now: datetime) -> Stage:
    settings.DEMO = True
    stage = prepare(DEMO, wall=now, days=0)
    clock.set_to(stage.opens_at, rate=STILL)
    return stage


@pytest.fixture
def director(stage: Stage) -> Director:
    """The drill has just started."""
    play.start(stage, by=None, now=stage.opens_at)
    director = Director(stage.opens_at, rate=clock.rate())
    clock.set_to(stage.opens_at, rate=STILL)
    return director
