"""One order as a lead sees it: what is wanted, and where each of its units is."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from stores.handheld.bands import Tone
from stores.orders.models import Fulfillment, FulfillmentLine, Order, OrderBundle, OrderLine

State = Fulfillment.State


@dataclass(frozen=True, slots=True)
class Place:
    """`units` of a line, and where they are, in words."""

    units: int
    words: str
    tone: Tone | None


@dataclass(frozen=True)
class SheetLine:
    """`most` is how many of its units can still be cancelled by themselves: none where it is a part of a bundle."""

    line: OrderLine
    places: list[Place]
    most: int
    substitute_for: str


@dataclass(frozen=True)
class SheetBundle:
    bundle: OrderBundle
    lines: list[SheetLine]
    most: int


@dataclass(frozen=True)
class OrderSheet:
    order: Order
    bundles: list[SheetBundle]
    lines: list[SheetLine]
    can_cancel: bool
    total: Decimal


def order_sheet(order: Order) -> OrderSheet:
    parts = FulfillmentLine.objects.select_related("fulfillment__store").order_by("pk")
    rows = (
        order.lines.select_related("item", "substitute_for__item")
        .prefetch_related(Prefetch("fulfillment_lines", parts))
        .order_by("pk")
    )
    is_open = order.state in Order.OPEN
    lines = [_sheet_line(row, is_open) for row in rows]
    by_bundle: dict[int, list[SheetLine]] = {}
    for one in lines:
        if one.line.bundle_id is not None:
            by_bundle.setdefault(one.line.bundle_id, []).append(one)
    bundles = [
        SheetBundle(bundle, by_bundle[bundle.pk], bundle.wanted if is_open else 0)
        for bundle in order.bundles.select_related("item").prefetch_related("lines").order_by("pk")
    ]
    gone = any(
        part.fulfillment.state == State.HANDED_OVER for one in lines for part in one.line.fulfillment_lines.all()
    )
    return OrderSheet(
        order=order,
        bundles=bundles,
        lines=[one for one in lines if one.line.bundle_id is None],
        can_cancel=is_open and not gone,
        total=sum((one.line.amount - one.line.cancelled_amount for one in lines), Decimal("0.00")),
    )


def _sheet_line(line: OrderLine, is_open: bool) -> SheetLine:
    places = [Place(line.open_quantity, _("waits for stock"), "look")] if is_open and line.open_quantity else []
    cancellable = line.open_quantity
    for part in line.fulfillment_lines.all():
        places += _places(part)
        if part.fulfillment.state in Fulfillment.OPEN:
            cancellable += part.wanted
    if line.cancelled:
        places.append(Place(line.cancelled, _("cancelled"), None))
    return SheetLine(
        line=line,
        places=places,
        most=cancellable if is_open and line.bundle_id is None else 0,
        substitute_for=line.substitute_for.item.name if line.substitute_for else "",
    )


def _places(part: FulfillmentLine) -> Iterator[Place]:
    """From the customer back to the shelf."""
    names = {"store": part.fulfillment.store.name}
    if part.fulfillment.state == State.EXPIRED:
        yield Place(part.wanted, _("not collected in {store}").format(**names), None)
        return
    at: list[tuple[int, str, Tone | None]] = [
        (part.handed_over, _("handed over in {store}"), "yes"),
        (part.staged - part.handed_over, _("ready in {store}"), "yes"),
        (part.picked - part.staged, _("picked in {store}"), None),
        (part.wanted - part.picked, _("to be picked in {store}"), None),
    ]
    for units, words, tone in at:
        if units:
            yield Place(units, words.format(**names), tone)
