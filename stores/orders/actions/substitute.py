"""Something like it, for what is not there."""

from django.db import transaction
from django.db.models import F

from stores.catalog.models import Item, Substitute
from stores.journal.actions.record import record
from stores.orders.access import lock_order
from stores.orders.actions.tell_customer import SubstitutedUnits, tell_substituted
from stores.orders.errors import BundleStaysWhole, NoSubstitutesWanted, NotApproved, NotGivenUp
from stores.orders.models import FulfillmentLine, Order, OrderLine
from stores.stock.actions.reservations import reserve


def substitute(*, line: FulfillmentLine, item: Item, quantity: int, key: str) -> FulfillmentLine:
    """Gives `quantity` units of `item` for as many of the line that were given up, from the same store.

    They are a line of their own, reserved here, at the lower of the two prices; the line they stand in for wants that
    many less. The customer is told, and may refuse them at the handover. The order's row is locked; the caller holds it
    or nothing of it. Raises NotSubstitutable in one of its kinds, and ShortStock, which leaves everything as it was.
    """
    order = lock_order(line.fulfillment.order_id)
    was = OrderLine.objects.select_related("item").get(pk=line.order_line_id)
    line.refresh_from_db(fields=["short"])
    _check(order, line, was, item, quantity)
    price = was.price_instead(item, currency=order.currency)
    with transaction.atomic():
        OrderLine.objects.filter(pk=was.pk).update(cancelled=F("cancelled") + quantity)
        given = OrderLine.objects.create(
            order=order,
            item=item,
            substitute_for=was,
            external_id=was.external_id,
            quantity=quantity,
            allocated=quantity,
            price=price,
        )
        reservation = reserve(
            key=f"{key}:substitute",
            store_id=line.fulfillment.store_id,
            item_id=item.pk,
            quantity=quantity,
            reference=f"fulfillment:{line.fulfillment_id}",
        )
        part = FulfillmentLine.objects.create(
            fulfillment=line.fulfillment, order_line=given, item=item, quantity=quantity, reservation=reservation
        )
    store = line.fulfillment.store
    record(
        kind="orders.substituted",
        subject=order,
        store=store,
        item=item,
        quantity=quantity,
        data={
            "source": order.source,
            "order": order.external_id,
            "number": order.number,
            "line": was.external_id,
            "sku": item.sku,
            "instead_of": was.item.sku,
            "quantity": quantity,
            "price": str(price),
            "price_before": str(was.price),
            "currency": order.currency,
        },
        key=key,
    )
    units = SubstitutedUnits(item=was.item, instead=item, quantity=quantity, price=price)
    tell_substituted(order=order, units=units, store=store, key=key)
    return part


def _check(order: Order, line: FulfillmentLine, was: OrderLine, item: Item, quantity: int) -> None:
    names = {"item": was.item.name, "instead": item.name}
    if not order.allows_substitutes:
        raise NoSubstitutesWanted(**names)
    if was.bundle_id is not None:
        raise BundleStaysWhole(**names)
    if not item.is_sellable or not Substitute.objects.filter(item_id=was.item_id, substitute=item).exists():
        raise NotApproved(**names)
    most = min(line.short, was.open_quantity)
    if quantity > most:
        raise NotGivenUp(**names, most=most)
