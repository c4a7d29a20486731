"""The JSON API, version 1: thin views that parse, call one verb and answer.

It describes itself at /api/v1/openapi.json; docs/api.md explains it. Ninja's own page of it loads
scripts from elsewhere, which an installation without internet has not.
"""

import logging
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError

from tinglan.lib import clock
from tinglan.sources.connectors.push.connector import MAX_BODY
from tinglan.sources.push import Push, PushError, authenticate, receive

log = logging.getLogger(__name__)

NDJSON = "application/x-ndjson"
BUSY_RETRY = 5  # seconds
TAKEN = {"", "application/json", NDJSON, "application/ndjson", "application/jsonl"}

api = NinjaAPI(
    title="Tinglan",
    version="1",
    description="Push posts to a source of Tinglan.",
    docs_url=None,
    urls_namespace="api:v1",
)


class LineOut(Schema):
    """What became of one line or element; ids are strings."""

    line: int
    status: str  # created, updated, duplicate, error
    id: str | None
    native_id: str | None
    error: str | None


class ErrorOut(Schema):
    error: str
    code: str


class SourceOut(Schema):
    id: str
    name: str
    kind: str
    platform: str
    health: str
    last_post_at: str | None
    last_refusal: str
    last_refusal_at: str | None


class Named(Schema):
    source: int | None = None  # whose it is; needed with a signature, which does not say


POST_LINE = {
    "type": "object",
    "required": ["id", "text"],
    "properties": {
        "id": {"type": "string"},
        "text": {"type": "string"},
        "title": {"type": "string"},
        "published_at": {"type": "string", "format": "date-time"},
        "platform": {"type": "string"},
        "kind": {"type": "string"},
        "author": {"type": "string"},
        "followers": {"type": "integer", "nullable": True},
        "verified": {"type": "string", "nullable": True},
        "url": {"type": "string"},
        "parent_id": {"type": "string"},
        "repost_of": {"type": "string"},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "array", "items": POST_LINE}},
            NDJSON: {"schema": POST_LINE},
        },
    }
}


@api.exception_handler(PushError)
def refused(request: HttpRequest, error: PushError) -> HttpResponse:
    answer = api.create_response(
        request, {"error": str(error), "code": error.code}, status=error.status
    )
    if error.retry_after is not None:
        answer["Retry-After"] = str(error.retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="Tinglan"'
    return answer


@api.exception_handler(ValidationError)
def misnamed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter of the address is not what it should be."""
    faults = [f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors]
    return api.create_response(
        request, {"error": "; ".join(faults), "code": "bad_parameter"}, status=422
    )


@api.exception_handler(OperationalError)
def busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The store did not answer in time (SQLite has one writer): nothing of it was taken in."""
    log.warning("push refused: store busy error=%s", error)
    message = "The store is busy; nothing was taken in. Send it again."
    answer = api.create_response(request, {"error": message, "code": "busy"}, status=503)
    answer["Retry-After"] = str(BUSY_RETRY)
    return answer


@api.post(
    "/posts",
    response={200: list[LineOut], (400, 401, 403, 409, 413, 415, 422, 429, 503): ErrorOut},
    openapi_extra=BODY,
    summary="Push posts",
)
def push_posts(request: HttpRequest, response: HttpResponse, named: Query[Named]) -> list[LineOut]:
    """A JSON array, one object or NDJSON, plain or gzip; 200 with a result for every line."""
    _refuse_early(request)
    push = Push(body=request.body, headers=_headers(request), source_id=named.source)
    answer = receive(push, now=clock.now(), wall=clock.wall())
    if answer.is_replay:
        response["Idempotent-Replayed"] = "true"
    return [LineOut(**line) for line in answer.lines]


@api.get("/source", response={200: SourceOut, (401, 403): ErrorOut}, summary="Whose token is this")
def token_source(request: HttpRequest) -> SourceOut:
    """The source that a bearer token belongs to, and how it is doing."""
    now = clock.now()
    push = Push(body=b"", headers=_headers(request))
    source, _message_id = authenticate(push, now=now, wall=clock.wall())
    return SourceOut(
        id=str(source.pk),
        name=source.name,
        kind=source.kind,
        platform=source.platform,
        health=source.health(now),
        last_post_at=source.last_post_at.isoformat() if source.last_post_at else None,
        last_refusal=source.last_refusal,
        last_refusal_at=source.last_refusal_at.isoformat() if source.last_refusal_at else None,
    )


def _refuse_early(request: HttpRequest) -> None:
    """By what the headers say, before the body is read into memory."""
    if request.content_type not in TAKEN:
        message = f"Content-Type {request.content_type!r} is not taken: send JSON or NDJSON."
        raise PushError(message, status=415, code="bad_type")
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > MAX_BODY:
        message = f"The body has {int(length):,} bytes; {MAX_BODY:,} are taken. Send it in parts."
        raise PushError(message, status=413, code="too_large")


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
