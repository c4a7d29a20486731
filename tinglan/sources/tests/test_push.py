"""Pushes: whose they are, each line answered, nothing twice, nothing lost."""

import gzip
import json
from datetime import datetime, timedelta

import pytest

from tests.make import make_source
from tinglan.sources.connectors.push.signature import sign
from tinglan.sources.models import Post, PushReceipt, Run, Source
from tinglan.sources.push import PER_MINUTE, Answer, Push, PushError, receive
from tinglan.sources.push_keys import issue_secret, issue_token, revoke_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return make_source("供应商")


@pytest.fixture
def token(source: Source, now: datetime) -> str:
    return issue_token(source, by=None, now=now)


def posts(*lines: object) -> bytes:
    return json.dumps(lines, ensure_ascii=False).encode()


def line(
    native_id: object = "1", text: str = "星河水壶漏电", **fields: object
) -> dict[str, object]:
    return {"id": native_id, "text": text, **fields}


def push(
    body: bytes,
    token: str,
    *,
    now: datetime,
    source_id: int | None = None,
    wall: datetime | None = None,
    **headers: str,
) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        named["authorization"] = f"Bearer {token}"
    return receive(Push(body, named, source_id), now=now, wall=wall or now)


def refusal(*args: object, **kwargs: object) -> PushError:
    with pytest.raises(PushError) as caught:
        push(*args, **kwargs)  # type: ignore[arg-type]
    return caught.value


def after(source: Source) -> Source:
    return Source.objects.get(pk=source.pk)


def test_every_line_is_answered(source: Source, token: str, now: datetime) -> None:
    answer = push(posts(line("1"), line("2"), line("1"), {"text": "x"}), token, now=now)
    found = [(one["line"], one["status"], one["native_id"]) for one in answer.lines]
    assert found[:3] == [(1, "created", "1"), (2, "created", "2"), (3, "duplicate", "1")]
    assert (found[3][0], found[3][1]) == (4, "error")
    assert "no id" in (answer.lines[3]["error"] or "")
    assert answer.lines[0]["id"] == str(Post.objects.get(native_id="1").pk)
    assert Run.objects.get().n_rejected == 1


def test_ndjson_with_a_bad_line_takes_the_rest(source: Source, token: str, now: datetime) -> None:
    body = b'{"id":"1","text":"a"}\n{"id":"2",\n\n{"id":"4","text":"d"}\n'
    answer = push(body, token, now=now)
    assert [(one["line"], one["status"]) for one in answer.lines] == [
        (1, "created"),
        (2, "error"),
        (4, "created"),
    ]


def test_long_ids_survive(source: Source, token: str, now: datetime) -> None:
    answer = push(posts(line(7440000000000000123)), token, now=now)
    assert answer.lines[0]["native_id"] == "7440000000000000123"


def test_gzip_is_expanded(source: Source, token: str, now: datetime) -> None:
    push(gzip.compress(posts(line())), token, now=now, content_encoding="gzip")
    assert Post.objects.count() == 1


def test_an_unsigned_push_is_refused_and_shows_on_the_source(source: Source, now: datetime) -> None:
    error = refusal(posts(line()), "", now=now, source_id=source.pk)
    assert (error.status, error.code) == (401, "unsigned")
    assert "Bearer" in after(source).last_refusal
    assert after(source).last_refusal_at == now
    assert after(source).health(now) != Source.Health.FAILING  # anybody can send one
    assert not Post.objects.exists()


def test_an_old_token_is_refused_and_shows_on_its_source(
    source: Source, token: str, now: datetime
) -> None:
    newer = issue_token(source, by=None, now=now)
    error = refusal(posts(line()), token, now=now)
    assert error.status == 401
    assert "not valid" in after(source).last_refusal
    push(posts(line()), newer, now=now)


@pytest.mark.parametrize("bad", ["x", "tl_", "tl999999_abc", "tl1_", "tl99999999999999999999_a"])
def test_a_made_up_token_is_refused(source: Source, token: str, now: datetime, bad: str) -> None:
    assert refusal(posts(line()), bad, now=now).status == 401


def test_an_empty_token_hash_lets_nobody_in(source: Source, now: datetime) -> None:
    assert refusal(posts(line()), f"tl{source.pk}_", now=now).status == 401


def test_revoked_keys_end_at_once(source: Source, token: str, now: datetime) -> None:
    revoke_keys(source, by=None, now=now)
    assert refusal(posts(line()), token, now=now).status == 401


def test_a_signed_push_is_taken(source: Source, now: datetime) -> None:
    secret, body = issue_secret(source, by=None, now=now), posts(line())
    headers = sign(body, message_id="m1", secret=secret, at=now)
    answer = receive(Push(body, headers, source.pk), now=now, wall=now)
    assert answer.lines[0]["status"] == "created"


def test_the_secret_before_works_on_until_the_next(source: Source, now: datetime) -> None:
    old, body = issue_secret(source, by=None, now=now), posts(line())
    issue_secret(source, by=None, now=now)
    headers = sign(body, message_id="m1", secret=old, at=now)
    receive(Push(body, headers, source.pk), now=now, wall=now)
    issue_secret(source, by=None, now=now)
    with pytest.raises(PushError):
        receive(Push(body, headers, source.pk), now=now, wall=now)


def test_an_old_signature_is_refused_and_shows_on_the_source(source: Source, now: datetime) -> None:
    secret, body = issue_secret(source, by=None, now=now), posts(line())
    headers = sign(body, message_id="m1", secret=secret, at=now - timedelta(minutes=6))
    with pytest.raises(PushError) as caught:
        receive(Push(body, headers, source.pk), now=now, wall=now)
    assert (caught.value.status, caught.value.code) == (401, "too_old")
    assert "old" in after(source).last_refusal


