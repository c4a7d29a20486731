"""What addresses and forms ask for by themselves."""

import doctest

from tinglan.lib import asked


def test_the_examples_are_true() -> None:
    result = doctest.testmod(asked)
    assert (result.attempted, result.failed) == (2, 0)
