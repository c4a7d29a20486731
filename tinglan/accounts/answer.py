"""Answer a form that was sent: do the act, or show the form again with what is wrong with it.

Nothing that was typed is lost: a verb that refuses speaks at the top of the form.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tinglan.accounts.rights import ForbiddenError
from tinglan.lib.errors import TinglanError


def answer(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], HttpResponse],
    *,
    template: str,
    context: Mapping[str, object],
) -> HttpResponse:
    """`act` calls the verb with what the form says and answers, with a redirect as a rule."""
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                return act()
            except ForbiddenError:
                raise
            except TinglanError as error:
                form.add_error(None, str(error))
    return render(request, template, {**context, "form": form}, status=status)
