"""The rows behind every address, for the tests that walk them all."""

from tests.house.addresses import made_rows

__all__ = ["made_rows"]
