"""Security headers: everything comes from this site, nothing runs that is not a file of it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# data: is for the small images inside Tabler's style sheet.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=()"


class SecurityHeaders:
    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if not request.path.startswith("/static/"):
            # A page shows what its reader may see: no shared or later copy of it.
            response.headers.setdefault("Cache-Control", "no-store")
        return response
