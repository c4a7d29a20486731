"""Files enter by the command and by the browser, in pieces, and say what was wrong where."""

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.make import make_member, make_source
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Role
from tinglan.audit.models import AuditEntry
from tinglan.lib.models import Lease
from tinglan.sources import uploads
from tinglan.sources.errors import SourceError
from tinglan.sources.import_file import import_file, take_piece
from tinglan.sources.models import Post, Rejection, Run, Source, Upload

pytestmark = pytest.mark.django_db


def lines(count: int) -> bytes:
    return b"".join(b'{"id":"%d","text":"kettle %d"}\n' % (i, i) for i in range(1, count + 1))


def run_import(path: Path, *options: str) -> tuple[dict[str, object], int]:
    """What the command prints and its exit status."""
    out, status = io.StringIO(), 0
    try:
        call_command("import", str(path), "--source", "crawl", *options, stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return json.loads(out.getvalue()), status


# The command


def test_the_command_counts_what_became_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(lines(450))
    counts, status = run_import(path)
    assert (counts["created"], counts["rejected"], counts["error"], status) == (450, 0, None, 0)
    counts, status = run_import(path)
    assert (counts["duplicates"], status) == (450, 0)
    assert Source.objects.get().name == "crawl"
    assert list(Run.objects.values_list("name", flat=True)) == ["posts.jsonl"] * 2


def test_a_bad_csv_row_is_rejected_on_its_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text('id,text\n1,漏电\n2\n,没有编号\n4,"又漏了"\n', encoding="gb18030")
    counts, status = run_import(path)
    assert (counts["created"], status) == (2, 1)
    assert [one["line"] for one in counts["rejections"]] == [3, 4]  # type: ignore[attr-defined]
    assert Post.objects.get(native_id="4").text == "又漏了"


def test_a_half_written_json_file_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "weibo.json"
    path.write_bytes(b'[{"id":"1","text":"a"},{"id":"2","text":"b"},{"id":"3","te')
    counts, status = run_import(path)
    assert (counts["created"], status) == (2, 1)
    assert "ends in the middle" in str(counts["error"])
    assert Run.objects.get().error == counts["error"]


def test_a_profile_reads_a_crawlers_file(tmp_path: Path) -> None:
    path = tmp_path / "search_contents.jsonl"
    note = {"note_id": "5", "content": "漏电", "create_time": 1795395600, "liked_count": "1.2万"}
    path.write_text(json.dumps(note) + "\n")
    counts, _status = run_import(path, "--profile", "mediacrawler_weibo")
    post = Post.objects.get()
    assert (counts["created"], post.platform, post.n_likes) == (1, "weibo", 12000)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file"):
        call_command("import", str(tmp_path / "none"), "--source", "crawl")


def test_what_is_no_text_is_an_error_of_the_run(tmp_path: Path) -> None:
    path = tmp_path / "posts.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"x" * 100)
    counts, status = run_import(path)
    assert "Excel" in str(counts["error"])
    assert status == 1


def test_importing_needs_the_right(now: datetime) -> None:
    with pytest.raises(ForbiddenError):
        import_file(
            make_source(),
            io.BytesIO(lines(1)),
            name="x",
            by=make_member("晨曦", Role.AGENT),
            now=now,
        )


# The browser


@pytest.fixture
def analyst() -> Member:
    return make_member("安琪", Role.ANALYST)


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def upload(body: bytes, by: Member, now: datetime) -> Upload:
    file = SimpleUploadedFile("../posts.jsonl", body)
    return uploads.hand_in(make_source(), file, by=by, now=now)


def kept(settings: Settings) -> list[Path]:
    return list((Path(settings.MEDIA_ROOT) / "uploads").iterdir())


def test_an_upload_is_read_by_the_worker_and_then_gone(
    analyst: Member, now: datetime, settings: Settings
) -> None:
    handed = upload(lines(450), analyst, now)
    assert len(kept(settings)) == 1
    assert uploads.poll(now) == 450
    run = Run.objects.get()
    assert (run.n_created, run.finished_at, run.name) == (450, now, "posts.jsonl")
    assert kept(settings) == []
    assert not Lease.objects.filter(subscriber=uploads.STEP).exists()
    assert AuditEntry.objects.get().verb == "sources.hand_in_file"
    assert uploads.poll(now) == 0
    assert Upload.objects.get().n_read == handed.run.n_created + 450


def test_a_large_upload_is_read_in_turns(
    analyst: Member, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PIECES", 1)
    upload(lines(450), analyst, now)
    assert [uploads.poll(now) for _ in range(4)] == [200, 200, 50, 0]
    assert Run.objects.get().n_created == 450


def test_an_upload_goes_on_where_a_dead_worker_left_it(
    analyst: Member, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(lines(450), analyst, now)
    take, taken = take_piece, []

    def die_at_the_second(*args: Any, **kwargs: Any) -> None:
        taken.append(1)
        if len(taken) == 2:
            raise KeyboardInterrupt
        take(*args, **kwargs)

    monkeypatch.setattr(uploads, "take_piece", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        uploads.poll(now)
    Lease.objects.update(leased_until=now)  # the lease has run out
    uploads.poll(now)
    run = Run.objects.get()
    assert (run.n_created, run.n_duplicate, Post.objects.count()) == (450, 0, 450)


def test_a_bad_line_of_an_upload_shows_with_its_reason(analyst: Member, now: datetime) -> None:
    upload(b'{"id":"1","text":"a"}\nnot json\n{"id":"3","text":"c"}\n', analyst, now)
    uploads.poll(now)
    rejection = Rejection.objects.get()
    assert (rejection.position, rejection.sample) == (2, "not json")
    assert Run.objects.get().n_created == 2


def test_an_upload_whose_file_is_gone_ends_with_an_error(
    analyst: Member, now: datetime, settings: Settings
) -> None:
    upload(lines(3), analyst, now)
    kept(settings)[0].unlink()
    uploads.poll(now)
    assert Run.objects.get().error
    assert not Lease.objects.filter(subscriber=uploads.STEP).exists()


def test_an_empty_upload_is_refused(analyst: Member, now: datetime) -> None:
    with pytest.raises(SourceError, match="空的"):
        upload(b"", analyst, now)


def test_uploading_needs_the_right(now: datetime) -> None:
    with pytest.raises(ForbiddenError):
        upload(lines(1), make_member("晨曦", Role.AGENT), now)
