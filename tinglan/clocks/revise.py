"""Change the targets: a new policy version. Clocks that run keep the one that started them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.clocks.defaults import ensure_defaults
from tinglan.clocks.errors import ClockError
from tinglan.clocks.models import Policy, Target


@transaction.atomic
def revise(amounts: Mapping[int, int], *, by: Member, now: datetime) -> Policy:
    """`amounts` by the ids of targets in force; what is not named stays as it is."""
    require(by, Right.ADMINISTER)
    current = ensure_defaults(now)
    targets = list(current.targets.select_related("calendar"))
    if any(amount < 1 for amount in amounts.values()):
        raise ClockError(_("A target is at least one minute or one day."))
    if all(amounts.get(target.pk, target.amount) == target.amount for target in targets):
        return current
    policy = Policy.objects.create(version=current.version + 1, created_at=now)
    Target.objects.bulk_create([_copy(each, policy, amounts) for each in targets])
    record("clocks.revise", policy, by=by, now=now, data={"changed": _changes(targets, amounts)})
    return policy


def _copy(target: Target, policy: Policy, amounts: Mapping[int, int]) -> Target:
    return Target(
        policy=policy,
        kind=target.kind,
        level=target.level,
        amount=amounts.get(target.pk, target.amount),
        unit=target.unit,
        calendar=target.calendar,
    )


def _changes(targets: list[Target], amounts: Mapping[int, int]) -> list[str]:
    """For the audit trail: "holding I: 60 → 45"."""
    return [
        f"{target.kind} {target.level}: {target.amount} → {amounts[target.pk]}"
        for target in targets
        if amounts.get(target.pk, target.amount) != target.amount
    ]
