"""The `tinglan` program."""

import os
import sys

from django.core.management import execute_from_command_line

from tinglan.lib.env import SettingError

DEMO_HOME = "var/demo"  # a database of its own: a demo never mixes with real posts


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinglan.settings")
    if sys.argv[1:2] == ["up"] and "--demo" in sys.argv:
        # Before the settings are read, and so that every child process agrees.
        os.environ["TINGLAN_DEMO"] = "1"
        os.environ.setdefault("TINGLAN_HOME", DEMO_HOME)
    try:
        execute_from_command_line(sys.argv)
    except SettingError as error:
        sys.exit(f"Tinglan does not start: {error}")
