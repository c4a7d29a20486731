"""What must not wait: a higher app knows which texts are urgent, a lower one asks before it queues.

An app declares `urgent = "dotted.path"` of `urgent(texts) -> one bool each` on its AppConfig.
"""

from collections.abc import Callable, Sequence
from functools import cache

from django.apps import apps
from django.utils.module_loading import import_string

Judge = Callable[[Sequence[str]], Sequence[bool]]


def are_urgent(texts: Sequence[str]) -> list[bool]:
    """For each text whether any app calls it urgent."""
    if not texts:
        return []
    told = [judge(texts) for judge in _judges()]
    return [any(one) for one in zip(*told, strict=True)] if told else [False] * len(texts)


@cache
def _judges() -> tuple[Judge, ...]:
    paths = [getattr(config, "urgent", "") for config in apps.get_app_configs()]
    return tuple(import_string(path) for path in paths if path)
