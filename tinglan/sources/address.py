"""Is this an address that a source may have? Said when it is typed, not after the first poll."""

import time
from typing import Final

import httpcore
from django.conf import settings
from django.utils.translation import gettext as _

from tinglan.lib.addresses import AllowList
from tinglan.lib.gate import BlockedAddress, Gate, HttpError, Resolver, resolve
from tinglan.sources.errors import SourceError

SECONDS: Final = 5.0


def check_address(url: str, *, resolve: Resolver = resolve) -> None:
    """SourceError for what `lib.http` would never fetch: inside addresses, odd ports, no web.

    A name that has no address just now is let pass: the first poll tells.
    """
    gate = Gate(AllowList.parse(settings.FETCH_ALLOW), resolve, time.monotonic() + SECONDS)
    try:
        parsed = gate.check(url)
        gate.addresses(parsed.host, parsed.port or 443)
    except BlockedAddress as error:
        advice = _(
            "Tinglan fetches from public addresses only. If this is a source of your own network,"
            " an administrator can add its host or network to TINGLAN_FETCH_ALLOW."
        )
        raise SourceError(f"{advice} ({error})") from error
    except HttpError as error:
        raise SourceError(_("This is no address of the web. Correct it.")) from error
    except httpcore.ConnectError:
        return
