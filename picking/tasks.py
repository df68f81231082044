"""What may be woken for picking."""

from functools import partial

from celery import shared_task
from django.db import transaction

from picking.actions.quiet import expire_quiet_claims
from picking.actions.turns.end_empty_list import end_empty_list as end_one_empty_list
from picking.actions.turns.meet_shortfall import settle_shortfall as settle_one_shortfall
from picking.actions.waves import release_due
from picking.queries.empty_lists import empty_lists
from picking.queries.short_promises import short_promises
from stores.journal.actions.answer_once import retrying
from stores.models import Store
from stores.orders.models import Fulfillment

# A promise is given to the minute, and so is a picker's silence.
BEAT = {
    "picking-waves": {"task": "picking.tasks.release_waves", "schedule": 20.0},
    "picking-shortfalls": {"task": "picking.tasks.settle_shortfalls", "schedule": 30.0},
    "picking-empty-lists": {"task": "picking.tasks.end_empty_lists", "schedule": 30.0},
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


@shared_task
def settle_shortfall(store_pk: int, item_pk: int) -> None:
    """Of what the store promised of the item some is not there, and whoever had it was busy at that moment."""
    retrying(partial(_settle_shortfall, store_pk, item_pk))


@shared_task
def settle_shortfalls() -> None:
    """For wake-ups that were lost."""
    for store_pk, item_pk in short_promises():
        retrying(partial(_settle_shortfall, store_pk, item_pk))


@shared_task
def end_empty_list(list_pk: int) -> None:
    """Nothing is left on a list of several orders, all of which wait for its end."""
    retrying(partial(end_one_empty_list, pk=list_pk))


@shared_task
def end_empty_lists() -> None:
    """For wake-ups that were lost."""
    for list_pk in empty_lists().order_by("pk").values_list("pk", flat=True):
        retrying(partial(end_one_empty_list, pk=list_pk))


def _settle_shortfall(store_pk: int, item_pk: int) -> None:
    with transaction.atomic(durable=True):
        settle_one_shortfall(store_id=store_pk, item_id=item_pk)
