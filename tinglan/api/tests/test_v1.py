"""The JSON API over HTTP: what is taken, what is refused with which status, what describes it."""

import gzip
import json

import pytest
from django.db import OperationalError
from django.test import Client

from tests.make import make_source
from tinglan.api import v1
from tinglan.lib import clock
from tinglan.sources.connectors.push.connector import MAX_BODY
from tinglan.sources.connectors.push.signature import sign
from tinglan.sources.models import Post, Source
from tinglan.sources.push import PER_MINUTE
from tinglan.sources.push_keys import issue_secret, issue_token

pytestmark = pytest.mark.django_db
URL = "/api/v1/posts"
BODY = b'[{"id":"1","text":"a"},{"id":"2"}]'


@pytest.fixture
def source() -> Source:
    return make_source("供应商")


@pytest.fixture
def token(source: Source) -> str:
    return issue_token(source, by=None, now=clock.now())


def bearer(token: str, **headers: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", **headers}


def test_a_busy_store_asks_to_come_again(
    client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(v1, "receive", locked)
    answer = client.post(URL, BODY, content_type="application/json", headers=bearer(token))
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert int(answer["Retry-After"]) > 0


def test_a_parameter_that_is_none_is_refused_in_the_form_of_every_refusal(
    client: Client, token: str
) -> None:
    answer = client.post(
        f"{URL}?source=junk", BODY, content_type="application/json", headers=bearer(token)
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_parameter")
    assert answer.json()["error"].startswith("source: ")
    assert not Post.objects.exists()


def test_each_line_is_answered_with_200(client: Client, token: str) -> None:
    answer = client.post(URL, BODY, content_type="application/json", headers=bearer(token))
    assert answer.status_code == 200
    first, second = answer.json()
    assert first == {
        "line": 1,
        "status": "created",
        "id": str(Post.objects.get().pk),
        "native_id": "1",
        "error": None,
    }
    assert (second["line"], second["status"], second["id"]) == (2, "error", None)
    assert second["error"]


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "application/x-ndjson", "application/jsonl"]
)
def test_json_and_ndjson_are_taken(client: Client, token: str, content_type: str) -> None:
    body = b'{"id":"1","text":"a"}\n{"id":"2","text":"b"}\n'
    answer = client.post(URL, body, content_type=content_type, headers=bearer(token))
    assert [line["status"] for line in answer.json()] == ["created", "created"]


def test_gzip_is_taken(client: Client, token: str) -> None:
    headers = bearer(token, **{"content-encoding": "gzip"})
    answer = client.post(URL, gzip.compress(BODY), content_type="application/json", headers=headers)
    assert answer.status_code == 200


def test_a_signed_push_names_its_source_in_the_address(client: Client, source: Source) -> None:
    secret, wall = issue_secret(source, by=None, now=clock.now()), clock.wall()
    headers = sign(BODY, message_id="m1", secret=secret, at=wall)
    address = f"{URL}?source={source.pk}"
    for replay in (False, True):
        answer = client.post(address, BODY, content_type="application/json", headers=headers)
        assert answer.status_code == 200
        assert answer.headers.get("Idempotent-Replayed", "") == ("true" if replay else "")
    changed = BODY.replace(b"a", b"b")
    headers = sign(changed, message_id="m1", secret=secret, at=wall)
    answer = client.post(address, changed, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "id_reused")


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer tl1_wrong"}])
def test_nobody_pushes_without_a_key(client: Client, headers: dict[str, str]) -> None:
    answer = client.post(URL, BODY, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["error"]
    assert not Post.objects.exists()


def test_other_content_is_415(client: Client, token: str) -> None:
    answer = client.post(URL, {"id": "1"}, headers=bearer(token))
    assert (answer.status_code, answer.json()["code"]) == (415, "bad_type")


def test_too_much_is_413(client: Client, token: str) -> None:
    body = b" " * (MAX_BODY + 1)
    answer = client.post(URL, body, content_type="application/json", headers=bearer(token))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_too_often_is_429_with_the_time_to_wait(client: Client, source: Source, token: str) -> None:
    minute = clock.wall().replace(second=0, microsecond=0)
    for later in (minute, minute.replace(minute=(minute.minute + 1) % 60)):
        Source.objects.update(window_at=later, n_in_window=PER_MINUTE)
        answer = client.post(URL, BODY, content_type="application/json", headers=bearer(token))
        if answer.status_code == 429:  # or the minute has just turned
            break
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_no_json_is_400(client: Client, token: str) -> None:
    answer = client.post(URL, b"<xml/>", content_type="application/json", headers=bearer(token))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")


def test_a_session_alone_is_no_key(client: Client) -> None:
    assert client.get(URL).status_code == 405


def test_a_token_tells_whose_it_is(client: Client, source: Source, token: str) -> None:
    answer = client.get("/api/v1/source", headers=bearer(token))
    found = json.loads(answer.content)
    assert (found["id"], found["name"], found["health"]) == (str(source.pk), "供应商", "new")
    assert client.get("/api/v1/source").status_code == 401


def test_the_api_describes_itself_without_a_page_from_elsewhere(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    content = described["paths"][URL]["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "application/x-ndjson"}
    assert client.get("/api/v1/docs").status_code == 404
