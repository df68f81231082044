"""The customer wants less."""

from collections.abc import Mapping

from django.db.models import F, Model

from stores.models import Store
from stores.orders.access import lock_order
from stores.orders.actions.settle_order import record_cancelled_units, settle_order
from stores.orders.actions.tell_customer import CancelledUnits, tell_cancelled, tell_units_cancelled
from stores.orders.actions.withdraw_units import lock_parts, withdraw_locked
from stores.orders.errors import AlreadyCancelled, CannotCancel, PartOfBundle, TooManyToCancel
from stores.orders.models import Fulfillment, FulfillmentLine, Order, OrderBundle, OrderLine
from stores.orders.reasons import CancelReason, Withdrawn

_HOW_FAR = {state: place for place, state in enumerate(Fulfillment.OPEN)}


def cancel_units(
    *,
    line: OrderLine,
    quantity: int,
    reason: CancelReason,
    actor: Model | None = None,
    store: Store | None = None,
    key: str,
) -> Order:
    """Cancels `quantity` units of the line and returns the order: those no store has promised yet first, then those
    that are least far along.

    With an `actor`, who works in `store`, the customer is told. Raises PartOfBundle, AlreadyCancelled, TooManyToCancel,
    and CannotCancel when the order has ended. Records `orders.line_cancelled`.
    """
    if line.bundle is not None:
        raise PartOfBundle(item=line.item.name, bundle=line.bundle.item.name)
    return cancel_lines(order=line.order, units={line.pk: quantity}, reason=reason, actor=actor, store=store, key=key)


def cancel_bundles(
    *,
    bundle: OrderBundle,
    quantity: int,
    reason: CancelReason,
    actor: Model | None = None,
    store: Store | None = None,
    key: str,
) -> Order:
    """The same for whole bundles, with all that is in them. One that lacks a part already goes with the others."""
    order = lock_order(bundle.order_id)
    units = units_of_bundles(bundle=bundle, quantity=quantity)
    return cancel_lines(order=order, units=units, reason=reason, actor=actor, store=store, key=key)


def units_of_bundles(*, bundle: OrderBundle, quantity: int) -> dict[int, int]:
    """By line (id): the units that go with that many bundles. The caller holds the order's row.

    Raises TooManyToCancel.
    """
    left = bundle.wanted
    if quantity > left:
        raise TooManyToCancel(item=bundle.item.name, wanted=quantity, most=left)
    found = {}
    for line in bundle.lines.all():
        too_many = line.quantity - line.cancelled - (left - quantity) * (line.per_bundle or 1)
        if too_many > 0:
            found[line.pk] = too_many
    return found


def cancel_lines(
    *,
    order: Order,
    units: Mapping[int, int],
    reason: CancelReason,
    actor: Model | None = None,
    store: Store | None = None,
    key: str,
) -> Order:
    """The same for several lines at once: `units` by line (id), parts of bundles among them."""
    order = lock_order(order.pk)
    if order.state == Order.State.CANCELLED:
        raise AlreadyCancelled(number=order.number)
    if order.state not in Order.OPEN:
        raise CannotCancel(number=order.number, state=order.get_state_display().lower())
    parts = [part for part in lock_parts(order=order) if part.order_line_id in units]
    # Read after the locks: a picker who finds nothing gives units back to the order without holding its row.
    lines = list(order.lines.filter(pk__in=units).select_related("item", "bundle").order_by("pk"))
    taken: dict[int, int] = {}
    for line in lines:
        taken |= _least_far(line, [part for part in parts if part.order_line_id == line.pk], units[line.pk])
    for line in lines:
        record_cancelled_units(order=order, line=line, quantity=units[line.pk], reason=reason, actor=actor, store=store)
        from_order = min(line.open_quantity, units[line.pk])
        OrderLine.objects.filter(pk=line.pk).update(cancelled=F("cancelled") + from_order)
    for part in parts:
        if part.pk in taken:
            withdraw_locked(part=part, quantity=taken[part.pk], reason=Withdrawn.CHANGED, key=key)
    settle_order(order=order, reason=reason, actor=actor, store=store)
    if actor is not None:
        if order.state == Order.State.CANCELLED:
            tell_cancelled(order=order, store=store, reason=reason)
        else:
            told = [CancelledUnits(line.item, units[line.pk]) for line in lines]
            tell_units_cancelled(order=order, units=told, store=store, reason=reason, key=key)
    return order


def _least_far(line: OrderLine, parts: list[FulfillmentLine], quantity: int) -> dict[int, int]:
    """By part (id): how many of the units come out of it, after those that nobody has. Raises TooManyToCancel."""
    most = line.open_quantity + sum(part.wanted for part in parts)
    if quantity > most:
        raise TooManyToCancel(item=line.item.name, wanted=quantity, most=most)
    left = max(quantity - line.open_quantity, 0)
    found: dict[int, int] = {}
    by_progress = sorted(parts, key=lambda part: (_HOW_FAR[Fulfillment.State(part.fulfillment.state)], part.pk))
    unpicked = [(part, part.wanted - part.picked) for part in by_progress]
    picked = [(part, part.picked) for part in by_progress]
    for part, at_most in [*unpicked, *picked]:
        if units := min(at_most, left):
            found[part.pk] = found.get(part.pk, 0) + units
            left -= units
    return found
