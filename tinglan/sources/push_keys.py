"""Keys of a push source: a bearer token, or a signing secret of Standard Webhooks. Shown once."""

import base64
import hashlib
import secrets
from datetime import datetime
from typing import Final, cast

from django.db import transaction

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.lib import changes, vault
from tinglan.sources.models import Source

SECRET_BYTES: Final = 32
KEPT_SECRETS: Final = 2  # the old one still works until the sender has the new one


@transaction.atomic
def issue_token(source: Source, *, by: Member | None, now: datetime) -> str:
    """A new bearer token; the one before ends at once. Only its hash is kept.

    The number of the source stands in it, so that a push with an old token still shows on its row.
    """
    require(by, Right.EDIT_SOURCES)
    token = f"tl{source.pk}_{secrets.token_urlsafe(SECRET_BYTES)}"
    source.token_hash = hash_of(token)
    source.save(update_fields=["token_hash"])
    record("sources.issue_token", source, by=by, now=now, data={"name": source.name})
    changes.note("sources")
    return token


@transaction.atomic
def issue_secret(source: Source, *, by: Member | None, now: datetime) -> str:
    """A new signing secret; the one before works on until the next is issued."""
    require(by, Right.EDIT_SOURCES)
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
    kept = [secret, *secrets_of(source)][:KEPT_SECRETS]
    source.signing_secret = vault.seal(kept)
    source.save(update_fields=["signing_secret"])
    record("sources.issue_secret", source, by=by, now=now, data={"name": source.name})
    changes.note("sources")
    return secret


@transaction.atomic
def revoke_keys(source: Source, *, by: Member | None, now: datetime) -> None:
    """Nobody can push to the source until new keys are issued."""
    require(by, Right.EDIT_SOURCES)
    source.token_hash, source.signing_secret = "", None
    source.save(update_fields=["token_hash", "signing_secret"])
    record("sources.revoke_keys", source, by=by, now=now, data={"name": source.name})
    changes.note("sources")


def secrets_of(source: Source) -> list[str]:
    if source.signing_secret is None:
        return []
    return cast("list[str]", vault.unseal(source.signing_secret))


def hash_of(token: str) -> str:
    """A plain hash is enough: a token is 256 random bits, not a word that could be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
