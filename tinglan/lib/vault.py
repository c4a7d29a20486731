"""Encrypt what must not lie open in the database: raw records, channel and signing secrets.

Fernet under keys derived from TINGLAN_FIELD_KEY; several comma-separated keys rotate, the first
encrypts. The key never lies in the database, so a copy of the database alone reveals nothing.
"""

import base64
import hashlib
import json
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from tinglan.lib.errors import TinglanError


class VaultError(TinglanError):
    """A sealed value cannot be opened with the keys at hand."""


def seal(value: object) -> bytes:
    """Encrypt a JSON value."""
    return _vault(tuple(settings.FIELD_KEYS)).encrypt(
        json.dumps(value, ensure_ascii=False).encode()
    )


def unseal(sealed: bytes | memoryview) -> object:
    """The JSON value that was sealed."""
    try:
        value: object = json.loads(_vault(tuple(settings.FIELD_KEYS)).decrypt(bytes(sealed)))
    except InvalidToken as error:
        raise VaultError("sealed with another key: set the key it was sealed with") from error
    return value


@lru_cache
def _vault(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"tinglan field key " + key.encode()).digest())
