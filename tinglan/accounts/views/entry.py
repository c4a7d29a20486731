"""Getting in and out: first run, sign-in, the demo's open door, a new password, the language."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinglan.accounts import browser
from tinglan.accounts import first_run as opening
from tinglan.accounts.forms import FirstRunForm, PasswordForm, SignInForm
from tinglan.accounts.language import speak
from tinglan.accounts.members import invited, set_password
from tinglan.accounts.models import Member
from tinglan.accounts.signing import note_sign_in
from tinglan.lib import clock
from tinglan.lib.asked import number

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_form
def first_run(request: HttpRequest) -> HttpResponse:
    if not opening.is_open():
        return redirect("accounts:sign_in")
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        founder = form.founder(translation.get_language() or settings.LANGUAGE_CODE)
        member = opening.set_up(founder, now=clock.now())
        return _enter(request, member, how="first run")
    return render(request, "accounts/first_run.html", {"form": form})


@require_form
def sign_in(request: HttpRequest) -> HttpResponse:
    if opening.is_open():
        return redirect("accounts:first_run")
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid() and form.member:
        return _enter(request, form.member, how="password")
    members = Member.objects.filter(is_active=True).order_by("id") if settings.DEMO else ()
    context = {"form": form, "members": members, "next": _next(request)}
    status = HTTPStatus.TOO_MANY_REQUESTS if form.is_refused else HTTPStatus.OK
    return render(request, "accounts/sign_in.html", context, status=status)


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click enters as any member; a demo listens on loopback only."""
    if not settings.DEMO:
        raise Http404
    member = get_object_or_404(Member, pk=number(request.POST.get("member")), is_active=True)
    return _enter(request, member, how="demo")


@require_form
def new_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """By the link an administrator made; it works once."""
    member = invited(uid, token)
    if member is None:
        return render(request, "accounts/link_over.html", status=410)
    form = PasswordForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        set_password(member, form.cleaned_data["password"], now=clock.now())
        # Tinglan goes on in the language in which it welcomed them.
        speak(member, translation.get_language() or settings.LANGUAGE_CODE)
        return _enter(request, member, how="link")
    return render(request, "accounts/new_password.html", {"form": form, "member": member})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("accounts:sign_in")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("language", "")
    response = redirect(_next(request))
    if wanted in dict(settings.LANGUAGES):
        if isinstance(request.user, Member):
            speak(request.user, wanted)
        _remember(response, wanted)
    return response


def _enter(request: HttpRequest, member: Member, *, how: str) -> HttpResponse:
    login(request, member, backend="django.contrib.auth.backends.ModelBackend")
    note_sign_in(member, now=clock.now(), how=how)
    response = redirect(_next(request))
    if how != "demo":
        browser.mark(response, member)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and how != "demo":
        # What one chose in this browser stays; a demo's visitor keeps the browser's language too.
        _remember(response, member.language)
    return response


def _remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"
