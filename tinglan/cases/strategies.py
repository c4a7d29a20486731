"""Which kind of answer suits which kind of crisis (SCCT, Coombs 2007), as data.

People hold a company responsible to a degree, the cluster; answers that admit less than people see
make it worse. Informing and helping those concerned always comes first. Denial does not go with
excuse or apology in one statement.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from tinglan.cases.models.case import Cause, Cluster


class Strategy(models.TextChoices):
    """How a statement answers (回应策略)."""

    INSTRUCT = "instruct", _("Tell people how to protect themselves")
    ADJUST = "adjust", _("Show concern and say what is being done")
    DENY = "deny", _("Deny, with evidence")
    DIMINISH = "diminish", _("Explain, and put into proportion")
    REBUILD = "rebuild", _("Apologise and make good")
    BOLSTER = "bolster", _("Recall good work")


ALWAYS = (Strategy.INSTRUCT, Strategy.ADJUST)


@dataclass(frozen=True, slots=True)
class Advice:
    """What suits, in the order of importance, and what would make it worse."""

    suits: tuple[Strategy, ...]
    avoid: tuple[Strategy, ...]


def advise(cause: str, cluster: str, *, has_history: bool = False) -> Advice:
    """What suits a cause and a cluster; a similar crisis before raises the threat by one step.

    >>> [each.value for each in advise("own_fault", "preventable").suits]
    ['instruct', 'adjust', 'rebuild']
    >>> [each.value for each in advise("false_claim", "victim").suits]
    ['instruct', 'adjust', 'deny', 'bolster']
    """
    if cause == Cause.FALSE_CLAIM:
        return Advice((*ALWAYS, Strategy.DENY, Strategy.BOLSTER), (Strategy.REBUILD,))
    threat = _THREAT.get(cluster)
    if threat is None:
        return Advice(ALWAYS, (Strategy.DENY,))
    return _ADVICE[min(threat + has_history, len(_ADVICE) - 1)]


_THREAT = {Cluster.VICTIM.value: 0, Cluster.ACCIDENTAL.value: 1, Cluster.PREVENTABLE.value: 2}
_ADVICE = (
    Advice((*ALWAYS, Strategy.BOLSTER), (Strategy.REBUILD,)),
    Advice((*ALWAYS, Strategy.DIMINISH), (Strategy.DENY,)),
    Advice((*ALWAYS, Strategy.REBUILD), (Strategy.DENY, Strategy.DIMINISH)),
)


def is_mixed(strategies: Collection[str]) -> bool:
    """Whether a statement denies and at once excuses or apologises.

    >>> is_mixed(["deny", "rebuild"]), is_mixed(["adjust", "rebuild"])
    (True, False)
    """
    conflicts = {Strategy.DIMINISH.value, Strategy.REBUILD.value}
    return Strategy.DENY.value in strategies and not conflicts.isdisjoint(strategies)
