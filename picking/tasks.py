"""What may be woken for picking."""

from celery import shared_task

from picking.actions.quiet import expire_quiet_claims
from picking.actions.waves import release_due
from stores.models import Store
from stores.orders.models import Fulfillment

# A promise is given to the minute, and so is a picker's silence.
BEAT = {
    "picking-waves": {"task": "picking.tasks.release_waves", "schedule": 20.0},
    "picking-claims": {"task": "picking.tasks.expire_claims", "schedule": 20.0},
}


@shared_task
def release_waves() -> None:
    """Every store that has orders nobody has begun; also for wake-ups that were lost."""
    waiting = Fulfillment.objects.filter(state=Fulfillment.State.ALLOCATED, pick_parts=None)
    for store in Store.objects.filter(pk__in=waiting.order_by().values("store")):
        release_due(store=store)


@shared_task
def release_waves_of(store_pk: int) -> None:
    """One more order waits in the store, or its plan is another."""
    release_due(store=Store.objects.get(pk=store_pk))


@shared_task
def expire_claims() -> None:
    expire_quiet_claims()