def test_a_changed_body_does_not_fit_its_signature(source: Source, now: datetime) -> None:
    secret = issue_secret(source, by=None, now=now)
    headers = sign(posts(line()), message_id="m1", secret=secret, at=now)
    with pytest.raises(PushError) as caught:
        receive(Push(posts(line("2")), headers, source.pk), now=now, wall=now)
    assert caught.value.code == "bad_signature"


def test_a_repeated_push_is_answered_as_the_first_time(
    source: Source, token: str, now: datetime
) -> None:
    first = push(posts(line()), token, now=now, idempotency_key="k1")
    second = push(posts(line()), token, now=now, idempotency_key="k1")
    assert (first.lines, second.is_replay) == (second.lines, True)
    assert Run.objects.count() == 1


def test_another_body_under_the_same_id_is_refused(
    source: Source, token: str, now: datetime
) -> None:
    push(posts(line("1")), token, now=now, idempotency_key="k1")
    error = refusal(posts(line("2")), token, now=now, idempotency_key="k1")
    assert (error.status, error.code) == (409, "id_reused")
    assert "id of its own" in after(source).last_refusal
    assert Post.objects.count() == 1


def test_ids_of_two_sources_are_apart(source: Source, token: str, now: datetime) -> None:
    other = issue_token(make_source(), by=None, now=now)
    push(posts(line()), token, now=now, idempotency_key="k1")
    assert not push(posts(line("2")), other, now=now, idempotency_key="k1").is_replay
    assert PushReceipt.objects.count() == 2


def test_a_half_written_array_keeps_what_came_before(
    source: Source, token: str, now: datetime
) -> None:
    body = posts(line("1"), line("2"))[:-10]
    answer = push(body, token, now=now)
    assert [one["status"] for one in answer.lines] == ["created", "error"]
    assert "ends in the middle" in (answer.lines[1]["error"] or "")


def test_a_last_line_that_is_whole_and_wrong_is_not_told_that_it_was_cut_off(
    source: Source, token: str, now: datetime
) -> None:
    deep = b'{"id": "2", "text": "b", "more": ' + b"[" * 60_000 + b"]" * 60_000 + b"}"
    answer = push(posts(line("1"))[1:-1] + b"\n" + deep, token, now=now)
    assert [one["status"] for one in answer.lines] == ["created", "error"]
    assert "nested too deeply" in (answer.lines[1]["error"] or "")


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [(b"", "", 400), (b"<html>", "", 400), (b"x", "br", 415), (b"\x1f\x8bxx", "gzip", 400)],
)
def test_a_body_that_is_no_push_is_refused_with_the_reason(
    source: Source, token: str, now: datetime, body: bytes, encoding: str, status: int
) -> None:
    error = refusal(body, token, now=now, content_encoding=encoding)
    assert error.status == status
    assert after(source).last_refusal == str(error)


def test_what_expands_beyond_the_limit_is_refused(
    source: Source, token: str, now: datetime
) -> None:
    bomb = gzip.compress(b"[" + b" " * (40 << 20))
    assert refusal(bomb, token, now=now, content_encoding="gzip").status == 413


def test_a_100_kb_post_is_kept_whole(source: Source, token: str, now: datetime) -> None:
    text = "漏" * 34_000
    push(posts(line(text=text)), token, now=now)
    assert Post.objects.get().text == text


def test_a_longer_text_is_cut_and_says_so(source: Source, token: str, now: datetime) -> None:
    push(posts(line(text="漏" * 100_000)), token, now=now)
    post = Post.objects.get()
    assert len(post.text.encode()) <= 200 * 1024
    assert post.flags == ["text_cut"]


def test_characters_that_no_store_takes_are_taken_out(
    source: Source, token: str, now: datetime
) -> None:
    body = b'[{"id":"1","text":"a\\u0000b\\ud800c","title":"\\u0000t","author":"x\\udfff"}]'
    assert push(body, token, now=now).lines[0]["status"] == "created"
    assert Post.objects.get().title == "t"


def test_script_in_a_post_stays_text(source: Source, token: str, now: datetime) -> None:
    text, url = "<script>alert(1)</script>漏电", "javascript:alert(1)"
    push(posts(line(text=text, url=url)), token, now=now)
    assert (Post.objects.get().text, Post.objects.get().url) == (text, "")


def test_a_paused_source_takes_nothing(source: Source, token: str, now: datetime) -> None:
    Source.objects.update(is_enabled=False)
    assert refusal(posts(line()), token, now=now).status == 403


def test_too_many_requests_in_a_minute_are_told_when_to_come_back(
    source: Source, token: str, now: datetime
) -> None:
    minute = now.replace(second=0, microsecond=0)
    Source.objects.update(window_at=minute, n_in_window=PER_MINUTE)
    error = refusal(posts(line()), token, now=now, wall=minute + timedelta(seconds=20))
    assert (error.status, error.retry_after) == (429, 40)
    push(posts(line()), token, now=now, wall=minute + timedelta(minutes=1))
    assert after(source).n_in_window == 1


def test_refusals_write_at_most_every_ten_seconds(source: Source, now: datetime) -> None:
    for seconds in (0, 5, 9):
        refusal(b"", f"tl{source.pk}_x", now=now + timedelta(seconds=seconds))
    assert after(source).last_refusal_at == now


def test_a_token_is_only_shown_once_and_kept_as_a_hash(source: Source, token: str) -> None:
    assert after(source).token_hash
    assert token not in after(source).token_hash
