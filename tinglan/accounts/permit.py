"""Who asks, and may they see this page: for views. Verbs check for themselves with `require`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def member_of(request: HttpRequest) -> Member:
    """The member who asks; SignInRequired lets no stranger come this far."""
    assert isinstance(request.user, Member), "the page is open to strangers"
    return request.user


def permits(right: Right, *, sending: Right | None = None) -> Callable[[View[P]], View[P]]:
    """Refuse the page (403) to members without the right; `sending` its form may need another."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            is_sent = request.method == "POST"
            require(member_of(request), sending if is_sent and sending else right)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
