"""From another system's words to an order of ours."""

from stores.catalog.models import Item, fold_code
from stores.catalog.queries import items_by_codes
from stores.models import Store, StoreAlias
from stores.orders.actions.place_order import LineRequest, place_order
from stores.orders.errors import NotForSale as OrderNotForSale
from stores.orders.models import Order
from stores.refusals import Refusal
from stores.sync.actions.parked import take_turn, unpark
from stores.sync.incoming import IncomingOrder
from stores.sync.refusals import NotForSale, UnknownSku, UnknownStore


def place_incoming(order: IncomingOrder) -> Order:
    """Places the order, in the caller's transaction.

    Raises UnknownSku (all unknown codes at once), UnknownStore, NotForSale (all items at once), and what else
    place_order raises; each refusal carries the order's summary in its facts.
    """
    try:
        return _place(order)
    except Refusal as refusal:
        refusal.facts["summary"] = order.summary()
        raise


def _place(order: IncomingOrder) -> Order:
    take_turn(source=order.source, external_id=order.external_id)
    items = _items_of(order)
    try:
        placed = place_order(
            source=order.source,
            external_id=order.external_id,
            number=order.number,
            method=order.method,
            lines=[
                LineRequest(
                    item=items[line.code], quantity=line.quantity, price=line.price, external_id=line.external_id
                )
                for line in order.lines
            ],
            contact=order.contact,
            currency=order.currency,
            pickup_store=_store_of(order),
            latitude=order.latitude,
            longitude=order.longitude,
            placed_at=order.placed_at,
            cart=order.cart,
            is_express=order.is_express,
            allows_substitutes=order.allows_substitutes,
        )
    except OrderNotForSale as refusal:
        # It is not lost: it waits until somebody makes them active, or puts other components into the bundle.
        missing: list[Item] = refusal.facts["items"]
        bundles = [item for item in items.values() if item.is_bundle]
        raise NotForSale(
            skus=[item.sku for item in missing], waiting_for_items=sorted({item.pk for item in [*missing, *bundles]})
        ) from refusal
    unpark(source=order.source, external_id=order.external_id)
    return placed


def _items_of(order: IncomingOrder) -> dict[str, Item]:
    codes = dict.fromkeys(line.code for line in order.lines)
    items = items_by_codes(order.source, codes)
    unknown = [code for code in codes if code not in items]
    if unknown:
        raise UnknownSku(
            codes=unknown,
            waiting_for=sorted({fold_code(code) for code in unknown}),
            unknown_lines=[number for number, line in enumerate(order.lines, start=1) if line.code not in items],
        )
    return items


def _store_of(order: IncomingOrder) -> Store | None:
    """The store the order names: what its source calls it goes before our own code."""
    if not order.store_code:
        return None
    alias = StoreAlias.objects.filter(source=order.source, code=order.store_code).select_related("store").first()
    store = alias.store if alias else Store.objects.filter(code=order.store_code).first()
    if store is None:
        raise UnknownStore(store_code=order.store_code)
    return store
