"""Errors on purpose become words: a 403 page, a message on the page one came from, a toast."""

import json
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tinglan.accounts.rights import RIGHTS, ForbiddenError, Right
from tinglan.lib.errors import TinglanError

READING = {"GET", "HEAD"}


class SpeakErrors:
    """Turns a TinglanError that a view lets through into an answer a person understands."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TinglanError) or request.path.startswith("/api/"):
            return None
        return spoken(request, error)


def spoken(request: HttpRequest, error: TinglanError) -> HttpResponse:
    """The error as an answer, in the way of its request."""
    is_forbidden = isinstance(error, ForbiddenError)
    text = forbidden_text(error.right) if isinstance(error, ForbiddenError) else str(error)
    status = HTTPStatus.FORBIDDEN if is_forbidden else HTTPStatus.UNPROCESSABLE_ENTITY
    if "HX-Request" in request.headers:
        return _toast(text, status)
    if is_forbidden or request.method in READING:
        page = "403.html" if is_forbidden else "pages/error.html"
        return render(request, page, {"reason": text}, status=status)
    messages.error(request, text)
    return redirect(_back(request))


def forbidden_text(right: Right) -> str:
    """What is missing, and who has it."""
    having = [str(role.label) for role, rights in RIGHTS.items() if right in rights]
    return _("This needs the right “%(right)s”, which these roles have: %(roles)s.") % {
        "right": right.label,
        "roles": _(", ").join(having),
    }


def _toast(text: str, status: HTTPStatus) -> HttpResponse:
    # ASCII: a header carries no Chinese; htmx parses the JSON escapes.
    trigger = json.dumps({"tinglan:message": {"text": text, "level": "error"}})
    return HttpResponse(status=status, headers={"HX-Trigger": trigger, "HX-Reswap": "none"})


def _back(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    return came_from if url_has_allowed_host_and_scheme(came_from, hosts) else "/"
