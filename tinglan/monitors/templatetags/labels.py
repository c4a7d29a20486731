"""The menus in which a label is corrected, for any page that shows labels."""

from typing import Any

from django import template
from django.template.context import Context

from tinglan.monitors.models import MARKS, Aspect, Intent, Polarity

register = template.Library()


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
