"""Which of the site's own models labels what is heard now (启用), and which is proposed."""

from functools import lru_cache

from tinglan.analysis.adjustment import Adjustment, made_for
from tinglan.monitors.learned import SiteModel, Switch


def in_force() -> SiteModel | None:
    """None: the shipped weights alone.

    A model was judged beside the weights that were shipped then. After an upgrade that brings
    others it rests, until the site has learnt anew.
    """
    last = Switch.objects.select_related("model").defer("model__content").first()
    if last is None or last.model is None or not fits(last.model):
        return None
    return last.model


def proposed() -> SiteModel | None:
    """The newest, until somebody decides on it."""
    newest = SiteModel.objects.defer("content").first()
    if newest is None or newest.switches.exists() or not fits(newest):
        return None
    return newest


def fits(model: SiteModel) -> bool:
    return model.made_for == made_for()


def adjustment_of(model: SiteModel) -> Adjustment:
    return _read(model.pk)


@lru_cache(maxsize=2)
def _read(pk: int) -> Adjustment:
    """A model never changes, so its key is enough."""
    return Adjustment.read(bytes(SiteModel.objects.values_list("content", flat=True).get(pk=pk)))
