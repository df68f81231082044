"""What may be woken for messages in and webhooks out. The tables are the queues: every wake-up may be lost."""

from celery import shared_task

from stores.journal.wakeups import wake
from stores.sync.actions.apply_message import apply_message
from stores.sync.actions.deliver_event import deliver_event
from stores.sync.models import InboundMessage
from stores.sync.queries.outbox import due_deliveries

SWEPT_AT_ONCE_MAX = 200

BEAT = {
    "sync-sweep": {"task": "stores.sync.tasks.sweep", "schedule": 10.0},
    "sync-outbox-sweep": {"task": "stores.sync.tasks.outbox_sweep", "schedule": 5.0},
}


@shared_task
def apply_inbound(pk: int) -> None:
    apply_message(pk=pk)


@shared_task
def sweep() -> None:
    """For messages whose wake-up was lost, whose time to try again has come, or whose worker went silent."""
    for pk in InboundMessage.queue.due().order_by("pk").values_list("pk", flat=True)[:SWEPT_AT_ONCE_MAX]:
        wake("stores.sync.tasks.apply_inbound", pk)


@shared_task
def deliver(pk: int) -> None:
    """Tries one delivery; its end frees a place at the endpoint for the next."""
    endpoint_id = deliver_event(pk=pk)
    if endpoint_id is not None:
        _wake_deliveries(endpoint_id)


@shared_task
def outbox_sweep() -> None:
    _wake_deliveries(None)


def _wake_deliveries(endpoint_id: int | None) -> None:
    for pk in due_deliveries(endpoint_id=endpoint_id):
        wake("stores.sync.tasks.deliver", pk)
