"""What the customer must know about their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from stores.catalog.models import Item
from stores.journal.actions.record import subject_of
from stores.models import Store
from stores.notices.actions.send import queue_notice
from stores.orders.models import Order
from stores.orders.reasons import CancelReason


@dataclass(frozen=True, slots=True)
class CancelledUnits:
    item: Item
    quantity: int


@dataclass(frozen=True, slots=True)
class SubstitutedUnits:
    """`quantity` units of `instead` in the place of as many of `item`, at `price` each."""

    item: Item
    instead: Item
    quantity: int
    price: Decimal


def tell_cancelled(*, order: Order, reason: CancelReason, store: Store | None = None) -> None:
    _tell(order, store, kind="orders.cancelled", key=f"orders.cancelled:{order.pk}", context={"reason": reason})


def tell_units_cancelled(
    *, order: Order, units: Sequence[CancelledUnits], reason: CancelReason, key: str, store: Store | None = None
) -> None:
    context = {"units": units, "reason": reason}
    _tell(order, store, kind="orders.line_cancelled", key=f"orders.line_cancelled:{order.pk}:{key}", context=context)


def tell_substituted(*, order: Order, units: SubstitutedUnits, store: Store, key: str) -> None:
    context = {"units": units, "currency": order.currency}
    _tell(order, store, kind="orders.substituted", key=f"orders.substituted:{order.pk}:{key}", context=context)


def _tell(order: Order, store: Store | None, *, kind: str, key: str, context: dict[str, Any]) -> None:
    """In the name of the store the customer deals with; an order that no store ever had is nobody's to write about."""
    last = order.fulfillments.select_related("store").order_by("-pk").first()
    sender = order.pickup_store or (last.store if last else store)
    if sender is None:
        return
    contact = order.contact
    queue_notice(
        key=key,
        store=sender,
        kind=kind,
        subject=subject_of(order),
        address=contact.email,
        language=contact.language,
        template=f"orders/notices/{kind.partition('.')[2]}",
        context={"number": order.number, "name": contact.name, **context},
    )
