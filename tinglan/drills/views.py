"""Playing the demo again, from the banner."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.drills.again import play_again
from tinglan.lib import clock


@require_http_methods(["GET", "HEAD", "POST"])
@permits(Right.SEE)
def drills(request: HttpRequest) -> HttpResponse:
    """A new drill: the old one ends, a week goes by, and the scenario is played anew.

    Whoever only opens the address comes to the board, where the button is.
    """
    if request.method != "POST":
        return redirect("/")
    play_again(by=member_of(request), now=clock.now())
    messages.success(
        request, _("Played again: a week later, another kettle. What happened before is kept.")
    )
    return redirect("/")
