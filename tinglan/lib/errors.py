"""The root of every error that Tinglan raises on purpose."""


class TinglanError(Exception):
    """Something a person can read and act on: what happened, to what, what to do."""
