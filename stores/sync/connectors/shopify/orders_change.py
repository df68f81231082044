"""`orders/cancelled` and `orders/edited`: less of an order. Fields: Shopify's Admin API, Order and OrderEdit."""

from collections import Counter

from stores.journal.actions.record import subject_of
from stores.orders.reasons import CancelReason
from stores.sync.actions.change_incoming import Named, cancel_incoming, take_from_incoming
from stores.sync.connectors.shopify import reading
from stores.sync.connectors.shopify.orders_create import LINES_MAX, QUANTITY_MAX
from stores.sync.connectors.shopify.reading import Body
from stores.sync.models import InboundMessage
from stores.sync.refusals import LinesAdded, Malformed

_REASONS = {
    "customer": CancelReason.CUSTOMER,
    "inventory": CancelReason.STOCK,
    "declined": CancelReason.PAYMENT,
    "fraud": CancelReason.FRAUD,
}


def apply_cancelled(message: InboundMessage) -> str:
    """Cancels the order; what comes before its order waits for it."""
    body = reading.parse_body(message.body)
    named = Named(source=message.source, external_id=_id(body, "id"))
    reason = _REASONS.get(reading.text(body, "cancel_reason", at_most=40), CancelReason.OTHER)
    return subject_of(cancel_incoming(named=named, reason=reason, key=f"message:{message.pk}"))


def apply_edited(message: InboundMessage) -> str:
    """Takes out what the shop took out. What it added must be looked at by a person, and nothing is changed then."""
    edit = reading.part(reading.parse_body(message.body), "order_edit")
    named = Named(source=message.source, external_id=_id(edit, "order_id"))
    lines = reading.part(edit, "line_items")
    if _deltas(lines, "additions"):
        raise LinesAdded
    less = _deltas(lines, "removals")
    key = f"message:{message.pk}"
    return subject_of(take_from_incoming(named=named, less=less, reason=CancelReason.CUSTOMER, key=key))


def _deltas(lines: Body, name: str) -> Counter[str]:
    """Units by the shop's id of the line."""
    found = Counter[str]()
    for row in reading.parts(lines, name, at_most=LINES_MAX):
        found[_id(row, "id")] += reading.whole_number(row, "delta", at_most=QUANTITY_MAX)
    return +found


def _id(body: Body, name: str) -> str:
    found = reading.code(body, name)
    if not found:
        raise Malformed(field=name, problem="missing")
    return found
