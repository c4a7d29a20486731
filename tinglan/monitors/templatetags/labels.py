"""The menus in which a label is corrected, for any page that shows labels."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _

from tinglan.monitors.classify import CONTEXT, PERSON, SITE
from tinglan.monitors.models import MARKS, Aspect, Intent, Polarity

register = template.Library()


@register.filter
def method_name(method: str) -> str:
    """How a label came about, in words."""
    if method == PERSON:
        return _("by a person")
    if method == CONTEXT:
        return _("from what it repeats or hangs under")
    shipped, _site, number = method.partition(SITE)
    if number:
        return _("shipped with own model %(n)s") % {"n": number}
    return _("shipped model (%(name)s)") % {"name": shipped.split()[-1]} if shipped else "–"


@register.inclusion_tag("monitors/_correct.html", takes_context=True)
def correction_menus(context: Context) -> dict[str, Any]:
    """Once in a page; its labels come from monitors/_labels.html, its script is labels.js."""
    return {
        "user": context.get("user"),
        "polarities": Polarity.choices,
        "intents": Intent.choices,
        "aspects": Aspect.choices,
        "marks": [(field, yes, no) for field, (yes, no) in MARKS.items()],
    }
