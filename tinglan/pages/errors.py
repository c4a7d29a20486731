"""Errors on purpose become words: a 403 page, a message on the page one came from, a toast."""

import errno
import json
import logging
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tinglan.accounts.rights import ForbiddenError, Right, roles_with
from tinglan.lib.errors import TinglanError

log = logging.getLogger(__name__)

READING = {"GET", "HEAD"}
UNKEPT = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
UNKEPT_BY_DATABASE = ("disk is full", "readonly database", "database is locked")


class SpeakErrors:
    """Turns a TinglanError that a view lets through into an answer a person understands."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        if isinstance(error, TinglanError):
            return spoken(request, error)
        if _cannot_keep(error):
            log.error("nothing can be kept path=%s", request.path, exc_info=error)
            return _unkept(request)
        return None


def _cannot_keep(error: Exception) -> bool:
    """Whether a disk, or the database on it, takes nothing more just now."""
    if isinstance(error, OperationalError):
        return any(words in str(error) for words in UNKEPT_BY_DATABASE)
    return isinstance(error, OSError) and error.errno in UNKEPT


def _unkept(request: HttpRequest) -> HttpResponse:
    """Shown at once: a message for the next page would have to be kept as well."""
    text = _(
        "Nothing was kept: the disk is full, may not be written to, or is busy. Try again, and"
        " tell whoever runs Tinglan if it stays so."
    )
    if "HX-Request" in request.headers:
        return _toast(text, HTTPStatus.INSUFFICIENT_STORAGE)
    context = {"reason": text}
    return render(request, "pages/error.html", context, status=HTTPStatus.INSUFFICIENT_STORAGE)


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
    return _("This needs the right “%(right)s”, which these roles have: %(roles)s.") % {
        "right": right.label,
        "roles": _(", ").join(str(role.label) for role in roles_with(right)),
    }


def _toast(text: str, status: HTTPStatus) -> HttpResponse:
    # ASCII: a header carries no Chinese; htmx parses the JSON escapes.
    trigger = json.dumps({"tinglan:message": {"text": text, "level": "error"}})
    return HttpResponse(status=status, headers={"HX-Trigger": trigger, "HX-Reswap": "none"})


def _back(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    return came_from if url_has_allowed_host_and_scheme(came_from, hosts) else "/"
