"""What addresses and forms ask for by themselves."""

import doctest
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tinglan.lib import asked


def test_the_examples_are_true() -> None:
    result = doctest.testmod(asked)
    assert (result.attempted, result.failed) == (2, 0)


def test_days_at_the_ends_of_the_calendar_are_refused() -> None:
    asked.usual_day(date(2026, 11, 23))
    for day in (date.min, date.max):
        with pytest.raises(ValidationError):
            asked.usual_day(day)
