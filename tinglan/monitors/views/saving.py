"""A form whose verb may still refuse: the reason goes on the form, what was typed stays."""

from collections.abc import Callable
from typing import Any

from django.forms import ModelForm

from tinglan.monitors.errors import MonitorsError, QueryRefusedError


def is_saved(form: "ModelForm[Any]", save: Callable[[], object]) -> bool:
    """Whether the form was valid and the verb did it."""
    if not form.is_valid():
        return False
    try:
        save()
    except QueryRefusedError as error:
        form.add_error("query" if "query" in form.fields else None, str(error))
    except MonitorsError as error:
        form.add_error(None, str(error))
    return not form.errors
