"""Evidence keeps what was said, when, with a hash that shows any touch."""

import hashlib
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.make import make_member, make_post
from tests.make_response import Crew, make_case, make_crew
from tinglan.accounts.rights import ForbiddenError
from tinglan.audit.models import AuditEntry
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Evidence
from tinglan.cases.preserve import preserve_address, preserve_file, preserve_post
from tinglan.clocks.models import Clock, Kind
from tinglan.sources.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    return make_crew()


@pytest.fixture
def case(crew: Crew) -> Case:
    return make_case(crew)


@pytest.fixture(autouse=True)
def _files(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_post_is_kept_as_it_was_and_held(crew: Crew, case: Case, now: datetime) -> None:
    post = make_post("水壶漏电，电到孩子了", url="https://weibo.example/1")
    evidence = preserve_post(case, post, by=crew.duty, now=now)
    Post.objects.filter(pk=post.pk).update(text="已删除")
    evidence.refresh_from_db()
    assert "水壶漏电，电到孩子了" in evidence.text
    assert "https://weibo.example/1" in evidence.text
    assert evidence.is_intact()
    assert post.holds.get().reason == f"case {case.number}"


def test_the_hash_stands_in_the_audit_chain_and_shows_any_touch(
    crew: Crew, case: Case, now: datetime
) -> None:
    evidence = preserve_post(case, make_post(), by=crew.duty, now=now)
    assert AuditEntry.objects.get(verb="cases.preserve").data["sha256"] == evidence.sha256
    evidence.text += "。"
    assert not evidence.is_intact()


def test_the_first_evidence_ends_its_clock(crew: Crew, case: Case, now: datetime) -> None:
    evidence = preserve_post(case, make_post(), by=crew.duty, now=now)
    clock = Clock.objects.of(case.event).get(kind=Kind.PRESERVE)
    assert (clock.met_at, clock.met_by_id) == (now, evidence.pk)


def test_the_same_content_is_kept_once_and_a_changed_post_again(
    crew: Crew, case: Case, now: datetime
) -> None:
    post = make_post()
    first = preserve_post(case, post, by=crew.duty, now=now)
    assert preserve_post(case, post, by=crew.lead, now=now) == first
    post.text = "作者改口：是我没插好"
    assert preserve_post(case, post, by=crew.duty, now=now) != first
    assert post.holds.count() == 1


def test_a_file_is_kept_under_its_hash_whatever_it_is_called(
    crew: Crew, case: Case, now: datetime, tmp_path: Path
) -> None:
    body = b"\x89PNG..."
    upload = SimpleUploadedFile("../../漏电.png", body, content_type="image/png")
    evidence = preserve_file(case, upload, by=crew.duty, now=now)
    assert evidence.sha256 == hashlib.sha256(body).hexdigest()
    assert Path(evidence.file.path).parent.is_relative_to(tmp_path / "evidence")
    assert Path(evidence.file.path).name == evidence.sha256
    assert evidence.is_intact()
    Path(evidence.file.path).write_bytes(b"other")
    assert not Evidence.objects.get().is_intact()


def test_an_empty_file_is_no_evidence(crew: Crew, case: Case, now: datetime) -> None:
    with pytest.raises(CaseError):
        preserve_file(case, SimpleUploadedFile("空.txt", b""), by=crew.duty, now=now)


def test_a_file_beyond_the_limit_is_refused(
    crew: Crew, case: Case, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tinglan.cases.preserve.LARGEST_FILE", 3)
    with pytest.raises(CaseError, match="50 MB"):
        preserve_file(case, SimpleUploadedFile("大.bin", b"1234"), by=crew.duty, now=now)


def test_an_address_is_kept_with_what_it_said(crew: Crew, case: Case, now: datetime) -> None:
    with pytest.raises(CaseError):
        preserve_address(case, "https://news.example/a", text="", by=crew.duty, now=now)
    evidence = preserve_address(
        case, "https://news.example/a", text="记者称已有三起", by=crew.duty, now=now
    )
    assert evidence.text.startswith("https://news.example/a\n")
    assert evidence.is_intact()


def test_an_outsider_preserves_nothing(case: Case, now: datetime) -> None:
    with pytest.raises(ForbiddenError):
        preserve_post(case, make_post(), by=make_member("晨曦"), now=now)
    assert not Evidence.objects.exists()
