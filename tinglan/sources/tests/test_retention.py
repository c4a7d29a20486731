"""What matched nothing goes on schedule; what anything rests on stays."""

from datetime import datetime, timedelta

import pytest

from tests.make import make_mention, make_post, make_source
from tinglan.sources import retention
from tinglan.sources.models import (
    Hold,
    Post,
    PushReceipt,
    Raw,
    Rejection,
    Run,
    Sighting,
    Source,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def left() -> set[str]:
    return set(Post.objects.values_list("text", flat=True))


def test_what_matched_nothing_goes_after_30_days(now: datetime) -> None:
    make_post("old", at=now - 31 * DAY)
    make_post("young", at=now - 29 * DAY)
    assert retention.poll(now) == 1
    assert left() == {"young"}


def test_mentions_holds_and_what_they_stand_under_stay(now: datetime) -> None:
    at = now - 60 * DAY
    root = make_post("root", at=at)
    mentioned = make_post("mentioned", at=at, parent=root, root=root)
    make_mention(post=mentioned)
    Hold.objects.create(post=make_post("held", at=at), reason="evidence", at=at)
    original = make_post("original", at=at)
    make_post("young repost", at=now, repost_of=original)
    make_post("idle", at=at, parent=root)
    retention.poll(now)
    assert left() == {"root", "mentioned", "held", "original", "young repost"}


def test_a_thread_that_matched_nothing_goes_leaves_first(now: datetime) -> None:
    above = None
    for depth in range(4):
        above = make_post(str(depth), at=now - 40 * DAY, parent=above)
    for gone in (1, 1, 1, 1, 0):
        assert retention.drop_unmatched(now) == gone


def test_a_batch_is_bounded(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    for _ in range(8):
        make_post(at=now - 40 * DAY)
    assert retention.drop_unmatched(now) == 3
    assert retention.poll(now) == 5


def test_a_firehose_keeps_matches_and_a_sample(now: datetime) -> None:
    firehose, feed = make_source(keep=Source.Keep.MATCHED), make_source()
    posts = [make_post(str(i), at=now - 2 * DAY) for i in range(200)]
    Sighting.objects.bulk_create(Sighting(post=p, source=firehose, at=now) for p in posts)
    Sighting.objects.create(post=posts[0], source=feed, at=now)
    make_mention(post=posts[1])
    retention.poll(now)
    sample = {post.text for post in posts if post.pk % 100 == 0}
    assert len(sample) == 2
    assert left() == {"0", "1"} | sample


def test_raw_records_expire_unless_held(now: datetime) -> None:
    for text, expires_at in (("due", now - DAY), ("held", now - DAY), ("fresh", now + DAY)):
        Raw.objects.create(post=make_post(text, at=now), sealed=b"x", expires_at=expires_at)
    Hold.objects.create(post=Post.objects.get(text="held"), reason="evidence", at=now)
    retention.poll(now)
    assert set(Raw.objects.values_list("post__text", flat=True)) == {"held", "fresh"}


def test_old_runs_go_and_provenance_stays(now: datetime) -> None:
    source, post = make_source(), make_post(at=now)
    old = Run.objects.create(source=source, started_at=now - 31 * DAY, finished_at=now - 31 * DAY)
    Rejection.objects.create(run=old, position=1, reason="it has no id")
    Sighting.objects.create(post=post, source=source, run=old, at=old.started_at)
    Run.objects.create(source=source, started_at=now - 31 * DAY)  # still being read
    retention.poll(now)
    assert Run.objects.count() == 1
    assert Sighting.objects.get().run is None


def test_receipts_go_after_two_days_of_real_time(now: datetime) -> None:
    for days in (1, 3):
        PushReceipt.objects.create(
            source=make_source(), message_id="m", body_hash="h", received_at=now - days * DAY
        )
    assert retention.drop_receipts(now) == 1


def test_a_post_that_matches_while_it_is_dropped_stays(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, lock = make_post(at=now - 40 * DAY), Post.objects.select_for_update

    def matched_meanwhile() -> object:
        make_mention(post=post)
        return lock()

    monkeypatch.setattr(Post.objects, "select_for_update", matched_meanwhile)
    assert retention.drop_unmatched(now) == 0
    assert Post.objects.filter(pk=post.pk).exists()
