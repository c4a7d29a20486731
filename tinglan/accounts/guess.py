"""Keep passwords from being guessed, without locking anybody out of their own account.

A try is written down before the password is looked at, so that many at once are counted as well;
a success strikes out the tries of its account and place. Counted are tries of one account from one
place, and of all accounts from one place. A browser in which the account was entered before has a
count of its own: whoever guesses elsewhere, be it behind the same proxy, cannot shut it out.
"""

import hashlib
import ipaddress
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from tinglan.accounts.errors import TooManyTriesError
from tinglan.accounts.models import SignInTry

log = logging.getLogger(__name__)

WINDOW: Final = timedelta(minutes=15)
MOST_TRIES: Final = 5  # of one account, from one place or in one known browser
MOST_IN_ALL: Final = 50  # of all accounts from one place: an office may sit behind one address
ONE_CUSTOMER: Final = 64  # bits of an IPv6 address; the others are free for its holder to choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a try comes from."""

    place: str
    browser: str = ""  # the mark of a browser in which this very account was entered before


def begin_try(email: str, *, origin: Origin, at: datetime) -> SignInTry:
    """Write a try down; TooManyTriesError when there were enough. `at` is wall time."""
    SignInTry.objects.filter(at__lte=at - WINDOW).delete()
    made = SignInTry.objects.create(
        account=account_of(email), place=origin.place, browser=origin.browser, at=at
    )
    counted = [(_same(made), MOST_TRIES)]
    if not origin.browser:
        counted.append((SignInTry.objects.filter(place=made.place, browser=""), MOST_IN_ALL))
    for tries, most in counted:
        _limit(made, tries, most=most)
    return made


def end_try(made: SignInTry) -> None:
    """It was the right password: what was mistyped before is forgotten."""
    _same(made).delete()


def _same(made: SignInTry) -> QuerySet[SignInTry]:
    if made.browser:
        return SignInTry.objects.filter(account=made.account, browser=made.browser)
    return SignInTry.objects.filter(account=made.account, place=made.place, browser="")


def _limit(made: SignInTry, tries: QuerySet[SignInTry], *, most: int) -> None:
    latest = list(tries.order_by("-at", "-id").values_list("at", flat=True)[: most + 1])
    if len(latest) <= most:
        return
    made.delete()  # a refused try prolongs no wait
    log.warning("sign-in refused place=%s n_tries=%s", made.place, most)
    raise TooManyTriesError(until=latest[most] + WINDOW, at=made.at)


def account_of(email: str) -> str:
    """A mark of what was typed as an address: people type passwords there, so it is not kept."""
    return hashlib.sha256(email.strip().casefold().encode()).hexdigest()


def place_of(address: str) -> str:
    """The address of a sender; of IPv6 the network that one customer holds.

    >>> place_of("2400:3200:1:2:3:4:5:6")
    '2400:3200:1:2::/64'
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed, ONE_CUSTOMER), strict=False))
