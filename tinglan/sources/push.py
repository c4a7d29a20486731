"""Take in what others push: who sent it, was it sent before, how often may they, what became of it.

PushError(status, code)        the HTTP status that answers it, a stable word, the wait
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypedDict

from django.db import transaction
from django.db.models import F, Q

from tinglan.lib import changes
from tinglan.lib.errors import TinglanError
from tinglan.sources.batch import Result
from tinglan.sources.collect import facts_of
from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.connectors.push import connector
from tinglan.sources.connectors.push.signature import SignatureError, verify
from tinglan.sources.intake import BATCH, take_in
from tinglan.sources.item import Item, Reject
from tinglan.sources.models import PushReceipt, Source
from tinglan.sources.push_keys import hash_of, secrets_of

PER_MINUTE: Final = 600  # requests of one source; each may hold thousands of posts
MAX_POSTS: Final = 10_000
REFUSAL_SHOWN_EVERY: Final = timedelta(seconds=10)  # bad pushes must not write without end
TOKEN: Final = re.compile(r"tl([0-9]{1,18})_.+")
STATUS_OF: Final = {"too_large": 413, "bad_encoding": 415}


class PushError(TinglanError):
    """The push as a whole is refused."""

    def __init__(
        self, message: str, *, status: int, code: str, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.retry_after = status, code, retry_after


class Line(TypedDict):
    """What became of one line; ids are strings, because JavaScript loses digits of long numbers."""

    line: int
    status: str
    id: str | None
    native_id: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Push:
    """A request as it came."""

    body: bytes
    headers: Mapping[str, str]  # names in lower case
    source_id: int | None = None  # named in the address: a signature does not say whose it is


@dataclass(frozen=True, slots=True)
class Answer:
    lines: Sequence[Line]
    is_replay: bool = False


def receive(push: Push, *, now: datetime, wall: datetime) -> Answer:
    """Take in a push. `wall` is the real time, which signatures and limits go by.

    1. Find out whose it is, and that it is theirs.
    2. Keep them to so many requests a minute.
    3. Answer a repeated one as the first time, and refuse another body under its id.
    4. Read it, take in what is good, say of each line what became of it.
    """
    source, message_id = authenticate(push, now=now, wall=wall)
    try:
        _admit(source, wall=wall)
        digest = hashlib.sha256(push.body).hexdigest()
        known = _known_answer(source, message_id=message_id, digest=digest)
        if known is not None:
            return Answer(known, is_replay=True)
        entries, broken = _read(source, push, now=now)
    except PushError as error:
        _note_refusal(source.pk, error, now=now)
        raise
    receipt = PushReceipt(source=source, message_id=message_id, body_hash=digest, received_at=wall)
    return Answer(_store(source, entries, broken, receipt=receipt, now=now))


# Who sends


def authenticate(push: Push, *, now: datetime, wall: datetime) -> tuple[Source, str]:
    """The source and the id of the message ("" for none); a refusal shows on the source's row."""
    scheme, _, token = push.headers.get("authorization", "").partition(" ")
    named = push.source_id
    try:
        if scheme.lower() == "bearer":
            match = TOKEN.fullmatch(token.strip())
            named = int(match[1]) if match else named
            source = _by_token(token.strip(), named)
            message_id = push.headers.get("idempotency-key", "")[:255]
        else:
            source, message_id = _by_signature(push, wall=wall)
        if not source.is_enabled:
            raise PushError("This source is paused here.", status=403, code="paused")
    except PushError as error:
        _note_refusal(named, error, now=now)
        raise
    return source, message_id


def _by_token(token: str, named: int | None) -> Source:
    source = Source.objects.filter(pk=named or 0).exclude(token_hash="").first()
    # Of hashes: how long the comparison takes tells nothing about the token.
    if source is None or not hmac.compare_digest(source.token_hash, hash_of(token)):
        message = "The token is not valid: issue a new one on the source's page."
        raise PushError(message, status=401, code="bad_token")
    return source


