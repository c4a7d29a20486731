"""Commands with a query as an option: one that begins with an exclusion is a query all the same."""

from itertools import pairwise

from django.core.management.base import BaseCommand

OPTION = "--query"


class QueryCommand(BaseCommand):
    """`--query -广告` is read as `--query=-广告`: the parser would take it for another option."""

    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(joined(argv))


def joined(argv: list[str]) -> list[str]:
    """The arguments, the option and its value made one where they stand apart.

    >>> joined(["tinglan", "lint", "--query", "-广告"])
    ['tinglan', 'lint', '--query=-广告']
    """
    kept = argv[:1]
    for before, argument in pairwise(argv):
        if before == OPTION and kept[-1] == OPTION:
            kept[-1] = f"{OPTION}={argument}"
        else:
            kept.append(argument)
    return kept
