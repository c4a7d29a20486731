"""Sources are made and changed by those who may, and each change is on record."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from tests.make import make_member, make_source
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.audit.models import AuditEntry
from tinglan.sources.address import check_address
from tinglan.sources.edit import create_source, edit_source, pause, poll_now, resume
from tinglan.sources.errors import SourceError
from tinglan.sources.models import Source
from tinglan.sources.push_keys import issue_secret, issue_token, secrets_of

pytestmark = pytest.mark.django_db
PUBLIC = "http://223.5.5.5/feed"


@pytest.fixture
def analyst() -> Member:
    return make_member("安琪", Role.ANALYST)


def make_feed(by: Member | None, now: datetime, **fields: object) -> Source:
    values = {"platform": "news", "url": PUBLIC, **fields}
    return create_source("河东晚报", "feed", by=by, now=now, **values)


def test_a_new_feed_is_polled_at_once(analyst: Member, now: datetime) -> None:
    source = make_feed(analyst, now)
    assert (source.next_poll_at, source.health(now)) == (now, Source.Health.NEW)
    assert AuditEntry.objects.get().verb == "sources.create_source"


def test_a_push_source_is_never_polled(analyst: Member, now: datetime) -> None:
    source = create_source("供应商", "push", by=analyst, now=now, platform="weibo")
    assert source.next_poll_at is None
    with pytest.raises(SourceError, match="推送"):
        poll_now(source, by=analyst, now=now)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/feed",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.8/feed",
        "http://[::1]/feed",
        "http://2130706433/",
        "file:///etc/passwd",
        "http://user:secret@223.5.5.5/",
        "http://223.5.5.5:22/",
        "",
    ],
)
def test_an_address_that_points_inside_is_refused_when_it_is_typed(
    analyst: Member, now: datetime, url: str
) -> None:
    with pytest.raises(SourceError):
        make_feed(analyst, now, url=url)
    assert not Source.objects.exists()


def test_the_refusal_says_how_an_intranet_source_is_allowed(
    analyst: Member, now: datetime, settings: Settings
) -> None:
    with pytest.raises(SourceError, match="TINGLAN_FETCH_ALLOW"):
        make_feed(analyst, now, url="http://10.0.0.8/feed")
    settings.FETCH_ALLOW = ["10.0.0.0/24"]
    assert make_feed(analyst, now, url="http://10.0.0.8/feed").pk


def test_a_name_that_resolves_inside_is_refused() -> None:
    with pytest.raises(SourceError, match="not a public address"):
        check_address("http://feeds.example/", resolve=lambda host, port: ["192.168.1.5"])


def test_a_name_that_has_no_address_just_now_is_let_pass() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError(host)

    check_address("http://feeds.example/", resolve=unknown)


def test_an_edit_is_on_record_and_a_new_address_starts_afresh(
    analyst: Member, now: datetime
) -> None:
    source = make_feed(analyst, now)
    Source.objects.update(state={"etag": "7"}, next_poll_at=now + timedelta(hours=1))
    source.refresh_from_db()
    edit_source(source, by=analyst, now=now, url="http://223.6.6.6/feed", interval_minutes=30)
    source.refresh_from_db()
    assert (source.state, source.next_poll_at, source.interval_minutes) == ({}, now, 30)
    entry = AuditEntry.objects.latest("id")
    assert entry.data["old"] == {"url": PUBLIC, "interval_minutes": 15}


def test_an_edit_that_changes_nothing_leaves_no_trace(analyst: Member, now: datetime) -> None:
    source = make_feed(analyst, now)
    edit_source(source, by=analyst, now=now, platform="news")
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{"platform": " "}, {"zone": "Mars/Base"}, {"interval_minutes": 0}]
)
def test_what_makes_no_sense_is_refused(
    analyst: Member, now: datetime, fields: dict[str, object]
) -> None:
    with pytest.raises(SourceError):
        make_feed(analyst, now, **fields)


def test_a_name_is_taken_once(analyst: Member, now: datetime) -> None:
    make_feed(analyst, now)
    with pytest.raises(SourceError, match="已有名为"):
        make_feed(analyst, now)


def test_pausing_and_resuming(analyst: Member, now: datetime) -> None:
    source = make_feed(analyst, now)
    Source.objects.update(n_failures=3)
    source.refresh_from_db()
    pause(source, by=analyst, now=now)
    assert source.health(now) == Source.Health.PAUSED
    with pytest.raises(SourceError, match="已暂停"):
        poll_now(source, by=analyst, now=now)
    resume(source, by=analyst, now=now)
    assert (source.n_failures, source.next_poll_at) == (0, now)


def test_only_those_who_edit_sources_may(now: datetime) -> None:
    agent, source = make_member("晨曦", Role.AGENT), make_source()
    acts = (
        lambda: make_feed(agent, now),
        lambda: edit_source(source, by=agent, now=now, weight=2.0),
        lambda: pause(source, by=agent, now=now),
        lambda: resume(source, by=agent, now=now),
        lambda: poll_now(source, by=agent, now=now),
        lambda: issue_token(source, by=agent, now=now),
        lambda: issue_secret(source, by=agent, now=now),
    )
    for act in acts:
        with pytest.raises(ForbiddenError):
            act()
    assert not AuditEntry.objects.exists()


def test_keys_are_kept_hashed_or_sealed_and_never_in_the_trail(
    analyst: Member, now: datetime
) -> None:
    source = make_source()
    token = issue_token(source, by=analyst, now=now)
    secret = issue_secret(source, by=analyst, now=now)
    source.refresh_from_db()
    assert secrets_of(source) == [secret]
    assert secret.encode() not in bytes(source.signing_secret or b"")
    trail = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert token not in trail
    assert secret not in trail
