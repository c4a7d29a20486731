"""Send what is to be delivered: claim, look again whether it is needed, send, then write it down.

Nothing is held over the network but a lease. A delivery counts as sent only after the other side
said so; a process that dies in between leaves its lease to run out and the message goes again,
under the same stable id (at least once, never lost).
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tinglan.alerts import outcome
from tinglan.alerts.channels import registry
from tinglan.alerts.channels.contract import Answer, Message
from tinglan.alerts.compose import compose
from tinglan.alerts.errors import DeliveryError
from tinglan.alerts.gather import gather
from tinglan.alerts.hold import delay_of, hold_of, keep, take_place
from tinglan.alerts.models import Delivery
from tinglan.alerts.need import why_not_needed
from tinglan.lib import changes, claims, clock
from tinglan.lib.models import Lease
from tinglan.lib.vault import VaultError

log = logging.getLogger(__name__)

SUBSCRIBER = "alerts.notify"
AT_ONCE = 16  # one slow server holds up its own messages only
LEASE = timedelta(seconds=120)  # longer than the slowest exchange of a channel


@dataclass(frozen=True, slots=True)
class Job:
    """A delivery that is being sent, with all that the sending needs: no database beyond here."""

    lease: Lease
    delivery: Delivery
    message: Message
    config: dict[str, object]


def work(now: datetime) -> int:
    """The worker's step: one batch, most urgent first; how many deliveries were looked at."""
    leases = claims.claim(SUBSCRIBER, now=clock.wall(), limit=AT_ONCE, lease=LEASE)
    jobs = [job for lease in leases if (job := _prepared(lease, now=now))]
    for job, result in zip(jobs, _send_all(jobs), strict=True):
        _settled(job, result, now=now)
    return len(leases)


@transaction.atomic
def prepare(lease: Lease, *, now: datetime) -> Job | None:
    """Mark the delivery as being sent; None when it need not be sent (any more) (I-07)."""
    delivery = Delivery.objects.select_for_update().filter(pk=lease.object_id).first()
    if delivery is None or delivery.is_over:
        claims.finish([lease])
        return None
    if why := why_not_needed(delivery, now):
        outcome.drop(delivery, why)
        claims.finish([lease])
        return None
    if why := why_impossible(delivery, now):
        outcome.give_up(delivery, why, now=now)
        claims.finish([lease])
        return None
    if _is_held(delivery, lease, now=now):
        return None
    if gather(delivery, now=now) is not None:
        claims.finish([lease])
        return None
    return _begin(delivery, lease, now=now)


def _is_held(delivery: Delivery, lease: Lease, *, now: datetime) -> bool:
    """Let it wait where something speaks for waiting: the lease steps back, nothing is lost."""
    wall = clock.wall()
    hold = hold_of(delivery, now=now, wall=wall)
    if hold is None:
        return False
    keep(delivery, hold)
    claims.put_off(lease, error="", now=wall, delay=delay_of(hold, now=now))
    _say_changed(delivery)
    return True


def _begin(delivery: Delivery, lease: Lease, *, now: datetime) -> Job:
    delivery.state, delivery.held_until = Delivery.State.SENDING, None
    delivery.n_attempts += 1
    delivery.save(update_fields=["state", "held_until", "n_attempts"])
    take_place(delivery.channel, clock.wall())
    return _job(lease, delivery, now)


def why_impossible(delivery: Delivery, now: datetime) -> str:
    if not delivery.channel.is_enabled:
        return "the channel is switched off"
    return "not sent before its deadline" if delivery.has_run_out(now) else ""


@transaction.atomic
def settle(job: Job, result: Answer | DeliveryError, *, now: datetime) -> None:
    """Write what came of it; the token of the lease fences off who was overtaken."""
    delivery = Delivery.objects.select_for_update().get(pk=job.delivery.pk)
    if isinstance(result, Answer):
        outcome.succeed(delivery, result, now=now)
        claims.finish([job.lease])
        return
    outcome.note_failure(delivery, result, now=now)
    if result.permanent or delivery.has_run_out(now):
        outcome.fail(delivery, result, now=now)
        claims.finish([job.lease])
        return
    wait = max(claims.back_off(delivery.n_attempts), result.retry_after or timedelta(0))
    outcome.retry_later(delivery, wait=wait, now=now)
    if not claims.put_off(job.lease, error=str(result), now=clock.wall(), delay=wait):
        raise claims.LeaseLostError(1)


def _say_changed(delivery: Delivery) -> None:
    if delivery.alert_id:
        changes.note(f"alert:{delivery.alert_id}")


def _prepared(lease: Lease, *, now: datetime) -> Job | None:
    """One delivery that cannot be prepared holds up no other."""
    try:
        return prepare(lease, now=now)
    except Exception as err:
        log.exception("not prepared delivery=%s", lease.object_id)
        claims.put_off(lease, error=f"{type(err).__name__}: {err}", now=clock.wall())
        return None


def _settled(job: Job, result: Answer | DeliveryError, *, now: datetime) -> None:
    """What cannot be written down is sent again when its lease has run out."""
    try:
        settle(job, result, now=now)
    except claims.LeaseLostError:
        log.warning("overtaken while sending delivery=%s", job.delivery.pk)
    except Exception:
        log.exception("not settled delivery=%s", job.delivery.pk)


def _job(lease: Lease, delivery: Delivery, now: datetime) -> Job:
    try:
        config = delivery.channel.config
    except VaultError as err:
        config = {"sealed": str(err)}
    return Job(lease, delivery, compose(delivery, now=now), config)


def _send_all(jobs: Sequence[Job]) -> list[Answer | DeliveryError]:
    """Those that use the network side by side; those inside use our own connection."""
    outside = [job for job in jobs if not _is_inside(job)]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        futures = {job.lease.pk: pool.submit(_send, job) for job in outside}
        inside = {job.lease.pk: _send(job) for job in jobs if _is_inside(job)}
        sent = {pk: future.result() for pk, future in futures.items()}
    return [(sent | inside)[job.lease.pk] for job in jobs]


def _is_inside(job: Job) -> bool:
    kind = job.delivery.channel_kind
    return kind in registry.KINDS and registry.channel(kind).is_inside


def _send(job: Job) -> Answer | DeliveryError:
    if "sealed" in job.config:
        return DeliveryError(str(job.config["sealed"]), permanent=True)
    try:
        module = registry.channel(job.delivery.channel_kind)
        return module.send(job.message, job.delivery.address, job.config)
    except DeliveryError as err:
        return err
    except Exception as err:
        log.exception("channel broke delivery=%s", job.delivery.pk)
        return DeliveryError(f"{type(err).__name__}: {err}")
