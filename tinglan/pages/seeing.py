"""Who holds no role sees nothing: the door before every page, also before one that forgot its own.

Views name the right that they need by themselves. This is the floor under them: all roles may see,
so a member without that right has none, and only their own account is open to them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tinglan.accounts.middleware import OPEN
from tinglan.accounts.models import Member
from tinglan.accounts.rights import ForbiddenError, Right
from tinglan.pages.errors import spoken

OWN = frozenset({"/me", "/me/password", "/sign-out"})  # open to every member

View = Callable[..., HttpResponseBase]


class RoleRequired:
    """Answers 403 to members without a role; SignInRequired has sent strangers away before."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        if request.path in OWN or request.path.startswith(OPEN):
            return None
        if isinstance(request.user, Member) and request.user.can(Right.SEE):
            return None
        return spoken(request, ForbiddenError(Right.SEE))
