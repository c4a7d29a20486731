"""Everybody signs in, but for the sign-in pages, the health check and what brings its own key."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tinglan.accounts.models import Member

OPEN = ("/sign-in", "/first-run", "/language", "/static/", "/healthz", "/api/")


class SignInRequired:
    """Redirect strangers to the sign-in page, and to the first-run page while nobody is there."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or request.path.startswith(OPEN):
            return self.get_response(request)
        if not Member.objects.exists():
            return redirect("/first-run")
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
