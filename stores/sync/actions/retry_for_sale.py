"""What was not for sale is: the orders that wait for it are placed."""

from collections.abc import Sequence

from stores.catalog.models import Item
from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.sync.models import InboundMessage
from stores.sync.queries.exceptions import waiting_messages
from stores.sync.queries.reasons import NOT_FOR_SALE


def retry_for_sale(items: Sequence[Item]) -> None:
    """Tries messages again that waited for one of the items to be active, in the caller's transaction."""
    active = {item.pk for item in items if item.is_sellable}
    if not active:
        return
    waiting = waiting_messages().filter(reason=InboundMessage.Reason.REFUSED, facts__refusal=NOT_FOR_SALE)
    # Locked in one order, so that two activations at once cannot deadlock.
    for message in waiting.select_for_update().order_by("pk"):
        if active & set(message.facts["waiting_for_items"]):
            message.requeue()
            record(kind="sync.message_retried", subject=message, data={"reason": NOT_FOR_SALE})
            wake("stores.sync.tasks.apply_inbound", message.pk)
