"""Something like it is taken for what is not there, or the picker says that nothing is."""

from django.db.models import F
from django.db.models.functions import Now

from picking.actions.claims import lock_own_list
from picking.actions.turns.add_sought import add_sought
from picking.models import PickPlan, Shortage
from picking.queries.bins import bins_by_likelihood
from picking.queries.plans import plan_of
from picking.queries.substitutes import Offer, offers
from picking.turn_errors import OfferGone
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.access import lock_orders
from stores.orders.actions.substitute import substitute
from stores.orders.errors import NotHere, NotSubstitutable
from stores.orders.models import Fulfillment
from stores.staff.models import Associate
from stores.stock.actions.post_handled import lock_availability
from stores.stock.errors import ShortStock


def take_substitute(
    *, store: Store, pk: int, shortage_pk: int, associate: Associate, device: Device | None, key: str
) -> Offer:
    """Reserves the best substitute for the shortage and puts it on the list. Returns what was taken.

    Raises OfferGone, NotHere, NotYourList, ListEnded.
    """
    # The order before the list, as everywhere.
    lock_orders(Fulfillment.objects.filter(pick_parts__pick_list=pk, store=store))
    lock_own_list(store=store, pk=pk, associate=associate, device=device)
    shortage = _undecided(pk, shortage_pk)
    offer = next(iter(offers(store=store, shortages=[shortage])), None)
    if offer is None or shortage.pick_line is None:
        raise OfferGone(item=shortage.fulfillment_line.item.name)
    try:
        given = substitute(line=shortage.fulfillment_line, item=offer.item, quantity=offer.quantity, key=key)
    except (NotSubstitutable, ShortStock) as error:
        raise OfferGone(item=shortage.fulfillment_line.item.name) from error
    lock_availability(store.pk, offer.item.pk)
    near = shortage.pick_line.bin_id
    places = bins_by_likelihood(store=store, item_id=offer.item.pk, quantity=offer.quantity, near=near)
    if sum(place.free for place in places) < offer.quantity:
        raise OfferGone(item=shortage.fulfillment_line.item.name)
    add_sought(shortage.pick_line.part, given, offer.quantity, places)
    _end(shortage, Shortage.End.SUBSTITUTE, offer.quantity)
    record(
        kind="picking.substitute_taken",
        subject=shortage,
        store=store,
        actor=associate,
        device=device,
        item=offer.item,
        quantity=offer.quantity,
        data={"list": pk, "instead_of": offer.instead_of.sku},
        key=key,
    )
    return offer


def decline_substitute(
    *, store: Store, pk: int, shortage_pk: int, associate: Associate, device: Device | None, key: str
) -> Shortage.End:
    """Nothing is taken instead: the units are cancelled or waited for, as the store's plan says, with the list's end.

    Raises OfferGone when it is decided already, NotHere, NotYourList, ListEnded.
    """
    lock_own_list(store=store, pk=pk, associate=associate, device=device)
    shortage = _undecided(pk, shortage_pk)
    cancels = plan_of(store).when_gone == PickPlan.WhenGone.CANCEL
    end = Shortage.End.CANCELLED if cancels else Shortage.End.BACKORDER
    _end(shortage, end, shortage.quantity)
    record(
        kind="picking.substitute_declined",
        subject=shortage,
        store=store,
        actor=associate,
        device=device,
        item=shortage.fulfillment_line.item,
        quantity=shortage.quantity,
        data={"list": pk},
        key=key,
    )
    return end


def _undecided(list_pk: int, pk: int) -> Shortage:
    """A shortage of the list, which the caller holds. Raises OfferGone when it is decided, NotHere."""
    rows = Shortage.objects.select_related(
        "pick_line__part__pick_list__store",
        "fulfillment_line__order_line__item",
        "fulfillment_line__item",
        "fulfillment_line__fulfillment__order",
        "fulfillment_line__fulfillment__store",
    )
    shortage = rows.filter(pk=pk, pick_line__pick_list=list_pk).first()
    if shortage is None:
        raise NotHere
    if shortage.end:
        raise OfferGone(item=shortage.fulfillment_line.item.name)
    return shortage


def _end(shortage: Shortage, end: Shortage.End, quantity: int) -> None:
    """Of a part the rest stays open, in a row of its own."""
    rest = shortage.quantity - quantity
    Shortage.objects.filter(pk=shortage.pk).update(end=end, ended_at=Now(), quantity=F("quantity") - rest)
    if rest:
        Shortage.objects.create(
            store_id=shortage.store_id,
            fulfillment_line=shortage.fulfillment_line,
            pick_line=shortage.pick_line,
            quantity=rest,
            reason=shortage.reason,
            count_request_id=shortage.count_request_id,
            associate_id=shortage.associate_id,
        )