def _by_signature(push: Push, *, wall: datetime) -> tuple[Source, str]:
    source = Source.objects.filter(pk=push.source_id or 0, signing_secret__isnull=False).first()
    if source is None:
        message = (
            "Send the token as Authorization: Bearer …, or sign the request (Standard Webhooks)"
            " and name the source in the address: /api/v1/posts?source=ID."
        )
        raise PushError(message, status=401, code="unsigned")
    try:
        signed = verify(push.body, headers=push.headers, secrets=secrets_of(source), now=wall)
    except SignatureError as error:
        raise PushError(str(error), status=401, code=error.code) from error
    return source, signed.message_id


def _admit(source: Source, *, wall: datetime) -> None:
    """Count the request in its minute; 429 when the minute is full."""
    minute = wall.replace(second=0, microsecond=0)
    row = Source.objects.filter(pk=source.pk)
    counted = row.filter(window_at=minute, n_in_window__lt=PER_MINUTE)
    if counted.update(n_in_window=F("n_in_window") + 1):
        return
    if row.exclude(window_at=minute).update(window_at=minute, n_in_window=1):
        return
    if counted.update(n_in_window=F("n_in_window") + 1):
        return  # another request began the minute between the two
    raise PushError(
        f"More than {PER_MINUTE} requests in a minute; send more posts in each.",
        status=429,
        code="too_many",
        retry_after=60 - wall.second,
    )


def _note_refusal(source_id: int | None, error: PushError, *, now: datetime) -> None:
    """On the source's row; not as its failure, for anybody can send a bad push in its name."""
    quiet = Q(last_refusal_at=None) | Q(last_refusal_at__lt=now - REFUSAL_SHOWN_EVERY)
    with transaction.atomic():
        row = Source.objects.filter(quiet, pk=source_id or 0)
        refusal = {"last_refusal": str(error)[:500], "last_refusal_code": error.code}
        if row.update(**refusal, last_refusal_at=now):
            changes.note("sources")


# What is sent


def _known_answer(source: Source, *, message_id: str, digest: str) -> list[Line] | None:
    receipt = PushReceipt.objects.filter(source=source, message_id=message_id).first()
    if not message_id or receipt is None:
        return None
    if receipt.body_hash != digest:
        message = "Another body came under this id before: give every push an id of its own."
        raise PushError(message, status=409, code="id_reused")
    answer: list[Line] = receipt.answer
    return answer


def _read(source: Source, push: Push, *, now: datetime) -> tuple[list[Item | Reject], str]:
    """The entries of the body, and what broke it off after them ("" for nothing)."""
    entries: list[Item | Reject] = []
    try:
        body = connector.unpack(push.body, encoding=push.headers.get("content-encoding", ""))
        for entry in connector.read(body, source=facts_of(source, now=now)):
            entries.append(entry)
            if len(entries) > MAX_POSTS:
                message = f"More than {MAX_POSTS:,} posts in one push; send them in parts."
                raise PushError(message, status=413, code="too_large")
    except ConnectorError as error:
        if not entries:
            status = STATUS_OF.get(error.code, 400)
            raise PushError(str(error), status=status, code=error.code) from error
        return entries, str(error)
    return entries, ""


def _store(
    source: Source,
    entries: Sequence[Item | Reject],
    broken: str,
    *,
    receipt: PushReceipt,
    now: datetime,
) -> list[Line]:
    items = [entry for entry in entries if isinstance(entry, Item)]
    rejects = [entry for entry in entries if isinstance(entry, Reject)]
    if broken:
        rejects.append(Reject(position=entries[-1].position + 1, reason=broken))
    if len(items) > BATCH:
        lines = _lines(take_in(source, items, rejects, now=now).results)
        _keep(receipt, lines)
        return lines
    with transaction.atomic():  # one commit, which on SQLite is one wait for the disk
        lines = _lines(take_in(source, items, rejects, now=now).results)
        _keep(receipt, lines)
    return lines


def _keep(receipt: PushReceipt, lines: list[Line]) -> None:
    """Of two at once with the same id one is kept; the posts themselves are never doubled."""
    if receipt.message_id:
        receipt.answer = lines
        PushReceipt.objects.bulk_create([receipt], ignore_conflicts=True)


def _lines(results: Sequence[Result]) -> list[Line]:
    lines = (
        Line(
            line=result.position,
            status="error" if result.status == "rejected" else result.status,
            id=str(result.post_id) if result.post_id else None,
            native_id=result.native_id or None,
            error=result.reason or None,
        )
        for result in results
    )
    return sorted(lines, key=lambda line: line["line"])
