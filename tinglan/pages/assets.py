"""Static files are kept by browsers for a year and are never out of date.

Files keep their names, so that nothing has to be collected before a start; the address that a page
gives for them carries a digest of the content, and a changed file is a new address.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

DIGEST = 10  # characters


class VersionedFiles(StaticFilesStorage):
    def url(self, name: str | None) -> str:
        address = super().url(name)
        digest = _digest_now(name or "") if settings.DEBUG else _digest(name or "")
        return f"{address}?v={digest}" if digest else address


def _digest_now(name: str) -> str:
    """Of the file as it is; "" for a file that is not there."""
    path = finders.find(name)
    return sha256(Path(path).read_bytes()).hexdigest()[:DIGEST] if path else ""


_digest = cache(_digest_now)
