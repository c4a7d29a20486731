"""How every form of a case is shown and answered."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods

from tinglan.accounts.answer import answer
from tinglan.cases.models import Case
from tinglan.lib import clock

require_form = require_http_methods(["GET", "HEAD", "POST"])


def ask(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], object],
    *,
    case: Case,
    title: str | Promise,
    button: str | Promise,
    **context: object,
) -> HttpResponse:
    """Show the form; once it is sent, act and go back to the case."""

    def act_and_return() -> HttpResponse:
        act()
        return redirect(case)

    shown = {
        "case": case,
        "event": case.event,
        "title": title,
        "button": button,
        "now": clock.now(),
        **context,
    }
    return answer(request, form, act_and_return, template="cases/form.html", context=shown)
