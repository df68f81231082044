"""Orders taken in one store for customers who collect in another."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from stores.catalog.models import Item
from stores.journal.actions.record import subject_of
from stores.journal.models import Event
from stores.models import Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment, Order

SOURCE = "storehand"
TAKEN = "orders.taken_in_store"


@dataclass(frozen=True)
class TakenOrder:
    """What the customer is told. `ready_at` is on the pickup store's clock; None once nothing of it is on its way.

    `is_told`: an e-mail goes out once it is ready.
    """

    number: str
    state: str
    there: Store
    item: Item
    quantity: int
    total: Decimal
    ready_at: datetime | None
    is_told: bool

    @property
    def is_today(self) -> bool:
        return self.ready_at is not None and self.ready_at.date() == self.there.local(timezone.now()).date()


def taken_order(*, store: Store, key: UUID) -> TakenOrder:
    """The order that `store` took under the key. Raises NotHere for another store's or nobody's."""
    order = Order.objects.select_related("pickup_store", "contact").filter(source=SOURCE, external_id=str(key)).first()
    if order is None or order.pickup_store is None:
        raise NotHere
    taken = Event.objects.filter(subject=subject_of(order), kind=TAKEN, store_id=store.pk).first()
    if taken is None or taken.item_id is None:
        raise NotHere
    part = order.fulfillments.exclude(state=Fulfillment.State.CANCELLED).order_by("pk").first()
    quantity = taken.quantity or 0
    return TakenOrder(
        number=order.number,
        state=order.get_state_display(),
        there=order.pickup_store,
        item=Item.objects.get(pk=taken.item_id),
        quantity=quantity,
        total=Decimal(taken.data["price"]) * quantity,
        ready_at=order.pickup_store.local(part.promised_at) if part else None,
        is_told=bool(order.contact.email),
    )
