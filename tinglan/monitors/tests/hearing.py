"""Posts are heard as the worker hears them: thought over, then written."""

from datetime import datetime

from django.db import transaction

from tinglan.monitors import match
from tinglan.sources.models import Post


def handle(posts: list[Post], *, now: datetime) -> None:
    prepared = match.prepare(posts, now=now)
    with transaction.atomic():
        match.handle(prepared, now=now)
