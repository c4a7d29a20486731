"""The mark of a browser in which a member signed in: a signed cookie that opens nothing.

It only says that this browser had the right password of this account once, so that guesses made
elsewhere are not counted against it (see guess.py).
"""

import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tinglan.accounts.guess import Origin, account_of, place_of
from tinglan.accounts.models import Member

COOKIE: Final = "tinglan_browser"
SALT: Final = "tinglan.accounts.browser"
KEPT: Final = timedelta(days=365)


def mark(response: HttpResponse, member: Member) -> None:
    response.set_signed_cookie(
        COOKIE,
        f"{account_of(member.email)}.{secrets.token_urlsafe(16)}",
        salt=SALT,
        max_age=KEPT,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def origin_of(request: HttpRequest, email: str) -> Origin:
    cookie = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=KEPT) or ""
    account, _dot, browser = cookie.partition(".")
    is_its_own = account == account_of(email)
    place = place_of(request.META.get("REMOTE_ADDR", ""))
    return Origin(place=place, browser=browser if is_its_own else "")
