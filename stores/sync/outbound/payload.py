"""What a webhook says."""

import json
from typing import Any

from stores.journal.models import Event
from stores.orders.models import Fulfillment, Order


def payload_of(event: Event) -> str:
    """The JSON body: kind, id, store (code), subject, occurred_at, order, data. No personal data.

    `order` tells the source's own names for the order, where the event is about one.
    """
    order = _order_of(event.subject)
    body: dict[str, Any] = {
        "kind": event.kind,
        "id": message_id(event),
        "store": event.store.code if event.store else None,
        "subject": event.subject,
        "occurred_at": event.occurred_at.isoformat(),
        "order": None
        if order is None
        else {"id": order.pk, "source": order.source, "external_id": order.external_id, "number": order.number},
        "data": event.data,
    }
    return json.dumps(body)


def message_id(event: Event) -> str:
    """The same on every try, so that a receiver can tell a repeat."""
    return f"evt_{event.pk}"


def _order_of(subject: str) -> Order | None:
    name, _colon, pk = subject.partition(":")
    if not pk.isdigit():
        return None
    if name == "order":
        return Order.objects.filter(pk=int(pk)).first()
    if name == "fulfillment":
        found = Fulfillment.objects.select_related("order").filter(pk=int(pk)).first()
        return found.order if found else None
    return None
