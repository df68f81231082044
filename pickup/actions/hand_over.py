"""The goods leave the building."""

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from pickup.access import bags_lying, lock_fulfillment
from pickup.actions.check_age import refuse_unless_of_age
from pickup.actions.refuse import refuse_unless_own
from pickup.errors import BagsMissing, IdentityUnchecked
from pickup.models import Arrival, CustomerLink, Handover, StagedTote, StagedUnit
from stores.journal.actions.record import record, subject_of
from stores.models import BinKind, Device, Store
from stores.orders.access import lock_orders
from stores.orders.actions.give_up_units import complete_if_settled
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.staff.models import Associate
from stores.stock.actions.post_move import Posting, post_move
from stores.stock.actions.reservations import consume
from stores.stock.models import Move
from stores.stock.queries.bins import virtual_bin
from stores.transitions import advance


def hand_over(*, store: Store, pk: int, associate: Associate, device: Device | None) -> Handover:
    """Gives every bag of the order to its customer: stock leaves, claims on it end, the shop hears of it.

    Raises BagsMissing, IdentityUnchecked, AgeUnchecked, NotHere, NotReady, AlreadyHandedOver, ClaimFirst, ArrivalTaken.
    """
    # Two stores may end the last two parts of one order at once: one of them must see the other's end.
    lock_orders(Fulfillment.objects.filter(pk=pk, store=store))
    fulfillment = lock_fulfillment(store=store, pk=pk)
    arrival = refuse_unless_own(fulfillment, associate)
    bags = list(bags_lying(fulfillment))
    missing = sum(1 for bag in bags if bag.checked_at is None)
    if missing:
        raise BagsMissing(missing=missing)
    handover = Handover.objects.filter(fulfillment=fulfillment).first()
    if handover is None:
        raise IdentityUnchecked
    refuse_unless_of_age(fulfillment, handover)
    units = _goods_leave(fulfillment, associate)
    StagedTote.objects.filter(pk__in=[bag.pk for bag in bags]).update(left_at=Now())
    advance(arrival, to=Arrival.State.SERVED, ended_at=Now())
    advance(fulfillment, to=Fulfillment.State.HANDED_OVER, ended_at=Now())
    handover.associate, handover.handed_over_at = associate, timezone.now()
    handover.save(update_fields=["associate", "handed_over_at"])
    CustomerLink.objects.filter(fulfillment=fulfillment, revoked_at=None).update(revoked_at=Now())
    _tell(fulfillment, arrival, handover, device=device, bags=len(bags), units=units)
    return handover


def _goods_leave(fulfillment: Fulfillment, associate: Associate) -> int:
    """Item by item, in the order of all locks: the claim ends, then the units go. Returns how many went."""
    customer = virtual_bin(fulfillment.store_id, BinKind.CUSTOMER)
    units = (
        StagedUnit.objects.filter(staged_tote__fulfillment=fulfillment, staged_tote__left_at=None)
        .select_related("staged_tote__bin", "fulfillment_line__reservation")
        .order_by("fulfillment_line__item_id", "fulfillment_line_id", "staged_tote_id")
    )
    total = 0
    settled = set()
    for unit in units:
        line = unit.fulfillment_line
        if line.pk not in settled and line.reservation is not None:
            # The claim first: units that are promised may not leave.
            consume(reservation=line.reservation)
        settled.add(line.pk)
        post_move(
            Posting(
                key=f"handed_over:{unit.pk}",
                item_id=line.item_id,
                source=unit.staged_tote.bin,
                target=customer,
                quantity=unit.quantity,
                reason=Move.Reason.HANDED_OVER,
                reference=subject_of(fulfillment),
                associate=associate,
            )
        )
        FulfillmentLine.objects.filter(pk=line.pk).update(handed_over=F("handed_over") + unit.quantity)
        total += unit.quantity
    return total


def _tell(
    fulfillment: Fulfillment, arrival: Arrival, handover: Handover, *, device: Device | None, bags: int, units: int
) -> None:
    order, store = fulfillment.order, fulfillment.store
    waited = int((timezone.now() - arrival.here_at).total_seconds()) if arrival.here_at else None
    record(
        kind="pickup.handed_over",
        subject=fulfillment,
        store=store,
        actor=handover.associate,
        device=device,
        quantity=units,
        seconds=waited,
        data={
            "source": order.source,
            "order": order.external_id,
            "number": order.number,
            "bags": bags,
            "proof": handover.proof,
        },
    )
    complete_if_settled(order=order)
