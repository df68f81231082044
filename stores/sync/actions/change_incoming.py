"""Another system wants less of an order, or nothing of it. It uses its own names for orders and their lines."""

from collections.abc import Mapping
from dataclasses import dataclass

from stores.orders.access import lock_order
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.actions.cancel_units import cancel_lines, units_of_bundles
from stores.orders.errors import AlreadyCancelled
from stores.orders.models import Order, OrderBundle, OrderLine
from stores.orders.reasons import CancelReason
from stores.sync.actions.parked import take_turn
from stores.sync.queries.order_status import orders_of
from stores.sync.refusals import CannotRaise, NoSuchLine, NotFound, NotHereYet


@dataclass(frozen=True, kw_only=True)
class Named:
    """An order by its source's words. Whoever speaks for one store (`store_id`) can only mean that store's orders."""

    source: str
    external_id: str
    store_id: int | None = None


def cancel_incoming(*, named: Named, reason: CancelReason, key: str) -> Order:
    """Cancels the order, in the caller's transaction; one that is cancelled already stays so.

    Raises NotHereYet, NotFound, and CannotCancel.
    """
    order = find_order(named, cancels=True)
    try:
        return cancel_order(order=order, reason=reason, key=key)
    except AlreadyCancelled:
        return order


def lower_incoming(*, named: Named, to: Mapping[str, int], reason: CancelReason, key: str) -> Order:
    """Lowers lines (by their source's ids) to the units that are still wanted, in the caller's transaction.

    Where no more than that is wanted already nothing changes, so several such words count in any order. Raises
    NotHereYet, NotFound, NoSuchLine, CannotRaise, and what `cancel_lines` raises.
    """
    order = find_order(named)
    less = {}
    for line, quantity in to.items():
        ordered, wanted = _counts(order, line)
        if quantity > ordered:
            raise CannotRaise(line=line, number=order.number, quantity=ordered)
        less[line] = wanted - quantity
    return _take(order, less, reason, key)


def take_from_incoming(*, named: Named, less: Mapping[str, int], reason: CancelReason, key: str) -> Order:
    """Takes units out of lines (by their source's ids), in the caller's transaction. Raises the same."""
    return _take(find_order(named), less, reason, key)


def find_order(named: Named, *, cancels: bool = False) -> Order:
    """The order, its row held, and its turn taken. Raises NotHereYet and NotFound."""
    take_turn(source=named.source, external_id=named.external_id)
    known = Order.objects.filter(source=named.source, external_id=named.external_id)
    if not known.exists():
        raise NotHereYet(external_id=named.external_id, cancels=cancels)
    found = known.filter(pk__in=orders_of(named.store_id).filter(pk__in=known.values("pk")).values("pk")).first()
    if found is None:
        raise NotFound
    return lock_order(found.pk)


def _take(order: Order, less: Mapping[str, int], reason: CancelReason, key: str) -> Order:
    units: dict[int, int] = {}
    for line, quantity in less.items():
        if quantity > 0:
            units |= _units(order, line, quantity)
    return cancel_lines(order=order, units=units, reason=reason, key=key) if units else order


def _counts(order: Order, line: str) -> tuple[int, int]:
    """(ordered, wanted of it)."""
    bundle = _bundle(order, line)
    if bundle:
        return bundle.quantity, bundle.wanted
    rows = _lines(order, line)
    return rows[0].quantity, sum(row.quantity - row.cancelled for row in rows)


def _units(order: Order, line: str, quantity: int) -> dict[int, int]:
    bundle = _bundle(order, line)
    if bundle:
        return units_of_bundles(bundle=bundle, quantity=quantity)
    found = {}
    rows = _lines(order, line)
    for row in rows:
        # What was ordered goes before what stands in for it; what is too much is refused with the last.
        units = quantity if row is rows[-1] else min(quantity, row.quantity - row.cancelled)
        quantity -= units
        if units:
            found[row.pk] = units
    return found


def _bundle(order: Order, line: str) -> OrderBundle | None:
    return order.bundles.filter(external_id=line).select_related("item").prefetch_related("lines").first()


def _lines(order: Order, line: str) -> list[OrderLine]:
    rows = list(order.lines.filter(external_id=line, bundle=None).order_by("pk")) if line else []
    if not rows:
        raise NoSuchLine(line=line, number=order.number)
    return rows
