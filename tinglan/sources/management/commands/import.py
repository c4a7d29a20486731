"""`tinglan import FILE --source NAME`: read a file of posts into a source, on the server."""  # noqa: N999  a command is named by its file

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tinglan.lib import clock
from tinglan.sources.connectors.file.profiles import PROFILES
from tinglan.sources.edit import create_source
from tinglan.sources.import_file import READER, import_file
from tinglan.sources.models import Run, Source

SHOWN_REJECTIONS = 100
MB = 1 << 20


class Command(BaseCommand):
    help = "Read a file of posts into a source; prints what became of them as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [profile.name for profile in PROFILES]
        parser.add_argument("file", metavar="FILE", help="JSON Lines, a JSON array or CSV")
        parser.add_argument("--source", required=True, help="its name; made when it is not there")
        parser.add_argument("--profile", choices=names, default="", help="the format, if not clear")
        parser.add_argument("--platform", default="file", help="of a source that is made")

    def handle(self, *args: Any, **options: Any) -> None:
        path, now = Path(options["file"]), clock.now()
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        source = Source.objects.filter(name=options["source"]).first() or create_source(
            options["source"], READER, by=None, now=now, platform=options["platform"]
        )
        with path.open("rb") as stream:
            size = path.stat().st_size

            def show(n_read: int) -> None:
                self._show(n_read, done=stream.tell(), size=size)

            run = import_file(
                source,
                stream,
                name=path.name,
                by=None,
                now=now,
                profile=options["profile"],
                progress=show,
            )
        self.stdout.write(json.dumps(summary(run), ensure_ascii=False))
        if run.n_rejected or run.error:
            sys.exit(1)

    def _show(self, n_read: int, *, done: int, size: int) -> None:
        if self.stderr.isatty():
            line = f"\r{n_read:,} read, {done / MB:.1f} of {size / MB:.1f} MB"
            self.stderr.write(line, ending="\n" if done >= size else "")


def summary(run: Run) -> dict[str, object]:
    rejections = run.rejections.order_by("position")[:SHOWN_REJECTIONS]
    return {
        "created": run.n_created,
        "updated": run.n_updated,
        "duplicates": run.n_duplicate,
        "rejected": run.n_rejected,
        "error": run.error or None,
        "rejections": [{"line": one.position, "reason": one.reason} for one in rejections],
    }
