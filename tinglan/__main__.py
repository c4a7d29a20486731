"""`python -m tinglan` is the `tinglan` program."""

from tinglan.cli import main

main()
