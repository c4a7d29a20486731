"""Standard Webhooks signatures of pushes: who sent this body, and was it just now.

The standardwebhooks package reads the clock by itself, takes only UTF-8 bodies (not gzip), and
fails with other errors than its own on a malformed header; so the few lines of the specification
stand here, and the tests hold them to what the package signs. A signature alone can be replayed:
the caller keeps the ids it has seen for at least twice the tolerance.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tinglan.lib.errors import TinglanError

TOLERANCE: Final = timedelta(minutes=5)
PREFIX: Final = "whsec_"
MAX_SIGNATURES: Final = 10
MAX_MESSAGE_ID: Final = 255


class SignatureError(TinglanError):
    """Nothing shows that the request comes from who holds the secret; `code` is a stable word."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signed:
    """What the signature vouches for beside the body."""

    message_id: str
    sent_at: datetime


def verify(
    body: bytes, *, headers: Mapping[str, str], secrets: Sequence[str], now: datetime
) -> Signed:
    """Check a request as it came, before it is expanded. `now` is wall time.

    1. All three headers are there and well formed.
    2. It was sent within five minutes of now.
    3. One of its signatures is by one of `secrets`: senders and we may each be changing keys.
    """
    found = {name.lower(): value.strip() for name, value in headers.items()}
    message_id, stamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
    signatures = found.get("webhook-signature", "")
    if not (message_id and stamp and signatures):
        message = "The request needs webhook-id, webhook-timestamp and webhook-signature headers."
        raise SignatureError(message, code="unsigned")
    if len(message_id) > MAX_MESSAGE_ID:
        message = f"The webhook-id is longer than {MAX_MESSAGE_ID} characters."
        raise SignatureError(message, code="malformed")
    sent_at = _sent_at(stamp, now)
    signed = f"{message_id}.{stamp}.".encode("utf-8", "replace") + body
    if not _is_signed(signed, signatures=signatures, secrets=secrets):
        message = "No signature fits this body: check the secret, and sign the body as it is sent."
        raise SignatureError(message, code="bad_signature")
    return Signed(message_id, sent_at)


def _sent_at(stamp: str, now: datetime) -> datetime:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
        message = "The webhook-timestamp should be whole seconds since 1970."
        raise SignatureError(message, code="malformed")
    sent_at = datetime.fromtimestamp(int(stamp), UTC)
    if abs(sent_at - now) > TOLERANCE:
        age = round((now - sent_at).total_seconds())
        message = f"The request is {age} seconds old; {TOLERANCE.seconds} are taken. Check clocks."
        raise SignatureError(message, code="too_old" if age > 0 else "too_new")
    return sent_at


def _is_signed(signed: bytes, *, signatures: str, secrets: Sequence[str]) -> bool:
    expected = [_digest(secret, signed) for secret in secrets]
    given = [_decoded(text) for text in signatures.split()[:MAX_SIGNATURES]]
    pairs = [hmac.compare_digest(ours, theirs) for ours in expected for theirs in given if theirs]
    return any(pairs)


def _digest(secret: str, signed: bytes) -> bytes:
    return hmac.new(key_of(secret), signed, hashlib.sha256).digest()


def key_of(secret: str) -> bytes:
    """The key inside a secret as it is shown to people: whsec_ and base64."""
    text = secret.strip().removeprefix(PREFIX).rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as err:
        raise ValueError("a signing secret is whsec_ and base64") from err
    if not key:
        raise ValueError("a signing secret must not be empty")
    return key


def _decoded(signature: str) -> bytes | None:
    version, _, text = signature.partition(",")
    if version != "v1":
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def sign(body: bytes, *, message_id: str, secret: str, at: datetime) -> dict[str, str]:
    """The headers of a signed request: what a sender to us does, and we to others."""
    stamp = str(int(at.timestamp()))
    digest = _digest(secret, f"{message_id}.{stamp}.".encode() + body)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
