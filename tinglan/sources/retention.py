"""Let go what is no longer needed: on schedule, in small batches, never what anything rests on.

A post goes when it matched nothing for 30 days (one day where the source keeps only matches, but
for a sample of one in a hundred). It stays while another app has a row on it, while a case holds
it, and while a post that stays answers or reposts it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from tinglan.lib import clock
from tinglan.sources.models import Hold, Post, PushReceipt, Raw, Run, Sighting, Source

KEPT: Final = timedelta(days=30)
KEPT_OF_FIREHOSE: Final = timedelta(days=1)
SAMPLED: Final = 100  # of a firehose's unmatched posts one in so many stays the full time
RECEIPTS_KEPT: Final = timedelta(days=2)  # wall time; several times any sender's retries
BATCH: Final = 500
ROUNDS: Final = 10  # batches of a kind in one poll
LINKS: Final = ("parent", "root", "repost_of")


def poll(now: datetime) -> int:
    """The worker's step: a few batches of each kind; how many rows went."""
    wall = clock.wall()
    return sum(
        _repeated(drop)
        for drop in (
            lambda: drop_unmatched(now),
            lambda: drop_unmatched_of_firehoses(now),
            lambda: drop_raw(now),
            lambda: drop_runs(now),
            lambda: drop_receipts(wall),
        )
    )


def _repeated(drop: Callable[[], int]) -> int:
    """Until nothing is left or enough was done for this round."""
    total = 0
    for _ in range(ROUNDS):
        gone = drop()
        total += gone
        if gone < BATCH:
            break
    return total


def drop_unmatched(now: datetime) -> int:
    """Leaves first: a post that only others to be dropped answer goes in the next batch."""
    return _drop(_idle().filter(first_seen_at__lt=now - KEPT))


def drop_unmatched_of_firehoses(now: datetime) -> int:
    """Posts that only sources which keep matches alone have brought, but for the sample."""
    by_others = Sighting.objects.filter(post=OuterRef("pk"), source__keep=Source.Keep.ALL)
    by_any = Sighting.objects.filter(post=OuterRef("pk"))
    posts = _idle().filter(Exists(by_any), ~Exists(by_others))
    posts = posts.annotate(bucket=F("id") % SAMPLED).exclude(bucket=0)
    return _drop(posts.filter(first_seen_at__lt=now - KEPT_OF_FIREHOSE))


def _idle() -> QuerySet[Post]:
    """Posts that nothing rests on, the longest known first."""
    posts = Post.objects.order_by("first_seen_at", "id")
    for name in _rows_of_others():
        posts = posts.filter(**{f"{name}__isnull": True})
    for link in LINKS:
        posts = posts.filter(~Exists(Post.objects.filter(**{link: OuterRef("pk")})))
    return posts


def _rows_of_others() -> Iterable[str]:
    """Relations to a post that mean somebody needs it: of every other app, and holds."""
    for relation in Post._meta.related_objects:
        model = relation.related_model
        if model is Hold or (model is not Post and model._meta.app_label != Post._meta.app_label):
            yield relation.name


def _drop(posts: QuerySet[Post]) -> int:
    """Looked at again under lock: a match may have come in between."""
    ids = list(posts.values_list("id", flat=True)[:BATCH])
    if not ids:
        return 0
    with transaction.atomic():
        locked = Post.objects.select_for_update().filter(pk__in=ids).order_by("id")
        gone = _idle().filter(pk__in=list(locked.values_list("id", flat=True)))
        ids = list(gone.values_list("id", flat=True))
        Post.objects.filter(pk__in=ids).delete()
    return len(ids)


def drop_raw(now: datetime) -> int:
    """Sealed raw records past their time, unless a case holds the post."""
    held = Hold.objects.filter(post=OuterRef("post"))
    due = Raw.objects.filter(~Exists(held), expires_at__lt=now).values_list("id", flat=True)
    return Raw.objects.filter(pk__in=list(due[:BATCH])).delete()[0]


def drop_runs(now: datetime) -> int:
    """Old runs with their rejections; sightings stay and forget the run."""
    due = Run.objects.filter(started_at__lt=now - KEPT, finished_at__isnull=False)
    ids = list(due.order_by("id").values_list("id", flat=True)[:BATCH])
    Run.objects.filter(pk__in=ids).delete()
    return len(ids)


def drop_receipts(wall: datetime) -> int:
    due = PushReceipt.objects.filter(received_at__lt=wall - RECEIPTS_KEPT)
    return PushReceipt.objects.filter(
        pk__in=list(due.values_list("id", flat=True)[:BATCH])
    ).delete()[0]
