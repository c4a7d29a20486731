"""The answer to a request that cannot be read."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own asks for a CSRF token first, and so trips over the same body once more."""
    return HttpResponseBadRequest(render_to_string("400.html"))
